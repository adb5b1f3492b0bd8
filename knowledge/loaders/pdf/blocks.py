"""The lines of a PDF to blocks in the order of the text, and the blocks to canonical text."""

from collections.abc import Iterator, Mapping, Sequence

from knowledge.documents import Page
from knowledge.loaders.canonical import CanonicalText, PageBreak
from knowledge.loaders.pdf.headings import Block
from knowledge.loaders.pdf.hyphens import Vocabulary, join_lines
from knowledge.loaders.pdf.layout import Layout
from knowledge.loaders.pdf.lines import TextLine
from knowledge.loaders.pdf.markers import Marker, marker_of
from knowledge.loaders.pdf.outline import HeadingLines
from knowledge.loaders.pdf.paragraphs import paragraphs
from knowledge.loaders.pdf.tables import Table, find_tables
from knowledge.sentences import starts_list_item

_DEEPER = 0.8  # em between the markers of a list and of one inside it

Notes = Mapping[int, Sequence[Sequence[TextLine]]]
"""The lines of each footnote, by number of the sheet."""


def blocks_of(lines: Sequence[TextLine], layout: Layout, headings: Sequence[HeadingLines]) -> list[Block]:
    """Return the lines, in reading order and without footnotes, as blocks; ``headings`` are known already."""
    blocks: list[Block] = []
    position = 0
    for part in _known_parts(lines, headings):
        blocks += _paragraph_blocks(lines[position : part.start], layout)
        if isinstance(part, HeadingLines):
            position = part.start + part.count
            blocks.append(Block("heading", tuple(lines[part.start : position]), part.level))
        else:
            position = part.stop
            rows = zip(part.rows, part.first_lines, strict=True)
            blocks += [Block("row", (line,), rows=(tuple(row),)) for row, line in rows]
    return blocks + _paragraph_blocks(lines[position:], layout)


def with_notes(blocks: Sequence[Block], notes: Notes) -> list[Block]:
    """Return the blocks with the footnotes of each page behind the block that ends it, or that runs on from it."""
    waiting = sorted(notes)
    placed: list[Block] = []
    for index, block in enumerate(blocks):
        placed.append(block)
        follows = blocks[index + 1].lines[0].page if index + 1 < len(blocks) else None
        while waiting and (follows is None or waiting[0] < follows):
            placed += _note_blocks(notes[waiting.pop(0)])
    for page in waiting:
        placed += _note_blocks(notes[page])
    return placed


class Writer:
    """Writes blocks into a canonical text and records where pages begin."""

    def __init__(self, labels: Mapping[int, str], vocabulary: Vocabulary, layout: Layout) -> None:
        self.text = CanonicalText()
        self._labels, self._vocabulary, self._layout = labels, vocabulary, layout
        self._page = 0
        self._indents: list[float] = []

    def write(self, block: Block) -> None:
        """Write one block."""
        marker = marker_of(block.lines[0]) if block.kind == "paragraph" and not block.lines[0].note else None
        if block.kind == "row":
            self._write_row(block)
        else:
            texts = [line.text for line in block.lines]
            texts[0] = _behind(block.lines[0], marker)
            joined, starts = join_lines(texts, self._vocabulary)
            breaks = list(self._breaks(block.lines, starts))
            if block.kind == "heading":
                self.text.heading(block.level, joined, breaks)
            elif marker:
                if not starts_list_item(f"{marker.text} x"):  # only a blank line keeps such an item apart
                    self.text.end_list()
                self.text.item(joined, marker=marker.text, depth=self._depth(block.lines[0]), breaks=breaks)
            else:
                self.text.paragraph(joined, breaks)
        if not marker:
            self._indents = []

    def _breaks(self, lines: Sequence[TextLine], starts: Sequence[int]) -> Iterator[PageBreak]:
        for line, start in zip(lines, starts, strict=True):
            if line.page != self._page:
                self._page = line.page
                yield PageBreak(start, line.page, self._labels[line.page])

    def _write_row(self, block: Block) -> None:
        line = block.lines[0]
        for cells in block.rows:
            self.text.row(cells)
        if line.page != self._page and self.text.parts:
            self._page = line.page
            start = self.text.length - len(self.text.parts[-1])
            self.text.pages.append(Page(self._labels[line.page], start, line.page))

    def _depth(self, line: TextLine) -> int:
        """Return how deep in lists an item stands: by how far its marker is indented against those before."""
        indent, tolerance = line.left - self._layout.of(line)[0], _DEEPER * line.size
        while len(self._indents) > 1 and indent < self._indents[-1] - tolerance:
            self._indents.pop()
        if not self._indents or indent > self._indents[-1] + tolerance:
            self._indents.append(indent)
        return len(self._indents) - 1


def _known_parts(lines: Sequence[TextLine], headings: Sequence[HeadingLines]) -> list[HeadingLines | Table]:
    taken = {index for each in headings for index in range(each.start, each.start + each.count)}
    tables = [table for table in find_tables(lines) if taken.isdisjoint(range(table.start, table.stop))]
    return sorted([*headings, *tables], key=lambda part: part.start)


def _paragraph_blocks(lines: Sequence[TextLine], layout: Layout) -> list[Block]:
    return [Block("paragraph", tuple(each)) for each in paragraphs(lines, layout)]


def _note_blocks(notes: Sequence[Sequence[TextLine]]) -> list[Block]:
    return [Block("note", tuple(note)) for note in notes]


def _behind(line: TextLine, marker: Marker | None) -> str:
    """Return the text of a line behind its marker, or with its note mark in front."""
    if line.note:
        return f"[{line.note}] {line.text}" if line.note.isdigit() else f"{line.note} {line.text}"
    return line.text[marker.length :] if marker else line.text
