"""Running headers and footers, page numbers and stamps of a PDF: what stands on many pages at nearly one height.

They are no part of what the text says, and a paragraph that runs over the page must not be cut by them.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from knowledge.loaders.pdf.lines import TextLine
from knowledge.loaders.pdf.page_numbers import PrintedNumber, bare_number, labels_of_sheets, numbers_in_running_line

_EDGE_ROWS = 3  # rows at the top and at the bottom of a page that may be running lines
_SAME_HEIGHT = 0.004  # of the page
_ONE_ROW = 2.0
_NEAR_PAGES = 4  # the next page with the same line is at most so far away: headers alternate, chapters begin without
_LEAST_PAGES = 3
_INNER_SHARE = 0.5  # of the pages between: the second row of a header, not a word that a list happens to begin with
_STAMP_PAGES, _STAMP_SHARE = 5, 0.5  # a line on so many pages is a stamp wherever it stands
_SLOT_SHARE = 0.6
_FEW_PAGES = 2  # with so few there is no telling a running line from a text, but for a number in the margin
_MARGIN = 0.12  # of the page
_NUMBER_MARK = "#"
_NUMBERS = re.compile(r"\d+|\b[ivxlc]+\b")
_NO_WORD = re.compile(r"[^\w#]+")


_Place = tuple[int, int]


@dataclass(frozen=True)
class PageLines:
    """The lines of a page in reading order, with its size in points; ``number`` is that of the sheet, from 1."""

    number: int
    width: float
    height: float
    lines: tuple[TextLine, ...]


@dataclass(frozen=True)
class _Piece:
    """A cell of a line that may be furniture: the place of the line, its row from the edge, and how far it is off.

    ``whole``: it is all there is in its line. ``height`` is a share of that of the page.
    """

    page: int
    index: int
    text: str
    whole: bool
    size: float
    at_top: bool
    row: int
    height: float

    @property
    def place(self) -> _Place:
        """The page, and the index of the line there."""
        return self.page, self.index


def without_furniture(pages: Sequence[PageLines]) -> tuple[list[PageLines], dict[int, str]]:
    """Return the pages without running lines and page numbers, and the printed page labels by number of the sheet.

    Only labels that agree with those of other pages are there.
    """
    pieces = [each for page in pages for each in _at_the_edges(page)]
    dropped: set[_Place] = set()
    if len(pages) > _FEW_PAGES:
        repeated = _repeated(pieces, len(pages))
        dropped = repeated | _in_their_slots(pieces, repeated) | _stamps(pages)
    labels = labels_of_sheets(_numbers(pages, pieces, dropped), max((page.number for page in pages), default=0))
    dropped |= set(_page_numbers(pieces, labels, few=len(pages) <= _FEW_PAGES))
    kept = [
        replace(page, lines=tuple(line for at, line in enumerate(page.lines) if (page.number, at) not in dropped))
        for page in pages
    ]
    return kept, labels


def _at_the_edges(page: PageLines) -> Iterator[_Piece]:
    rows: list[list[int]] = []
    for index in sorted(range(len(page.lines)), key=lambda index: page.lines[index].y):
        if rows and page.lines[index].y - page.lines[rows[-1][0]].y <= _ONE_ROW:
            rows[-1].append(index)
        else:
            rows.append([index])
    for at_top, edge in ((True, rows[:_EDGE_ROWS]), (False, rows[::-1][:_EDGE_ROWS])):
        for row, indices in enumerate(edge):
            for index in indices:
                line = page.lines[index]
                height = line.y if at_top else page.height - line.y
                for cell in line.cells:
                    whole = len(line.cells) == 1
                    yield _Piece(page.number, index, cell.text, whole, line.size, at_top, row, height / page.height)


def _key(text: str) -> str:
    """Return what is left of a running line when its numbers are taken for one another."""
    return _NO_WORD.sub(" ", _NUMBERS.sub(_NUMBER_MARK, text.casefold())).strip()


def _repeated(pieces: Iterable[_Piece], pages: int) -> set[_Place]:
    """Return the places of running lines: the outermost row with a piece that returns, other lines if all pieces do."""
    groups: dict[tuple[bool, str], list[_Piece]] = defaultdict(list)
    for each in pieces:
        if not bare_number(each.text):  # whether those are page numbers, how they count on will tell
            groups[each.at_top, _key(each.text)].append(each)
    returning = {
        each
        for group in groups.values()
        for level in _levels(group)
        for run in _runs_of_pages(level)
        if _returns(run, pages)
        for each in run
    }
    outermost = {(each.page, each.at_top) for each in returning if not each.row}
    rows = {each.place for each in pieces if not each.row and (each.page, each.at_top) in outermost}
    return rows | ({each.place for each in returning} - {each.place for each in pieces if each not in returning})


def _returns(run: Sequence[_Piece], pages: int) -> bool:
    """Return whether a piece stands on enough pages: on more of them where others stand between it and the edge."""
    on = len({each.page for each in run})
    if not all(each.row for each in run):
        return on >= min(_LEAST_PAGES, pages - 1)
    return on >= min(_LEAST_PAGES + 1, pages - 1) and on >= _INNER_SHARE * (run[-1].page - run[0].page + 1)


def _levels(group: Iterable[_Piece]) -> list[list[_Piece]]:
    """Return the lines by height, those at nearly one height together and by page."""
    levels: list[list[_Piece]] = []
    for each in sorted(group, key=lambda piece: piece.height):
        if levels and each.height - levels[-1][-1].height <= _SAME_HEIGHT:
            levels[-1].append(each)
        else:
            levels.append([each])
    return [sorted(level, key=lambda piece: piece.page) for level in levels]


def _runs_of_pages(level: Sequence[_Piece]) -> list[list[_Piece]]:
    runs: list[list[_Piece]] = []
    for each in level:
        if runs and each.page - runs[-1][-1].page <= _NEAR_PAGES:
            runs[-1].append(each)
        else:
            runs.append([each])
    return runs


def _in_their_slots(pieces: Sequence[_Piece], repeated: set[_Place]) -> set[_Place]:
    """Return lines that stand where others are running lines: the header of a chapter of two pages."""
    slots: dict[tuple[bool, float], list[_Piece]] = defaultdict(list)
    for each in pieces:
        if not each.row:
            slots[each.at_top, each.size].append(each)
    found: set[_Place] = set()
    for level in (level for slot in slots.values() for level in _levels(slot)):
        places = {each.place for each in level}
        if len(places & repeated) >= max(_LEAST_PAGES, _SLOT_SHARE * len(places)):
            found |= places
    return found


def _stamps(pages: Sequence[PageLines]) -> set[_Place]:
    places: dict[tuple[str, int], set[_Place]] = defaultdict(set)
    for page in pages:
        for index, line in enumerate(page.lines):
            places[line.text, round(line.y)].add((page.number, index))
    least = max(_STAMP_PAGES, _STAMP_SHARE * len(pages))
    return {place for group in places.values() if len({page for page, _ in group}) >= least for place in group}


def _numbers(
    pages: Sequence[PageLines], pieces: Iterable[_Piece], dropped: set[_Place]
) -> dict[int, list[PrintedNumber]]:
    """Return what may be the number of each sheet: in its running lines, or a line of its own at the edge."""
    lines = {page.number: page.lines for page in pages}
    found: dict[int, list[PrintedNumber]] = defaultdict(list)
    for page, index in {each.place: None for each in pieces}:
        text = lines[page][index].text
        if (page, index) in dropped:
            found[page] += numbers_in_running_line(text)
        elif number := bare_number(text):
            found[page].append(number)
    return found


def _page_numbers(pieces: Iterable[_Piece], labels: Mapping[int, str], *, few: bool) -> Iterator[_Place]:
    """Yield the bare numbers at the edge of a page that are its label; with few pages any number in the margin is."""
    for each in pieces:
        number = bare_number(each.text) if each.whole and not each.row else None
        if number and (labels.get(each.page) == number.text or (few and each.height <= _MARGIN)):
            yield each.place
