"""Numbers as lists write them: "3", "c", "iii"."""

_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_MOST_ROMAN = 3999
_LETTERS = 26
_MOST_LETTERS = 780  # the same letter thirty times over; word processors stop there too
_SUPERSCRIPTS = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")


def numeral(number: int, style: str) -> str:
    """Return ``number`` in a style: "decimal", "a", "A", "i", "I"; decimal where a style has no such number."""
    match style:
        case "a" | "A" if 1 <= number <= _MOST_LETTERS:
            text = chr(ord("a") + (number - 1) % _LETTERS) * ((number - 1) // _LETTERS + 1)
        case "i" | "I" if 1 <= number <= _MOST_ROMAN:
            text = _roman(number)
        case _:
            text = str(number)
    return text.upper() if style.isupper() else text


def superscript(text: str) -> str:
    """Return raised digits as characters of their own, other text as it is: "10" and "6" must not become "106"."""
    plain = text.strip()
    digits = plain.lstrip("+-")
    return plain.translate(_SUPERSCRIPTS) if digits.isascii() and digits.isdigit() else text


def _roman(number: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        text += letters * count
    return text
