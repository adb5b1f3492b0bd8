"""The blocks of an HTML tree in order: headings, paragraphs, list items, table rows.

The walk goes over events and not into itself, so no depth of nesting matters to it, and takes time in proportion to
the tree. Web pages and the chapters of books come through here.
"""

from dataclasses import dataclass, field, replace

from lxml import etree

from knowledge.loaders.blocks import Block
from knowledge.loaders.html.inline import Inline
from knowledge.loaders.html.shown import HEADINGS, Setting, is_block, is_shown
from knowledge.loaders.html.tables import Table, is_layout
from knowledge.loaders.numerals import numeral
from knowledge.loaders.xml_parts import integer, local_name

_DEEPEST_ITEM = 8  # the indent of deeper items would outgrow their text
_LISTS = frozenset({"ul", "ol", "dir"})


def html_blocks(root: etree._Element, setting: Setting) -> list[Block]:
    """Return what a reader sees of the tree under ``root``, in order, each text once; nothing for an empty one."""
    walk = _Walk()
    left_out: etree._Element | None = None
    events = etree.iterwalk(root, events=("start", "end"))
    for event, element in events:
        name = local_name(element)
        if event == "start":
            shown = is_shown(element, name, setting)
            if shown and not walk.inline.took(element, name):
                walk.enter(element, name)
                walk.add(element.text)
                continue
            if not shown and is_block(name):
                walk.flush()
            left_out = element
            events.skip_subtree()
            continue
        if element is left_out:
            left_out = None
        else:
            walk.leave(element, name)
        if element is not root:
            walk.add(element.tail)
    walk.flush()
    return walk.blocks


@dataclass
class _List:
    style: str
    number: int


@dataclass
class _Walk:
    """What is open at the present place of the tree, and the blocks before it."""

    blocks: list[Block] = field(default_factory=list)
    inline: Inline = field(default_factory=Inline)
    heading: int = 0
    verbatim: int = 0
    broke: bool = False
    lists: list[_List] = field(default_factory=list)
    marker: str = ""
    tables: list[Table | None] = field(default_factory=list)
    note: etree._Element | None = None
    group: int = 0
    groups: int = 0

    @property
    def table(self) -> Table | None:
        """The table around the present place, None where it only places things; a table of data holds no other."""
        return self.tables[-1] if self.tables else None

    @property
    def in_cell(self) -> bool:
        return self.table is not None and self.table.in_cell

    def add(self, text: str | None) -> None:
        """Take the text between two tags."""
        if text:
            self.inline.add(text)
            self.broke = self.broke and text.isspace()

    def enter(self, element: etree._Element, name: str) -> None:
        """Open an element that is shown."""
        if name == "br":
            self._break()
        if is_block(name):
            self.flush()
            self._enter_block(element, name)
            if self.note is None and self.inline.is_noted(element):
                self.note = element
        self.inline.enter(element, name)

    def leave(self, element: etree._Element, name: str) -> None:
        """Close an element that was entered."""
        self.inline.leave(name)
        if is_block(name):
            if name in {"td", "th"} and self.table is not None:
                self.table.end_cell(self.inline.take())
            self.flush()
            self._leave_block(name)
        if element is self.note:
            self.note = None

    def _enter_block(self, element: etree._Element, name: str) -> None:
        if name in _LISTS:
            self._begin_group()
            kind = element.get("type") or "1"
            style = ("decimal" if kind not in "aAiI" else kind) if name == "ol" else ""
            self.lists.append(_List(style, integer(element.get("start") or "", 1)))
        elif name == "li":
            self._enter_item(element)
        elif name == "table":
            self._begin_group()
            self.tables.append(None if is_layout(element) else Table())
        elif name == "pre":
            self.verbatim += 1
        elif name in {"td", "th"} and self.table is not None:
            self.table.begin_cell(element)
        elif name in HEADINGS:
            self.heading = HEADINGS[name]

    def _leave_block(self, name: str) -> None:
        if name in _LISTS:
            self.lists.pop()
        elif name == "li":
            self.marker = ""
        elif name == "table":
            self.tables.pop()
        elif name == "pre":
            self.verbatim -= 1
        elif name == "tr" and self.table is not None:
            self._end_row(self.table)
        elif name in HEADINGS:
            self.heading = 0
        if not self.lists and not self.tables:
            self.group = 0

    def flush(self) -> None:
        """End the present block; inside a cell all is one line."""
        if self.in_cell:
            self.inline.add(" ")
            return
        taken = self.inline.take()
        self.broke = False
        if not taken.text.strip():
            return
        note = taken.is_note or self.note is not None
        block = Block("paragraph", taken.text, group=self.group, linked=taken.linked, is_note=note)
        if self.heading:
            block = replace(block, kind="heading", level=self.heading)
        elif self.verbatim:
            block = replace(block, kind="verbatim")
        elif self.marker:
            depth = min(max(0, len(self.lists) - 1), _DEEPEST_ITEM)
            block = replace(block, kind="item", level=depth, marker=self.marker)
        self.blocks.append(block)
        self.marker = ""

    def _end_row(self, table: Table) -> None:
        cells, linked = table.end_row()
        if cells:
            self.blocks.append(Block("row", "", cells=cells, group=self.group, linked=linked))

    def _break(self) -> None:
        """A line break is a space; two of them end the paragraph, as old pages have it."""
        if self.verbatim:
            self.inline.add("\n")
        elif self.broke and not self.heading:
            self.flush()
        else:
            self.inline.add(" ")
            self.broke = True

    def _enter_item(self, element: etree._Element) -> None:
        self.marker = "-"
        if self.lists and self.lists[-1].style:
            number = integer(element.get("value") or "", self.lists[-1].number)
            self.lists[-1].number = number + 1
            self.marker = f"{numeral(number, self.lists[-1].style)}."
        if self.in_cell:
            self.inline.add(f" {self.marker} ")
            self.marker = ""

    def _begin_group(self) -> None:
        if not self.lists and not self.tables:
            self.groups += 1
            self.group = self.groups
