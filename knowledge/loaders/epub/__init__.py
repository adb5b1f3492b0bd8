"""EPUB 2 and 3 to Document: the chapters of the spine in reading order.

An EPUB is a ZIP of XHTML files; a package document names them, their order and the record of the book. What only leads
through the book (navigation, tables of contents, page numbers) is left out, and so are parts outside the reading order.
"""

import re
from html.entities import html5

from lxml import etree

from knowledge.documents import Document
from knowledge.errors import EmptySource, UnreadableSource
from knowledge.loaders.archive import Archive, open_archive
from knowledge.loaders.blocks import write_blocks
from knowledge.loaders.canonical import CanonicalText
from knowledge.loaders.contract import DEFAULT_READING, Reading
from knowledge.loaders.epub.package import Package, read_package
from knowledge.loaders.html import parse_html
from knowledge.loaders.html.blocks import html_blocks
from knowledge.loaders.html.shown import Setting
from knowledge.loaders.plain_text import title_from_origin
from knowledge.loaders.xml_parts import parse_xml
from knowledge.repair import decode

_NAMED = re.compile(rb"&([A-Za-z][A-Za-z0-9]{0,31});")
_OF_XML = frozenset([b"amp", b"lt", b"gt", b"quot", b"apos"])
_CONTENTS_SHARE, _CONTENTS_LINKS = 0.5, 3  # of the letters of a page are links into the book, of which it has so many


def load_epub(data: bytes, origin: str, reading: Reading = DEFAULT_READING) -> Document:
    """Return the document of an EPUB book; ``reading.report`` hears the chapters done and their number.

    The title is that of the package, else the first heading of level 1, else the file's name; the date is the year.
    Raises UnreadableSource ("not_epub", "damaged", "entities", ...), LockedSource (its chapters are encrypted),
    TooLarge, EmptySource.
    """
    writer = CanonicalText()
    with open_archive(data, origin, reading.limits, otherwise="not_epub") as archive:
        package = read_package(archive)
        for done, name in enumerate(package.chapters, start=1):
            _write_chapter(writer, archive, name)
            reading.report(done, len(package.chapters))
    return _document(writer, package, origin)


def _document(writer: CanonicalText, package: Package, origin: str) -> Document:
    text = writer.text
    if not text:
        raise EmptySource(origin)
    first = next((text[each.start : each.end] for each in writer.headings if each.level == 1), "")
    return Document(
        title=package.title or first or title_from_origin(origin),
        text=text,
        origin=origin,
        language=package.language or "id",
        authors=package.authors,
        date=package.date,
        keywords=package.keywords,
        headings=tuple(writer.headings),
        publisher=package.publisher,
    )


def _write_chapter(writer: CanonicalText, archive: Archive, name: str) -> None:
    root = parse_chapter(archive.read(name), archive.origin)
    if root is not None and not _is_contents(root):
        writer.end_list()
        write_blocks(writer, html_blocks(root, Setting.BOOK))


def parse_chapter(data: bytes, origin: str) -> etree._Element | None:
    """Return the tree of a chapter, read as HTML where it is no sound XML; None for an empty file.

    Raises UnreadableSource ("entities", "too_hungry", "damaged").
    """
    try:
        return parse_xml(_NAMED.sub(_numbered, data), origin, doctype=True)
    except UnreadableSource as error:
        if error.reason != "damaged":
            raise
    try:
        return parse_html(decode(data), origin)
    except EmptySource:
        return None


def _numbered(match: re.Match[bytes]) -> bytes:
    """Return "&#160;" for "&nbsp;": XML knows five names, and the list of the others is not loaded."""
    name = match.group(1)
    if name in _OF_XML:
        return match.group()
    characters = html5.get(name.decode() + ";")
    return "".join(f"&#{ord(each)};" for each in characters).encode() if characters else b"&amp;" + name + b";"


def _is_contents(root: etree._Element) -> bool:
    """Say whether a page is a table of contents by another name: little else but links into the book.

    What the package itself calls one is sometimes a chapter, so the page is asked.
    """
    size = _letters(root)
    links = [link for link in root.iter("{*}a", "a") if link.get("href") and "://" not in link.get("href")]
    return len(links) >= _CONTENTS_LINKS and sum(map(_letters, links)) > _CONTENTS_SHARE * size


def _letters(element: etree._Element) -> int:
    return sum(map(str.isalnum, "".join(element.itertext())))
