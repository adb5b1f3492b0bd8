"""Plain text to Document, and what every loader of a text format shares.

The canonical text of a ``.txt`` keeps the convention of all loaders: one blank line between blocks, list
items one per line, a paragraph on one line. A file either has a paragraph per line or is wrapped at a fixed
width; which of the two is judged once per file, and wrapped lines are joined with a space.
"""

import re
from dataclasses import dataclass
from html import unescape
from itertools import pairwise
from pathlib import PurePosixPath

from knowledge.documents import Document, Heading
from knowledge.errors import EmptySource, UnreadableSource
from knowledge.loaders.contract import DEFAULT_READING, Reading
from knowledge.repair import decode, normalise_spaces, repair
from knowledge.sentences import starts_list_item

MAX_TITLE_CHARS = 120
_MAX_HEADING_CHARS = 80
_MAX_WRAPPED_CHARS = 120  # editors and mail programs wrap at 65 to 100
_WRAPPED_SHARE = 0.3  # of the lines under another line begin small; a paragraph per line has almost none
_ENDS_LIKE_TEXT = re.compile(r"[.!?:;,…][\"'”’)\]]*(?:\s+\([^()]*\))?$")  # a citation may follow the full stop

# First bytes of formats that people rename to .txt by mistake (the "magic numbers" of file(1)).
_SIGNATURES = {
    b"%PDF-": "is_pdf",
    b"PK\x03\x04": "is_zip",
    b"\xd0\xcf\x11\xe0": "is_old_office",
    b"\x89PNG": "is_picture",
    b"\xff\xd8\xff": "is_picture",
    b"GIF8": "is_picture",
    b"\x1f\x8b": "is_archive",
    b"Rar!": "is_archive",
    b"7z\xbc\xaf": "is_archive",
    b"{\\rtf": "is_rtf",
}
_CONTROL = re.compile("[\x01-\x08\x0e-\x1a\x7f\ufffd]|\x00")
_MAX_CONTROL_SHARE = 0.02
_HARMLESS_CONTROLS = 2  # such as the end mark (0x1A) that old editors left


@dataclass(frozen=True)
class _Block:
    """A paragraph, or a list with its items on lines of their own; ``alone``: between blank lines, on one line."""

    text: str
    is_list: bool = False
    alone: bool = False


def load_plain_text(data: bytes, origin: str, _reading: Reading = DEFAULT_READING) -> Document:
    """Return the document of a plain text file.

    The title is a short first line that stands as a title does, else the file's name. A heading is
    recorded only where unmistakable: a short line between blank lines, above a paragraph, without final
    punctuation. Raises UnreadableSource, EmptySource.
    """
    source = read_text(data, origin)
    if "&" in source and "<" not in source:  # entities copied from a web page; with tags it is about HTML
        source = repair(unescape(source))
    blocks = _blocks(source)
    if not blocks:
        raise EmptySource(origin)
    levels = _heading_levels(blocks)
    headings, offset = [], 0
    for block, level in zip(blocks, levels, strict=True):
        if level:
            headings.append(Heading(level, offset, offset + len(block.text)))
        offset += len(block.text) + 2
    title = blocks[0].text if levels[0] == 1 else title_from_origin(origin)
    text = "\n\n".join(block.text for block in blocks)
    return Document(title=title, text=text, origin=origin, headings=tuple(headings))


def read_text(data: bytes, origin: str) -> str:
    """Return repaired text; UnreadableSource for bytes that are no text, EmptySource for no text at all."""
    for signature, reason in _SIGNATURES.items():
        if data.startswith(signature):
            raise UnreadableSource(origin, reason=reason)
    decoded = decode(data)
    if len(_CONTROL.findall(decoded)) > max(_HARMLESS_CONTROLS, _MAX_CONTROL_SHARE * len(decoded)):
        raise UnreadableSource(origin, reason="binary")
    text = repair(decoded).strip("\n")
    if not text.strip():
        raise EmptySource(origin)
    return text


def title_from_origin(origin: str) -> str:
    """Return a readable title from a file's name: "file:/x/esai-keamanan.txt" -> "Esai keamanan"."""
    stem = PurePosixPath(origin.partition(":")[2].replace("\\", "/") or origin).stem
    words = re.sub(r"[-_\s\x00-\x1f\x7f-\x9f]+", " ", normalise_spaces(stem)).strip() or "Tanpa judul"
    return words[0].upper() + words[1:MAX_TITLE_CHARS]


def _blocks(source: str) -> list[_Block]:
    wrapped = _is_wrapped(source.split("\n"))
    blocks: list[_Block] = []
    for chunk in re.split(r"\n\s*\n", source):
        lines = [" ".join(line.split()) for line in chunk.split("\n") if line.strip()]
        part: list[_Block] = []
        for line in lines:
            is_item, last = starts_list_item(line), part[-1] if part else None
            if last and ((is_item and last.is_list) or (wrapped and not is_item)):
                separator = "\n" if is_item else " "
                part[-1] = _Block(f"{last.text}{separator}{line}", last.is_list)
            else:
                part.append(_Block(line, is_item, alone=len(lines) == 1))
        blocks += part
    return blocks


def _is_wrapped(lines: list[str]) -> bool:
    below = [
        after.strip()
        for before, after in pairwise(lines)
        if before.strip() and after.strip() and not starts_list_item(after)
    ]
    if not below or max(map(len, lines)) > _MAX_WRAPPED_CHARS:
        return False
    return sum(line[0].islower() for line in below) >= _WRAPPED_SHARE * len(below)


def _heading_levels(blocks: list[_Block]) -> list[int]:
    """Return per block 1 for the title, 2 for a heading, 0 for text.

    A poem or a list of names also stands in short lines between blank lines, so a heading has a paragraph under it.
    """
    short = [block.alone and _looks_like_title(block, _MAX_HEADING_CHARS) for block in blocks]
    levels = [2 if looks and not after else 0 for looks, after in zip(short, [*short[1:], True], strict=True)]
    if len(blocks) > 1 and _looks_like_title(blocks[0], MAX_TITLE_CHARS):
        levels[0] = 1
    return levels


def _looks_like_title(block: _Block, max_chars: int) -> bool:
    text = block.text
    return (
        not block.is_list
        and len(text) <= max_chars
        and any(char.isalpha() for char in text)
        and not text[0].islower()
        and not _ENDS_LIKE_TEXT.search(text)
    )
