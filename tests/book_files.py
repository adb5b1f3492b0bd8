"""One text of some twelve pages, saved in six formats by the writers of those formats."""

import io
from collections.abc import Iterable
from pathlib import Path
from xml.sax.saxutils import escape

from reportlab.lib.enums import TA_JUSTIFY
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import cm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate, Paragraph, Spacer

from knowledge.loaders import load
from knowledge.study_texts import study_text_folder
from tests.same_text import BULLETS, HEADING, PARAGRAPH, Part, as_docx, as_epub, as_html_body, as_markdown

TITLE = "Bunga Rampai Diplomasi Keamanan"
SLUGS = ("mef", "pt-pal", "korea-selatan", "pasukan-perdamaian")
ROMAN_SHEETS = 2  # the first sheets are numbered i, ii; then 1, 2, ...
_BODY = ParagraphStyle("body", fontName="Times-Roman", fontSize=11, leading=16, alignment=TA_JUSTIFY, spaceAfter=8)
_ITEM = ParagraphStyle("item", parent=_BODY, leftIndent=18, bulletIndent=4, spaceAfter=3)
_HEADINGS = {
    1: ParagraphStyle("title", parent=_BODY, fontName="Times-Bold", fontSize=20, leading=26, alignment=0),
    2: ParagraphStyle("heading", parent=_BODY, fontName="Times-Bold", fontSize=14, leading=19, alignment=0),
}


def book() -> list[Part]:
    """Return the text: the prose and the lists of four study texts under their headings, without tables."""
    parts = [Part(HEADING, TITLE, 1)]
    for slug in SLUGS:
        document = load((study_text_folder() / f"{slug}.md").read_bytes(), f"corpus:{slug}.md", suffix=".md")
        headings = {document.text[heading.start : heading.end] for heading in document.headings}
        items: list[tuple[str, tuple[str, ...]]] = []
        for line in [*document.text.split("\n"), ""]:
            if line.startswith("- "):
                items.append((line[2:], ()))
                continue
            if items:
                parts.append(Part(BULLETS, items=tuple(items)))
                items = []
            if line in headings and line:
                parts.append(Part(HEADING, line, 2))
            elif line and " | " not in line and not line[0].isdigit():
                parts.append(Part(PARAGRAPH, line))
    return parts


def files() -> dict[str, bytes]:
    """Return suffix -> the bytes of the text in that format."""
    parts = book()
    body = as_html_body(parts)
    page = f'<!DOCTYPE html><html lang="id"><head><title>{TITLE}</title></head><body>{body}</body></html>'
    return {
        ".md": as_markdown(parts),
        ".txt": _as_text(parts).encode(),
        ".html": page.encode(),
        ".docx": as_docx(parts),
        ".epub": as_epub([body], metadata=f"<dc:title>{TITLE}</dc:title><dc:language>id</dc:language>"),
        ".pdf": as_pdf(parts),
    }


def as_pdf(parts: Iterable[Part]) -> bytes:
    """Return a PDF with running header and footer, page labels (i, ii, 1, 2, ...) and an outline of the headings."""
    buffer = io.BytesIO()
    document = BaseDocTemplate(buffer, pagesize=A4, title=TITLE, author="Tim Tanya Diplomasi")
    frame = Frame(3 * cm, 2.5 * cm, A4[0] - 6 * cm, A4[1] - 5.5 * cm, id="body")
    document.addPageTemplates(PageTemplate(id="page", frames=[frame], onPage=_furniture))
    document.build(list(_flowables(parts)))
    return buffer.getvalue()


def label_of(sheet: int) -> str:
    """Return the printed label of a sheet (from 1)."""
    return "i" * sheet if sheet <= ROMAN_SHEETS else str(sheet - ROMAN_SHEETS)


class _Bookmark(Flowable):
    """An entry of the outline, where it stands."""

    def __init__(self, title: str, level: int) -> None:
        super().__init__()
        self.title, self.level = title, level

    def wrap(self, *_: float) -> tuple[float, float]:
        return 0, 0

    def draw(self) -> None:
        key = f"{self.title}-{self.level}"
        self.canv.bookmarkHorizontal(key, 0, 20)
        self.canv.addOutlineEntry(self.title, key, self.level - 1)


def _flowables(parts: Iterable[Part]) -> Iterable[Flowable]:
    for part in parts:
        if part.kind == HEADING:
            yield Spacer(1, 6)
            yield _Bookmark(part.text, part.level)
            yield Paragraph(escape(part.text), _HEADINGS[part.level])
        elif part.kind == PARAGRAPH:
            yield Paragraph(escape(part.text), _BODY)
        else:
            for item, _ in part.items:
                yield Paragraph(escape(item), _ITEM, bulletText="\u2022")


def _furniture(canvas: Canvas, _document: BaseDocTemplate) -> None:
    sheet = canvas.getPageNumber()
    canvas.addPageLabel(sheet - 1, style="ROMAN_LOWER" if sheet <= ROMAN_SHEETS else "ARABIC", start=_start(sheet))
    canvas.setFont("Times-Italic", 9)
    canvas.drawString(3 * cm, A4[1] - 1.8 * cm, TITLE)
    canvas.drawCentredString(A4[0] / 2, 1.5 * cm, label_of(sheet))


def _start(sheet: int) -> int:
    return sheet if sheet <= ROMAN_SHEETS else sheet - ROMAN_SHEETS


def _as_text(parts: Iterable[Part]) -> str:
    blocks = ["\n".join(f"- {item}" for item, _ in part.items) if part.items else part.text for part in parts]
    return "\n\n".join(blocks)


def write_files(folder: Path) -> dict[str, Path]:
    """Write the text in all formats and return suffix -> path."""
    paths = {}
    for suffix, data in files().items():
        paths[suffix] = folder / f"bunga-rampai{suffix}"
        paths[suffix].write_bytes(data)
    return paths
