"""The text of one paragraph of a DOCX as a reader sees it, with the notes it refers to and the boxes hung on it."""

from dataclasses import dataclass, field

from lxml import etree

from knowledge.loaders.docx.styles import Styles, is_on, value_of
from knowledge.loaders.numerals import superscript
from knowledge.loaders.xml_parts import attribute, child, local_name

# Deleted and moved text, instructions of fields, readings above Chinese signs, properties: nothing a reader sees.
_UNSEEN = frozenset(
    "del moveFrom delText instrText delInstrText pPr rPr sdtPr sdtEndPr rt rubyPr fldData binData ctrlPr".split()
)
_SPACES = frozenset("tab ptab br cr".split())
_GRAPHICS = frozenset("drawing pict object".split())
_NOTES = {"footnoteReference": "footnote", "endnoteReference": "endnote"}
_PRIVATE_USE = range(0xE000, 0xF900)  # signs that exist in one font only


@dataclass(frozen=True)
class NoteMark:
    """A place where a note is referred to: "footnote" or "endnote", its id, and its own mark, empty for a number."""

    kind: str
    id: str
    mark: str = ""


@dataclass
class Inline:
    """What stands in a paragraph: its text, the notes and the contents of text boxes, each in order."""

    text: str = ""
    notes: list[NoteMark] = field(default_factory=list)
    boxes: list[etree._Element] = field(default_factory=list)


def read_inline(paragraph: etree._Element, styles: Styles, style: str) -> Inline:
    """Return what a reader sees of a paragraph with the style."""
    reader = _Reader(styles, hidden=styles.is_hidden(style))
    reader.read(paragraph)
    return Inline("".join(reader.pieces), reader.notes, reader.boxes)


def chosen(alternatives: etree._Element) -> etree._Element | None:
    """Return the one alternative to read: the same text stands in each, written for newer and for older programs."""
    choice = child(alternatives, "Choice")
    return choice if choice is not None else child(alternatives, "Fallback")


def is_placeholder(control: etree._Element) -> bool:
    """Say whether a content control only asks for input ("Click here to enter text")."""
    return is_on(child(control, "sdtPr", "showingPlcHdr")) is True


@dataclass
class _Reader:
    styles: Styles
    hidden: bool
    pieces: list[str] = field(default_factory=list)
    notes: list[NoteMark] = field(default_factory=list)
    boxes: list[etree._Element] = field(default_factory=list)
    # Per open field whether its instruction is being read still; a paragraph ends them all, so that nothing is lost.
    in_code: list[bool] = field(default_factory=list)

    def read(self, element: etree._Element) -> None:
        for each in element:
            name = local_name(each)
            if name in _UNSEEN or not name:
                continue
            if name == "r":
                self._read_run(each)
            elif name == "AlternateContent":
                if (choice := chosen(each)) is not None:
                    self.read(choice)
            elif name in _GRAPHICS:
                self._find_boxes(each)
            elif name == "sdt" and is_placeholder(each):
                continue
            elif not self._read_leaf(each, name):
                self.read(each)

    def _read_run(self, run: etree._Element) -> None:
        properties = child(run, "rPr")
        own = is_on(child(properties, "vanish"))
        style = value_of(child(properties, "rStyle"))
        if own or (own is None and (self.hidden or (style and self.styles.is_hidden(style)))):
            return
        begin, notes = len(self.pieces), len(self.notes)
        self.read(run)
        text = "".join(self.pieces[begin:])
        if len(self.notes) > notes and text.strip():
            # A note with a mark of its own: the mark is the text beside the reference.
            self.notes[-1] = NoteMark(self.notes[-1].kind, self.notes[-1].id, text.strip())
            del self.pieces[begin:]
        elif value_of(child(properties, "vertAlign")) == "superscript":
            self.pieces[begin:] = [superscript(text)]

    def _read_leaf(self, element: etree._Element, name: str) -> bool:
        """Take an element that stands for text; return whether it is one."""
        match name:
            case "t":
                self._add(element.text or "")
            case _ if name in _SPACES:
                self._add(" ")
            case "noBreakHyphen":
                self._add("-")
            case "sym":
                self._add(_symbol(attribute(element, "char")))
            case "fldChar":
                self._read_field(attribute(element, "fldCharType"))
            case _ if name in _NOTES:
                self.notes.append(NoteMark(_NOTES[name], attribute(element, "id")))
            case _:
                return False
        return True

    def _read_field(self, kind: str) -> None:
        if kind == "begin":
            self.in_code.append(True)
        elif kind == "separate" and self.in_code:
            self.in_code[-1] = False
        elif kind == "end" and self.in_code:
            self.in_code.pop()

    def _add(self, text: str) -> None:
        if not any(self.in_code):
            self.pieces.append(text)

    def _find_boxes(self, element: etree._Element) -> None:
        for each in element:
            name = local_name(each)
            if name == "txbxContent":
                self.boxes.append(each)
            elif name == "AlternateContent":
                if (choice := chosen(each)) is not None:
                    self._find_boxes(choice)
            else:
                self._find_boxes(each)


def _symbol(code: str) -> str:
    """Return the sign of a hexadecimal code, nothing for one that only its font knows."""
    try:
        number = int(code, 16)
    except ValueError:
        return ""
    return "" if number in _PRIVATE_USE or number > 0xFFFF or 0xD800 <= number < 0xE000 else chr(number)
