"""XML from strangers: one parser setup for all, which fetches nothing and expands nothing.

libxml2 itself bounds the depth (256 elements) and the length of a text; entity declarations, which can make a few
bytes fill the memory or read a file of this machine, are refused before and after parsing.
"""

import re
from collections.abc import Iterator
from typing import Any, Protocol

from lxml import etree

from knowledge.errors import UnreadableSource

_SAFE: dict[str, Any] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}
_DECLARES_ENTITY, _DECLARES_TYPE = "<!ENTITY", "<!DOCTYPE"
MOST_TAGS = 3_000_000
"""Tags of one part, page or chapter; each costs about 200 bytes of memory, so this is some 600 MB."""

# XML may be saved in either; in a rarer encoding the parsed document tells.
_ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be")


class ByteStream(Protocol):
    """What can be read piece by piece; ``read`` may raise a SourceError, which passes through."""

    def read(self, size: int = -1) -> bytes:
        """Return up to ``size`` bytes, none at the end."""


def local_name(element: etree._Element) -> str:
    """Return the name of an element without its namespace; empty for an entity, a comment or an instruction."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: etree._Element, name: str) -> str:
    """Return the value of an attribute whatever its namespace, empty where there is none."""
    if (plain := element.get(name)) is not None:
        return str(plain)
    # HTML keeps "epub:type" with its prefix in the name.
    return next((str(value) for key, value in element.items() if key.endswith(("}" + name, ":" + name))), "")


def child(element: etree._Element | None, *names: str) -> etree._Element | None:
    """Follow the first children of these local names downwards; None where one is missing."""
    for name in names:
        if element is None:
            return None
        element = next((each for each in element if local_name(each) == name), None)
    return element


def children(element: etree._Element | None, name: str) -> list[etree._Element]:
    """Return the children with this local name, none for no element."""
    return [] if element is None else [each for each in element if local_name(each) == name]


def integer(value: str, default: int) -> int:
    """Return the number that an attribute holds, ``default`` for none, nonsense or one of more than nine digits."""
    return int(value) if re.fullmatch(r"-?[0-9]{1,9}", value) else default


def parse_xml(data: bytes, origin: str, *, doctype: bool = False) -> etree._Element:
    """Return the root of the XML in ``data``; ``doctype`` allows a document type, though no entities in it.

    Raises UnreadableSource: "entities", "too_hungry" over MOST_TAGS, or "damaged" for what is no XML.
    """
    if data.count(b"<") > MOST_TAGS:
        raise UnreadableSource(origin, reason="too_hungry")
    _refuse_declarations(data, origin, doctype=doctype)
    try:
        root = etree.fromstring(data, etree.XMLParser(**_SAFE))
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableSource(origin, reason=fault_of(error)) from error
    _refuse_parsed_declarations(root, origin, doctype=doctype)
    return root


def stream_xml(stream: ByteStream, origin: str) -> Iterator[tuple[str, etree._Element]]:
    """Yield ("start" | "end", element) as the XML comes in; clear what is done with, so that no tree grows.

    At "start" only the name and the attributes are sure. No document type is allowed. Raises as `parse_xml`.
    """
    events = etree.iterparse(_Watched(stream, origin), events=("start", "end"), **_SAFE)
    first = True
    try:
        for event, element in events:
            if first:
                _refuse_parsed_declarations(element, origin, doctype=False)
                first = False
            yield event, element
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableSource(origin, reason=fault_of(error)) from error


def fault_of(error: Exception) -> str:
    """Return "too_hungry" where libxml2 broke off for want of memory, "damaged" for any other error of parsing."""
    return "too_hungry" if getattr(error, "code", None) == etree.ErrorTypes.ERR_NO_MEMORY else "damaged"


class _Watched:
    """A stream whose first bytes, where a document type would stand, are looked at."""

    def __init__(self, stream: ByteStream, origin: str) -> None:
        self._stream, self._origin, self._first = stream, origin, True

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        if self._first:
            _refuse_declarations(data, self._origin, doctype=False)
            self._first = False
        return data


def _refuse_declarations(data: bytes, origin: str, *, doctype: bool) -> None:
    """Refuse by the bytes: libxml2 breaks off at a bomb, and then nobody could say what was wrong."""
    forbidden = _DECLARES_ENTITY if doctype else _DECLARES_TYPE
    if any(forbidden.encode(encoding) in data for encoding in _ENCODINGS):
        raise UnreadableSource(origin, reason="entities")


def _refuse_parsed_declarations(root: etree._Element, origin: str, *, doctype: bool) -> None:
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and (not doctype or any(True for _ in declared.iterentities())):
        raise UnreadableSource(origin, reason="entities")
