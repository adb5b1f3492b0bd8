"""Which elements of a web page or a book's chapter a reader sees as text, and which marks only lead elsewhere."""

import re
from dataclasses import dataclass
from enum import Enum

from lxml import etree

from knowledge.loaders.xml_parts import attribute, local_name

HEADINGS = {f"h{level}": level for level in range(1, 7)}
BLOCKS = frozenset(HEADINGS) | frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure"
    " footer form header hgroup hr html legend li main menu nav ol p pre section summary table tbody td tfoot th thead"
    " tr ul".split()
)
_NEVER = frozenset(
    "script style template noscript iframe object embed svg canvas audio video select button textarea input datalist"
    " head title meta link annotation annotation-xml rp rt map progress meter".split()
)
# The kinds ("epub:type", "role") of parts that only lead elsewhere, and of notes, which are text wherever they stand.
_LEADS = frozenset("toc landmarks page-list pagebreak backlink doc-toc doc-pagelist doc-pagebreak doc-backlink".split())
_NOTES = frozenset(
    "footnote footnotes endnote endnotes rearnote rearnotes doc-footnote doc-endnote doc-endnotes".split()
)
# What stands around the text of a page. Books have none of it but the table of contents.
_AROUND = frozenset("nav aside menu".split())
_UNSEEN_CLASSES = frozenset(
    "sr-only visually-hidden visuallyhidden screen-reader-text screen-reader-only mw-editsection mw-cite-backlink"
    " headerlink footnote-back footnote-backref noprint".split()
)
_UNSEEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SHARED_BY_LAYOUT = 3  # a real form, side column or pop-up has no more paragraphs than this

_NOTE_MARK = re.compile(r"[\[(]?(\d{1,4}|[*†‡§¶]{1,4}|[a-z]|[ivxlc]{1,6})[\])]?\.?", re.IGNORECASE)
# What Word, LibreOffice, Pandoc and wikis call the place of a note.
_NOTE_TARGET = re.compile(
    r"_?(?:ftn|edn|sdfootnote|sdendnote|fn|footnote|endnote|cite_note)(?:ref)?[-_:.]?\w*\d", re.IGNORECASE
)
_MARKS = frozenset("noteref doc-noteref footnote-ref".split())
_BACK = frozenset(["↩", "↩︎", "↑", "^", "⏎", "↵", "¶", "#", "§"])


class Setting(Enum):
    """Where markup comes from: a page has navigation around its text, a book has not."""

    PAGE = "page"
    BOOK = "book"


def is_block(name: str) -> bool:
    """Say whether an element begins and ends a line: those of HTML that do, and all that a site invents."""
    return name in BLOCKS or "-" in name


def is_shown(element: etree._Element, name: str, setting: Setting) -> bool:
    """Say whether the element belongs to the text that a reader sees."""
    kinds = _kinds(element)
    if name in {"body", "html"}:
        return kinds.isdisjoint(_LEADS)
    if name in _NEVER or name == "nav" or not kinds.isdisjoint(_LEADS) or _is_unseen(element):
        return False
    if setting is Setting.BOOK or not kinds.isdisjoint(_NOTES):
        return True
    match name:
        case "header" | "footer":
            return _stands_in_the_text(element) or _holds(element, "h1")
        case "form":
            return is_substantial(element)
    return name not in _AROUND


@dataclass(frozen=True)
class NoteLink:
    """A link from the text to a note or back: its mark ("3", "*"; empty for an arrow), and the id it leads to."""

    text: str
    target: str


def note_mark(element: etree._Element, name: str) -> NoteLink | None:
    """Return the link to a note or back that the element is, None for any other."""
    link = element if name == "a" else element.find(".//{*}a")
    target = "" if link is None else (link.get("href") or "").partition("#")[2]
    if link is None or not target:
        return None
    text = "".join(element.itertext()).strip()
    if text in _BACK:
        return NoteLink("", target)
    raised = name == "sup" or link.find(".//{*}sup") is not None
    named = not (_kinds(link) | set((link.get("class") or "").split())).isdisjoint(_MARKS)
    match = _NOTE_MARK.fullmatch(text)
    is_mark = match and (raised or named or _NOTE_TARGET.match(target))
    return NoteLink(match.group(1), target) if match and is_mark else None


def is_substantial(element: etree._Element) -> bool:
    """Say whether it holds an article's worth of paragraphs: then it is no form or pop-up, whatever its name."""
    paragraphs = 0
    for each in element.iter():
        name = local_name(each)
        paragraphs += name == "p"
        if paragraphs > _SHARED_BY_LAYOUT or name in {"h1", "article"}:
            return True
    return False


def _kinds(element: etree._Element) -> set[str]:
    return set(f"{attribute(element, 'type')} {element.get('role') or ''}".lower().split())


def _is_unseen(element: etree._Element) -> bool:
    if element.get("hidden") is not None or _UNSEEN_STYLE.search(element.get("style") or ""):
        return True
    if not _UNSEEN_CLASSES.isdisjoint((element.get("class") or "").split()):
        return True
    # A page saved while a pop-up was open has its whole text marked so.
    return element.get("aria-hidden") == "true" and not is_substantial(element)


def _stands_in_the_text(element: etree._Element) -> bool:
    return any(local_name(each) in {"article", "main"} for each in element.iterancestors())


def _holds(element: etree._Element, name: str) -> bool:
    return any(local_name(each) == name for each in element.iter())
