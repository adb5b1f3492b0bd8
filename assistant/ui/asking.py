"""From a typed question to what the chat shows, step by step; knows nothing of Gradio."""

import logging
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from assistant.answers import Answer, QueryReady, Reason, SentenceReady
from assistant.conversation import Conversation
from assistant.preparation import Answering, Preparation
from assistant.rendering import (
    grouped,
    render_answer,
    render_failure,
    render_not_prepared,
    render_partial,
    render_question,
    render_working,
)
from assistant.wording import catalogue, say
from knowledge.library import Library

logger = logging.getLogger(__name__)

Message = dict[str, str]
"""One chat message: "role" is "user" or "assistant", "content" is markup."""

_LOOK_AGAIN = 0.25  # seconds between two looks at a preparation: quick to the eye, nothing to the machine


@dataclass(frozen=True)
class View:
    """What the chat shows after one step.

    ``pending`` is what the question field is set to; None leaves it alone, for the person may be typing there.
    """

    messages: list[Message]
    conversation: Conversation
    pending: str | None = None


@dataclass(frozen=True)
class Asker:
    """Who asks, and in which sources: ``chosen`` document ids, empty for all that the person sees.

    ``person`` is None where nobody is told apart.
    """

    person: str | None = None
    chosen: frozenset[str] = frozenset()

    def passages(self, library: Library) -> int:
        """Return how many passages are searched."""
        seen = library.summaries(self.person)
        return sum(each.passages for each in seen if not self.chosen or each.id in self.chosen)


EVERYTHING = Asker()
"""Whoever it is, in all sources."""


class Desk:
    """Where questions are answered: the one place that turns any failure into words, and logs it."""

    def __init__(self, preparation: Preparation) -> None:
        self.preparation = preparation

    def ask(
        self, question: str, conversation: Conversation, language: str, asker: Asker = EVERYTHING
    ) -> Iterator[View]:
        """Yield the views of one question; the last holds its answer, or the failure with the question kept."""
        shown = messages_of(conversation, language)
        if question.strip():
            shown = [*shown, _said("user", render_question(question))]
        if not question.strip() and not conversation.turns:
            return  # nothing was asked yet: the start page stays
        yield View([*shown, self._working(language, asker)], conversation, pending="")
        try:
            yield from self._answer(question, conversation, language, shown=shown, asker=asker)
        except Exception:  # the boundary to the person: whatever it was, they get words and keep the question
            logger.exception("A question could not be answered.")
            failed = _said("assistant", render_failure(language))
            yield View([*shown, failed], conversation, pending=question)

    def working_words(self, language: str, asker: Asker = EVERYTHING) -> str:
        """Return one sentence on what the preparation is doing, or on how much is searched once it is done."""
        assistant = self.preparation.assistant
        if assistant is not None:
            return say("screen.searching", language, n=grouped(asker.passages(assistant.library), language))
        stage, done, total = self.preparation.progress
        key = f"screen.preparing.{stage}"
        words = say(key if key in catalogue(language) else "screen.preparing", language)
        return say("screen.preparing_count", language, words=words, done=done, total=total) if total else words

    def _answer(
        self, question: str, conversation: Conversation, language: str, *, shown: list[Message], asker: Asker
    ) -> Iterator[View]:
        while self.preparation.assistant is None:
            if self.preparation.error is not None:
                failed = _said("assistant", render_not_prepared(self.preparation.error, language))
                yield View([*shown, failed], conversation, pending=question)
                return
            yield View([*shown, self._working(language, asker)], conversation)
            self.preparation.wait(_LOOK_AGAIN)
        assistant = self.preparation.assistant
        within = assistant.library.scope(asker.person, asker.chosen or None)
        for event in partial_answers(assistant, question, conversation, within):
            if isinstance(event, Answer):
                finished = _said("assistant", render_answer(event, language))
                kept = conversation.with_turn(question, event) if _is_turn(event) else conversation
                # What was too long to ask is given back, to be shortened.
                yield View([*shown, finished], kept, pending=question if event.reason is Reason.LONG_QUESTION else None)
            else:
                yield View([*shown, _said("assistant", render_partial(*event, language))], conversation)

    def _working(self, language: str, asker: Asker) -> Message:
        return _said("assistant", render_working(self.working_words(language, asker)))


def messages_of(conversation: Conversation, language: str) -> list[Message]:
    """Return the chat messages of a whole conversation, in the words of ``language``."""
    messages: list[Message] = []
    for turn in conversation.turns:
        messages.append(_said("user", render_question(turn.question)))
        messages.append(_said("assistant", render_answer(turn.answer, language)))
    return messages


def partial_answers(
    assistant: Answering, question: str, conversation: Conversation, within: Collection[str] | None = None
) -> Iterator[tuple[QueryReady | None, tuple[SentenceReady, ...]] | Answer]:
    """Yield what is known of an answer after each event: its query and sentences so far, and last the Answer."""
    query: QueryReady | None = None
    sentences: tuple[SentenceReady, ...] = ()
    for event in assistant.stream(question, conversation, within):
        if isinstance(event, Answer):
            yield event
            return
        if isinstance(event, QueryReady):
            query = event
        else:
            sentences = (*sentences, event)
        if query is None or query.rewritten or sentences:  # a query as typed has nothing to show yet
            yield query, sentences
    raise RuntimeError("The stream of an answer ended without an Answer.")


def _is_turn(answer: Answer) -> bool:
    """Return whether later questions may refer to this one: an empty or overlong one was never asked."""
    return answer.reason not in (Reason.EMPTY_QUESTION, Reason.LONG_QUESTION, Reason.EMPTY_INDEX)


def _said(role: str, content: str) -> Message:
    return {"role": role, "content": content}
