"""A thesis as PDF: what a reader of its text and its citations relies on."""

from bisect import bisect_right

import pytest

from knowledge.chunking import split_passages
from knowledge.documents import Document, Page
from knowledge.loaders import LOADERS, Reading, load
from knowledge.loaders.pdf import load_pdf
from knowledge.sentences import split_sentences
from tests import pdf_files
from tests.pdf_files import plain_pages, thesis

TITLE = " ".join(pdf_files.TITLE)
TEXT = f"""{TITLE}

SKRIPSI

Ana Putri

KATA PENGANTAR

Bagian kata pengantar ini ditulis untuk para pembaca skripsi, dan memuat hal-hal yang perlu.

ABSTRAK

Bagian abstrak ini ditulis untuk para pembaca skripsi, dan memuat hal-hal yang perlu.

BAB I PENDAHULUAN

A. Latar Belakang

{pdf_files.FIRST_TEXT}

{pdf_files.RUNNING_TEXT}

{pdf_files.NOTE_TEXT}

Bentuk kerja sama itu antara lain:

1. {" ".join(pdf_files.ITEMS[0])}
2. {" ".join(pdf_files.ITEMS[1])}
- kapal
- pesawat tempur

BAB II PEMBAHASAN

Tahun | Negara | Alutsista
2019 | Rusia | Su-35
2022 | Prancis | Rafale
2023 | Turki | KAAN

{" ".join(pdf_files.CLOSING)}"""


@pytest.fixture(scope="module")
def document() -> Document:
    return load_pdf(thesis(), "file:/x/skripsi_final.pdf")


def headings(document: Document) -> list[tuple[int, str]]:
    return [(each.level, document.text[each.start : each.end]) for each in document.headings]


def page_of(document: Document, words: str) -> Page:
    position = document.text.index(words)
    return document.pages[bisect_right([page.start for page in document.pages], position) - 1]


class TestThesis:
    def test_reads_as_the_work_does(self, document: Document) -> None:
        assert document.text == TEXT

    def test_the_loader_is_found_by_suffix(self, document: Document) -> None:
        assert LOADERS[".pdf"] is load_pdf
        assert load(thesis(), document.origin, suffix=".PDF").text == document.text

    def test_its_record_is_that_of_the_work_and_not_of_the_file(self, document: Document) -> None:
        assert (document.title, document.authors) == (TITLE, ("Ana Putri",))
        assert (document.date, document.language) == ("", "id")

    def test_the_outline_names_the_headings(self, document: Document) -> None:
        assert headings(document) == [
            (1, TITLE),
            (1, "BAB I PENDAHULUAN"),
            (2, "A. Latar Belakang"),
            (1, "BAB II PEMBAHASAN"),
        ]

    def test_without_outline_headings_are_told_by_their_looks(self) -> None:
        document = load_pdf(thesis(outline=False), "x:a")
        assert document.text == TEXT
        assert headings(document) == [
            (1, TITLE),
            (2, "KATA PENGANTAR"),
            (2, "ABSTRAK"),
            (2, "BAB I PENDAHULUAN"),
            (3, "A. Latar Belakang"),
            (2, "BAB II PEMBAHASAN"),
        ]

    def test_pages_have_their_printed_numbers(self, document: Document) -> None:
        labels = {page.number: page.label for page in document.pages}
        assert labels == {1: "i", 2: "ii", 3: "iii", 4: "1", 5: "2", 6: "3", 7: "4"}

    def test_labels_of_the_file_come_first(self) -> None:
        labels = {page.number: page.label for page in load_pdf(thesis(labels=True), "x:a").pages}
        assert labels == {1: "C", 2: "ii", 3: "iii", 4: "A-1", 5: "A-2", 6: "A-3", 7: "A-4"}

    @pytest.mark.parametrize(
        ("words", "number"),
        [
            ("Menurut Nicholas D. Kron", 4),
            ("dari tahun ke tahun dan", 4),
            ("menjadi bagian tetap", 5),
            ("[1] Nicholas D. Kron", 4),
            ("Bentuk kerja sama", 5),
            ("BAB II PEMBAHASAN", 6),
            ("Tahun | Negara", 6),
            ("Kerja sama keamanan akan", 7),
        ],
    )
    def test_every_word_keeps_its_page(self, document: Document, words: str, number: int) -> None:
        assert page_of(document, words).number == number

    def test_pages_begin_in_the_order_of_the_text(self, document: Document) -> None:
        starts = [page.start for page in document.pages]
        assert starts == sorted(starts)
        assert starts[0] == 0

    def test_a_passage_knows_its_page(self, document: Document) -> None:
        passages = split_passages(document)
        assert {passage.page for passage in passages} <= {page.label for page in document.pages}
        closing = next(each for each in passages if "akan terus dilanjutkan" in document.text[each.start : each.end])
        assert closing.heading_path[0] == "BAB II PEMBAHASAN"

    def test_sentences_are_whole(self, document: Document) -> None:
        sentences = [document.text[each.start : each.end] for each in split_sentences(document.text)]
        assert pdf_files.RUNNING_TEXT in sentences
        assert "Kerja sama itu berjalan antara negara-negara ASEAN dan kawasan Asia-Pasifik sejak lama." in sentences

    def test_the_same_bytes_give_the_same_document(self, document: Document) -> None:
        assert load_pdf(thesis(), document.origin) == document


def test_every_page_is_reported() -> None:
    told: list[tuple[int, int]] = []
    load_pdf(plain_pages("Satu.", "", "Tiga."), "x:a", Reading(report=lambda done, total: told.append((done, total))))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_a_report_may_stop_the_reading() -> None:
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load_pdf(plain_pages("Satu."), "x:a", Reading(report=stop))
    assert load_pdf(plain_pages("Satu."), "x:a").text == "Satu."


def test_a_page_without_text_among_others_is_left_out() -> None:
    document = load_pdf(plain_pages("Halaman satu.", "", "Halaman tiga."), "x:a")
    assert [(page.number, page.label) for page in document.pages] == [(1, "1"), (3, "3")]
    assert document.text == "Halaman satu.\n\nHalaman tiga."


@pytest.mark.parametrize(
    ("title", "author", "expected"),
    [
        ("Diplomasi Keamanan", "Budi Santoso", ("Diplomasi Keamanan", ("Budi Santoso",))),
        ("Diplomasi Keamanan", "Ana Putri, S.IP., M.Si.; Budi Santoso", None),
        ("Microsoft Word - diplomasi.doc", "ASUS", ("Esai", ())),
        ("diplomasi_keamanan_rev2", "user-PC", ("Esai", ())),
        ("untitled", "anonymous", ("Esai", ())),
        ("ADOBE INDESIGN", "Adobe Systems", ("Esai", ())),
        ("Judul Templat Jurnal Kimia", "Kron", ("Esai", ())),
        ("", "Nicholas", ("Esai", ("Nicholas",))),
    ],
)
def test_only_plausible_information_counts(
    title: str, author: str, expected: tuple[str, tuple[str, ...]] | None
) -> None:
    sheets = pdf_files.Sheets()
    sheets.canvas.setTitle(title)
    sheets.canvas.setAuthor(author)
    sheets.line("Nicholas menulis tentang diplomasi keamanan.", 80, 100)
    document = load_pdf(sheets.data(), "file:/x/esai.pdf")
    names = ("Ana Putri, S.IP., M.Si.", "Budi Santoso")
    assert (document.title, document.authors) == (expected or ("Diplomasi Keamanan", names))
