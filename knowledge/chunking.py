"""Document -> passages: spans of whole sentences, never across a heading, near one length.

Where to cut a section is decided for the section as a whole: every way of cutting it has a cost (length,
what the cut tears apart), and the cheapest is found by dynamic programming. So the rules are prices, and no
short remainder is left where its neighbour had room.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from knowledge.documents import Document, Heading, Passage, Sentence
from knowledge.sentences import is_table_row, split_sentences, starts_list_item

CHUNKING_VERSION = 1  # part of an index's identity: raise it whenever the same document would be cut otherwise

MAX_SENTENCE_WORDS = 400  # beyond this it is no sentence but a table or a list without marks
ROOM = 1.25  # a passage may exceed max_words by this factor to take in a short neighbour

# Prices. The length of a passage within the limits costs at most 1. One that is too short costs more than any other
# price of joining it to its neighbour, so it survives only where the neighbour has no room or a heading divides them.
_TOO_SHORT = 20.0
_TOO_LONG = 6.0
_CUT_IN_PARAGRAPH = 0.5
_CUT_IN_LIST = 1.0
_CUT_AFTER_INTRODUCTION = 3.0

_PARAGRAPH_BREAK = re.compile(r"\n[ \t]*\n")
_WORD = re.compile(r"\S+")


class ChunkingSettings(BaseModel):
    """How long passages are, in words (runs of non-space): at least, ideally, at most."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    target_words: int = Field(default=120, ge=1, le=1000)
    min_words: int = Field(default=60, ge=1, le=1000)
    max_words: int = Field(default=160, ge=1, le=1000)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.min_words <= self.target_words <= self.max_words:
            raise ValueError("min_words, target_words and max_words must rise in this order")
        return self


@dataclass(frozen=True)
class _Piece:
    """A sentence, its number of words, and the price of a cut in front of it."""

    sentence: Sentence
    words: int
    cut: float


def split_passages(document: Document, settings: ChunkingSettings | None = None) -> tuple[Passage, ...]:
    """Return the passages of a document in order; empty for a text of headings or white space only.

    Passages are disjoint, begin and end with a sentence, and hold every non-space character outside headings. One
    exceeds ``max_words * ROOM`` only as a single sentence of at most ``max(MAX_SENTENCE_WORDS, max_words)`` words;
    longer ones are cut at white space, and the pieces then stand in the table of sentences.
    """
    chosen, version = settings or ChunkingSettings(), document.version
    passages: list[Passage] = []
    for path, start, end in _sections(document):
        for group in _group(_pieces(document.text, start, end, chosen), chosen):
            passages.append(
                Passage(
                    document_id=document.id,
                    ordinal=len(passages),
                    start=group[0].start,
                    end=group[-1].end,
                    heading_path=path,
                    page=_page_label(document, group[0].start),
                    sentences=group,
                    version=version,
                )
            )
    return tuple(passages)


def _sections(document: Document) -> Iterator[tuple[tuple[str, ...], int, int]]:
    """Yield (heading path, start, end) of the text before the first heading and under each one."""
    headings = sorted(document.headings, key=lambda heading: heading.start)
    yield (), 0, headings[0].start if headings else len(document.text)
    above: list[Heading] = []
    ends = [*(heading.start for heading in headings[1:]), len(document.text)]
    for heading, end in zip(headings, ends, strict=False):  # without headings one end is left over
        above = [*(other for other in above if other.level < heading.level), heading]
        names = [" ".join(document.text[each.start : each.end].split()) for each in above]
        path = tuple(name for name in names if name and name != document.title)
        yield path, heading.end, end


def _page_label(document: Document, position: int) -> str | None:
    page = document.page_at(position)
    return page.label if page else None


def _pieces(text: str, start: int, end: int, settings: ChunkingSettings) -> list[_Piece]:
    pieces: list[_Piece] = []
    for sentence in split_sentences(text, start, end):
        for part in _shortened(text, sentence, settings):
            previous = pieces[-1].sentence if pieces else None
            cut = _price_of_cut(text, previous, part) if previous else 0.0
            pieces.append(_Piece(part, len(text[part.start : part.end].split()), cut))
    return pieces


def _shortened(text: str, sentence: Sentence, settings: ChunkingSettings) -> list[Sentence]:
    words = list(_WORD.finditer(text, sentence.start, sentence.end))
    if len(words) <= max(MAX_SENTENCE_WORDS, settings.max_words):
        return [sentence]
    runs = [words[first : first + settings.max_words] for first in range(0, len(words), settings.max_words)]
    return [Sentence(run[0].start(), run[-1].end()) for run in runs]


def _price_of_cut(text: str, before: Sentence, after: Sentence) -> float:
    line = text[after.start : after.end]
    in_list = starts_list_item(line) or is_table_row(line)
    if in_list and text[before.start : before.end].endswith(":"):
        return _CUT_AFTER_INTRODUCTION
    gap = text[before.end : after.start]
    if in_list and "\n" in gap:
        above = text[before.start : before.end]
        return _CUT_IN_LIST if starts_list_item(above) or is_table_row(above) else _CUT_IN_PARAGRAPH
    return 0.0 if _PARAGRAPH_BREAK.search(gap) else _CUT_IN_PARAGRAPH


def _group(pieces: Sequence[_Piece], settings: ChunkingSettings) -> list[tuple[Sentence, ...]]:
    """Return the cheapest division of a section; the earliest cuts win between equals."""
    best = [0.0] + [float("inf")] * len(pieces)  # best[n]: the price of the first n pieces
    begin = [0] * (len(pieces) + 1)
    for stop in range(1, len(pieces) + 1):
        words = 0
        for start in range(stop - 1, -1, -1):
            words += pieces[start].words
            if start < stop - 1 and words > settings.max_words * ROOM:
                break
            price = best[start] + pieces[start].cut + _price_of_length(words, settings)
            if price <= best[stop]:
                best[stop], begin[stop] = price, start
    groups: list[tuple[Sentence, ...]] = []
    stop = len(pieces)
    while stop:
        groups.append(tuple(piece.sentence for piece in pieces[begin[stop] : stop]))
        stop = begin[stop]
    return groups[::-1]


def _price_of_length(words: int, settings: ChunkingSettings) -> float:
    if words < settings.min_words:
        return _TOO_SHORT + (settings.min_words - words) / settings.min_words
    if words <= settings.max_words:
        return min(1.0, ((words - settings.target_words) / settings.target_words) ** 2)
    return 1.0 + (_TOO_LONG - 1.0) * min(1.0, (words / settings.max_words - 1.0) / (ROOM - 1.0))
