"""The short answer: the words within a quoted sentence that answer by themselves."""

import math
import re
from dataclasses import dataclass

from assistant.quantities import quantities
from assistant.query_rewriting import Query
from assistant.question_kinds import Kind
from assistant.sentence_scoring import ScoredSentence

# Chosen on the development questions: docs/decisions.md.
SURETY = 0.0
"""Least surety of a short answer, in log-odds against the passage holding none."""
ODDS = 0.0
"""Least log-odds that its sentence answers."""
_MARKS = " ,.;:\n"
_WORD = re.compile(r"\w+(?:[-.,'’/]\w+)*")
_DATE = re.compile(r"\b(?:(?:\d{1,2} )?(?:Jan|Feb|Mar|Apr|Mei|Jun|Jul|Agu|Sep|Okt|Nov|Des)\w* )?(?:19|20)\d{2}\b")
_TIME = re.compile(r"\b(?:abad|hari|minggu|bulan|tahun)\b", re.IGNORECASE)
_ASKING = (
    r"\b(?:apa|siapa|kapan|kpn|berapa|brp|bagaimana|gimana|gmn|mana|mengapa|kenapa|bisakah|naik|turun"
    r"|what|who|when|where|why|how|which)\b"
)
_TWO_THINGS = re.compile(
    rf"{_ASKING}.*(?:,|&|\b(?:dan|serta|and|sama)\b).*{_ASKING}|{_ASKING} (?:dan|and|&) ", re.IGNORECASE | re.DOTALL
)
_LEADING = 2  # quoted sentences that it may come from
_LONGEST_SHARE = 0.8  # one that is nearly its whole sentence saves the eye nothing
_WITHOUT = (Kind.COMPARISON, Kind.LIST)  # these are answered by several sentences, or by one as a whole


@dataclass(frozen=True)
class ShortAnswer:
    """An exact part of a quoted sentence; ``n`` is the number of its citation."""

    text: str
    n: int


def short_answer(query: Query, quoted: list[ScoredSentence]) -> ShortAnswer | None:
    """Return the surest short answer of the leading quotes; None when none is sure, or the query wants none.

    Who asks two things is not given the answer to one; a time or a number that was asked for must be in it.
    """
    if query.kind in _WITHOUT or _TWO_THINGS.search(query.text):
        return None
    candidates = [
        (each, n) for n, each in enumerate(quoted[:_LEADING], 1) if _is_sure(each) and _fits(query.kind, each)
    ]
    if not candidates:
        return None
    best, n = max(candidates, key=lambda pair: _surety(pair[0]) + (pair[0].odds or 0.0))
    start, end = _whole_words(best)
    return ShortAnswer(best.retrieved.document.text[start:end], n)


def _fits(kind: Kind, candidate: ScoredSentence) -> bool:
    """Say whether a short answer holds a number, or a time, where that is what was asked for."""
    start, end = _whole_words(candidate)
    words = candidate.retrieved.document.text[start:end]
    if kind is Kind.HOW_MANY:
        return bool(quantities(_DATE.sub(" ", words)))
    return kind is not Kind.WHEN or bool(quantities(words) or _TIME.search(words))


def _is_sure(candidate: ScoredSentence) -> bool:
    start, end = _whole_words(candidate)
    inside = candidate.sentence.start <= start < end <= candidate.sentence.end
    short = end - start <= _LONGEST_SHARE * len(candidate.text)
    return inside and short and _surety(candidate) >= SURETY and (candidate.odds or 0.0) >= ODDS


def _whole_words(candidate: ScoredSentence) -> tuple[int, int]:
    """Return the range of the reader's span, widened to whole words and numbers, without marks at its ends."""
    text, (start, end) = candidate.retrieved.document.text, candidate.span
    first, last = candidate.sentence.start, candidate.sentence.end
    if not first <= start < end <= last:
        return start, start
    for word in _WORD.finditer(text, first, last):
        start = word.start() if word.start() < start < word.end() else start
        end = word.end() if word.start() < end < word.end() else end
    while start < end and text[end - 1] in _MARKS:
        end -= 1
    while start < end and text[start] in _MARKS:
        start += 1
    return start, end


def _surety(candidate: ScoredSentence) -> float:
    return candidate.found.surety if candidate.found else -math.inf
