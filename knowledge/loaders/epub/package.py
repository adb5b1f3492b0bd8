"""The package document of an EPUB: which files make the book, in which order, and what it says about itself."""

import posixpath
from dataclasses import dataclass
from urllib.parse import unquote

from lxml import etree

from knowledge.errors import LockedSource, UnreadableSource
from knowledge.loaders.archive import Archive
from knowledge.loaders.plausible import date_of, language_code, plausible_authors, plausible_title
from knowledge.loaders.xml_parts import attribute, child, children, local_name, parse_xml
from knowledge.repair import repair

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
# These two only garble fonts, so that nobody takes them out of the book; its text is open.
_FONT_GARBLING = frozenset(["http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"])
_PAGES = frozenset(["application/xhtml+xml", "text/html", "text/x-oeb1-document", "application/x-dtbook+xml"])
_MOST_VALUE = 300


@dataclass(frozen=True)
class Package:
    """The chapters as names of members of the archive, in reading order, and the record of the book."""

    chapters: tuple[str, ...]
    title: str = ""
    authors: tuple[str, ...] = ()
    date: str = ""
    publisher: str = ""
    language: str = ""
    keywords: tuple[str, ...] = ()


def read_package(archive: Archive) -> Package:
    """Return the package of a book.

    Raises UnreadableSource ("not_epub" where nothing names a package, "damaged" where it names no chapter that is
    there), LockedSource where the content is encrypted, and what reading a member raises.
    """
    if _CONTAINER not in archive:
        raise UnreadableSource(archive.origin, reason="not_epub")
    container = parse_xml(archive.read(_CONTAINER), archive.origin, doctype=True)
    paths = (attribute(each, "full-path") for each in container.iter("{*}rootfile"))
    path = next((path for path in map(unquote, paths) if path in archive), "")
    if not path:
        raise UnreadableSource(archive.origin, reason="not_epub")
    _refuse_encrypted(archive)
    root = parse_xml(archive.read(path), archive.origin, doctype=True)
    chapters = _chapters(root, posixpath.dirname(path), archive)
    if not chapters:
        raise UnreadableSource(archive.origin, reason="damaged")
    return _described(root, chapters, archive.origin)


def _refuse_encrypted(archive: Archive) -> None:
    if _ENCRYPTION not in archive:
        return
    root = parse_xml(archive.read(_ENCRYPTION), archive.origin, doctype=True)
    for data in root.iter("{*}EncryptedData"):
        method = child(data, "EncryptionMethod")
        if method is None or attribute(method, "Algorithm") not in _FONT_GARBLING:
            raise LockedSource(archive.origin)


def _chapters(root: etree._Element, folder: str, archive: Archive) -> tuple[str, ...]:
    items = {attribute(item, "id"): item for item in children(child(root, "manifest"), "item")}
    found = []
    for reference in children(child(root, "spine"), "itemref"):
        item = items.get(attribute(reference, "idref"))
        if item is None or attribute(reference, "linear").lower() == "no":
            continue
        name = _member(folder, attribute(item, "href"))
        is_page = attribute(item, "media-type").lower() in _PAGES
        leads = "nav" in attribute(item, "properties").split()
        # A chapter that is listed and not there is passed over, as reading programs do.
        if is_page and not leads and name in archive:
            found.append(name)
    return tuple(dict.fromkeys(found))


def _member(folder: str, address: str) -> str:
    """Return the name in the archive for an address in the package; one that leads out names nothing there."""
    return posixpath.normpath(posixpath.join(folder, unquote(address.partition("#")[0])))


def _described(root: etree._Element, chapters: tuple[str, ...], origin: str) -> Package:
    metadata = child(root, "metadata")
    # EPUB 2.0 allowed a wrapper of Dublin Core elements.
    elements = [] if metadata is None else [each for each in metadata.iter() if local_name(each)]
    refined = {
        (attribute(each, "refines").lstrip("#"), attribute(each, "property")): (each.text or "").strip()
        for each in elements
        if local_name(each) == "meta"
    }

    def values(name: str) -> list[str]:
        return [text for each in _named(elements, name) if (text := "".join(each.itertext()).strip()[:_MOST_VALUE])]

    titles = [title for each in values("title") if (title := plausible_title(each, origin))]
    languages = filter(None, map(language_code, values("language")))
    publishers = [" ".join(repair(each).split()) for each in values("publisher")]
    return Package(
        chapters=chapters,
        title=next(iter(titles), ""),
        authors=plausible_authors([each.text or "" for each in _named(elements, "creator") if _wrote(each, refined)]),
        date=_year(_named(elements, "date")),
        publisher=next(filter(None, publishers), ""),
        language=next(languages, ""),
        keywords=tuple(dict.fromkeys(" ".join(repair(each).split()) for each in values("subject"))),
    )


def _named(elements: list[etree._Element], name: str) -> list[etree._Element]:
    return [each for each in elements if local_name(each) == name]


def _wrote(creator: etree._Element, refined: dict[tuple[str, str], str]) -> bool:
    """Say whether a creator is an author; translators and illustrators have other roles (codes of MARC)."""
    role = attribute(creator, "role") or refined.get((attribute(creator, "id"), "role"), "")
    return role.lower() in {"", "aut"}


def _year(dates: list[etree._Element]) -> str:
    """Return the year of the work; the days on which the file was made or changed are no news of it."""
    events = {attribute(each, "event").lower(): each.text or "" for each in reversed(dates)}
    stated = (events.get(event, "") for event in ("original-publication", "publication", ""))
    return next(filter(None, (date_of(text, precision=1) for text in stated)), "")
