"""What an abstention shows instead of an answer: the nearest passages, why they do not answer, and what is answered."""

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.answers import ShownPassage
from assistant.citations import show_passages
from assistant.quantities import quantities
from assistant.query_rewriting import Query
from assistant.question_kinds import Kind, language_of
from index.morphology import content_tokens
from index.query_words import QueryWord
from index.retrieval import RetrievedPassage

NEAREST = 3
"""Passages shown with an abstention."""
SUGGESTED = 2
_TIME = re.compile(r"\b(?:tahun|bulan|abad|sejak|year|month|century|since)\b", re.IGNORECASE)
_SUGGESTED_FLOOR = 0.84
"""Least cosine of a suggestion with the question: what two questions on different matters have (E5)."""


def nearest_passages(
    query: Query, words: Sequence[QueryWord], context: Sequence[RetrievedPassage]
) -> tuple[ShownPassage, ...]:
    """Return the nearest passages, each with what it lacks of what the query asks for."""
    nearest = list(context[:NEAREST])
    return tuple(
        _explained(shown, query, words, _stems(retrieved))
        for shown, retrieved in zip(show_passages(nearest), nearest, strict=True)
    )


def suggestions(query: Query, context: Sequence[RetrievedPassage]) -> tuple[str, ...]:
    """Return anticipated questions near to a query, nearest first, each of another sentence, in the query's language.

    They are answered by the study texts, so none comes from a library without these.
    """
    language = language_of(query.text)
    places = sorted(
        ((cosine, retrieved, start) for retrieved in context for start, cosine in retrieved.asked.items()),
        key=lambda place: -place[0],
    )
    found: dict[str, None] = {}
    refused = {token.stem for token in content_tokens(query.text)}
    for cosine, retrieved, start in places:
        asked = [each.text for each in retrieved.document.questions if each.start == start]
        spoken = [text for text in asked if language_of(text) == language and text[0].isupper()]
        same = spoken and {token.stem for token in content_tokens(spoken[0])} == refused
        if cosine >= _SUGGESTED_FLOOR and spoken and not same:
            found.setdefault(spoken[0])
        if len(found) == SUGGESTED:
            break
    return tuple(found)


def _explained(shown: ShownPassage, query: Query, words: Sequence[QueryWord], held: frozenset[str]) -> ShownPassage:
    english = language_of(query.text) == "en"
    # The texts are Indonesian: of an English question only the names can be missed.
    missing = [word.written for word in words if (word.name or not english) and not word.held_by(held)]
    lacks = query.kind.value if _holds_none(query.kind, shown.text) else ""
    return replace(shown, missing=tuple(missing), lacks=lacks)


def _stems(retrieved: RetrievedPassage) -> frozenset[str]:
    around = " ".join((retrieved.document.title, *retrieved.passage.heading_path, retrieved.text))
    return frozenset(token.stem for token in content_tokens(around))


def _holds_none(kind: Kind, text: str) -> bool:
    """Say whether a text holds no time, or no number at all, where one is asked for."""
    if kind is Kind.HOW_MANY:
        return not quantities(text)
    return kind is Kind.WHEN and not quantities(text) and not _TIME.search(text)
