"""Rows of a PDF page to its lines: repaired text, and how it is set."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.loaders.numerals import superscript
from knowledge.loaders.pdf.characters import Run
from knowledge.loaders.pdf.columns import Row
from knowledge.loaders.pdf.rows import regions_of_page, without_notes
from knowledge.repair import repair

_WORD_GAP = 0.18  # em; a gap, or an overlap, that is a space although the file has none
_CELL_GAP = 0.85  # em; a wider gap parts cells
_LEADER = re.compile(r"\s*(?:[.·…_]\s?){6,}")  # the dots of a table of contents


@dataclass(frozen=True, slots=True)
class Cell:
    """A piece of a line between wide gaps."""

    text: str
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of a page: its repaired text, where it stands in points from left and top, and how it is set.

    ``bold`` is the share of its characters. ``column`` is 0 where it may take the whole width; lines of one ``region``
    of a page stand under one another. ``note`` is a raised figure at its beginning, which is not in the text.
    """

    text: str
    left: float
    right: float
    y: float
    size: float
    bold: float
    page: int
    column: int = 0
    region: int = 0
    note: str = ""
    cells: tuple[Cell, ...] = ()


def lines_of_page(runs: Sequence[Run], page: int) -> list[TextLine]:
    """Return the lines of page number ``page`` in reading order; none is empty."""
    regions = regions_of_page(runs)
    lines = [
        _line(row, page=page, column=region.column, region=index)
        for index, region in enumerate(regions)
        for row in region.rows
    ]
    return [line for line in lines if line.text]


def _line(row: Row, *, page: int, column: int, region: int) -> TextLine:
    note, cells = "", list[Cell]()
    for segment in row:
        first, runs = without_notes(segment.runs)
        if not cells and first:
            note = first.text
        elif first:
            runs = [first, *runs]
        text = _repaired(_text(runs))
        if text and cells and runs[0].left - cells[-1].right < _CELL_GAP * segment.size:
            cells[-1] = Cell(f"{cells[-1].text} {text}", cells[-1].left, runs[-1].right)
        elif text:
            cells.append(Cell(text, runs[0].left, runs[-1].right))
    every = [run for segment in row for run in segment.runs]
    weights: dict[float, int] = {}
    for run in every:
        weights[run.size] = weights.get(run.size, 0) + len(run.text)
    whole = sum(weights.values())
    return TextLine(
        text=" ".join(cell.text for cell in cells),
        left=cells[0].left if cells else row[0].left,
        right=row[-1].right,
        y=row[0].y,
        size=max(weights, key=lambda size: weights[size]),
        bold=sum(len(run.text) for run in every if run.bold) / whole,
        page=page,
        column=column,
        region=region,
        note=note,
        cells=tuple(cells),
    )


def _text(runs: Sequence[Run]) -> str:
    parts: list[str] = []
    for index, run in enumerate(runs):
        if index:
            gap, em = run.left - runs[index - 1].right, min(run.size, runs[index - 1].size)
            parts.append(" " if run.spaced or abs(gap) > _WORD_GAP * em else "")
        parts.append(superscript(run.text) if run.raised else run.text)
    return "".join(parts)


def _repaired(text: str) -> str:
    text = text.strip()
    if text.endswith("\u00ad"):  # drawn at the end of a line it is a hyphen; repair takes the others away
        text = f"{text[:-1]}-"
    plain = text if text.isascii() and text.isprintable() else repair(text)
    plain = _LEADER.sub(" .... ", plain)
    return " ".join(plain.split())
