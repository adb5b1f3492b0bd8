"""The characters of a PDF page as runs: pieces of one line in one style, in the order in which the file writes them.

Coordinates are points from the left and the top of the page, turned so that most of its text reads from left to right.
Text in any other direction (a stamp along the margin, a watermark) is left out.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator
from ctypes import byref, c_double, c_int, create_string_buffer
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from pypdfium2 import PdfPage, PdfTextPage
from pypdfium2 import raw as pdfium

WIDE_GAP = 0.7
"""Em: a wider gap may part columns; the spaces of justified lines are narrower, but for a few."""
MOST_CHARACTERS = 1_000_000
"""More on one page are no text that anybody reads: a newspaper page has 50,000. They take about 100 bytes each."""
_BACKWARDS = 0.5  # em: accents and kerning step back a little, a new line far more
_SAME_BASELINE = 0.12  # em
_FAR = 1e5  # points; no page is as large, so such a character is a mistake of the file
_SAMPLED = 16  # every so manyth character of a full page votes on its direction
_SPACES = frozenset({9, 10, 13, 32, 0xA0, 0x2002, 0x2003, 0x2009, 0x202F, 0x3000})
_LINE_END_HYPHEN = 2  # what PDFium makes of a hyphen at the end of a line
_BOLD = re.compile(r"bold|black|heavy|demi|[-,]bd\b|^(?:[A-Z]{6}\+)?(?:cm|sf)bx?\d", re.IGNORECASE)
_BOLD_WEIGHT = 680
_NAME_BYTES = 128


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a line: its characters, where each begins, and how it is set.

    ``y`` is the baseline in points from the top, ``right`` the end of the last character. ``spaced``: the file has a
    space in front. ``raised``: points above the baseline of the letters beside it, whose ``y`` it then has.
    """

    text: str
    lefts: tuple[float, ...]
    right: float
    y: float
    size: float
    bold: bool = False
    spaced: bool = False
    raised: float = 0.0

    @property
    def left(self) -> float:
        """Where the first character begins."""
        return self.lefts[0]


@dataclass(frozen=True, slots=True)
class Frame:
    """How the coordinates of the runs lie on the page: after ``turn`` quarter turns, from (left, top) on."""

    turn: int
    left: float
    top: float
    width: float
    height: float

    def to_page(self, x: float, y: float) -> tuple[float, float]:
        """Return a point in the coordinates of the PDF page."""
        across, up = x + self.left, self.top - y
        return ((across, up), (-up, across), (-across, -up), (up, -across))[self.turn]


class _Style(NamedTuple):
    size: float
    bold: bool
    turn: int | None  # quarter turns counterclockwise; None for text that is askew


@dataclass(slots=True)
class _OpenRun:
    """A run that grows."""

    style: _Style
    y: float
    spaced: bool
    end: float = 0.0
    letters: list[str] = field(default_factory=list)
    lefts: list[float] = field(default_factory=list)

    def reaches(self, x: float, y: float) -> bool:
        """Return whether a character there goes on with it."""
        em = self.style.size
        of_ligature = bool(self.lefts) and x == self.lefts[-1]  # PDFium writes a ligature as its letters in one place
        on = -_BACKWARDS * em <= x - self.end < WIDE_GAP * em or of_ligature
        return on and abs(y - self.y) <= _SAME_BASELINE * em

    def add(self, letter: str, x: float, end: float) -> None:
        self.letters.append(letter)
        self.lefts.append(x)
        self.end = max(end, x)


def read_runs(page: PdfPage, text: PdfTextPage) -> tuple[Frame, list[Run]]:
    """Return the frame of a page and its runs; the caller holds PDFIUM and closes both objects."""
    count = pdfium.FPDFText_CountChars(text)
    turn = _direction(text, count)
    frame = _frame(page.get_bbox(), turn)
    runs = [
        Run(
            text="".join(run.letters),
            lefts=tuple(left - frame.left for left in run.lefts),
            right=run.end - frame.left,
            y=frame.top - run.y,
            size=run.style.size,
            bold=run.style.bold,
            spaced=run.spaced,
        )
        for run in _open_runs(text, count, frame)
        if run.style.turn == turn
    ]
    return frame, runs


def _frame(box: tuple[float, float, float, float], turn: int) -> Frame:
    corners = [_turned(x, y, turn) for x in box[::2] for y in box[1::2]]
    left, right = min(x for x, _ in corners), max(x for x, _ in corners)
    bottom, top = min(y for _, y in corners), max(y for _, y in corners)
    return Frame(turn, left, top, right - left, top - bottom)


