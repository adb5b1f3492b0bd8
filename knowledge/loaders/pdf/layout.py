"""How the text of a PDF is laid out: its size, the distance of its lines, and the margins of its columns."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median, quantiles

from knowledge.loaders.pdf.lines import TextLine

Margins = tuple[float, float]
"""Where the text of a column begins and ends, in points from the left."""

_USUAL_PITCH = 1.4  # em; of single and one and a half times spaced text
_CENTRED, _NARROW = 3.0, 0.9  # points off the middle; of the column
_EVEN, _LEAST_FULL, _FULL_SHARE = 2.0, 3, 0.3  # em; lines that end at the margin, and their share
_LONG = 20  # characters of a line that shows where the column ends


@dataclass
class Layout:
    """What a document's lines have in common: size and distance of its text, and the margins of each region by page.

    ``pitch`` is the distance of lines that follow one another in a sentence, in em.
    """

    size: float
    pitch: float
    margins: Mapping[tuple[int, int], Margins] = field(default_factory=dict)

    def of(self, line: TextLine) -> Margins:
        """Return the margins of the column of a line."""
        return self.margins[line.page, line.region]

    def room(self, line: TextLine) -> float:
        """Return how much of its column a line leaves free at its end, in points."""
        return self.of(line)[1] - line.right

    def is_centred(self, line: TextLine) -> bool:
        """Return whether a line stands in the middle of its column, with room on both sides."""
        left, right = self.of(line)
        off = abs((line.left + line.right) - (left + right)) / 2
        return off <= _CENTRED and line.right - line.left < _NARROW * (right - left)


def measure(lines: Sequence[TextLine], widths: Mapping[int, float]) -> Layout:
    """Return the layout of all lines of a document; ``widths`` has those of the pages, by number.

    A region whose lines mostly reach one right edge ends there; a smaller one is as wide as its column is elsewhere,
    and, in a document without columns, as its left margin on the right would leave it.
    """
    size = text_size(lines)
    regions: dict[tuple[int, int], list[TextLine]] = defaultdict(list)
    columns: dict[tuple[int, int], list[TextLine]] = defaultdict(list)
    for line in lines:
        regions[line.page, line.region].append(line)
        columns[line.page, line.column].append(line)
    edges = {key: _edges(group, size) for key, group in columns.items()}
    found: dict[int, list[float]] = defaultdict(list)
    for (_, column), (left, right) in edges.items():
        found[column].append(right - left)
    usual = {column: quantiles([*each, *each], n=4)[2] for column, each in found.items()}
    margins: dict[tuple[int, int], Margins] = {}
    for (page, region), group in regions.items():
        left, right = edges[page, group[0].column]
        mirrored = widths[page] - left if set(usual) == {0} else 0.0
        margins[page, region] = _even_edges(group, size) or (left, max(right, left + usual[group[0].column], mirrored))
    return Layout(size, _pitch(lines, size), margins)


def _pitch(lines: Sequence[TextLine], size: float) -> float:
    pitches = [
        (line.y - last.y) / size
        for last, line in pairwise(lines)
        if together(last, line) and last.size == line.size == size and line.text[0].islower() and line.y > last.y
    ]
    return median(pitches) if pitches else _USUAL_PITCH


def text_size(lines: Iterable[TextLine]) -> float:
    """Return the size in which most characters are set; 0 without lines."""
    weights: dict[float, int] = defaultdict(int)
    for line in lines:
        weights[line.size] += len(line.text)
    return max(weights, key=lambda size: weights[size], default=0.0)


def _edges(lines: Sequence[TextLine], size: float) -> Margins:
    body = _body(lines, size)
    return min(line.left for line in body), max(line.right for line in body)


def _even_edges(lines: Sequence[TextLine], size: float) -> Margins | None:
    """Return the margins of lines that tell them themselves: many of them end at nearly one place."""
    body = _body(lines, size)
    left, right = _edges(lines, size)
    full = sum(right - line.right <= _EVEN * line.size for line in body)
    return (left, right) if full >= max(_LEAST_FULL, _FULL_SHARE * len(body)) else None


def _body(lines: Sequence[TextLine], size: float) -> Sequence[TextLine]:
    return [line for line in lines if abs(line.size - size) <= 1 and len(line.text) >= _LONG] or lines


def together(one: TextLine, other: TextLine) -> bool:
    """Return whether two lines stand in one region of one page."""
    return (one.page, one.region) == (other.page, other.region)
