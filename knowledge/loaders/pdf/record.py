"""What the information of a PDF says about its work, where it is plausible: programs fill it with their own names."""

import re
from collections.abc import Iterator

from pypdfium2 import PdfDocument

from knowledge.loaders import plausible
from knowledge.loaders.pdf.opening import PDFIUM
from knowledge.repair import repair

_LONGEST = 1000
_SOFTWARE = (
    r"adobe|acrobat|indesign|illustrator|photoshop|pagemaker|framemaker|quark\w*|microsoft|ms ?word|word|excel"
    r"|powerpoint|libreoffice|openoffice|latex|pdftex|tex|dvips|ghostscript|pdf ?creator|primopdf|nitro|foxit"
    r"|wps(?: office)?|google docs|reportlab|camscanner|canva|scribus|calibre|epson\w*|canon\w*|xerox"
)
_NO_TITLE = re.compile(
    rf"(?:{_SOFTWARE})\b.*|(?:slide|layout|book|buku|template|draft|scan\w*|page|halaman|cover|bab|full ?text)[\W\d_]*"
    r"|[a-z]:\\.*|(?:https?|file):.*|.*[\\/]{2}.*",
    re.IGNORECASE,
)
_NO_AUTHOR = re.compile(
    rf"(?:{_SOFTWARE})\b.*|.*\b(?:user|admin\w*|owner|windows|pc|laptop|komputer|computer|desktop|notebook|asus|acer"
    r"|lenovo|toshiba|compaq|dell|hp|samsung|axioo|macbook\w*|penerbit|editor|client)\b.*",
    re.IGNORECASE,
)
_DEGREE = re.compile(r"(?:[A-Z][a-z]{0,4}\.?){1,5}")
_WORD = re.compile(r"[^\W\d_]{3,}")
_SEEN = 0.5  # of the words of a title must stand on the first pages; a template's title doesn't


def read_information(document: PdfDocument, key: str) -> str:
    """Return a value of the document information ("Title", "Author") on one line, "" where there is none."""
    with PDFIUM:
        try:
            value = document.get_metadata_value(key)
        except UnicodeDecodeError:
            return ""
    return " ".join(repair(value[:_LONGEST]).split())


def plausible_title(title: str, origin: str, beginning: str) -> str:
    """Return ``title`` if it can be that of the work, else "": ``beginning`` is the text of its first pages."""
    title = plausible.plausible_title(title, origin)
    words = _WORD.findall(title.casefold())
    if not words or _NO_TITLE.fullmatch(title):
        return ""
    if " " not in title and (re.search(r"[\d_]", title) or title.count("-") > 1):  # a file's name
        return ""
    seen = set(_WORD.findall(beginning.casefold()))
    return title if sum(word in seen for word in words) >= _SEEN * len(words) else ""


def plausible_authors(value: str, beginning: str) -> tuple[str, ...]:
    """Return the names in ``value`` that can be authors; a single word only if it stands on the first pages."""
    seen = set(_WORD.findall(beginning.casefold()))
    return plausible.plausible_authors([name for name in _names(value) if _is_name(name, seen)])


def _names(value: str) -> Iterator[str]:
    for part in re.split(r"\s*(?:;|&|\band\b|\bdan\b|\|)\s*", value):
        names: list[str] = []
        for piece in (piece.strip() for piece in part.split(",")):
            if names and (_DEGREE.fullmatch(piece) or len(piece.split()) == 1):
                names[-1] += f", {piece}"  # "Santoso, Budi", "Ana Putri, S.IP."
            elif piece:
                names.append(piece)
        yield from names


def _is_name(name: str, seen: set[str]) -> bool:
    words = _WORD.findall(name.casefold())
    if not words or re.search(r"[@\d_\\/]", name) or _NO_AUTHOR.fullmatch(name):
        return False
    return len(name.split()) > 1 or words[0] in seen
