"""Markers of list items at the beginning of the lines of a PDF."""

import re
from dataclasses import dataclass

from knowledge.loaders.pdf.lines import TextLine

# What fonts of symbols make of a bullet is often a letter or a character of the private area.
_BULLET = re.compile(r"(?:[•▪◦●■□▫‣⁃∙·○◆◇➢➤✓✔❖*\uf000-\uf0ff]|[o§Øüv](?=\s+\w)(?!\s+\d)|[–—-](?=\s))\s*")
_ALWAYS = re.compile(r"[•▪◦●■□▫‣⁃∙○◆◇➢➤✓✔❖\uf000-\uf0ff]")
_NUMBER = re.compile(r"(?P<open>\(?)(?P<number>\d{1,3}|[a-z]|[A-Z]|[ivx]{2,5}|[IVX]{2,5})(?P<close>[.)])\s+(?=\S)")
_ROMAN = {"i": 1, "v": 5, "x": 10}
_INTRODUCES = re.compile(r"(?:\b(?:dan|atau|and|or|serta)|[,:;])$")
_MOVED = 4.0  # points


@dataclass(frozen=True)
class Marker:
    """The marker of an item: as it is written ("-" for every bullet), and the length of it in the line with spaces.

    ``values`` holds the numbers that it may be: "i." is 1 as a Roman number, and 9 as a letter.
    """

    text: str
    length: int
    values: frozenset[int] = frozenset()
    sure: bool = False


def marker_of(line: TextLine) -> Marker | None:
    """Return the marker with which a line begins, or None; ``sure`` for what is nothing but a bullet."""
    if bullet := _BULLET.match(line.text):
        if bullet.end() == len(line.text):
            return None
        return Marker("-", bullet.end(), sure=_ALWAYS.match(line.text) is not None)
    match = _NUMBER.match(line.text)
    if not match or (match["open"] and match["close"] != ")"):
        return None
    return Marker(f"{match['open']}{match['number']}{match['close']}", match.end(), _values(match["number"]))


def continues_list(first: TextLine, last: TextLine, line: TextLine, *, finished: bool) -> bool:
    """Return whether a line begins with a marker that is one: not a figure that the end of a line left there.

    ``first`` and ``last`` are lines of the paragraph before, ``finished`` says whether it seems to end.
    """
    marker = marker_of(line)
    if marker is None:
        return False
    before = marker_of(first)
    follows = before is not None and any(value - 1 in before.values for value in marker.values)
    alike = before is not None and before.text == marker.text == "-" and abs(line.left - first.left) <= _MOVED
    if marker.sure or follows or alike:
        return True
    if not (finished or _INTRODUCES.search(last.text)):
        return False
    initial = len(marker.text) == 2 and marker.text[0].isupper()  # "A. Rahman" begins a sentence, too
    return 1 in marker.values or abs(line.left - last.left) > _MOVED or not initial


def _values(number: str) -> frozenset[int]:
    if number.isdigit():
        return frozenset({int(number)})
    small = number.lower()
    values = {ord(small) - ord("a") + 1} if len(small) == 1 else set[int]()
    if set(small) <= set(_ROMAN):
        digits = [_ROMAN[letter] for letter in small]
        values.add(sum(-a if a < b else a for a, b in zip(digits, [*digits[1:], 0], strict=True)))
    return frozenset(values)
