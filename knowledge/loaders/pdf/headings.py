"""Headings of a PDF without an outline: by size, weight and place. When in doubt a line is text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from knowledge.loaders.pdf.layout import Layout, text_size
from knowledge.loaders.pdf.lines import TextLine
from knowledge.loaders.pdf.markers import marker_of
from knowledge.loaders.pdf.outline import HeadingLines
from knowledge.loaders.pdf.paragraphs import NUMBERED_PARTS, has_leader

_LARGER, _CLEARLY_LARGER, _LARGEST = 1.08, 1.15, 1.4  # of the size of the text
_MOST_LINES, _MOST_CHARACTERS, _MOST_BOLD_CHARACTERS = 4, 200, 120
_MOST_TITLE_LINES, _MOST_TITLE_CHARACTERS, _LEAST_TITLE_LETTERS = 6, 300, 5
_MOST_CELLS = 2  # a number and a name; a line of more pieces is the head of a table
_BOLD, _PARTLY_BOLD = 0.9, 0.5
_SUBSTANTIAL, _SENTENCE = 60, 15  # characters of what can stand under a heading: a paragraph, a short sentence
_FRAGMENT = 4  # characters of what is no block at all: a piece of a formula
_ENDS_LIKE_TEXT = re.compile(r"[.!:;,…][\"'”’)\]]*$")
_NUMBERED = re.compile(r"(?:\d{1,2}(?:\.\d{1,2}){0,4}\.?|[A-Z]\.|[IVX]{1,5}\.)\s+[^\W\d_]")
_CAPTION = re.compile(r"(?:gambar|tabel|figure|table|grafik|bagan|foto|sumber|source|chart|diagram)\b", re.IGNORECASE)
_KIND_OF_WORK = re.compile(
    r"(?:skripsi|tesis|thesis|disertasi|laporan\b.*|jurnal\b.*|makalah|proposal\b.*|buku\s+\w+|tugas akhir)\W*",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Block:
    """Lines that belong together: a paragraph or item, a heading of a ``level``, a footnote, or rows of a table."""

    kind: Literal["paragraph", "heading", "note", "row"]
    lines: tuple[TextLine, ...]
    level: int = 0
    rows: tuple[tuple[str, ...], ...] = ()

    @property
    def text(self) -> str:
        """The text of its lines, only to look at: hyphens at their ends are still there."""
        return " ".join(line.text for line in self.lines)


def title_lines(lines: Sequence[TextLine], layout: Layout) -> HeadingLines | None:
    """Return the lines of the first page that are the title of the work: by far the largest, and together; or None.

    ``lines`` begins with those of the first page.
    """
    first = [index for index, line in enumerate(lines) if line.page == lines[0].page] if lines else []
    words = [index for index in first if sum(map(str.isalpha, lines[index].text)) > 2]
    size = max((lines[index].size for index in words), default=0.0)
    largest = [index for index in words if lines[index].size == size and not _KIND_OF_WORK.fullmatch(lines[index].text)]
    if not largest or size < _CLEARLY_LARGER * layout.size or largest[-1] - largest[0] != len(largest) - 1:
        return None
    text = " ".join(lines[index].text for index in largest)
    fits = len(largest) <= _MOST_TITLE_LINES and len(text) <= _MOST_TITLE_CHARACTERS
    return HeadingLines(largest[0], len(largest), 1) if fits and _letters(text) >= _LEAST_TITLE_LETTERS else None


def with_headings(blocks: Sequence[Block], layout: Layout) -> list[Block]:
    """Return the blocks with those that are headings by their looks as such, on levels from the largest down.

    Headings that are known already keep level 1; "BAB I" and the line under it are one.
    """
    merged = _with_chapter_titles(blocks, layout)
    looks = [
        _look(block, index, merged, layout) if block.kind == "paragraph" else None for index, block in enumerate(merged)
    ]
    _drop_under_title(merged, looks)
    _drop_without_text(merged, looks, layout)
    ranks = sorted({look for look in looks if look})
    above = 1 if any(block.kind == "heading" for block in merged) else 0
    return [
        replace(block, kind="heading", level=above + 1 + ranks.index(look)) if look else block
        for block, look in zip(merged, looks, strict=True)
    ]


_Look = tuple[float, int, int]  # larger ones first, then by series, then bold before plain


def _look(block: Block, index: int, blocks: Sequence[Block], layout: Layout) -> _Look | None:
    """Return how a heading looks, to rank it by, or None for what is no heading."""
    line, text = block.lines[0], block.text
    plain = len(block.lines) <= _MOST_LINES and len(text) <= _MOST_CHARACTERS and not _ENDS_LIKE_TEXT.search(text)
    if (
        not plain
        or line.note
        or len(line.cells) > _MOST_CELLS
        or _CAPTION.match(text)
        or _KIND_OF_WORK.fullmatch(text)
        or has_leader(line)
        or text[0].islower()
        or _letters(text) < 3
    ):
        return None
    size = text_size(block.lines)
    series = next((rank for rank, pattern in enumerate(NUMBERED_PARTS) if _starts(pattern, block)), None)
    is_bold = all(each.bold >= _BOLD for each in block.lines)
    if size >= _CLEARLY_LARGER * layout.size or (size >= _LARGER * layout.size and (is_bold or _NUMBERED.match(text))):
        return -size, series or 0, 0 if block.lines[0].bold >= _PARTLY_BOLD else 1
    if size < layout.size / _LARGER:
        return None
    centred = all(layout.is_centred(each) for each in block.lines)
    if series is not None and (centred or is_bold):
        return -layout.size, series, 0
    if is_bold and len(text) <= _MOST_BOLD_CHARACTERS and not _is_bold_text(index, blocks):
        return -layout.size, len(NUMBERED_PARTS), 1 if _NUMBERED.match(text) or centred else 2
    return None


def _starts(pattern: re.Pattern[str], block: Block) -> bool:
    return pattern.fullmatch(block.lines[0].text.strip()) is not None or (
        len(block.lines) == 1
        and (match := pattern.match(block.text)) is not None
        and block.text[match.end() :].isupper()
    )


def _is_bold_text(index: int, blocks: Sequence[Block]) -> bool:
    """Return whether the text around is bold too."""
    around = [block for block in blocks[max(0, index - 2) : index + 3] if block.kind == "paragraph"]
    text = sum(len(line.text) for block in around for line in block.lines)
    bold = sum(len(line.text) for block in around for line in block.lines if line.bold >= _BOLD)
    return len(around) > 2 and bold > 0.9 * text


def _with_chapter_titles(blocks: Sequence[Block], layout: Layout) -> list[Block]:
    merged: list[Block] = []
    for block in blocks:
        last = merged[-1] if merged else None
        if last and last.kind == block.kind == "paragraph" and _is_chapter_title(last, block, layout):
            merged[-1] = replace(last, lines=(*last.lines, *block.lines))
        else:
            merged.append(block)
    return merged


def _is_chapter_title(number: Block, title: Block, layout: Layout) -> bool:
    last, line = number.lines[-1], title.lines[0]
    return (
        any(pattern.fullmatch(number.text.strip()) for pattern in NUMBERED_PARTS[:3])
        and last.page == line.page
        and last.size == line.size
        and len(title.text) <= _MOST_BOLD_CHARACTERS
        and not _ENDS_LIKE_TEXT.search(title.text)
        and (title.text.isupper() or (layout.is_centred(last) and layout.is_centred(line)) or line.bold >= _BOLD)
        and not any(pattern.match(title.text) for pattern in NUMBERED_PARTS)
    )


def _drop_under_title(blocks: Sequence[Block], looks: list[_Look | None]) -> None:
    """Take the looks from large plain lines under the title of the work: a subtitle, authors."""
    index = next((index for index, block in enumerate(blocks) if block.kind == "heading"), len(blocks)) + 1
    while index < len(blocks) and (look := looks[index]) and look[2] and not _NUMBERED.match(blocks[index].text):
        looks[index] = None
        index += 1


def _drop_without_text(blocks: Sequence[Block], looks: list[_Look | None], layout: Layout) -> None:
    """Take the looks from what has no text under it: a heading stands over a paragraph, or over a smaller heading.

    So the lines of a cover, and names under a title, are no headings. Behind the first page the largest always are.
    """
    first_page = blocks[0].lines[0].page if blocks else 0
    under: _Look | None = None
    has_text = False
    for index in range(len(blocks) - 1, -1, -1):
        block, look = blocks[index], looks[index]
        if look is None:
            if len(block.text) > _FRAGMENT:
                under, has_text = None, block.kind != "heading" and _is_text(block)
        elif has_text or (under and look < under) or _is_chapter(block, look, first_page, layout):
            under, has_text = look, False
        else:
            looks[index] = None
            under, has_text = None, False


def _is_chapter(block: Block, look: _Look, first_page: int, layout: Layout) -> bool:
    return -look[0] >= _LARGEST * layout.size and block.lines[0].page != first_page


def _is_text(block: Block) -> bool:
    """Return whether a block can stand under a heading: no mere name, date or label."""
    text, line = block.text, block.lines[0]
    return (
        block.kind != "paragraph"
        or len(text) >= _SUBSTANTIAL
        or (len(text) >= _SENTENCE and _ENDS_LIKE_TEXT.search(text) is not None)
        or has_leader(line)
        or marker_of(line) is not None
    )


def _letters(text: str) -> int:
    return sum(map(str.isalpha, text))
