"""Which loader reads what a server sent, and what its file is called."""

import io
import zipfile

import pytest
from docx import Document as WordDocument
from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from knowledge.web.content import file_name_of, is_hopeless, media_type, suffix_of

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
HTML = b"\xef\xbb\xbf\n<?xml version='1.0'?><!-- a --><!-- b > c -->\n<!DOCTYPE html><p>Halo"


def pdf() -> bytes:
    file = io.BytesIO()
    canvas = Canvas(file)
    canvas.drawString(72, 720, "Diplomasi")
    canvas.save()
    return file.getvalue()


def docx() -> bytes:
    file = io.BytesIO()
    document = WordDocument()
    document.add_paragraph("Diplomasi")
    document.save(file)
    return file.getvalue()


def archive(*names: str, content: str = "isi") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as opened:
        for name in names:
            opened.writestr(name, content)
    return file.getvalue()


def epub() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as opened:
        opened.writestr("mimetype", "application/epub+zip")
        opened.writestr("META-INF/container.xml", "<container/>", zipfile.ZIP_DEFLATED)
    return file.getvalue()


@pytest.mark.parametrize("media", ["", "application/octet-stream", "text/html", "text/plain", "application/zip"])
def test_a_signature_wins_over_the_header(media: str) -> None:
    for data, suffix in ((pdf(), ".pdf"), (docx(), ".docx"), (epub(), ".epub")):
        assert suffix_of(data, media, "/unduh") == suffix


def test_an_epub_whose_files_stand_in_another_order_is_one() -> None:
    assert suffix_of(archive("META-INF/container.xml", "mimetype"), "", "/") == ".epub"


@pytest.mark.parametrize(("media", "path"), [("application/zip", "/a.zip"), ("", "/a.xlsx"), ("text/html", "/")])
def test_another_archive_is_of_no_kind(media: str, path: str) -> None:
    assert suffix_of(archive("xl/workbook.xml"), media, path) == ""


def test_an_archive_of_unknown_names_is_what_it_is_called() -> None:
    data = archive("word/document2.xml")
    assert suffix_of(data, WORD, "/") == ".docx"
    assert suffix_of(data, "application/octet-stream", "/tesis.docx") == ".docx"


def test_a_pdf_may_begin_with_something_else() -> None:
    assert suffix_of(b"HTTP/1.1 200 OK\r\n\r\n" + pdf(), "application/octet-stream", "/") == ".pdf"


def test_a_page_about_pdf_is_no_pdf() -> None:
    assert suffix_of(b"<p>Berkas PDF diawali %PDF-1.7", "text/html", "/") == ".html"


@pytest.mark.parametrize(
    ("data", "media", "path", "suffix"),
    [
        (b"teks", "text/html", "/a.txt", ".html"),
        (b"teks", "application/xhtml+xml", "/", ".html"),
        (b"# teks", "text/markdown", "/", ".md"),
        (b"# teks", "text/plain", "/README.md", ".md"),
        (b"teks", "text/plain", "/a.html", ".txt"),
        (HTML, "text/plain", "/a.html", ".html"),
        (HTML, "text/plain", "/contoh.txt", ".txt"),
        (b"", "text/html", "/", ".html"),
        (b"%PD", "application/pdf", "/", ".pdf"),
        (HTML, "application/pdf", "/tesis.pdf", ".html"),
        (HTML, WORD, "/", ".html"),
        (HTML, "", "/", ".html"),
        (HTML, "application/octet-stream", "/", ".html"),
        (HTML, "application/xml", "/", ".html"),
        (b"<rss/>", "application/xml", "/", ""),
        (b"teks", "", "/", ".txt"),
        (b"teks", "", "/a.md", ".md"),
        (b"\xff\xfet\0e\0k\0s\0", "", "/", ".txt"),
        (b"\x00\x01", "", "/a.txt", ""),
        (b"teks", "application/octet-stream", "/a.txt", ".txt"),
        (b"teks", "application/octet-stream", "/a.csv", ""),
        (b"teks", "application/octet-stream", "/a.pdf", ""),
        (b"{}", "application/json", "/a.txt", ""),
        (HTML, "application/json", "/", ""),
    ],
)
def test_then_the_header_then_the_first_bytes_then_the_path(data: bytes, media: str, path: str, suffix: str) -> None:
    assert suffix_of(data, media, path) == suffix


def test_many_comments_do_not_take_many_ages() -> None:
    assert suffix_of(b"<!---->" * 290 + b"x", "", "/") == ".txt"


def test_media_types() -> None:
    assert media_type(" Text/HTML ; charset=utf-8") == "text/html"
    assert [media for media in ("image/svg+xml", "video/mp4", "text/html", "") if is_hopeless(media)] == [
        "image/svg+xml",
        "video/mp4",
    ]


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ('attachment; filename="buku putih.pdf"', "buku putih.pdf"),
        ("attachment; filename=buku.pdf; size=3", "buku.pdf"),
        ("attachment; filename=\"b.pdf\"; filename*=UTF-8''b%C3%BCku.pdf", "büku.pdf"),
        ("attachment; filename*=iso-8859-1'id'b%FCku.pdf", "büku.pdf"),
        ("attachment; filename*=utf-7''x.pdf", "dari-alamat.pdf"),
        (r'attachment; filename="kata \"kunci\".pdf"', "kata kunci.pdf"),
        ('attachment; filename="../../etc/passwd"', "passwd.pdf"),
        (r'attachment; filename="C:\\Ana\\tesis.pdf"', "tesis.pdf"),
        ("attachment; filename*=UTF-8''..%2F%2e%2e%2Ftesis%00%0a.PDF", "tesis.PDF"),
        ('attachment; filename=".."', "dari-alamat.pdf"),
        ('attachment; filename=""', "dari-alamat.pdf"),
        ("inline", "dari-alamat.pdf"),
        ("", "dari-alamat.pdf"),
    ],
)
def test_the_name_that_a_server_gives(disposition: str, name: str) -> None:
    assert file_name_of(disposition, "/unduh/dari-alamat.pdf", "a.id", ".pdf") == name


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/", "jurnal.kampus.id.html"),
        ("/berita/", "jurnal.kampus.id.html"),
        ("/berita/nota%20kesepahaman.htm", "nota kesepahaman.htm"),
        ("/a/b%2F..%2Fkamus", "kamus.html"),
        ("/unduh.php", "unduh.php.html"),
        ("/..", "jurnal.kampus.id.html"),
        ("/" + "a" * 300 + ".html", "a" * 115 + ".html"),
    ],
)
def test_else_the_end_of_the_path_else_the_host(path: str, name: str) -> None:
    assert file_name_of("", path, "jurnal.kampus.id", ".html") == name


_NASTY = st.text(st.sampled_from("/\\.:%0aE2\"'*;= \x00\n\u202e\ud800é") | st.characters(), max_size=40)


@given(name=_NASTY, path=_NASTY, suffix=st.sampled_from([".html", ".pdf"]))
def test_no_name_leads_out_of_a_folder(name: str, path: str, suffix: str) -> None:
    for disposition in (name, f'a; filename="{name}"', f"a; filename*=utf-8''{name}"):
        result = file_name_of(disposition, path, "a.id", suffix)
        assert not set(result) & set('/\\:*?"<>|\0\n\u202e')
        assert not result.startswith(".")
        assert result.lower().endswith((suffix, ".htm", ".xhtml"))
        assert len(result) <= 120
        assert result.encode()
