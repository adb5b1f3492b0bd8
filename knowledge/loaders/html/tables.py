"""The tables of HTML: which of them hold data, and the rows of those, with merged cells once."""

from dataclasses import dataclass, field

from lxml import etree

from knowledge.loaders.html.inline import Taken
from knowledge.loaders.html.shown import HEADINGS
from knowledge.loaders.xml_parts import integer, local_name

_CELLS = frozenset({"td", "th"})
_MOST_PARAGRAPHS = 3  # more in one cell, and the table only places a text on the page
_MOST_SPAN = 1000  # that of the HTML standard for columns
_MOST_SPANNED = 50  # empty cells in one row: a page of a thousand columns would grow a hundredfold

_EMPTY = Taken("", 0.0, is_note=False)


def is_layout(table: etree._Element) -> bool:
    """Say whether a table only places things on the page: one column, or cells that hold tables, headings, texts."""
    if table.get("role") in {"presentation", "none"}:
        return True
    widest = cells = paragraphs = 0
    for element in table.iterdescendants():
        name = local_name(element)
        if name == "table" or name in HEADINGS:
            return True
        if name == "tr":
            cells = 0
        elif name in _CELLS:
            cells, paragraphs = cells + 1, 0
            widest = max(widest, cells)
        elif name == "p":
            paragraphs += 1
            if paragraphs > _MOST_PARAGRAPHS:
                return True
    return widest < 2


@dataclass
class Table:
    """A table of data that is being read: the cells of the present row, and what spans down from the rows above."""

    in_cell: bool = False
    _cells: list[Taken] = field(default_factory=list)
    _column: int = 0
    _width: int = 1
    _spans: dict[int, tuple[int, int]] = field(default_factory=dict)

    def begin_cell(self, element: etree._Element) -> None:
        """Open a cell behind those that span into this row; they stay empty here, their text stands above."""
        self._skip_spans()
        self._width = _span(element.get("colspan"))
        down = _span(element.get("rowspan"))
        if down > 1:
            # The present row counts one down as it ends.
            self._spans[self._column] = (down, self._width)
        self.in_cell = True

    def end_cell(self, content: Taken) -> None:
        """Close the cell with what stands in it."""
        if self.in_cell:
            self._cells.append(content)
            self._column += self._width
            self.in_cell = False

    def end_row(self) -> tuple[tuple[str, ...], float]:
        """Return the cells of the row, none for an empty one, and the share of them that is links; begin the next."""
        if self._cells:
            self._skip_spans()
        cells = tuple(cell.text for cell in self._cells)
        size = sum(map(len, cells))
        linked = sum(len(cell.text) * cell.linked for cell in self._cells) / size if size else 0.0
        self._spans = {column: (down - 1, width) for column, (down, width) in self._spans.items() if down > 1}
        self._cells, self._column = [], 0
        return cells, linked

    def _skip_spans(self) -> None:
        while self._column in self._spans and len(self._cells) < _MOST_SPANNED:
            self._cells.append(_EMPTY)
            self._column += self._spans[self._column][1]


def _span(value: str | None) -> int:
    return max(1, min(_MOST_SPAN, integer((value or "").strip(), 1)))
