"""The body of a DOCX as blocks: paragraphs, headings, list items and tables in order, notes behind what cites them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from lxml import etree

from knowledge.loaders.blocks import Block
from knowledge.loaders.canonical import BULLET
from knowledge.loaders.docx.numbering import Numbered, Numbering, place_of
from knowledge.loaders.docx.styles import Styles, numbering_of, outline_level, value_of
from knowledge.loaders.docx.text import NoteMark, chosen, is_placeholder, read_inline
from knowledge.loaders.numerals import numeral
from knowledge.loaders.xml_parts import attribute, child, children, local_name

_WRAPPERS = frozenset("sdtContent customXml ins moveTo smartTag".split())
_MOST_HEADING = 400  # characters; a longer one is a paragraph in the wrong style
_MOST_PARAGRAPHS = 3  # more in one cell, and the table only places a text on the page


@dataclass
class DocxText:
    """Reads the children of a body one after another; ``title`` is the text in the style of titles, once one came."""

    styles: Styles
    numbering: Numbering
    notes: dict[str, dict[str, etree._Element]]
    title: str = ""
    _blocks: list[Block] = field(default_factory=list)
    _carried: str = ""
    _family: str = ""
    _group: int = 0
    _waiting: list[NoteMark] = field(default_factory=list)
    _numbers: dict[str, int] = field(default_factory=dict)
    _in_cell: bool = False

    def blocks(self, elements: Iterable[etree._Element]) -> Iterator[Block]:
        """Yield the blocks of the elements as they come; an element may be cleared as soon as the next is asked for."""
        for element in elements:
            self._read(element)
            yield from self._take()
        self._end_carried()
        self._write_notes()
        yield from self._take()

    def _take(self) -> list[Block]:
        taken, self._blocks = self._blocks, []
        return taken

    def _read(self, element: etree._Element) -> None:
        name = local_name(element)
        if name == "p":
            self._read_paragraph(element)
        elif name == "tbl":
            self._end_carried()
            self._read_table(element)
        elif name == "sdt":
            if not is_placeholder(element) and not _is_contents(element):
                self._read_children(child(element, "sdtContent"))
        elif name == "AlternateContent":
            self._read_children(chosen(element))
        elif name in _WRAPPERS:
            self._read_children(element)

    def _read_children(self, element: etree._Element | None) -> None:
        for each in () if element is None else element:
            self._read(each)

    def _read_paragraph(self, element: etree._Element) -> None:
        properties = child(element, "pPr")
        style = value_of(child(properties, "pStyle"))
        if self.styles.is_contents(style):
            return
        inline = read_inline(element, self.styles, style)
        self._waiting += inline.notes
        text = self._carried + inline.text
        self._carried = ""
        if child(properties, "rPr", "del") is not None or _is_drop_cap(properties):
            # Its end was deleted, or it is the large first letter of the next: both stand on one line.
            self._carried = text
        else:
            self._write_paragraph(text, style, properties)
        for box in inline.boxes:
            self._read_children(box)
        if not self._in_cell and not self._carried:
            self._write_notes()

    def _write_paragraph(self, text: str, style: str, properties: etree._Element | None) -> None:
        level = self.styles.heading_level(style, outline_level(properties))
        place = place_of(numbering_of(properties), style, self.styles, self.numbering)
        numbered = self.numbering.count(*place) if place else Numbered()
        if not text.strip():
            return
        if level and len(text) <= _MOST_HEADING:
            marker = numbered.marker if numbered.marker != BULLET else ""
            self._blocks.append(Block("heading", f"{marker} {text}", level))
            if not self.title and self.styles.is_title(style):
                self.title = " ".join(text.split())
        elif numbered.marker and place:
            depth = place[1] + self.styles.extra_depth(style)
            if depth == 0 and (numbered.begins or numbered.family != self._family):
                self._group += 1
                self._family = numbered.family
            self._blocks.append(Block("item", text, depth, numbered.marker, group=self._group))
        else:
            self._blocks.append(Block("paragraph", text))

    def _end_carried(self) -> None:
        if self._carried.strip():
            self._blocks.append(Block("paragraph", self._carried))
        self._carried = ""

    def _read_table(self, table: etree._Element) -> None:
        rows = [_cells(row) for row in _inside(table, "tr") if child(row, "trPr", "del") is None]
        if all(len(cells) < 2 for cells in rows):
            for cells in rows:
                for cell in cells:
                    self._read_children(cell)
            return
        was_in_cell, self._in_cell = self._in_cell, True
        before, self._blocks = self._blocks, []
        read = [[self._read_cell(cell) for cell in cells] for cells in rows]
        self._blocks, self._in_cell = before, was_in_cell
        self._group += 1
        self._family = ""
        self._blocks += _placed(read) if _is_layout(read) else _rows(read, self._group)
        if not self._in_cell:
            self._write_notes()

    def _read_cell(self, cell: etree._Element) -> list[Block]:
        """Return the blocks in a cell, none where it goes on with the cell above it."""
        merged = child(cell, "tcPr", "vMerge")
        if merged is not None and value_of(merged) != "restart":
            return []
        self._read_children(cell)
        self._end_carried()
        return self._take()

    def _write_notes(self) -> None:
        """Write the notes that the text up to here refers to; a note that refers to another brings it along."""
        while self._waiting:
            note = self._waiting.pop(0)
            body = self.notes.get(note.kind, {}).pop(note.id, None)  # once, however often it is referred to
            if body is None:
                continue
            self._numbers[note.kind] = self._numbers.get(note.kind, 0) + (not note.mark)
            mark = note.mark or self._note_number(note.kind)
            before, self._blocks = self._blocks, []
            was_in_cell, self._in_cell = self._in_cell, True
            self._read_children(body)
            self._end_carried()
            self._in_cell = was_in_cell
            texts = [_line(block) for block in self._take()]
            self._blocks = before
            self._blocks += [
                Block("paragraph", text if index else f"[{mark}] {text}") for index, text in enumerate(texts)
            ]

    def _note_number(self, kind: str) -> str:
        # Where a document has both, Word tells endnotes by small Roman numbers.
        style = "i" if kind == "endnote" and self._numbers.get("footnote") else "decimal"
        return numeral(self._numbers[kind], style)


def _rows(read: list[list[list[Block]]], group: int) -> list[Block]:
    return [
        Block("row", "", cells=tuple(" ".join(map(_line, blocks)) for blocks in cells), group=group) for cells in read
    ]


def _placed(read: list[list[list[Block]]]) -> list[Block]:
    return [block for cells in read for blocks in cells for block in blocks]


def _is_layout(read: list[list[list[Block]]]) -> bool:
    cells = [blocks for row in read for blocks in row]
    return any(
        sum(block.kind == "paragraph" for block in blocks) > _MOST_PARAGRAPHS
        or any(block.kind == "heading" for block in blocks)
        for blocks in cells
    )


def _line(block: Block) -> str:
    """Return a block as part of a line of a table or a note."""
    if block.kind == "row":
        return " ".join(cell for cell in block.cells if cell)
    return f"{block.marker} {block.text}" if block.kind == "item" else block.text


def _cells(row: etree._Element) -> list[etree._Element]:
    cells = _inside(row, "tc")
    return [cell for cell in cells if value_of(child(cell, "tcPr", "hMerge")) not in {"continue"}]


def _inside(element: etree._Element, name: str) -> list[etree._Element]:
    """Return the rows of a table or the cells of a row, those in content controls too."""
    found = []
    for each in element:
        if local_name(each) == name:
            found.append(each)
        elif local_name(each) in {"sdt", *_WRAPPERS}:
            found += _inside(each, name)
    return found


def _is_contents(control: etree._Element) -> bool:
    gallery = value_of(child(control, "sdtPr", "docPartObj", "docPartGallery"))
    return gallery.casefold() in {"table of contents", "table of figures"}


def _is_drop_cap(properties: etree._Element | None) -> bool:
    frame = child(properties, "framePr")
    return frame is not None and attribute(frame, "dropCap") in {"drop", "margin"}


def notes_by_id(root: etree._Element | None, name: str) -> dict[str, etree._Element]:
    """Return the notes of a part by their ids; ``name`` is that of their elements, "footnote" or "endnote"."""
    return {attribute(each, "id"): each for each in children(root, name)}
