"""Bibliographic records: read from BibTeX, and written as one plain Indonesian line."""

import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches

from bibtexparser.entrypoint import parse_string
from bibtexparser.library import Library
from bibtexparser.middlewares import LatexDecodingMiddleware
from bibtexparser.model import DuplicateBlockKeyBlock, Entry, Field

from knowledge.documents import Reference
from knowledge.errors import BadReferences, DuplicateReference, UnknownReference

_MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip
_MONTH_NUMBERS = {name[:3].lower(): number for number, name in enumerate(_MONTHS, start=1)}
_MONTH_NUMBERS |= {"may": 5, "aug": 8, "agt": 8, "ags": 8, "oct": 10, "dec": 12}

_CONTAINER_FIELDS = ("journaltitle", "journal", "booktitle", "maintitle", "eventtitle", "container", "howpublished")
_PUBLISHER_FIELDS = ("publisher", "institution", "school", "organization")
_ISO_DATE = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")
_LATEX_SPECIAL = re.compile(r"(?<!\\)([&%#$])")
_URL_COMMAND = re.compile(r"\\url\s*\{([^{}]*)\}")
_OTHERS = "others"  # BibTeX's own word for "and so on"
_MAX_AUTHORS = 20  # APA 7, section 9.8: from 21 authors on, the first 19, an ellipsis, the last


def read_references(bibtex: str, *, origin: str = "references.bib") -> dict[str, Reference]:
    """Return the records of a BibTeX text by citation key, in file order; empty text gives an empty dict.

    Authors come as written, "Kron, Nicholas D." or whole for an institution (``{{Kementerian Pertahanan}}``); an
    institution with a comma in its name keeps one pair of braces, as only they tell it from "surname, given names".
    DuplicateReference for a key used twice, BadReferences for what is not BibTeX.
    """
    library = parse_string(bibtex)
    for block in library.failed_blocks:
        if isinstance(block, DuplicateBlockKeyBlock):
            raise DuplicateReference(origin, key=str(block.key))
        line = (block.start_line or 0) + 1
        raise BadReferences(origin, detail=f"the record that begins in line {line} is not closed or not BibTeX")
    return {entry.key: _to_reference(entry, origin) for entry in library.entries}


def resolve(keys: Iterable[str], references: Mapping[str, Reference]) -> tuple[Reference, ...]:
    """Return the records of ``keys`` in order, each once; UnknownReference names the first that has none."""
    found: dict[str, Reference] = {}
    for key in keys:
        if key not in references:
            raise UnknownReference(key, known=tuple(get_close_matches(key, references, n=3)))
        found[key] = references[key]
    return tuple(found.values())


def format_reference(reference: Reference) -> str:
    """Return one bibliographic line in plain text, close to APA 7 in its Indonesian use.

    Author (date). Title. Container. Publisher. Address. "t.t." stands for an unknown date; what is unknown
    otherwise is left out, and what would only repeat the author or the container as well.
    """
    authors = _format_authors(reference.authors)
    date = f"({_format_date(reference.date)})"
    parts = [f"{_closed(authors)} {date}", reference.title] if authors else [f"{_closed(reference.title)} {date}"]
    for extra in (reference.container, reference.publisher):
        if extra and extra not in (authors, reference.title) and extra not in parts:
            parts.append(extra)
    line = " ".join(_closed(part) for part in parts if part)
    if not reference.url:
        return line
    # APA 7, section 9.16: the day of access matters where the page itself has no date.
    if reference.accessed and not reference.date:
        return f"{line} Diakses {_format_date(reference.accessed, year_first=False)}, dari {reference.url}"
    return f"{line} {reference.url}"


def _to_reference(entry: Entry, origin: str) -> Reference:
    raw = {field.key.lower(): str(field.value) for field in entry.fields}
    texts = dict(zip(raw, _decode(list(raw.values()), origin), strict=True))
    return Reference(
        key=entry.key,
        title=texts.get("title", ""),
        entry_type=entry.entry_type.lower(),
        authors=_authors(raw.get("author") or raw.get("editor", ""), origin),
        date=_date(raw),
        container=_first(texts, _CONTAINER_FIELDS, but=_address(raw)),
        publisher=_first(texts, _PUBLISHER_FIELDS),
        url=_address(raw),
        accessed=raw.get("urldate", "").strip(),
        note=texts.get("note", ""),
        language=texts.get("langid") or texts.get("language", ""),
    )


