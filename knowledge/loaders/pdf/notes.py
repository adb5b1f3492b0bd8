"""Footnotes of a PDF: smaller lines at the bottom of a column that begin with a figure or a star."""

import re
from collections.abc import Sequence
from dataclasses import replace

from knowledge.loaders.pdf.furniture import PageLines
from knowledge.loaders.pdf.lines import TextLine

_SMALLER = 0.94  # of the size of the text
_ROW_CELLS = 3  # a single justified line may have as many pieces, two under one another are rows of a table
_UPPER_PART = 0.3  # of a page; no footnote begins there
_FIGURE = re.compile(r"(?P<mark>\d{1,3}|[*†‡§]{1,3})\s*(?=[\"'“‘(\[]?[^\W\d_])")


def take_notes(page: PageLines, text_size: float, *, expected: bool) -> tuple[list[TextLine], list[list[TextLine]]]:
    """Return the lines of a page without its footnotes, and each footnote's lines, "[1] " in front of the first.

    ``expected``: the page before has footnotes, of which one may run on without a figure in front.
    """
    body: list[TextLine] = []
    notes: list[list[TextLine]] = []
    for column in _columns(page.lines):
        start = len(column)
        while start and _is_small(column[start - 1], page, text_size) and _is_under(column, start):
            start -= 1
        if not expected:
            while start < len(column) and not _mark(column[start]):
                start += 1
        body += column[:start]
        for line in column[start:]:
            mark = _mark(line)
            if mark or not notes:
                notes.append([])
            notes[-1].append(_marked(line) if mark else line)
    return body, notes


def _columns(lines: Sequence[TextLine]) -> list[list[TextLine]]:
    """Return the lines by column as they are read: a region of the whole width ends those beside one another."""
    groups: list[list[TextLine]] = []
    for line in lines:
        if groups and groups[-1][-1].column == line.column:
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _is_small(line: TextLine, page: PageLines, text_size: float) -> bool:
    return line.size <= _SMALLER * text_size and line.y > _UPPER_PART * page.height


def _is_under(column: Sequence[TextLine], start: int) -> bool:
    """Return whether the line in front of ``start`` stands above the one behind it, and both are no rows of a table."""
    if start == len(column):
        return True
    line, under = column[start - 1 : start + 1]
    return line.y < under.y and min(len(line.cells), len(under.cells)) < _ROW_CELLS


def _mark(line: TextLine) -> str:
    if line.note:
        return line.note
    match = _FIGURE.match(line.text)
    return match["mark"] if match else ""


def _marked(line: TextLine) -> TextLine:
    """Return a line whose mark is its ``note``, not its text."""
    match = None if line.note else _FIGURE.match(line.text)
    return replace(line, text=line.text[match.end() :], note=match["mark"]) if match else line
