"""What a word processor's file and a web page are made of once their markup is read: blocks in order."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from knowledge.loaders.canonical import BULLET, CanonicalText, Line
from knowledge.repair import repair
from knowledge.sentences import starts_list_item

Kind = Literal["heading", "paragraph", "item", "row", "verbatim"]


@dataclass(frozen=True)
class Block:
    """A block as it was found, not repaired yet.

    ``level`` is that of a heading (1 to 6) or the depth of an item (0 is the outermost); ``cells`` are those of a row,
    whose text is empty. ``group`` numbers the outermost list or the table, 0 outside one: where it changes, another
    begins. ``linked`` is the share of its characters that are links (0 to 1); ``is_note`` says that
    a mark in the text before leads to it.
    """

    kind: Kind
    text: str
    level: int = 0
    marker: str = BULLET
    cells: tuple[str, ...] = ()
    group: int = 0
    linked: float = 0.0
    is_note: bool = False

    @property
    def letters(self) -> str:
        """Its letters and digits alone, small: what two readings of one block have in common."""
        return "".join(filter(str.isalnum, self.text or "".join(self.cells))).lower()


def write_blocks(writer: CanonicalText, blocks: Iterable[Block]) -> None:
    """Write blocks by the convention of the canonical text, each repaired before its offsets are taken."""
    group = 0
    for block in blocks:
        if block.group != group:
            writer.end_list()
            group = block.group
        match block.kind:
            case "heading":
                writer.heading(block.level, repair(block.text))
            case "item":
                _write_item(writer, block)
            case "row":
                writer.row([repair(cell) for cell in block.cells])
            case "verbatim":
                writer.put(Line(repair(block.text).strip("\n")))
                writer.end_list()
            case "paragraph":
                writer.paragraph(repair(block.text))


def _write_item(writer: CanonicalText, block: Block) -> None:
    # The reader of sentences knows the usual markers; only a blank line keeps an item with another ("1.1.", "IV.")
    # from running on from the item above.
    if not starts_list_item(f"{block.marker} x"):
        writer.end_list()
    writer.item(repair(block.text), marker=block.marker, depth=block.level)
