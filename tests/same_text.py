"""One text saved as Markdown, DOCX, HTML and EPUB by the writers of those formats."""

import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from itertools import pairwise

import docx
from hypothesis import strategies as st

NUMBERS, BULLETS, PARAGRAPH, HEADING, TABLE = "numbers", "bullets", "paragraph", "heading", "table"

_WORDS = "diplomasi keamanan Indonesia Menteri pertahanan 2015 TNI (Kron, 2015) negara-negara sejak, yakni é".split()


@dataclass(frozen=True)
class Part:
    """A heading, a paragraph, a list (an item may have items under it) or a table (the first row is its head)."""

    kind: str
    text: str = ""
    level: int = 1
    items: tuple[tuple[str, tuple[str, ...]], ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


texts = st.lists(st.sampled_from(_WORDS), min_size=1, max_size=6).map(lambda words: "Kata " + " ".join(words))
_headings = st.builds(lambda text, level: Part(HEADING, text, level), texts, st.integers(1, 6))
_paragraphs = st.builds(lambda text: Part(PARAGRAPH, f"{text}."), texts)
_bullets = st.builds(
    lambda items: Part(BULLETS, items=tuple(items)),
    st.lists(st.tuples(texts, st.lists(texts, max_size=2).map(tuple)), min_size=1, max_size=3),
)
_numbers = st.builds(
    lambda items: Part(NUMBERS, items=tuple((item, ()) for item in items)), st.lists(texts, min_size=1, max_size=4)
)
_tables = st.integers(2, 3).flatmap(
    lambda width: st.builds(
        lambda rows: Part(TABLE, rows=tuple(rows)), st.lists(st.tuples(*[texts] * width), min_size=2, max_size=3)
    )
)
# Markdown joins two lists of one kind that stand together, so only different parts follow one another.
parts = st.lists(st.one_of(_headings, _paragraphs, _bullets, _numbers, _tables), min_size=1, max_size=6).filter(
    lambda found: all(one.kind != two.kind or one.kind in {HEADING, PARAGRAPH} for one, two in pairwise(found))
)


def as_markdown(written: Iterable[Part]) -> bytes:
    blocks = []
    for part in written:
        if part.kind == HEADING:
            blocks.append(f"{'#' * part.level} {part.text}")
        elif part.kind == PARAGRAPH:
            blocks.append(part.text)
        elif part.kind == TABLE:
            rows = ["| " + " | ".join(row) + " |" for row in part.rows]
            blocks.append("\n".join([rows[0], "|---" * len(part.rows[0]) + "|", *rows[1:]]))
        else:
            lines = []
            for number, (item, under) in enumerate(part.items, start=1):
                lines.append(f"{number}. {item}" if part.kind == NUMBERS else f"- {item}")
                lines += [f"  - {each}" for each in under]
            blocks.append("\n".join(lines))
    return "\n\n".join(blocks).encode()


def as_html_body(written: Iterable[Part]) -> str:
    blocks = []
    for part in written:
        if part.kind == HEADING:
            blocks.append(f"<h{part.level}>{escape(part.text)}</h{part.level}>")
        elif part.kind == PARAGRAPH:
            blocks.append(f"<p>{escape(part.text)}</p>")
        elif part.kind == TABLE:
            rows = ["".join(f"<td>{escape(cell)}</td>" for cell in row) for row in part.rows]
            blocks.append("<table>" + "".join(f"<tr>{row}</tr>\n" for row in rows) + "</table>")
        else:
            name = "ol" if part.kind == NUMBERS else "ul"
            items = [escape(item) + _under(under) for item, under in part.items]
            blocks.append(f"<{name}>" + "".join(f"<li>{item}</li>\n" for item in items) + f"</{name}>")
    return "\n".join(blocks)


def _under(items: tuple[str, ...]) -> str:
    return "<ul>" + "".join(f"<li>{escape(item)}</li>" for item in items) + "</ul>" if items else ""


def as_html(written: Iterable[Part]) -> bytes:
    return f"<!DOCTYPE html><html><body>{as_html_body(written)}</body></html>".encode()


def as_docx(written: Iterable[Part]) -> bytes:
    document = docx.Document()
    for part in written:
        if part.kind == HEADING:
            document.add_heading(part.text, part.level)
        elif part.kind == PARAGRAPH:
            document.add_paragraph(part.text)
        elif part.kind == TABLE:
            _add_table(document, part.rows)
        elif part.kind == BULLETS:
            for item, under in part.items:
                document.add_paragraph(item, "List Bullet")
                for each in under:
                    document.add_paragraph(each, "List Bullet 2")
        else:
            _add_numbers(document, [item for item, _ in part.items])
    return saved(document)


def _add_table(document: "docx.document.Document", rows: tuple[tuple[str, ...], ...]) -> None:
    table = document.add_table(0, len(rows[0]))
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text


def _add_numbers(document: "docx.document.Document", items: list[str]) -> None:
    number = _new_list(document)
    for item in items:
        properties = document.add_paragraph(item, "List Number")._p.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_numId().val = number
        properties.get_or_add_ilvl().val = 0


def _new_list(document: "docx.document.Document") -> int:
    """Return the id of a list that begins at 1 again, as "Restart at 1" in Word makes one."""
    numbering = document.part.numbering_part.element
    style = document.styles["List Number"].element.pPr.numPr.numId.val
    abstract = next(each.abstractNumId.val for each in numbering.num_lst if each.numId == style)
    number = numbering.add_num(abstract)
    number.add_lvlOverride(0).add_startOverride(1)
    return int(number.numId)


def saved(document: "docx.document.Document") -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def zipped(files: dict[str, str | bytes], *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def replaced(data: bytes, files: dict[str, str | bytes]) -> bytes:
    """Return the archive with these members in place of its own, or added to them."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return zipped({**{name: archive.read(name) for name in archive.namelist()}, **files})


CONTAINER = """<?xml version="1.0"?><container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="OEBPS/buku.opf" media-type="application/oebps-package+xml"/></rootfiles></container>"""
NAVIGATION = '<nav epub:type="toc"><h2>Daftar isi</h2><ol><li><a href="1.xhtml">Bab Satu</a></li></ol></nav>'


def chapter(body: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE html>'
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">'
        f"<head><title>Berkas</title></head><body>{body}</body></html>"
    )


def as_epub(
    chapters: Iterable[str], *, metadata: str = "", files: dict[str, str | bytes] | None = None, version: str = "3.0"
) -> bytes:
    """Return a book of these bodies; ``files`` stand beside them or in place of what it would have."""
    bodies = {f"{number}.xhtml": chapter(body) for number, body in enumerate(chapters, start=1)}
    items = "".join(f'<item id="c{name}" href="{name}" media-type="application/xhtml+xml"/>' for name in bodies)
    spine = "".join(f'<itemref idref="c{name}"/>' for name in bodies)
    package = (
        f'<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="{version}">'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:opf="http://www.idpf.org/2007/opf">'
        f"{metadata}</metadata><manifest>"
        '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
        f'{items}</manifest><spine><itemref idref="nav"/>{spine}</spine></package>'
    )
    contents: dict[str, str | bytes] = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": CONTAINER,
        "OEBPS/buku.opf": package,
        "OEBPS/nav.xhtml": chapter(NAVIGATION),
        **{f"OEBPS/{name}": body for name, body in bodies.items()},
    }
    return zipped({**contents, **(files or {})})