def _decode(values: Sequence[str], origin: str) -> list[str]:
    """Return the values with LaTeX accents, commands and braces turned into plain text."""
    # "R&D" and "100%" are what people write, and what a strict reader of LaTeX drops the rest of the line for.
    fields = [Field(str(n), _LATEX_SPECIAL.sub(r"\\\1", value)) for n, value in enumerate(values)]
    block = LatexDecodingMiddleware().transform_entry(Entry("misc", "decoding", fields), Library())
    if not isinstance(block, Entry):
        raise BadReferences(origin, detail=f"LaTeX that cannot be decoded in {values!r}")
    return [" ".join(str(field.value).split()) for field in block.fields]


def _authors(value: str, origin: str) -> tuple[str, ...]:
    names = _split_names(value)
    decoded = _decode(names, origin)
    institutions = [name.startswith("{") and name.endswith("}") for name in names]
    return tuple(
        f"{{{text}}}" if institution and "," in text else text
        for text, institution in zip(decoded, institutions, strict=True)
        if text
    )


def _split_names(value: str) -> list[str]:
    """Split at every " and " outside braces."""
    names, depth, start = [], 0, 0
    for match in re.finditer(r"[{}]|\s+and\s+", value):
        if match.group() in "{}":
            depth += 1 if match.group() == "{" else -1
        elif depth == 0:
            names.append(value[start : match.start()].strip())
            start = match.end()
    return [name for name in (*names, value[start:].strip()) if name]


def _date(raw: Mapping[str, str]) -> str:
    if match := _ISO_DATE.match(raw.get("date", "").strip()):
        return match.group()
    year = _ISO_DATE.search(raw.get("year", ""))
    if year is None:
        return ""
    month = raw.get("month", "").strip()
    number = int(month) if month.isdigit() else _MONTH_NUMBERS.get(month[:3].lower(), 0)
    day = raw.get("day", "").strip()
    if not 1 <= number <= len(_MONTHS):
        return year.group(1)
    return f"{year.group(1)}-{number:02d}" + (f"-{int(day):02d}" if day.isdigit() else "")


def _address(raw: Mapping[str, str]) -> str:
    """Return the web address as written: decoding would end it at its first "%" and cut it at "&"."""
    if url := raw.get("url", "").strip():
        return url.replace("\\", "")
    match = _URL_COMMAND.search(f"{raw.get('howpublished', '')} {raw.get('note', '')}")
    return match.group(1).strip() if match else ""


def _first(texts: Mapping[str, str], names: Iterable[str], *, but: str = "") -> str:
    return next((texts[name] for name in names if texts.get(name) and not (but and but in texts[name])), "")


def _format_authors(authors: Sequence[str]) -> str:
    names = [_format_name(author) for author in authors if author != _OTHERS]
    if len(names) > _MAX_AUTHORS:
        return ", ".join([*names[: _MAX_AUTHORS - 1], f"… {names[-1]}"])
    if _OTHERS in authors:
        return ", ".join([*names, "dkk."])
    return f"{', '.join(names[:-1])}, & {names[-1]}" if len(names) > 1 else "".join(names)


def _format_name(author: str) -> str:
    """Shorten given names to initials; a name without a comma is an institution or a single name, kept whole."""
    surname, comma, given = author.partition(",")
    if author.startswith("{") or not comma:
        return author.strip("{} ")
    initials = [
        "-".join(f"{part[0].upper()}." for part in name.split("-") if part)
        for name in given.replace(".", ". ").replace(",", " ").split()
    ]
    return f"{surname.strip()}, {' '.join(initials)}".rstrip(", ")


def _format_date(date: str, *, year_first: bool = True) -> str:
    match = _ISO_DATE.fullmatch(date)
    if match is None:
        return date or "t.t."
    year, month, day = match.groups()
    name = _MONTHS[int(month) - 1] if month and 1 <= int(month) <= len(_MONTHS) else ""
    day_and_month = f"{int(day)} {name}" if day and name else name
    if not day_and_month:
        return year
    return f"{year}, {day_and_month}" if year_first else f"{day_and_month} {year}"


def _closed(part: str) -> str:
    return part if part.endswith((".", "?", "!", "…")) else f"{part}."
