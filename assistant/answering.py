"""The asking arrow: question, query, context, sentences, citations, Answer."""

import math
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace

from assistant.abstention import Judgement, judge
from assistant.answers import (
    Answer,
    AnswerSentence,
    CheckedClaim,
    Event,
    Mode,
    QueryReady,
    Reason,
    SentenceReady,
    ShownPassage,
)
from assistant.citations import cite, show_passages
from assistant.claims import check_claim
from assistant.conversation import Conversation
from assistant.nearest import nearest_passages, suggestions
from assistant.query_rewriting import Query, rewrite
from assistant.question_kinds import language_of
from assistant.quoting import quote_sentences, sides_of
from assistant.sentence_scoring import ScoredSentence, Scorer
from assistant.settings import LONGEST_QUESTION, AnsweringSettings
from assistant.short_answers import short_answer
from assistant.small_talk import small_talk
from assistant.verification import Verifier
from assistant.wording import say
from index.courtesy import Courtesy
from index.reader import Reader
from index.retrieval import HybridRetriever, RetrievedPassage
from index.term_map import TermMap
from knowledge.library import Library

_NO_TURNS = Conversation()
_SIDE_PASSAGES = 3  # of each side of a comparison, beside the context of the whole question
_BREADTH, _OWN_PASSAGES = 4, 3
_TITLES_SHOWN = 8


@dataclass(frozen=True)
class Assistant:
    """Answers questions from the library. Immutable and safe to share between threads and people.

    ``open_retriever`` is called anew for every question, so that an index that changed on disk is seen.
    """

    library: Library
    open_retriever: Callable[[], HybridRetriever]
    terms: TermMap
    settings: AnsweringSettings
    reader: Reader | None = None
    courtesy: Courtesy = field(default_factory=Courtesy)

    def answer(
        self, question: str, conversation: Conversation = _NO_TURNS, within: Collection[str] | None = None
    ) -> Answer:
        """Return the answer to a question: the last event of `stream`."""
        *_, last = self.stream(question, conversation, within)
        if not isinstance(last, Answer):
            raise TypeError("a stream ends with its Answer")
        return last

    def stream(
        self, question: str, conversation: Conversation, within: Collection[str] | None = None
    ) -> Iterator[Event]:
        """Yield what becomes known, in order, and last exactly one Answer.

        ``within`` holds the ids of the documents that may be answered from (`Library.scope`); None is all of them.

        An empty or overlong question, an empty index, and a question that the sources do not answer are stated
        outcomes (``Answer.reason``), not errors.
        """
        with self.courtesy.asking():
            yield from self._stream(question, conversation, within)

    def _stream(self, question: str, conversation: Conversation, within: Collection[str] | None) -> Iterator[Event]:
        clock = _Clock()
        early = self._without_search(question, within)
        if early is not None:
            yield replace(early, timings_ms=clock.stages())
            return
        query = rewrite(question, conversation, self.terms)
        yield QueryReady(query.text, query.rewritten)
        clock.mark("rewrite")
        retriever = self._open_within(within)
        found = self._retrieve(query, retriever)
        clock.mark("retrieve")
        answer = Answer(question, query.text, language=language_of(question))
        if not found:
            yield replace(answer, abstained=True, reason=Reason.EMPTY_INDEX, timings_ms=clock.stages())
            return
        context, scored, judgement = self._read(query, found, retriever)
        clock.mark("read")
        verifier = Verifier(retriever.keywords, self.terms, self.reader)
        claim = check_claim(query, scored, verifier, self.library)
        answer = replace(answer, claim=claim)
        clock.mark("check")
        if not judgement.answers and not (claim and claim.decides):
            yield replace(
                answer,
                abstained=True,
                reason=Reason.NOT_IN_SOURCES,
                passages=nearest_passages(query, judgement.words, context),
                missing=judgement.missing,
                suggestions=suggestions(query, context),
                timings_ms=clock.stages(),
            )
            return
        chosen = quote_sentences(query, _compared_first(claim, scored), self.terms, self.settings)
        cited, short = cite(chosen, self.library), short_answer(query, chosen)
        for sentence, citation in cited:
            yield SentenceReady(sentence, (citation,))
        yield replace(
            answer,
            short_answer=short.text if short else "",
            short_citation=short.n if short else 0,
            sentences=tuple(sentence for sentence, _ in cited),
            citations=tuple(citation for _, citation in cited),
            passages=show_passages(context),
            timings_ms=clock.stages("quote"),
        )

    def judged(self, query: Query, retriever: HybridRetriever) -> Judgement:
        """Return whether the sources answer a query, as `stream` decides it."""
        return self._read(query, self._retrieve(query, retriever), retriever)[2]

    def _read(
        self, query: Query, found: list[RetrievedPassage], retriever: HybridRetriever
    ) -> tuple[list[RetrievedPassage], list[ScoredSentence], Judgement]:
        """Return the passages with the best sentences, their sentences scored, best first, and whether they answer."""
        scored = Scorer(retriever.embedder, retriever.keywords, self.terms, self.reader).score(query, found)
        shown = self.settings.context_passages + _SIDE_PASSAGES * len(sides_of(query, self.terms))
        context, kept = _narrow(found, scored, shown)
        model = retriever.embedder.identity
        return context, kept, judge(query, kept, keywords=retriever.keywords, terms=self.terms, model=model)

    def search(self, words: str, k: int, within: Collection[str] | None = None) -> tuple[ShownPassage, ...]:
        """Return at most k passages nearest to some words, best first; empty for blank words or an empty index."""
        return show_passages(self._open_within(within).retrieve(words, k))

    def _open_within(self, within: Collection[str] | None) -> HybridRetriever:
        retriever = self.open_retriever()
        return retriever if within is None else retriever.within(within)

    def _retrieve(self, query: Query, retriever: HybridRetriever) -> list[RetrievedPassage]:
        """Return the context of a query; a comparison also searches each of its sides.

        Texts without anticipated questions, the user's own, must not be crowded out by those that have some: the best
        of their passages are always among those read.
        """
        k = self.settings.read_passages
        ranked = retriever.retrieve(query.text, _BREADTH * k)
        own = [one for one in ranked[k:] if not one.document.questions]
        found = ranked[:k] + own[:_OWN_PASSAGES]
        for side in sides_of(query, self.terms):
            known = {retrieved.passage.id for retrieved in found}
            found += [one for one in retriever.retrieve(side, _SIDE_PASSAGES) if one.passage.id not in known]
        return found

    def _without_search(self, question: str, within: Collection[str] | None) -> Answer | None:
        """Return the answer to what needs no source, or None."""
        text = question.strip()
        answer = Answer(question, text, language=language_of(text[:LONGEST_QUESTION]))
        if not text:
            return replace(answer, abstained=True, reason=Reason.EMPTY_QUESTION)
        if len(text) > LONGEST_QUESTION:
            return replace(answer, abstained=True, reason=Reason.LONG_QUESTION)
        reply = small_talk(text)
        if reply is None:
            return None
        summaries = [each for each in self.library.summaries() if within is None or each.id in within]
        titles = "; ".join(summary.title for summary in summaries[:_TITLES_SHOWN])
        words = say(reply, answer.language, documents=len(summaries), titles=titles)
        return replace(answer, mode=Mode.REPLY, sentences=(AnswerSentence(words, verdict=""),))


