"""Rows of a page in reading order: down each column, and a line across the page parts what stands above from below."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from statistics import median

from knowledge.loaders.pdf.characters import Run

_BIN = 2.0  # points; the gutter between columns is searched in steps of this
_CANDIDATES = 4
_APART = 12.0  # points between two candidates
_MOST_COLUMNS = 4
_SHORTEST = 6  # characters of a segment that tells where columns stand: page numbers and list markers don't
_OVERHANG = 0.15  # of its width a line may reach into the gutter: a long web address
# What is a column of text and not of a table: lines in number, of some length, that mostly fill it.
_LEAST_LINES, _LEAST_IN_ALL = 2, 5
_LEAST_CHARACTERS, _MANY_LINES, _FEWER_CHARACTERS = 20, 8, 13
_LEAST_FILL = 0.6


@dataclass(frozen=True, slots=True)
class Segment:
    """Runs of one line without a wide gap between them, from left to right."""

    runs: tuple[Run, ...]
    y: float
    size: float

    @property
    def left(self) -> float:
        """Where it begins."""
        return self.runs[0].left

    @property
    def right(self) -> float:
        """Where it ends."""
        return self.runs[-1].right

    @property
    def characters(self) -> int:
        """Roughly how many characters it has."""
        return sum(len(run.text) for run in self.runs)


Row = tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Region:
    """Rows that follow one another; ``column`` is 0 where they take the whole width, else counts from 1."""

    column: int
    rows: tuple[Row, ...]


def in_reading_order(rows: Sequence[Row], *, most_columns: int = _MOST_COLUMNS) -> list[Region]:
    """Return the rows, given from the top, by regions in reading order; rows of two columns are taken apart."""
    if most_columns > 1:
        for gutter in _gutters(rows):
            regions = list(_regions(rows, gutter, most_columns))
            if any(region.column for region in regions):
                return regions
    return [Region(0, tuple(rows))] if rows else []


def _regions(rows: Sequence[Row], gutter: float, most: int) -> Iterator[Region]:
    plain: list[Row] = []
    for across, band in _bands(rows, gutter):
        lefts = [left for row in band if (left := tuple(each for each in row if _is_left(each, gutter)))]
        rights = [right for row in band if (right := tuple(each for each in row if not _is_left(each, gutter)))]
        if across or not (len(lefts) + len(rights) >= _LEAST_IN_ALL and _is_column(lefts) and _is_column(rights)):
            plain += band
            continue
        if plain:
            yield Region(0, tuple(plain))
            plain = []
        before = 0
        for side in (lefts, rights):
            parts = in_reading_order(side, most_columns=most - 1)
            yield from (replace(part, column=before + max(1, part.column)) for part in parts)
            before += max(max(1, part.column) for part in parts)
    if plain:
        yield Region(0, tuple(plain))


def _bands(rows: Sequence[Row], gutter: float) -> Iterator[tuple[bool, list[Row]]]:
    """Yield the rows in groups: whether they cross the gutter, and the rows."""
    band: list[Row] = []
    crossed = False
    for row in rows:
        crosses = any(_crosses(each, gutter) for each in row)
        if band and crosses != crossed:
            yield crossed, band
            band = []
        crossed = crosses
        band.append(row)
    if band:
        yield crossed, band


def _crosses(segment: Segment, gutter: float) -> bool:
    inside = min(gutter - segment.left, segment.right - gutter)
    return inside > _OVERHANG * (segment.right - segment.left)


def _is_left(segment: Segment, gutter: float) -> bool:
    return gutter - segment.left > segment.right - gutter


def _is_column(rows: Sequence[Row]) -> bool:
    if len(rows) < _LEAST_LINES:
        return False
    widths = [sum(each.right - each.left for each in row) for row in rows]  # without the gaps between cells
    whole = max(row[-1].right for row in rows) - min(row[0].left for row in rows)
    characters = median(sum(each.characters for each in row) for row in rows)
    least = _FEWER_CHARACTERS if len(rows) >= _MANY_LINES else _LEAST_CHARACTERS
    return characters >= least and median(widths) >= _LEAST_FILL * whole


def _gutters(rows: Sequence[Row]) -> list[float]:
    """Return where a gutter may stand, best first: much text ends to its left and much begins to its right."""
    segments = [each for row in rows for each in row if each.characters >= _SHORTEST]
    if not segments:
        return []
    left, right = min(each.left for each in segments), max(each.right for each in segments)
    bins = int((right - left) / _BIN) + 2
    begun, ended = [0] * (bins + 1), [0] * (bins + 1)
    for each in segments:
        begun[int((each.left - left) / _BIN)] += 1
        ended[int((each.right - left) / _BIN) + 1] += 1
    begun, ended = list(accumulate(begun)), list(accumulate(ended))
    # To the right of a bin stands what has not begun in it; what has begun and not ended crosses it.
    scores = [(min(ended[at], len(segments) - begun[at]), ended[at] - begun[at], at) for at in range(bins)]
    found: list[float] = []
    for score, crossing, at in sorted(scores, reverse=True):
        x = left + _BIN * (_middle(scores, at, (score, crossing)) + 0.5)
        if score < _LEAST_LINES or len(found) == _CANDIDATES:
            break
        if all(abs(x - other) >= _APART for other in found):
            found.append(x)
    return found


def _middle(scores: Sequence[tuple[int, int, int]], at: int, value: tuple[int, int]) -> float:
    """Return the middle of the bins around ``at`` that are as good as it."""
    low = high = at
    while low > 0 and scores[low - 1][:2] == value:
        low -= 1
    while high + 1 < len(scores) and scores[high + 1][:2] == value:
        high += 1
    return (low + high) / 2
