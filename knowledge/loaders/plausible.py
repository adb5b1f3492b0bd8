"""Which titles and authors in a file's properties were meant, and which a program or a machine put there."""

import re
from pathlib import PurePosixPath

from knowledge.repair import repair

_JUNK_TITLE = re.compile(
    r"(?:microsoft (?:office )?(?:word|powerpoint|excel)|powerpoint presentation|word document|presentation|document"
    r"|dokumen|untitled|tanpa judul|judul|title|unknown|no title|untitled document|untitled page|home|beranda)\s*\d*"
    r"|microsoft (?:office )?word\s*[-–].*|.*\.(?:docx?|pdf|rtf|odt|html?|epub|tmp|txt|indd|pptx?)",
    re.IGNORECASE,
)
# Users that Windows, Office and the makers of laptops set up, and libraries that write files.
_JUNK_AUTHORS = frozenset(
    "user|users|pengguna|admin|administrator|owner|unknown|unknown author|anonymous|author|penulis|guest|default|hp"
    "|microsoft|microsoft office user|microsoft account|windows user|microsoft word|python-docx|asus|acer|lenovo|dell"
    "|toshiba|samsung|compaq|axioo|pc|laptop|my pc|root|calibre|redaksi|redaktur".split("|")
)
_MOST_TITLE, _MOST_NAME, _MOST_NAMES = 300, 120, 5000


def plausible_title(title: str, origin: str) -> str:
    """Return the title repaired and on one line; empty when it is a program's, or the name of the file."""
    text = " ".join(repair(title[: 2 * _MOST_TITLE]).split())
    stem = PurePosixPath(origin.partition(":")[2].replace("\\", "/") or origin).stem
    if not any(map(str.isalpha, text)) or len(text) > _MOST_TITLE or _JUNK_TITLE.fullmatch(text):
        return ""
    # A file's name has no spaces or none of its own: "tesis-bab-2", "skripsi_final".
    return "" if text.casefold() == stem.casefold() and " " not in text else text


def plausible_authors(names: list[str]) -> tuple[str, ...]:
    """Return the names of people, in order and each once; parts between semicolons are names of their own."""
    parts = [" ".join(repair(part).split()) for name in names for part in name[:_MOST_NAMES].split(";")]
    fine = [
        part
        for part in parts
        if any(map(str.isalpha, part))
        and len(part) <= _MOST_NAME
        and part.casefold() not in _JUNK_AUTHORS
        and "://" not in part
    ]
    return tuple(dict.fromkeys(fine))


def language_code(tag: str) -> str:
    """Return the language of a tag such as "id-ID" or "en_US" as two letters; empty for what is none."""
    match = re.match(r"\s*([A-Za-z]{2,3})(?:[-_].*)?\s*$", tag)
    code = match.group(1).lower() if match else ""
    return {"ind": "id", "eng": "en", "in": "id"}.get(code, code if len(code) == 2 else "")


def date_of(text: str, *, precision: int = 3) -> str:
    """Return the date that a machine wrote ("2015/05/01", "2015-05-01T10:00+07:00", "2015") as ISO, else empty.

    ``precision`` is how much of it counts: 1 the year, 2 the month, 3 the day.
    """
    match = re.match(r"\s*(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?(?![\d])", text)
    if match is None or not 1000 <= int(match.group(1)) <= 2999:
        return ""
    parts = [match.group(1)]
    for value, most in ((match.group(2), 12), (match.group(3), 31)):
        if value is None or not 1 <= int(value) <= most:
            break
        parts.append(value.zfill(2))
    return "-".join(parts[:precision])
