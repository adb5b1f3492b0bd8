"""Where on a page of a PDF a quoted sentence stands, among the characters that PDFium found.

Words are found by letters and digits alone, so hyphens at line ends, spaces and repaired characters do not matter; and
in the reading order of the loader, so a sentence may run over columns.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from knowledge.loaders.pdf.characters import Run
from knowledge.loaders.pdf.rows import regions_of_page, without_notes
from knowledge.repair import repair

# A sentence that begins on the page before, or ends on the next, is found in part: letters, lines at the page's edge.
_LEAST_PART, _LEAST_PART_INSIDE, _EDGE_LINES = 4, 12, 6


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter or digit: the row in which it stands, and where, in points from the left and the top of the page."""

    line: int
    left: float
    right: float
    y: float
    size: float


@dataclass
class PageLetters:
    """The letters and digits of a page in reading order, as they are compared, each with its place.

    ``word_starts`` and ``line_starts`` are the indices of those with which words and rows begin.
    """

    characters: list[str] = field(default_factory=list)
    places: list[Letter] = field(default_factory=list)
    word_starts: set[int] = field(default_factory=set)
    line_starts: list[int] = field(default_factory=list)


def plain_letters(text: str) -> str:
    """Return the letters and digits of a text as they are compared: ligatures taken apart, and small."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return "".join(filter(str.isalnum, folded))


def letters_of(runs: Sequence[Run]) -> PageLetters:
    """Return the letters of a page; a raised figure that refers to a note is left out, as the loader does."""
    letters = PageLetters()
    rows = [row for region in regions_of_page(runs) for row in region.rows]
    for line, row in enumerate(rows):
        letters.line_starts.append(len(letters.characters))
        for segment in row:
            note, kept = without_notes(segment.runs)
            _add_segment(letters, [note, *kept] if note else kept, line)
    return letters


def _add_segment(letters: PageLetters, runs: Sequence[Run], line: int) -> None:
    """Add the letters of runs, as the loader repairs them: if repair changes them, each to about its place."""
    found: list[tuple[str, bool, Letter]] = []
    starts_word = True
    for run in runs:
        starts_word = starts_word or run.spaced
        for character, left, right in zip(run.text, run.lefts, [*run.lefts[1:], run.right], strict=True):
            plain = plain_letters(character)
            for each in plain:
                found.append((each, starts_word, Letter(line, left, right, run.y, run.size)))
                starts_word = False
            starts_word = starts_word or not plain
    raw = "".join(each for each, _, _ in found)
    repaired = plain_letters(repair("".join(f" {run.text}" if run.spaced else run.text for run in runs))) if raw else ""
    for index, character in enumerate(repaired):
        _, starts_word, place = found[index * len(raw) // len(repaired)]
        if starts_word:
            letters.word_starts.add(len(letters.characters))
        letters.characters.append(character)
        letters.places.append(place)


def find_quote(letters: PageLetters, text: str, occurrence: int = 0) -> list[Letter]:
    """Return the letters of ``text`` on the page, or of the part of it that stands there; empty where nothing does.

    Where the page has all of it several times, ``occurrence`` (from 0) says which is meant.
    """
    quote, page = plain_letters(text), "".join(letters.characters)
    if not quote:
        return []
    at = page.find(quote)
    for _ in range(occurrence):
        following = page.find(quote, at + 1)
        at = following if following >= 0 else at
    if at >= 0:
        return letters.places[at : at + len(quote)]
    parts = [*_ends_here(letters, page, quote), *_begins_here(letters, page, quote)]
    start, end = max(parts, key=lambda part: part[1] - part[0], default=(0, 0))
    return letters.places[start:end]


def _ends_here(letters: PageLetters, page: str, quote: str) -> Iterator[tuple[int, int]]:
    """Yield where the page may begin with the end of the quote."""
    for start in letters.line_starts[:_EDGE_LINES]:
        for length in range(min(len(quote) - 1, len(page) - start), _LEAST_PART - 1, -1):
            end = start + length
            if page.startswith(quote[-length:], start) and (end == len(page) or end in letters.word_starts):
                yield start, end
                break


def _begins_here(letters: PageLetters, page: str, quote: str) -> Iterator[tuple[int, int]]:
    """Yield where a line may end with the beginning of the quote; footnotes and page numbers may stand below."""
    ends = [*letters.line_starts[1:], len(page)]
    for index, end in enumerate(ends):
        least = _LEAST_PART if index >= len(ends) - _EDGE_LINES else _LEAST_PART_INSIDE
        for length in range(min(len(quote) - 1, end), least - 1, -1):
            if page.startswith(quote[:length], end - length) and end - length in letters.word_starts:
                yield end - length, end
                break
