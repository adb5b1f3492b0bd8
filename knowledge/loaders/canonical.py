"""The canonical text that every loader writes, so that one text gives one canonical text whatever it was saved as.

Reading text without markup: a blank line between blocks; a paragraph, a heading, a list item and a table row each on a
line of its own; the items of a list and the rows of a table on lines that follow one another.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from knowledge.documents import Heading, Mention, Page
from knowledge.repair import normalise_spaces

_SPACES = re.compile(r"\s+")
_INDENT = "  "
CELL_SEPARATOR = " | "
BULLET = "-"


@dataclass
class Line:
    """Inline content so far. Spaces collapse while it grows, so every position taken is final."""

    text: str = ""
    mentions: list[Mention] = field(default_factory=list)

    def add(self, text: str) -> None:
        """Append text; runs of white space become one space, none stands at the beginning."""
        plain = _SPACES.sub(" ", normalise_spaces(text))
        self.text += plain.lstrip() if not self.text or self.text.endswith(" ") else plain

    def cite(self, keys: tuple[str, ...]) -> None:
        """Record that works are cited here; the space in front of the marker goes with it."""
        self.text = self.text.rstrip()
        self.mentions.append(Mention(len(self.text), keys))


@dataclass(frozen=True)
class PageBreak:
    """Where in a paragraph a page begins: the offset in its text, the number of the sheet from 1, the printed label."""

    offset: int
    number: int
    label: str


@dataclass
class CanonicalText:
    """The canonical text so far, in parts, with what a Document records about its places.

    `put` is the general step; `heading`, `paragraph`, `item` and `row` know the convention. Empty blocks leave nothing.
    """

    parts: list[str] = field(default_factory=list)
    length: int = 0
    headings: list[Heading] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)
    _last: str = ""

    @property
    def text(self) -> str:
        """The whole text so far."""
        return "".join(self.parts)

    def heading(self, level: int, text: str, breaks: Sequence[PageBreak] = ()) -> None:
        """Write a heading of level 1 to 6."""
        start, end = self._block("heading", text, breaks)
        if end > start:
            self.headings.append(Heading(max(1, min(6, level)), start, end))

    def paragraph(self, text: str, breaks: Sequence[PageBreak] = ()) -> None:
        """Write a paragraph; the offsets of ``breaks`` count in ``text``, which holds single spaces only."""
        self._block("paragraph", text, breaks)

    def item(self, text: str, *, marker: str = BULLET, depth: int = 0, breaks: Sequence[PageBreak] = ()) -> None:
        """Write a list item behind ``marker`` ("-", "1.", "a)"); items that follow one another are one list."""
        self._block("item", text, breaks, prefix=f"{_INDENT * depth}{marker} ", together=True)

    def row(self, cells: Sequence[str]) -> None:
        """Write a row of a table; rows that follow one another are one table, those of a single column stand apart."""
        plain = [" ".join(normalise_spaces(cell).split()) for cell in cells]
        if any(plain):
            self._block("row", CELL_SEPARATOR.join(plain).strip(), (), together=len(plain) > 1)

    def end_list(self) -> None:
        """Let the next item or row begin a list or table of its own."""
        self._last = ""

    def put(self, line: Line, *, separator: str = "\n\n", prefix: str = "") -> tuple[int, int]:
        """Write a block and return its range; an empty one only leaves its mentions, at the end of what stands."""
        text = line.text.rstrip()
        if text:
            self._append((separator if self.parts else "") + prefix)
        start = self.length
        self._append(text)
        self.mentions += [Mention(start + each.position, each.keys) for each in line.mentions]
        return start, self.length

    def _block(
        self, kind: str, text: str, breaks: Sequence[PageBreak], *, prefix: str = "", together: bool = False
    ) -> tuple[int, int]:
        line = Line()
        line.add(text)
        if not line.text.strip():
            return self.length, self.length
        start, end = self.put(line, separator="\n" if together and self._last == kind else "\n\n", prefix=prefix)
        self._last = kind
        for each in breaks:
            at = start - len(prefix) if each.offset == 0 else start + each.offset
            self.pages.append(Page(each.label, min(at, end), each.number))
        return start, end

    def _append(self, text: str) -> None:
        if text:
            self.parts.append(text)
            self.length += len(text)
