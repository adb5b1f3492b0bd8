"""The same text in six formats: the same canonical text, the same quotes, and in a PDF their pages."""

from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest

from assistant.adding import add_all
from assistant.answers import Answer
from assistant.opening import Workplace, open_workplace
from assistant.settings import Settings
from knowledge.documents import Document
from knowledge.loaders import load
from tests import book_files

QUESTIONS = (
    "Apa yang dimaksud dengan Minimum Essential Force?",
    "Kapan kebijakan MEF dimulai?",
    "Berapa tahap pelaksanaan MEF?",
    "Kenapa target MEF tidak tercapai?",
    "Apa tujuan MEF?",
    "Apa pengganti MEF?",
    "Apa itu PT PAL?",
    "Kapan PT PAL berdiri?",
    "Kapal apa saja yang dibuat PT PAL?",
    "Negara mana yang membeli kapal PT PAL?",
    "Siapa mitra PT PAL untuk kapal selam?",
    "What ships has PT PAL exported?",
    "Sejak kapan Indonesia dan Korea Selatan bekerja sama di bidang pertahanan?",
    "Berapa bagian Indonesia dalam proyek KF-21?",
    "gimana nasib kapal selam gelombang kedua?",
    "Pesawat latih apa yang dibeli dari Korea Selatan?",
    "Apa dasar hukum pengiriman pasukan perdamaian Indonesia?",
    "Di misi mana saja prajurit Indonesia bertugas?",
    "When did Indonesia first send peacekeepers?",
    "Apa itu UNIFIL?",
)


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return book_files.write_files(tmp_path_factory.mktemp("files"))


@pytest.fixture(scope="module")
def documents(paths: dict[str, Path]) -> dict[str, Document]:
    return {suffix: load(path.read_bytes(), f"file:{path}", suffix=suffix) for suffix, path in paths.items()}


@pytest.mark.parametrize("suffix", [".txt", ".html", ".docx", ".epub", ".pdf"])
def test_one_text_gives_one_canonical_text_whatever_it_was_saved_as(
    documents: dict[str, Document], suffix: str
) -> None:
    expected, found = documents[".md"], documents[suffix]
    assert found.text == expected.text
    assert found.headings == expected.headings
    assert found.title == expected.title == book_files.TITLE


def test_the_pdf_has_twelve_pages_with_their_printed_labels(
    documents: dict[str, Document], paths: dict[str, Path]
) -> None:
    pages = documents[".pdf"].pages
    assert [(page.number, page.label) for page in pages] == [(n, book_files.label_of(n)) for n in range(1, 13)]
    with pypdfium2.PdfDocument(paths[".pdf"]) as pdf:
        for page in pages:
            beginning = _letters(documents[".pdf"].text[page.start : page.start + 60])
            textpage = pdf[page.number - 1].get_textpage()
            shown = _letters(textpage.get_text_range())
            assert beginning[:30] in shown, f"page {page.label} does not begin there"


@pytest.mark.weights
def test_the_same_questions_give_the_same_quotes_in_every_format(paths: dict[str, Path], real: Workplace) -> None:
    answers: dict[str, list[Answer]] = {}
    for suffix, path in paths.items():
        # One format at a time: the same text in two of them would be one source.
        (added,) = add_all(real, [str(path)], choose=lambda _: "keep", tell=lambda *_: None)
        assert added.outcome.status == "added"
        real.update()
        assistant, within = real.assistant(), {added.outcome.document_id}
        answers[suffix] = [assistant.answer(question, within=within) for question in QUESTIONS]
        document = real.library.document(added.outcome.document_id)
        for answer in answers[suffix]:
            for citation in answer.citations:
                assert document.text[citation.start : citation.end] == citation.quote
                if suffix == ".pdf":
                    assert (citation.page, citation.sheet) == _place(document, citation.start)
        real.remove_source(document.id, "")
    quotes = {suffix: [[c.quote for c in answer.citations] for answer in found] for suffix, found in answers.items()}
    assert sum(map(bool, quotes[".md"])) > len(QUESTIONS) // 2, "most of them are answered"
    for suffix, found in quotes.items():
        assert found == quotes[".md"], suffix


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workplace]:
    opened = open_workplace(Settings(home=tmp_path_factory.mktemp("real")))
    opened.update()
    yield opened
    opened.close()


def _place(document: Document, offset: int) -> tuple[str, int]:
    page = [page for page in document.pages if page.start <= offset][-1]
    return book_files.label_of(page.number), page.number


def _letters(text: str) -> str:
    return "".join(character for character in text if character.isalnum())
