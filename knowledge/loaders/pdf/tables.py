"""Tables of a PDF: lines under one another whose pieces stand in the same columns. What is not clearly one is none."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from knowledge.loaders.pdf.layout import together
from knowledge.loaders.pdf.lines import Cell, TextLine
from knowledge.loaders.pdf.markers import marker_of
from knowledge.loaders.pdf.paragraphs import has_dots

_LEAST_ROWS, _LEAST_COLUMNS = 3, 2
_ALIGNED, _ALIGNED_SHARE = 4.0, 0.6  # points; of the cells of a column
_LONGEST_CELL = 40  # characters, in the median: longer ones are columns of text
_CONTINUES = 1.4  # em: the next line of a cell stands no further below
_ROW_GAP = 1.2  # times the distance of the lines of a cell, where the next row begins


@dataclass
class Table:
    """The lines ``[start, stop)`` as rows of cells; ``first_lines`` has the line with which each row begins."""

    start: int
    stop: int
    rows: list[list[str]] = field(default_factory=list)
    first_lines: list[TextLine] = field(default_factory=list)


@dataclass
class _Column:
    left: float
    right: float
    cells: list[Cell] = field(default_factory=list)

    def meets(self, cell: Cell) -> bool:
        return cell.left < self.right and self.left < cell.right

    def is_aligned(self) -> bool:
        """Return whether most of its cells have one left edge, one right edge or one middle."""
        edges = [
            [c.left for c in self.cells],
            [c.right for c in self.cells],
            [(c.left + c.right) / 2 for c in self.cells],
        ]
        return any(
            sum(abs(value - median(values)) <= _ALIGNED for value in values) >= _ALIGNED_SHARE * len(values)
            for values in edges
        )


def find_tables(lines: Sequence[TextLine]) -> list[Table]:
    """Return the tables among lines in reading order."""
    tables: list[Table] = []
    index = 0
    while index < len(lines):
        table = _table_from(lines, index) if _is_row(lines[index]) else None
        if table:
            tables.append(table)
        index = table.stop if table else index + 1
    return tables


def _is_row(line: TextLine) -> bool:
    """Return whether a line may be a row: not an item behind its marker, nor "Nama : Ana", nor a line of contents."""
    cells = line.cells
    if len(cells) < _LEAST_COLUMNS or cells[1].text.startswith(":") or has_dots(line):
        return False
    marker = marker_of(line)
    only_marker = len(cells[0].text) <= (marker.length if marker else 1)
    return not (only_marker and len(cells) == _LEAST_COLUMNS)


def _table_from(lines: Sequence[TextLine], start: int) -> Table | None:
    columns = [_Column(cell.left, cell.right) for cell in lines[start].cells]
    table = Table(start, start)
    whole_rows = 0
    for index in range(start, len(lines)):
        line, last = lines[index], lines[max(start, index - 1)]
        places = _places(columns, line.cells)
        if places is None or not (together(last, line) or len(places) == len(columns)):
            break
        continues = index > start and _continues(last, line, lines[index + 1 : index + 2], places, len(columns))
        if not continues and not _is_row(line):
            break
        whole_rows += not continues
        _take(table, columns, line, places, continues=continues)
        table.stop = index + 1
    cells = [len(cell) for row in table.rows for cell in row if cell]
    is_table = (
        whole_rows >= _LEAST_ROWS
        and median(cells) <= _LONGEST_CELL
        and sum(column.is_aligned() for column in columns) >= _LEAST_COLUMNS
    )
    return table if is_table else None


def _continues(
    last: TextLine, line: TextLine, following: Sequence[TextLine], places: Sequence[int], columns: int
) -> bool:
    """Return whether a line goes on with cells of the row above: it is close to it, and its first cell is not new."""
    pitch = line.y - last.y
    if not (together(last, line) and 0 < pitch <= _CONTINUES * line.size) or len(places) == columns:
        return False
    below = following[0].y - line.y if following and together(line, following[0]) else 2 * pitch
    return 0 not in places or below > _ROW_GAP * pitch


def _places(columns: Sequence[_Column], cells: Sequence[Cell]) -> list[int] | None:
    """Return the column of each cell, or None where a cell has none or shares one."""
    places: list[int] = []
    for cell in cells:
        met = [place for place, column in enumerate(columns) if column.meets(cell)]
        if len(met) != 1 or met[0] in places:
            return None
        places += met
    return places


def _take(table: Table, columns: Sequence[_Column], line: TextLine, places: Sequence[int], *, continues: bool) -> None:
    if not continues:
        table.rows.append([""] * len(columns))
        table.first_lines.append(line)
    row = table.rows[-1]
    for place, cell in zip(places, line.cells, strict=True):
        row[place] = f"{row[place]} {cell.text}".strip()
        column = columns[place]
        column.left, column.right = min(column.left, cell.left), max(column.right, cell.right)
        column.cells.append(cell)
