"""The styles of a DOCX as far as they say what a paragraph is: heading, title, list item, table of contents, hidden."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from knowledge.loaders.xml_parts import attribute, child, children, integer

# Word keeps the English names of its own styles in every language; other programs write what they show.
_HEADING = re.compile(r"(?:heading|judul)\s*([1-9])", re.IGNORECASE)
_TITLE = frozenset({"title", "judul"})
_CONTENTS = re.compile(r"(?:toc|contents|daftar isi)\s*(?:\d|heading)|table of figures|index \d", re.IGNORECASE)
_DEEPER = re.compile(r"list (?:bullet|number|continue)? ?([2-5])", re.IGNORECASE)
_BODY_LEVEL = 9  # an outline level of 0 to 8 is that of a heading
_MOST_ANCESTORS = 30  # styles may name each other in a circle


@dataclass(frozen=True)
class NumberingOf:
    """Which list a paragraph or a style belongs to; None where it leaves that to what stands above it."""

    list_id: str | None = None
    level: int | None = None


@dataclass(frozen=True)
class Style:
    """What one style says itself, None where it says nothing."""

    id: str
    name: str
    parent: str
    outline: int | None
    numbering: NumberingOf
    hidden: bool | None


@dataclass(frozen=True)
class Styles:
    """The styles of a document by their ids; a paragraph without a style has ``default``."""

    by_id: dict[str, Style] = field(default_factory=dict)
    default: str = ""

    def heading_level(self, style: str, own: int | None) -> int:
        """Return 1 to 9 for a heading, 0 for text; ``own`` is the outline level of the paragraph itself, if any."""
        if own is not None:
            return own + 1 if 0 <= own < _BODY_LEVEL else 0
        if self.is_title(style):
            return 1
        for each in self._chain(style):
            if each.outline is not None:
                return each.outline + 1 if 0 <= each.outline < _BODY_LEVEL else 0
            if match := _HEADING.fullmatch(each.name):
                return int(match.group(1))
        return 0

    def is_title(self, style: str) -> bool:
        """Say whether it is the style of the document's own title; that of subtitles inherits from it and is none."""
        own = self.by_id.get(style)
        return own is not None and own.name.casefold() in _TITLE

    def is_contents(self, style: str) -> bool:
        """Say whether it is a style of the lines of a table of contents, which only repeat the headings."""
        return any(_CONTENTS.fullmatch(each.name) for each in self._chain(style))

    def is_hidden(self, style: str) -> bool:
        """Say whether text of the style is hidden."""
        return next((each.hidden for each in self._chain(style) if each.hidden is not None), False)

    def numbering(self, style: str) -> NumberingOf:
        """Return the list that the style belongs to, by itself or by inheritance."""
        chain = [each.numbering for each in self._chain(style)]
        return NumberingOf(
            next((each.list_id for each in chain if each.list_id is not None), None),
            next((each.level for each in chain if each.level is not None), None),
        )

    def extra_depth(self, style: str) -> int:
        """Return how much deeper the lists of the style stand: "List Bullet 2" is a list of its own, one step in."""
        matches = (_DEEPER.fullmatch(each.name) for each in self._chain(style))
        return next((int(match.group(1)) - 1 for match in matches if match), 0)

    def _chain(self, style: str) -> Iterator[Style]:
        name = style or self.default
        for _ in range(_MOST_ANCESTORS):
            found = self.by_id.get(name)
            if found is None:
                return
            yield found
            name = found.parent


def read_styles(root: etree._Element | None) -> Styles:
    """Return the styles in the part; none for a document that has no such part."""
    found: dict[str, Style] = {}
    default = ""
    for element in children(root, "style"):
        properties = child(element, "pPr")
        style = Style(
            id=attribute(element, "styleId"),
            name=" ".join(value_of(child(element, "name")).split()),
            parent=value_of(child(element, "basedOn")),
            outline=outline_level(properties),
            numbering=numbering_of(properties),
            hidden=is_on(child(element, "rPr", "vanish")),
        )
        found.setdefault(style.id, style)
        if attribute(element, "type") == "paragraph" and attribute(element, "default") in {"1", "true", "on"}:
            default = style.id
    return Styles(found, default)


def value_of(element: etree._Element | None) -> str:
    """Return the "val" of a property, empty for no property."""
    return "" if element is None else attribute(element, "val")


def is_on(element: etree._Element | None) -> bool | None:
    """Return whether a switch is on: it is by being there; None where it is not there."""
    return None if element is None else value_of(element).lower() not in {"0", "false", "off", "none"}


def outline_level(properties: etree._Element | None) -> int | None:
    """Return the outline level in the properties of a paragraph, 0 the highest; None where there is none."""
    element = child(properties, "outlineLvl")
    return None if element is None else integer(value_of(element), _BODY_LEVEL)


def numbering_of(properties: etree._Element | None) -> NumberingOf:
    """Return the list in the properties of a paragraph or style."""
    element = child(properties, "numPr")
    if element is None:
        return NumberingOf()
    level = child(element, "ilvl")
    return NumberingOf(
        value_of(child(element, "numId")) or None, None if level is None else integer(value_of(level), 0)
    )
