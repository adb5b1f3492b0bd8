"""The numbers of a DOCX's lists and headings, which stand nowhere in its text: counted as Word counts them.

Counting is per abstract list: lists that share one go on counting, unless one says where it starts again (ECMA-376,
part 1, section 17.9).
"""

import re
from dataclasses import dataclass, field

from lxml import etree

from knowledge.loaders.canonical import BULLET
from knowledge.loaders.docx.styles import NumberingOf, Styles, value_of
from knowledge.loaders.numerals import numeral
from knowledge.loaders.xml_parts import attribute, child, children, integer

_LEVELS = 9
_PLACE = re.compile(r"%([1-9])")
_STYLES = {"lowerLetter": "a", "upperLetter": "A", "lowerRoman": "i", "upperRoman": "I"}


@dataclass(frozen=True)
class Level:
    """How the numbers of one level look and count; ``restart`` is the level (from 1) under which they start anew."""

    style: str = "decimal"
    text: str = ""
    start: int = 1
    restart: int | None = None
    legal: bool = False
    paragraph_style: str = ""


@dataclass(frozen=True)
class _List:
    abstract: str
    starts: dict[int, int]
    levels: dict[int, Level]


@dataclass(frozen=True)
class Numbered:
    """The number of one paragraph: "-", "3.", "1.2", "c)", or nothing; its list, and whether that starts again here."""

    marker: str = ""
    family: str = ""
    begins: bool = False


@dataclass
class Numbering:
    """The lists of a document and how far each has counted; `count` must be asked in the order of the text."""

    levels: dict[str, dict[int, Level]] = field(default_factory=dict)
    lists: dict[str, _List] = field(default_factory=dict)
    _counts: dict[str, list[int | None]] = field(default_factory=dict)
    _begun: set[tuple[str, int]] = field(default_factory=set)

    def count(self, list_id: str, level: int) -> Numbered:
        """Count one paragraph of the list; its lists by other names that go on counting are of one family."""
        found = self.lists.get(list_id)
        if found is None or not 0 <= level < _LEVELS:
            return Numbered()
        levels = {**self.levels.get(found.abstract, {}), **found.levels}
        counts = self._counts.setdefault(found.abstract, [None] * _LEVELS)
        own = levels.get(level, Level())
        before = counts[level]
        begins = level in found.starts and (list_id, level) not in self._begun
        if begins:
            counts[level] = found.starts[level]
        else:
            counts[level] = own.start if before is None else before + 1
        self._begun.add((list_id, level))
        for deeper in range(level + 1, _LEVELS):
            restart = levels.get(deeper, Level()).restart
            if restart is None or 0 < level + 1 <= restart:
                counts[deeper] = None
        return Numbered(_rendered(levels, counts, own), found.abstract, begins)

    def level_of(self, list_id: str, style: str) -> int:
        """Return the level that belongs to a style, 0 where none does."""
        found = self.lists.get(list_id)
        levels = {} if found is None else self.levels.get(found.abstract, {})
        return next((number for number, level in levels.items() if style and level.paragraph_style == style), 0)


def _rendered(levels: dict[int, Level], counts: list[int | None], own: Level) -> str:
    if own.style == "bullet":
        return BULLET

    def number(match: re.Match[str]) -> str:
        place = int(match.group(1)) - 1
        level = levels.get(place, Level())
        count = counts[place]
        value = level.start if count is None else count
        if level.style == "decimalZero":
            return f"{value:02}"
        return "" if level.style == "none" else numeral(value, "decimal" if own.legal else _STYLES.get(level.style, ""))

    return " ".join(_PLACE.sub(number, own.text).split())


def read_numbering(root: etree._Element | None, styles: Styles) -> Numbering:
    """Return the lists in the part; none for a document that has no such part."""
    levels: dict[str, dict[int, Level]] = {}
    linked: dict[str, str] = {}
    for element in children(root, "abstractNum"):
        name = attribute(element, "abstractNumId")
        levels[name] = {integer(attribute(each, "ilvl"), 0): _level(each) for each in children(element, "lvl")}
        if style := value_of(child(element, "numStyleLink")):
            linked[name] = style
    lists = {attribute(each, "numId"): _list(each) for each in children(root, "num")}
    # A list may only point to a style of lists, which points to the list that has the levels.
    for name, style in linked.items():
        target = lists.get(styles.numbering(style).list_id or "")
        if target is not None and not levels[name]:
            levels[name] = levels.get(target.abstract, {})
    return Numbering(levels, lists)


def place_of(own: NumberingOf, style: str, styles: Styles, numbering: Numbering) -> tuple[str, int] | None:
    """Return list and level of a paragraph with these properties and this style, None where it is in no list."""
    inherited = styles.numbering(style)
    list_id = own.list_id if own.list_id is not None else inherited.list_id
    if list_id is None or list_id == "0":  # zero takes a paragraph out of the list of its style
        return None
    level = own.level if own.level is not None else inherited.level
    return list_id, numbering.level_of(list_id, style) if level is None else level


def _list(element: etree._Element) -> _List:
    starts: dict[int, int] = {}
    levels: dict[int, Level] = {}
    for override in children(element, "lvlOverride"):
        number = integer(attribute(override, "ilvl"), 0)
        if (start := child(override, "startOverride")) is not None:
            starts[number] = integer(value_of(start), 1)
        if (level := child(override, "lvl")) is not None:
            levels[number] = _level(level)
    return _List(value_of(child(element, "abstractNumId")), starts, levels)


def _level(element: etree._Element) -> Level:
    restart = child(element, "lvlRestart")
    return Level(
        style=value_of(child(element, "numFmt")) or "decimal",
        text=value_of(child(element, "lvlText")),
        start=integer(value_of(child(element, "start")), 1),
        restart=None if restart is None else integer(value_of(restart), 0),
        legal=child(element, "isLgl") is not None,
        paragraph_style=value_of(child(element, "pStyle")),
    )
