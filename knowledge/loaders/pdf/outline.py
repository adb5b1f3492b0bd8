"""The outline (bookmarks) of a PDF, and the lines of the text that are its headings."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from pypdfium2 import PdfDocument

from knowledge.loaders.pdf.lines import TextLine
from knowledge.loaders.pdf.opening import PDFIUM
from knowledge.repair import repair

_MOST_ENTRIES = 10_000
_MOST_LINES = 4
_MOST_DEPTH = 6
_TOP_LINES = 8
_CHAPTER = re.compile(r"(?:bab|chapter|bagian|part|lampiran|appendix)\s+(?:[ivxlc]+|\d+|[a-z])\b[.:]?", re.IGNORECASE)
_NUMBERING = re.compile(r"(?:(?:\d{1,3}|[a-z]|[ivxlc]{1,6})(?:\.\d{1,3})*[.)]?)\s+", re.IGNORECASE)
_NO_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class OutlineEntry:
    """A bookmark: its title, its level from 1, and the number of the sheet to which it leads."""

    title: str
    level: int
    page: int


@dataclass(frozen=True)
class HeadingLines:
    """``count`` lines from index ``start`` on are one heading of a level."""

    start: int
    count: int
    level: int


def read_outline(document: PdfDocument) -> list[OutlineEntry]:
    """Return the bookmarks that lead to a page, in their order."""
    entries: list[OutlineEntry] = []
    with PDFIUM:
        for bookmark in islice(document.get_toc(max_depth=_MOST_DEPTH), _MOST_ENTRIES):
            try:
                title = bookmark.get_title()
            except UnicodeDecodeError:
                continue
            destination = bookmark.get_dest()
            page = destination.get_index() if destination else None
            if page is not None and title.strip():
                entries.append(OutlineEntry(" ".join(repair(title).split()), bookmark.level + 1, page + 1))
    return entries


def lines_of_outline(entries: Sequence[OutlineEntry], lines: Sequence[TextLine]) -> list[HeadingLines]:
    """Return the lines that are the titles of the outline, in the order of the text; what is not found is left out."""
    by_page: dict[int, list[int]] = defaultdict(list)
    for index, line in enumerate(lines):
        by_page[line.page].append(index)
    taken: set[int] = set()
    found: list[HeadingLines] = []
    for entry in entries:
        # A bookmark at the very end of a page belongs to the heading that had no room left there.
        heading = _find(entry, lines, by_page[entry.page], taken) or _find(
            entry, lines, by_page[entry.page + 1][:_TOP_LINES], taken
        )
        if heading:
            taken.update(range(heading.start, heading.start + heading.count))
            found.append(heading)
    return sorted(found, key=lambda heading: heading.start)


def is_chapter(text: str) -> bool:
    """Return whether a heading begins as those of chapters do ("BAB I", "Lampiran 2"), and so is no title of a work."""
    return _CHAPTER.match(text) is not None


def _find(
    entry: OutlineEntry, lines: Sequence[TextLine], on_page: Sequence[int], taken: set[int]
) -> HeadingLines | None:
    wanted = set(_forms(entry.title))
    best: tuple[float, HeadingLines] | None = None
    for start in on_page:
        text = ""
        for count in range(1, _MOST_LINES + 1):
            index = start + count - 1
            if index in taken or index not in range(on_page[0], on_page[-1] + 1):
                break
            text = f"{text} {lines[index].text}".strip()
            if wanted & set(_forms(text)):
                size = lines[start].size + (1 if lines[start].bold > 0.5 else 0)
                if best is None or size > best[0]:
                    best = size, HeadingLines(start, count, entry.level)
                break
    return _with_chapter(best[1], lines, taken) if best else None


def _with_chapter(heading: HeadingLines, lines: Sequence[TextLine], taken: set[int]) -> HeadingLines:
    """Return the heading with the line "BAB I" above it, if that stands there."""
    above = heading.start - 1
    if above < 0 or above in taken or lines[above].page != lines[heading.start].page:
        return heading
    if not _CHAPTER.fullmatch(lines[above].text.strip()):
        return heading
    return HeadingLines(above, heading.count + 1, heading.level)


def _forms(text: str) -> Iterator[str]:
    """Yield a title as it is compared: letters and figures only, with its numbering and without."""
    yield _plain(text)
    rest = text
    for numbering in (_CHAPTER, _NUMBERING):
        match = numbering.match(rest.strip())
        rest = rest.strip()[match.end() :] if match else rest
    if len(_plain(rest)) > 1:
        yield _plain(rest)


def _plain(text: str) -> str:
    return _NO_WORD.sub("", text.casefold())
