"""Lines of a PDF to paragraphs: whatever a reader sees as the beginning of a new one begins a new one.

A wider gap, another size, an indentation, a list marker, a line that ended although the next word had room.
"""

import re
from collections.abc import Sequence

from knowledge.loaders.pdf.layout import Layout, together
from knowledge.loaders.pdf.lines import TextLine
from knowledge.loaders.pdf.markers import continues_list, marker_of
from knowledge.loaders.pdf.page_numbers import bare_number

_INDENT, _LEAST_INDENT = 0.6, 4.0  # em; points
_GAP, _SLACK = 1.2, 1.0  # times the distance of lines; points
_OTHER_SIZE = 0.08  # of the larger one
_BOLD, _PLAIN = 0.8, 0.2
_LARGE, _LARGE_PITCH = 1.15, 1.6  # of the size of the text; em between the lines of one heading
_WIDE_ROOM = 0.25  # of the column
_FINISHED = re.compile(r"[.!?:;…][\"'”’»)\]]*(?:\s?\[\d[\d, –-]*\])?$")
NUMBERED_PARTS = (
    re.compile(r"(?:bab|chapter|lampiran|appendix|buku)\s+(?:[ivxlc]+|\d+|[A-Z])\b[.:]?", re.IGNORECASE),
    re.compile(r"bagian\s+ke\w+", re.IGNORECASE),
    re.compile(r"paragraf\s+(?:\d+|ke\w+)", re.IGNORECASE),
    re.compile(r"pasal\s+\d+[A-Z]?", re.IGNORECASE),
)
"""How parts of a work are numbered, from the largest to the smallest."""
_CUT = re.compile(r"[^\W_]-$")
_LEADER_GAP = 2.0  # em
_LEADER = re.compile(r"(?:[.·…_]\s*){4,}\s*[\divxlcIVXLC]*\W*$")


def paragraphs(lines: Sequence[TextLine], layout: Layout) -> list[list[TextLine]]:
    """Return the lines, given in reading order, by paragraphs."""
    found: list[list[TextLine]] = []
    for index, line in enumerate(lines):
        following = lines[index + 1] if index + 1 < len(lines) else None
        if found and not _begins(found[-1], line, following, layout):
            found[-1].append(line)
        else:
            found.append([line])
    return found


def is_finished(line: TextLine) -> bool:
    """Return whether a line ends as sentences do."""
    return _FINISHED.search(line.text) is not None


def is_numbered_part(text: str) -> bool:
    """Return whether a text is nothing but the name of a part of a work: "BAB I", "Pasal 12"."""
    return any(pattern.fullmatch(text.strip()) for pattern in NUMBERED_PARTS)


def has_dots(line: TextLine) -> bool:
    """Return whether dots lead up to a page number at the end of a line."""
    return _LEADER.search(line.text) is not None


def has_leader(line: TextLine) -> bool:
    """Return whether a line is one of a table of contents, with dots or a gap up to the page number."""
    if has_dots(line):
        return True
    if len(line.cells) < 2 or not bare_number(line.cells[-1].text):
        return False
    return line.cells[-1].left - line.cells[-2].right > _LEADER_GAP * line.size


def _begins(paragraph: list[TextLine], line: TextLine, following: TextLine | None, layout: Layout) -> bool:
    """Return whether ``line`` begins a paragraph; ``following`` is the line behind it."""
    last = paragraph[-1]
    if line.note or has_leader(last) or has_leader(line) or _looks_different(last, line, layout):
        return True
    if _CUT.search(last.text):
        return False
    finished = is_finished(last) or _leaves_room(last, layout)
    if continues_list(paragraph[0], last, line, finished=finished):
        return True
    if together(last, line):
        return _begins_below(paragraph, line, following, layout)
    return _begins_elsewhere(paragraph, line, layout)