def _compared_first(claim: CheckedClaim | None, scored: list[ScoredSentence]) -> list[ScoredSentence]:
    """Return scored sentences with the one in front that decides on the claim which is asked about."""
    if claim is None or claim.citation is None or not claim.decides:
        return scored
    place = (claim.citation.document_id, claim.citation.start)
    return sorted(scored, key=lambda each: (each.retrieved.document.id, each.sentence.start) != place)


def _narrow(
    context: list[RetrievedPassage], scored: list[ScoredSentence], most: int
) -> tuple[list[RetrievedPassage], list[ScoredSentence]]:
    """Return the passages with the best sentences, best first, at most ``most``, and the scored sentences of these."""
    best: dict[str, float] = {}
    for candidate in scored:
        best.setdefault(candidate.retrieved.passage.id, candidate.score)
    kept = sorted(context, key=lambda retrieved: -best.get(retrieved.passage.id, -math.inf))[:most]
    ids = {retrieved.passage.id for retrieved in kept}
    return kept, [candidate for candidate in scored if candidate.retrieved.passage.id in ids]


class _Clock:
    """Milliseconds of each stage since the one before, and in total."""

    def __init__(self) -> None:
        self._started = self._last = time.perf_counter()
        self._stages: dict[str, float] = {}

    def mark(self, stage: str) -> None:
        now = time.perf_counter()
        self._stages[stage] = round((now - self._last) * 1000, 2)
        self._last = now

    def stages(self, last: str | None = None) -> dict[str, float]:
        if last:
            self.mark(last)
        return {**self._stages, "total": round((time.perf_counter() - self._started) * 1000, 2)}
