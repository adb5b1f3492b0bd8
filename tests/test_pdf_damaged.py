"""PDF files that are locked, broken, too large or without text: a stated refusal, or they are read all the same."""

import re
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader, PdfWriter
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader

from knowledge.errors import EmptySource, LockedSource, NoTextLayer, SourceError, TooLarge, UnreadableSource
from knowledge.loaders import Reading, SourceLimits
from knowledge.loaders.pdf import load_pdf
from knowledge.loaders.pdf.opening import open_pdf
from knowledge.loaders.pdf.rewriting import rewrite_pdf
from tests.pdf_files import Sheets, plain_pages, thesis

SENTENCE = "Keamanan negara dijaga bersama."
PLAIN = plain_pages(SENTENCE)


def encrypted(algorithm: str, user: str, owner: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(PLAIN)))
    writer.encrypt(user, owner, algorithm=algorithm)
    data = BytesIO()
    writer.write(data)
    return data.getvalue()


def limits(**values: int) -> Reading:
    return Reading(limits=SourceLimits(**values))


class TestLocked:
    @pytest.mark.parametrize("algorithm", ["RC4-40", "RC4-128", "AES-128", "AES-256-R5", "AES-256"])
    def test_without_a_password_for_readers_it_opens(self, algorithm: str) -> None:
        assert load_pdf(encrypted(algorithm, "", "pemilik"), "x:a").text == SENTENCE

    @pytest.mark.parametrize("algorithm", ["RC4-128", "AES-128", "AES-256"])
    def test_with_a_password_it_is_refused(self, algorithm: str) -> None:
        with pytest.raises(LockedSource) as caught:
            load_pdf(encrypted(algorithm, "rahasia", "pemilik"), "file:/x/a.pdf")
        assert caught.value.origin == "file:/x/a.pdf"

    def test_what_reportlab_locks(self) -> None:
        assert load_pdf(thesis(encrypt=StandardEncryption("", "pemilik", canCopy=0)), "x:a").text
        with pytest.raises(LockedSource):
            load_pdf(thesis(encrypt=StandardEncryption("rahasia", "pemilik")), "x:a")

    def test_the_second_way_opens_them_too(self) -> None:
        rewritten = rewrite_pdf(encrypted("AES-256", "", "pemilik"), "x:a", locked=True)
        assert b"/Encrypt" not in rewritten
        assert load_pdf(rewritten, "x:a").text == SENTENCE
        with pytest.raises(LockedSource):
            rewrite_pdf(encrypted("AES-256", "rahasia", "pemilik"), "x:a", locked=True)


class TestBroken:
    @pytest.mark.parametrize(
        "data", [b"", b"PK\x03\x04 bukan", b"Diplomasi keamanan", b"x" * 1030 + b"%PDF-1.7", b"\x00" * 5000]
    )
    def test_what_is_no_pdf(self, data: bytes) -> None:
        with pytest.raises(UnreadableSource) as caught:
            load_pdf(data, "x:a")
        assert caught.value.reason == "not_pdf"

    @pytest.mark.parametrize("data", [b"%PDF-1.7", b"%PDF-1.4\n" + b"\x07" * 3000, PLAIN[:200]])
    def test_what_is_beyond_repair(self, data: bytes) -> None:
        with pytest.raises(UnreadableSource) as caught:
            load_pdf(data, "x:a")
        assert caught.value.reason == "damaged"

    def test_bytes_in_front_of_it_do_not_matter(self) -> None:
        assert load_pdf(b"\xef\xbb\xbf\r\n" + PLAIN, "x:a").text == SENTENCE

    def test_a_lost_table_of_contents_is_rebuilt(self) -> None:
        assert load_pdf(PLAIN[: PLAIN.rindex(b"xref")], "x:a").text == SENTENCE

    def test_a_broken_tree_of_pages_is_read_the_second_way(self) -> None:
        broken = re.sub(rb"/Count 1", b"/Count 0", PLAIN)
        assert broken != PLAIN
        assert load_pdf(broken, "x:a").text == SENTENCE

    def test_a_file_without_pages(self) -> None:
        data = BytesIO()
        PdfWriter().write(data)
        with pytest.raises(EmptySource):
            load_pdf(data.getvalue(), "x:a")

    @given(st.integers(0, len(PLAIN)))
    @settings(max_examples=40, deadline=None)
    def test_a_file_cut_off_anywhere(self, length: int) -> None:
        read_or_refused(PLAIN[:length])

    @given(st.binary(max_size=400))
    @settings(max_examples=40, deadline=None)
    def test_any_bytes_behind_the_header(self, data: bytes) -> None:
        read_or_refused(b"%PDF-1.7\n" + data)

    @given(
        st.lists(st.tuples(st.integers(0, 10**6), st.binary(max_size=6), st.integers(0, 40)), min_size=1, max_size=6)
    )
    @settings(max_examples=120, deadline=None)
    def test_any_change_of_a_file(self, changes: list[tuple[int, bytes, int]]) -> None:
        data = thesis()
        for place, new, removed in changes:
            at = place % len(data)
            data = data[:at] + new + data[at + removed :]
        read_or_refused(data)


