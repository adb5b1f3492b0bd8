"""Saved web pages to Document. Nothing is run and nothing is fetched."""

import codecs
import re

from lxml import etree
from lxml import html as lxml_html

from knowledge.documents import Document
from knowledge.errors import EmptySource, UnreadableSource
from knowledge.loaders.blocks import write_blocks
from knowledge.loaders.canonical import CanonicalText
from knowledge.loaders.contract import DEFAULT_READING, Reading
from knowledge.loaders.html.blocks import html_blocks
from knowledge.loaders.html.main import main_blocks
from knowledge.loaders.html.metadata import page_record
from knowledge.loaders.html.shown import Setting
from knowledge.loaders.plain_text import read_text, title_from_origin
from knowledge.loaders.xml_parts import MOST_TAGS, fault_of
from knowledge.repair import decode, repair

_DECLARED = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})|^<\?xml[^>]{0,100}encoding=[\"']([\w.:-]{2,40})",
    re.IGNORECASE,
)
_DECLARED_WITHIN = 4096
_JUDGED = 65536  # bytes from which it shows whether this is text at all
# An XHTML page may declare entities; HTML parsers take the declarations for text.
_DECLARES = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?<!DOCTYPE[^>\[]*\[", re.IGNORECASE)
# What XML cannot hold and no text needs; a NUL would end the page for libxml2.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def load_html(data: bytes, origin: str, _reading: Reading = DEFAULT_READING) -> Document:
    """Return the document of a saved web page: its main text without the page around it.

    The title is the stated one without the site's name, else the first heading of level 1, else the file's name.
    Raises UnreadableSource ("damaged" also where elements stand inside one another thousands deep), EmptySource.
    """
    root = parse_html(_decoded(data, origin), origin)
    blocks = html_blocks(root, Setting.PAGE)
    first_headings = [
        " ".join(repair(each.text).split()) for each in blocks if each.kind == "heading" and each.level == 1
    ]
    record = page_record(root, first_headings, origin)
    writer = CanonicalText()
    write_blocks(writer, main_blocks(root, blocks, record.name))
    text = writer.text
    if not text:
        raise EmptySource(origin)
    first = next((text[each.start : each.end] for each in writer.headings if each.level == 1), "")
    return Document(
        title=record.title or first or title_from_origin(origin),
        text=text,
        origin=origin,
        language=record.language or "id",
        authors=record.authors,
        date=record.date,
        headings=tuple(writer.headings),
        publisher=record.publisher,
        url=record.url,
    )


def parse_html(text: str, origin: str) -> etree._Element:
    """Return the tree of HTML however faulty; EmptySource without any element, UnreadableSource for too many."""
    if text.count("<") > MOST_TAGS:
        raise UnreadableSource(origin, reason="too_hungry")
    if _DECLARES.match(text):
        raise UnreadableSource(origin, reason="entities")
    # HTML has no entities of its own making, so the only limits that `huge_tree` lifts are of depth and length.
    parser = lxml_html.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=True, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(_CONTROLS.sub("", text).encode(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableSource(origin, reason=fault_of(error)) from error
    if root is None:
        raise EmptySource(origin)
    # What lies deeper is lost without another word.
    if any(entry.level_name == "FATAL" and "depth" in entry.message for entry in parser.error_log):
        raise UnreadableSource(origin, reason="damaged")
    return root


def _decoded(data: bytes, origin: str) -> str:
    """Return the text: by byte order mark or as UTF-8 where it is that, then by the page's own word, then judged."""
    read_text(data[:_JUDGED], origin)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        declared = _DECLARED.search(data[:_DECLARED_WITHIN])
    if declared:
        name = (declared.group(1) or declared.group(2)).decode()
        try:
            # The web reads Latin-1 as Windows does.
            codec = codecs.lookup(name).name
            return data.decode("cp1252" if codec in {"iso8859-1", "ascii"} else codec)
        except (LookupError, UnicodeError):
            pass
    return decode(data)