def _begins_below(paragraph: list[TextLine], line: TextLine, following: TextLine | None, layout: Layout) -> bool:
    """Return whether a line begins a paragraph under another one in the same column."""
    last = paragraph[-1]
    if _is_one_heading(last, line, layout):
        return False
    if _gap(paragraph, line, following, layout) or (layout.is_centred(line) and is_numbered_part(line.text)):
        return True
    if layout.is_centred(last) and layout.is_centred(line):
        return is_finished(last)
    return _is_indented(paragraph, line, following) or _ended_early(last, line, layout)


def _looks_different(last: TextLine, line: TextLine, layout: Layout) -> bool:
    if abs(last.size - line.size) > _OTHER_SIZE * max(last.size, line.size):
        return True
    turns_bold = (last.bold > _BOLD and line.bold < _PLAIN) or (last.bold < _PLAIN and line.bold > _BOLD)
    return turns_bold and (is_finished(last) or layout.room(last) > _room_for(line))


def _is_one_heading(last: TextLine, line: TextLine, layout: Layout) -> bool:
    """Return whether two lines of large type are one heading that was broken by hand."""
    large = last.size == line.size >= _LARGE * layout.size
    return large and 0 < line.y - last.y <= _LARGE_PITCH * line.size and not is_finished(last)


def _gap(paragraph: list[TextLine], line: TextLine, following: TextLine | None, layout: Layout) -> bool:
    """Return whether the line stands further below the last one than lines of one paragraph do."""
    last = paragraph[-1]
    pitch = line.y - last.y
    if pitch <= 0:
        return True
    if len(paragraph) > 1 and together(paragraph[-2], last):
        usual = last.y - paragraph[-2].y
    else:
        usual = layout.pitch * line.size
        below = following.y - line.y if following and together(line, following) else 0.0
        if below > 0 and (below < usual or line.text[0].islower()):  # it may be set wider than the rest, or narrower
            usual = below
    return pitch > _GAP * usual + _SLACK


def _is_indented(paragraph: list[TextLine], line: TextLine, following: TextLine | None) -> bool:
    """Return whether the left edge moves as it does at a new paragraph.

    Either the first line of a paragraph is indented or all others are, so its second line may stand anywhere.
    """
    last, tolerance = paragraph[-1], max(_LEAST_INDENT, _INDENT * line.size)
    moved = line.left - last.left
    if abs(moved) <= tolerance:
        return False
    if len(paragraph) > 1:
        return True
    if moved < 0 or marker_of(last):
        return False
    hangs = following and together(line, following) and abs(following.left - line.left) <= tolerance
    return not hangs and bool(following and together(line, following))


def _ended_early(last: TextLine, line: TextLine, layout: Layout) -> bool:
    """Return whether the next word had room in the last line, so that the line ended there on purpose."""
    if layout.room(last) <= _room_for(line) or line.text[0].islower():
        return False
    return is_finished(last) or _leaves_room(last, layout)


def _leaves_room(line: TextLine, layout: Layout) -> bool:
    left, right = layout.of(line)
    return right - line.right > _WIDE_ROOM * (right - left)


def _room_for(line: TextLine) -> float:
    """Return the points that the first word of a line takes, with the space in front and a little more."""
    word = len(line.text.split(maxsplit=1)[0]) + 1
    return word * (line.right - line.left) / len(line.text) + _INDENT * line.size


def _begins_elsewhere(paragraph: list[TextLine], line: TextLine, layout: Layout) -> bool:
    """Return whether the first line of a page or column begins a paragraph."""
    last = paragraph[-1]
    if line.text[0].islower():
        return False
    if _ended_early(last, line, layout):
        return True
    tolerance = max(_LEAST_INDENT, _INDENT * line.size)
    indents = [each.left - layout.of(each)[0] for each in (paragraph[0], last, line)]
    if marker_of(paragraph[0]):  # its text hangs behind the marker
        begins = indents[2] <= indents[0] + tolerance
    else:
        begins = indents[2] > tolerance and not (len(paragraph) > 1 and indents[1] > tolerance)
    return is_finished(last) and begins
