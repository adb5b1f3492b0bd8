"""A page of a PDF as a picture, and where on it a quoted sentence stands.

PDFium draws the page and says where its characters are; `page_quotes` finds the sentence among them.
"""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from ctypes import byref, c_int
from dataclasses import dataclass
from io import BytesIO

from pypdfium2 import PdfDocument, PdfiumError, PdfPage
from pypdfium2 import raw as pdfium

from knowledge.errors import UnreadableSource
from knowledge.loaders.pdf.characters import MOST_CHARACTERS, Frame, read_runs
from knowledge.loaders.pdf.opening import PDFIUM, open_pdf
from knowledge.page_quotes import Letter, find_quote, letters_of, plain_letters

_WIDTHS = range(100, 3001)
_MOST_PIXELS, _LONGEST_SIDE = 12_000_000, 10_000  # about 36 MB while drawing; pages of other shapes are drawn smaller
_ASCENT, _DESCENT = 0.85, 0.25  # em above and below the baseline
_DEVICE = 1_000_000  # fractions are read off a page of so many units


@dataclass(frozen=True)
class Box:
    """A rectangle on a page, in fractions (0 to 1) of its width and height from its left and top edge."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class PageImage:
    """A page as PNG, and a box for each line of the text that was looked for; none where it is not there."""

    png: bytes
    boxes: tuple[Box, ...]


def render_page(
    data: bytes, number: int, text: str = "", *, occurrence: int = 0, width: int = 1000, origin: str = ""
) -> PageImage:
    """Return sheet ``number`` (from 1) of a PDF as a picture ``width`` pixels wide, with the boxes of ``find_boxes``.

    The width is kept between 100 and 3000, and less for a page so high that the picture would be huge. Raises
    ValueError where there is no such sheet; UnreadableSource, LockedSource, EmptySource (with ``origin``) as loading.
    """
    with _page(data, number, origin) as page:
        boxes = _boxes(page, text, occurrence)
        page_width, page_height = page.get_size()
        wanted = min(max(width, _WIDTHS.start), _WIDTHS.stop - 1) / max(page_width, 1.0)
        most = math.sqrt(_MOST_PIXELS / max(page_width * page_height, 1.0))
        scale = min(wanted, most, _LONGEST_SIDE / max(page_width, page_height, 1.0))
        try:
            bitmap = page.render(scale=scale)
        except ValueError as error:  # a page without extent
            raise UnreadableSource(origin, reason="damaged") from error
        png = BytesIO()
        bitmap.to_pil().save(png, "PNG")
        bitmap.close()
    return PageImage(png.getvalue(), boxes)


def find_boxes(data: bytes, number: int, text: str, *, occurrence: int = 0, origin: str = "") -> tuple[Box, ...]:
    """Return where ``text`` stands on sheet ``number``: a box for each line, from the first to the last.

    Where the page has it several times, ``occurrence`` (from 0) says which is meant. Of a text that begins on the page
    before or ends on the next one, the part on this page is found. Empty where nothing is. Raises as ``render_page``.
    """
    with _page(data, number, origin) as page:
        return _boxes(page, text, occurrence)


@contextmanager
def _page(data: bytes, number: int, origin: str) -> Iterator[PdfPage]:
    with open_pdf(data, origin) as document, PDFIUM:
        page = _load(document, number, origin)
        try:
            yield page
        finally:
            page.close()


def _load(document: PdfDocument, number: int, origin: str) -> PdfPage:
    if not 1 <= number <= len(document):
        raise ValueError(f"there is no page {number} in {len(document)}")
    try:
        return document[number - 1]
    except PdfiumError as error:
        raise UnreadableSource(origin, reason="damaged") from error


def _boxes(page: PdfPage, text: str, occurrence: int) -> tuple[Box, ...]:
    if not plain_letters(text):
        return ()
    try:
        characters = page.get_textpage()
    except PdfiumError:
        return ()
    if characters.count_chars() > MOST_CHARACTERS:
        return ()
    frame, runs = read_runs(page, characters)
    characters.close()
    lines: dict[int, list[Letter]] = {}
    for letter in find_quote(letters_of(runs), text, occurrence):
        lines.setdefault(letter.line, []).append(letter)
    return tuple(_box(page, frame, line) for line in lines.values())


def _box(page: PdfPage, frame: Frame, line: Sequence[Letter]) -> Box:
    above = max(letter.size for letter in line)
    top, bottom = line[0].y - _ASCENT * above, line[0].y + _DESCENT * above
    left, right = min(letter.left for letter in line), max(letter.right for letter in line)
    corners = [_fractions(page, *frame.to_page(x, y)) for x, y in ((left, top), (right, bottom))]
    (x, other_x), (y, other_y) = (sorted(values) for values in zip(*corners, strict=True))
    return Box(x, y, other_x - x, other_y - y)


def _fractions(page: PdfPage, x: float, y: float) -> tuple[float, float]:
    """Return a point of the page as fractions of the picture, which shows the page turned and cropped as it should."""
    across, down = c_int(), c_int()
    pdfium.FPDF_PageToDevice(page, 0, 0, _DEVICE, _DEVICE, 0, x, y, byref(across), byref(down))
    return min(max(across.value / _DEVICE, 0.0), 1.0), min(max(down.value / _DEVICE, 0.0), 1.0)