def _turned(x: float, y: float, turn: int) -> tuple[float, float]:
    return ((x, y), (y, -x), (-x, -y), (-y, x))[turn]


def _direction(text: PdfTextPage, count: int) -> int:
    """Return the quarter turns of most of the text."""
    step = _SAMPLED if count > _SAMPLED * _SAMPLED else 1
    sample = (index for index in range(0, count, step) if not pdfium.FPDFText_IsGenerated(text, index))
    turns = Counter(_style(text, index).turn for index in sample)
    del turns[None]
    return max(turns, key=lambda turn: turns[turn]) or 0 if turns else 0


def _open_runs(text: PdfTextPage, count: int, frame: Frame) -> Iterator[_OpenRun]:
    """Yield the runs in coordinates that are turned, but not yet from the top. Style is asked for once a word."""
    right_edge, bottom = frame.left + frame.width + 1, frame.top - frame.height
    run, spaced = _OpenRun(_Style(0.0, False, None), 0.0, False), False
    for index, (letter, x, y, end) in enumerate(_characters(text, count, frame.turn)):
        if letter == " ":
            spaced = True
        elif letter and frame.left - 1 <= x <= right_edge and bottom <= y <= frame.top:
            reaches = run.reaches(x, y)
            if spaced or not reaches:
                style = _style(text, index)
                if not reaches or style != run.style:
                    if run.letters:
                        yield run
                    run = _OpenRun(style, y, spaced)
                else:
                    run.add(" ", run.end, run.end)
            run.add(letter, x, end)
            spaced = False
    if run.letters:
        yield run


def _characters(text: PdfTextPage, count: int, turn: int) -> Iterator[tuple[str, float, float, float]]:
    """Yield letter, begin, baseline and end of each character; " " for all white space, "" for what is no text."""
    handle, x, y, box = text.raw, c_double(), c_double(), pdfium.FS_RECTF()
    to_x, to_y, to_box = byref(x), byref(y), byref(box)
    code_of, origin_of, box_of = (
        pdfium.FPDFText_GetUnicode,
        pdfium.FPDFText_GetCharOrigin,
        pdfium.FPDFText_GetLooseCharBox,
    )
    high = 0
    for index in range(count):
        origin_of(handle, index, to_x, to_y)
        box_of(handle, index, to_box)
        left, baseline = _turned(x.value, y.value, turn) if turn else (x.value, y.value)
        end = (box.right, box.top, -box.left, -box.bottom)[turn] if turn else box.right
        code = code_of(handle, index)
        if 0xD800 <= code < 0xDC00:
            high = code
        if 0xDC00 <= code < 0xE000 and high:
            code, high = 0x10000 + ((high & 0x3FF) << 10) + (code & 0x3FF), 0
        sane = -_FAR < left < _FAR and -_FAR < baseline < _FAR and -_FAR < end < _FAR
        yield _letter(code) if sane else "", left, baseline, end


@lru_cache(maxsize=4096)
def _letter(code: int) -> str:
    if code in _SPACES:
        return " "
    if code == _LINE_END_HYPHEN:
        return "-"
    # Controls, surrogates and what Unicode reserves are no text; of the private area only bullets of Symbol fonts are.
    private = 0xE000 <= code < 0xF000 or 0xF100 <= code < 0xF900 or code >= 0xF0000
    nothing = code < 32 or 0x7F <= code < 0xA0 or 0xD800 <= code < 0xE000 or code & 0xFFFE == 0xFFFE or code == 0xFFFD
    return "" if nothing or private else chr(code)


def _style(text: PdfTextPage, index: int) -> _Style:
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFText_GetMatrix(text, index, byref(matrix))
    scale = math.hypot(matrix.c, matrix.d)
    size = pdfium.FPDFText_GetFontSize(text, index) * (scale if math.isfinite(scale) and scale > 0 else 1.0)
    turns = math.atan2(matrix.b, matrix.a) / (math.pi / 2)
    turn = round(turns) % 4 if abs(turns - round(turns)) < 0.03 else None
    return _Style(round(max(1.0, min(size, 1000.0)), 1), _is_bold(text, index), turn)


def _is_bold(text: PdfTextPage, index: int) -> bool:
    name, flags = create_string_buffer(_NAME_BYTES), c_int()
    pdfium.FPDFText_GetFontInfo(text, index, name, _NAME_BYTES, byref(flags))
    return _name_is_bold(name.value) or pdfium.FPDFText_GetFontWeight(text, index) >= _BOLD_WEIGHT


@lru_cache(maxsize=1024)
def _name_is_bold(name: bytes) -> bool:
    return _BOLD.search(name.decode("latin-1")) is not None
