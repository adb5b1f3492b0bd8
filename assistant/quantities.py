"""The numbers that a text names, as values: written as digits or in words, in Indonesian or English.

"Rp1,2 triliun", "1.200 miliar rupiah" and "1.2 trillion rupiah" name one value. A point or comma may divide
thousands or mark decimals, by language and by habit, so a number in digits may have two readings.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import isclose

_UNITS = {
    "nol": 0, "satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7, "delapan": 8, "sembilan": 9,
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60,
    "seventy": 70, "eighty": 80, "ninety": 90, "sepuluh": 10, "sebelas": 11, "selusin": 12,
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "eleventh": 11, "twelfth": 12, "pertama": 1,
}  # fmt: skip
_MULTIPLIERS = {
    "puluh": 10, "ratus": 100, "ribu": 1e3, "juta": 1e6, "miliar": 1e9, "milyar": 1e9, "triliun": 1e12,
    "lusin": 12, "dozen": 12,
    "hundred": 100, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "mn": 1e6, "bn": 1e9,
}  # fmt: skip
_ONES = {"seratus": 100, "seribu": 1000, "sejuta": 1e6, "semiliar": 1e9, "setriliun": 1e12}
_LARGE = 1000
_HALF = ("setengah", "half")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari january jan", "februari february feb", "maret march mar", "april apr", "mei may", "juni june jun",
            "juli july jul", "agustus august aug agu", "september sept sep", "oktober october okt oct",
            "november nov", "desember december des dec",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
_TOKEN = re.compile(r"[0-9]+(?:[.,][0-9]+)*|[^\W0-9_]+|[^\w\s]")
_DIGITS = "0123456789"
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:[.,][0-9]{3})+")
_DESIGNATOR = re.compile(r"\b(?!ke-)(?!Rp|US)[A-Za-z]{1,4}-[0-9]+\w*")  # "F-16" is a name and no count
_AMOUNT = re.compile(r"(?:Rp|US|ke-).*|US", re.IGNORECASE)
_ROMAN = re.compile(r"(?=[IVXLC])(?:X[CL]|L?X{0,4})(?:I[XV]|V?I{0,4})")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_ABBREVIATED = 4  # shorter names of months are also other words: "may", "Jan"
_TELLING = 3  # smaller numbers in words are often no count: "satu hal", "kedua negara", "one of the"


@dataclass(frozen=True)
class Quantity:
    """A number that a text names: its possible ``values``, how it is ``written``, and whether it must be borne out.

    ``sort`` is "number" or "month". ``telling`` is False for small numbers in words, which are often no count.
    """

    written: str
    values: tuple[float, ...]
    sort: str = "number"
    telling: bool = True

    def equals(self, other: "Quantity") -> bool:
        """Say whether both may name the same value."""
        return self.sort == other.sort and any(
            isclose(one, another, rel_tol=1e-9) for one in self.values for another in other.values
        )


def quantities(text: str) -> list[Quantity]:
    """Return the numbers and months that a text names, in order."""
    return list(_quantities([match.group() for match in _TOKEN.finditer(_DESIGNATOR.sub(" ", text))]))


def amount_in(word: str) -> bool:
    """Say whether a word is an amount or an ordinal in one piece with its sign: "Rp1,2", "ke-96"."""
    return bool(_AMOUNT.fullmatch(word))


def unsupported_quantities(claim: str, evidence: str) -> list[str]:
    """Return, as written, the telling numbers and months of a claim that the evidence does not name."""
    held = quantities(evidence)
    return [each.written for each in quantities(claim) if each.telling and not any(each.equals(one) for one in held)]


def _quantities(tokens: list[str]) -> Iterator[Quantity]:
    place = 0
    while place < len(tokens):
        found, size = _number_at(tokens, place)
        if found is not None:
            yield found
            place += size
            continue
        word = tokens[place].casefold()
        if word in _MONTHS and (len(word) > _ABBREVIATED or _beside_number(tokens, place)):
            yield Quantity(tokens[place], (_MONTHS[word],), sort="month")
        elif len(word) > 1 and _ROMAN.fullmatch(tokens[place]):
            yield Quantity(tokens[place], (_roman(tokens[place]),))
        place += 1


def _beside_number(tokens: list[str], place: int) -> bool:
    return any(each[0] in _DIGITS for each in tokens[max(place - 1, 0) : place + 2])


def _number_at(tokens: list[str], place: int) -> tuple[Quantity | None, int]:
    """Return the number that begins at a token and how many tokens it takes; None and 0 where none begins."""
    if tokens[place][0] in _DIGITS:
        end = place + 1
        half, end = _half(tokens, end)
        factor, end = _multiplied(tokens, end)
        values = tuple((value + half) * factor for value in _readings(tokens[place], multiplied=factor > 1))
        rest, end = _smaller(tokens, end, factor)
        return Quantity(" ".join(tokens[place:end]), tuple(value + rest for value in values)), end - place
    value, end = _in_words(tokens, place)
    if end == place and tokens[place].casefold() not in _HALF:
        return None, 0
    half, end = _half(tokens, end)
    factor, end = _multiplied(tokens, end) if half else (1.0, end)
    value = (value + half) * factor
    written = " ".join(tokens[place:end])
    return Quantity(written, (value,), telling=value >= _TELLING), end - place


def _half(tokens: list[str], place: int) -> tuple[float, int]:
    """Return one half and the place behind "setengah", else nothing and the same place."""
    there = place < len(tokens) and tokens[place].casefold() in _HALF
    return (0.5, place + 1) if there else (0.0, place)


def _smaller(tokens: list[str], place: int, factor: float) -> tuple[float, int]:
    """Return what a smaller multiplied number adds: "2 triliun 500 miliar"."""
    if factor > 1 and place < len(tokens) and tokens[place][0] in _DIGITS:
        less, end = _multiplied(tokens, place + 1)
        if 1 < less < factor:
            return _readings(tokens[place], multiplied=True)[0] * less, end
    return 0.0, place


def _readings(digits: str, *, multiplied: bool) -> tuple[float, ...]:
    """Return what a run of digits with points and commas may mean: "63,19" is 63.19, "10.000" is 10000.

    Three digits behind the only mark are thousands, but before a multiplier perhaps decimals: "1,234 million".
    """
    marks = re.findall(r"[.,]", digits)
    if not marks:
        return (float(digits),)
    whole = float(re.sub(r"[.,]", "", digits))
    before, _, after = re.split(r"([.,])(?=\d+$)", digits)
    decimal = float(f"{re.sub(r'[.,]', '', before)}.{after}")
    if not _THOUSANDS.fullmatch(digits):
        return (decimal,)
    return (whole, decimal) if multiplied and len(marks) == 1 else (whole,)


def _multiplied(tokens: list[str], place: int) -> tuple[float, int]:
    """Return the product of the multipliers that follow a number ("ratus ribu"), and where they end."""
    factor = 1.0
    while place < len(tokens) and tokens[place].casefold() in _MULTIPLIERS:
        factor *= _MULTIPLIERS[tokens[place].casefold()]
        place += 1
    return factor, place


def _in_words(tokens: list[str], place: int) -> tuple[float, int]:
    """Return the value of the number words that begin at a token, and where they end (the same place for none)."""
    total, section, pending, start = 0.0, 0.0, 0.0, place
    while place < len(tokens):
        word = tokens[place].casefold()
        word = word.removeprefix("ke") if word.removeprefix("ke") in (*_UNITS, *_ONES) and place == start else word
        if word in _UNITS and not (pending and pending < 20):
            pending += _UNITS[word]
        elif word in _ONES:
            section, total = (section + _ONES[word], total) if _ONES[word] < _LARGE else (0.0, total + _ONES[word])
        elif word == "belas" and pending:
            pending += 10
        elif word in ("puluh", "ratus", "hundred") and pending:
            section, pending = section + pending * _MULTIPLIERS[word], 0.0
        elif word in _MULTIPLIERS and (pending or section):
            total, section, pending = total + (section + pending) * _MULTIPLIERS[word], 0.0, 0.0
        elif not (
            word in ("-", "and")
            and place > start
            and place + 1 < len(tokens)
            and tokens[place + 1].casefold() in _UNITS
        ):
            break
        place += 1
    return total + section + pending, place


def _roman(word: str) -> float:
    values = [_ROMAN_VALUES[letter] for letter in word]
    return float(sum(-one if one < after else one for one, after in zip(values, [*values[1:], 0], strict=True)))
