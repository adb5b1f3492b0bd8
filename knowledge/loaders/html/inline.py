"""The text of the block that is being read: what stands between tags, how much of it is links, whether it is a note."""

from dataclasses import dataclass, field

from lxml import etree

from knowledge.loaders.html.shown import note_mark
from knowledge.loaders.numerals import superscript


@dataclass(frozen=True)
class Taken:
    """The text of a block, the share of it that is links (0 to 1), and whether a mark above leads to it as a note."""

    text: str
    linked: float
    is_note: bool


@dataclass
class Inline:
    """Gathers the text of one block after another; notes are known by the marks that led to them."""

    pieces: list[str] = field(default_factory=list)
    _size: int = 0
    _linked: int = 0
    _links: int = 0
    _noted: set[str] = field(default_factory=set)
    _is_note: bool = False

    def add(self, text: str) -> None:
        """Take text between two tags."""
        self.pieces.append(text)
        self._size += len(text)
        self._linked += len(text) if self._links else 0

    def enter(self, element: etree._Element, name: str) -> None:
        """Open an element inside the block, or the one that is the block."""
        self._is_note = self._is_note or self.is_noted(element)
        if name == "a":
            self._links += 1

    def leave(self, name: str) -> None:
        """Close an element that was entered."""
        if name == "a":
            self._links -= 1

    def is_noted(self, element: etree._Element) -> bool:
        """Say whether the mark of a note leads to the element."""
        names = (element.get("id"), element.get("name"))
        return any(name in self._noted for name in names if name)

    def took(self, element: etree._Element, name: str) -> bool:
        """Take a note's mark or a raised number; the mark itself shows only where the note begins with it."""
        if name not in {"sup", "a"}:
            return False
        mark = note_mark(element, name)
        if mark is not None:
            if any(map(str.strip, self.pieces)):
                self._noted.add(mark.target)
            elif mark.text:
                self._is_note = self._is_note or self.is_noted(element)
                self.add(f"[{mark.text}] ")
            return True
        text = element.text or ""
        if name == "sup" and not len(element) and (raised := superscript(text)) != text:
            self.add(raised)
            return True
        return False

    def take(self) -> Taken:
        """Return the block and begin the next."""
        taken = Taken("".join(self.pieces), self._linked / self._size if self._size else 0.0, self._is_note)
        self.pieces.clear()
        self._size = self._linked = 0
        self._is_note = False
        return taken
