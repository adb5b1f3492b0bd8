"""The numbers printed on pages: reading them off running lines, and trusting them where they count on.

A printed number counts when others agree with it: numbers of one kind that grow by one with the sheets have one
distance to them.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from knowledge.loaders.numerals import numeral

_ROMAN_DIGITS = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_ROMAN = r"(?=[ivxlc])(?:c{0,3}(?:x[cl]|l?x{0,3})(?:i[xv]|v?i{0,3}))"
_NUMBER = rf"(?:\d{{1,4}}|{_ROMAN}|{_ROMAN.replace('ivxlc', 'IVXLC').translate(str.maketrans('ivxlc', 'IVXLC'))})"
# "12", "- xii -", "Halaman 3 dari 10", "12 | Page".
_BARE = re.compile(
    rf"\W*(?:(?:halaman|hal|hlm|page|p)\b[.:\s]*)?(?P<number>{_NUMBER})(?:\s*(?:/|dari|of)\s*\d{{1,4}})?"
    r"(?:\s*\|\s*(?:halaman|page|p\s?a\s?g\s?e))?\W*",
    re.IGNORECASE,
)
_AT_EITHER_END = re.compile(r"(?P<first>\d{1,4})(?=[\s|])|(?<=[\s|])(?P<last>\d{1,4})$")
_LEAST_SUPPORT = 2


class PrintedNumber(NamedTuple):
    """A number as printed ("xii", "12") with its value; ``kind`` is "1", "i" or "I"."""

    kind: str
    value: int
    text: str


def bare_number(line: str) -> PrintedNumber | None:
    """Return the page number that is all there is in a line, or None."""
    match = _BARE.fullmatch(line)
    return _printed(match["number"]) if match else None


def numbers_in_running_line(line: str) -> Iterator[PrintedNumber]:
    """Yield what may be the page number in a running header or footer: all of it, or what it begins or ends with."""
    if bare := bare_number(line):
        yield bare
        return
    for match in _AT_EITHER_END.finditer(line):
        if match.start() == 0 or match["last"]:
            yield _printed(match.group())


def labels_of_sheets(found: Mapping[int, Sequence[PrintedNumber]], sheets: int) -> dict[int, str]:
    """Return the printed labels by number of the sheet, where they are sure.

    ``found`` gives per sheet what may be its number. A sheet without one between two that count on gets the number that
    it would have, and so does the one in front of a page 2: the first page of a chapter often shows none.
    """
    support = Counter((each.kind, each.value - sheet) for sheet, numbers in found.items() for each in set(numbers))
    chosen: dict[int, tuple[str, int]] = {}
    for sheet, numbers in found.items():
        best = max(numbers, key=lambda each: support[each.kind, each.value - sheet], default=None)
        if best and support[best.kind, best.value - sheet] >= _LEAST_SUPPORT:
            chosen[sheet] = best.kind, best.value - sheet
    _fill(chosen, sheets)
    return {sheet: numeral(sheet + distance, kind) for sheet, (kind, distance) in sorted(chosen.items())}


def _fill(chosen: dict[int, tuple[str, int]], sheets: int) -> None:
    known = sorted(chosen)
    for before, after in pairwise(known):
        if chosen[before] == chosen[after]:
            chosen.update(dict.fromkeys(range(before + 1, after), chosen[before]))
    for sheet in range(1, sheets):
        kind_and_distance = chosen.get(sheet + 1)
        if sheet not in chosen and kind_and_distance and sheet + kind_and_distance[1] == 1:
            chosen[sheet] = kind_and_distance


def _printed(number: str) -> PrintedNumber:
    if number.isdigit():
        return PrintedNumber("1", int(number), str(int(number)))
    digits = [_ROMAN_DIGITS[letter] for letter in number.lower()]
    value = sum(-each if each < after else each for each, after in zip(digits, [*digits[1:], 0], strict=True))
    return PrintedNumber("i" if number.islower() else "I", value, number)
