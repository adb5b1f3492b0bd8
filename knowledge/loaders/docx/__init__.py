"""Word documents (.docx) to Document.

Read from the parts themselves and not with a library: a library that writes Word files shows what it can edit, and
leaves out footnotes, text boxes, tracked changes and the numbers of lists.
"""

from collections.abc import Iterator

from lxml import etree

from knowledge.documents import Document
from knowledge.errors import EmptySource, LockedSource, UnreadableSource
from knowledge.loaders.archive import OLE_SIGNATURE, Archive, open_archive
from knowledge.loaders.blocks import write_blocks
from knowledge.loaders.canonical import CanonicalText
from knowledge.loaders.contract import DEFAULT_READING, Reading
from knowledge.loaders.docx.blocks import DocxText, notes_by_id
from knowledge.loaders.docx.numbering import read_numbering
from knowledge.loaders.docx.package import Parts, find_parts, read_part, read_properties
from knowledge.loaders.docx.styles import read_styles
from knowledge.loaders.plain_text import title_from_origin
from knowledge.loaders.plausible import plausible_title
from knowledge.loaders.xml_parts import MOST_TAGS, ByteStream, local_name, stream_xml

# The stream in which Office keeps an encrypted file ([MS-OFFCRYPTO] 2.3.4.4), as a compound file writes names.
_LOCKED = "EncryptedPackage".encode("utf-16-le")


def load_docx(data: bytes, origin: str, reading: Reading = DEFAULT_READING) -> Document:
    """Return the document of a Word file.

    The title is that of the properties unless a program put it there, else the paragraph in the style of titles, else
    the first heading of level 1, else the file's name. Raises UnreadableSource ("not_docx", "is_old_office",
    "damaged", "entities", ...), LockedSource, TooLarge, EmptySource.
    """
    if data.startswith(OLE_SIGNATURE):
        if _LOCKED in data:
            raise LockedSource(origin)
        raise UnreadableSource(origin, reason="is_old_office")
    with open_archive(data, origin, reading.limits, otherwise="not_docx") as archive:
        parts = find_parts(archive)
        properties = read_properties(read_part(archive, parts.core), origin)
        body = _text_of(archive, parts)
        writer = CanonicalText()
        with archive.open(parts.main) as stream:
            write_blocks(writer, body.blocks(_body(stream, origin)))
    text = writer.text
    if not text:
        raise EmptySource(origin)
    first = next((text[each.start : each.end] for each in writer.headings if each.level == 1), "")
    return Document(
        title=properties.title or plausible_title(body.title, origin) or first or title_from_origin(origin),
        text=text,
        origin=origin,
        language=properties.language or "id",
        authors=properties.authors,
        keywords=properties.keywords,
        headings=tuple(writer.headings),
    )


def _text_of(archive: Archive, parts: Parts) -> DocxText:
    styles = read_styles(read_part(archive, parts.styles))
    return DocxText(
        styles=styles,
        numbering=read_numbering(read_part(archive, parts.numbering), styles),
        notes={
            "footnote": notes_by_id(read_part(archive, parts.footnotes), "footnote"),
            "endnote": notes_by_id(read_part(archive, parts.endnotes), "endnote"),
        },
    )


def _body(stream: ByteStream, origin: str) -> Iterator[etree._Element]:
    """Yield the children of the body one by one and clear each, so that memory holds one and not the whole text."""
    around: list[str] = []
    tags = 0
    for event, element in stream_xml(stream, origin):
        tags += 1
        if event == "start":
            around.append(local_name(element))
            if around[0] != "document":
                raise UnreadableSource(origin, reason="not_docx")
            continue
        around.pop()
        if around == ["document", "body"]:
            yield element
            element.clear()
            parent = element.getparent()
            while parent is not None and parent[0] is not element:
                del parent[0]
            tags = 0
        elif tags > MOST_TAGS:
            raise UnreadableSource(origin, reason="too_hungry")
