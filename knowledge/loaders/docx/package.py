"""A DOCX as a package: which part is the text, which parts belong to it, and what the file says about itself."""

import posixpath
from dataclasses import dataclass

from lxml import etree

from knowledge.errors import UnreadableSource
from knowledge.loaders.archive import Archive
from knowledge.loaders.plausible import language_code, plausible_authors, plausible_title
from knowledge.loaders.xml_parts import attribute, child, children, local_name, parse_xml
from knowledge.repair import repair

_ROOT_RELATIONS = "_rels/.rels"
_SEPARATORS = str.maketrans(";\n", ",,")


@dataclass(frozen=True)
class Parts:
    """The names of the parts in the archive: ``main`` holds the text; an empty name stands for no such part."""

    main: str
    styles: str
    numbering: str
    footnotes: str
    endnotes: str
    core: str


@dataclass(frozen=True)
class Properties:
    """The record that the file carries; empty where it says nothing worth believing."""

    title: str = ""
    authors: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    language: str = ""


def find_parts(archive: Archive) -> Parts:
    """Return the parts of a Word document; UnreadableSource "not_docx" where nothing names its text."""
    if _ROOT_RELATIONS not in archive:
        raise UnreadableSource(archive.origin, reason="not_docx")
    of_package = _relations(archive, _ROOT_RELATIONS, "")
    main = of_package.get("officeDocument", "")
    if not main:
        raise UnreadableSource(archive.origin, reason="not_docx")
    folder, name = posixpath.split(main)
    relations = posixpath.join(folder, "_rels", f"{name}.rels")
    of_text = _relations(archive, relations, folder) if relations in archive else {}
    return Parts(
        main=main,
        styles=of_text.get("styles", ""),
        numbering=of_text.get("numbering", ""),
        footnotes=of_text.get("footnotes", ""),
        endnotes=of_text.get("endnotes", ""),
        core=of_package.get("core-properties", ""),
    )


def read_part(archive: Archive, name: str) -> etree._Element | None:
    """Return the root of a part, None for the empty name; raises what reading and parsing raise."""
    return parse_xml(archive.read(name), archive.origin) if name else None


def read_properties(root: etree._Element | None, origin: str) -> Properties:
    """Return what the core properties say. The dates in them are those of the file, and no date of the work."""

    def value(name: str) -> str:
        found = child(root, name)
        return "" if found is None else "".join(found.itertext()).strip()

    words = (" ".join(repair(word).split()) for word in value("keywords")[:5000].translate(_SEPARATORS).split(","))
    return Properties(
        title=plausible_title(value("title"), origin),
        authors=plausible_authors([value("creator")]),
        keywords=tuple(dict.fromkeys(filter(None, words))),
        language=language_code(value("language")),
    )


def _relations(archive: Archive, name: str, folder: str) -> dict[str, str]:
    """Return the last word of each relation's type and the part it leads to, those that are there only."""
    root = parse_xml(archive.read(name), archive.origin)
    if local_name(root) != "Relationships":
        raise UnreadableSource(archive.origin, reason="not_docx")
    found: dict[str, str] = {}
    for each in children(root, "Relationship"):
        target = attribute(each, "Target")
        part = posixpath.normpath(target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target))
        if attribute(each, "TargetMode") != "External" and part in archive:
            found.setdefault(attribute(each, "Type").rpartition("/")[2], part)
    return found