def read_or_refused(data: bytes) -> None:
    """A document whose pages and headings lie inside its text, or a SourceError; any other exception fails the test."""
    try:
        document = load_pdf(data, "x:a")
    except SourceError:
        return
    starts = [page.start for page in document.pages]
    assert document.text.strip()
    assert starts == sorted(starts)
    assert all(0 <= start < len(document.text) for start in starts)
    for heading in document.headings:
        assert document.text[heading.start : heading.end].strip() == document.text[heading.start : heading.end] != ""


class TestWithoutText:
    def test_pictures_of_text_have_no_text_layer(self) -> None:
        sheets = Sheets()
        for grey in (90, 200):
            picture = ImageReader(Image.new("L", (40, 60), grey))
            sheets.canvas.drawImage(picture, 50, 50, 400, 600)
            sheets.next()
        with pytest.raises(NoTextLayer) as caught:
            load_pdf(sheets.data(), "x:a")
        assert caught.value.pages == 2

    def test_a_stamp_on_every_picture_is_no_text_layer(self) -> None:
        sheets = Sheets()
        for _ in range(6):
            sheets.line("Dipindai dengan CamScanner", 400, 820, size=8)
            sheets.next()
        with pytest.raises(NoTextLayer) as caught:
            load_pdf(sheets.data(), "x:a")
        assert caught.value.pages == 6

    def test_text_that_recognition_laid_under_a_picture_is_read(self) -> None:
        sheets = Sheets()
        writer = sheets.canvas.beginText(80, 700)
        writer.setTextRenderMode(3)
        writer.textOut(SENTENCE)
        sheets.canvas.drawText(writer)
        assert load_pdf(sheets.data(), "x:a").text == SENTENCE


class TestTooLarge:
    def test_too_many_pages_are_refused_before_any_is_read(self) -> None:
        read: list[int] = []
        reading = Reading(limits=SourceLimits(most_pages=2), report=lambda done, total: read.append(done))
        with pytest.raises(TooLarge) as caught:
            load_pdf(plain_pages("a", "b", "c"), "x:a", reading)
        assert (caught.value.what, caught.value.limit, caught.value.key) == ("pages", 2, "TANYA_SOURCES__MOST_PAGES")
        assert read == []

    def test_as_many_as_the_limit_are_read(self) -> None:
        assert load_pdf(plain_pages("Satu.", "Dua."), "x:a", limits(most_pages=2)).text == "Satu.\n\nDua."

    def test_too_many_words(self) -> None:
        with pytest.raises(TooLarge) as caught:
            load_pdf(plain_pages(*[SENTENCE] * 5), "x:a", limits(most_words=10))
        assert (caught.value.what, caught.value.key) == ("words", "TANYA_SOURCES__MOST_WORDS")

    def test_a_page_of_more_characters_than_words_have(self) -> None:
        with pytest.raises(TooLarge) as caught:
            load_pdf(plain_pages("x" * 61), "x:a", limits(most_words=2))
        assert caught.value.what == "words"


def test_the_file_is_closed_whatever_happens() -> None:
    with pytest.raises(KeyboardInterrupt), open_pdf(PLAIN, "x:a") as document:
        raise KeyboardInterrupt
    assert document.raw is None
