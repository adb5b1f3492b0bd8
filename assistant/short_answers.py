"""The short answer: the words within a quoted sentence that answer by themselves."""

import math
import re
from dataclasses import dataclass

from assistant.question_kinds import Kind
from assistant.sentence_scoring import ScoredSentence

# Chosen on the development questions: docs/decisions.md.
SURETY = 0.0
"""Least surety of a short answer, in log-odds against the passage holding none."""
ODDS = 0.0
"""Least log-odds that its sentence answers."""
_MARKS = " ,.;:\n"
_WORD = re.compile(r"\w+(?:[-.,'’/]\w+)*")
_LEADING = 2  # quoted sentences that it may come from
_LONGEST_SHARE = 0.8  # one that is nearly its whole sentence saves the eye nothing
_WITHOUT = (Kind.COMPARISON, Kind.LIST)  # these are answered by several sentences, or by one as a whole


@dataclass(frozen=True)
class ShortAnswer:
    """An exact part of a quoted sentence; ``n`` is the number of its citation."""

    text: str
    n: int


def short_answer(kind: Kind, quoted: list[ScoredSentence]) -> ShortAnswer | None:
    """Return the surest short answer of the leading quotes; None when none is sure, or the kind wants none."""
    if kind in _WITHOUT:
        return None
    candidates = [(each, n) for n, each in enumerate(quoted[:_LEADING], 1) if _is_sure(each)]
    if not candidates:
        return None
    best, n = max(candidates, key=lambda pair: _surety(pair[0]))
    start, end = _whole_words(best)
    return ShortAnswer(best.retrieved.document.text[start:end], n)


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
