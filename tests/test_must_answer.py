"""The real model over the shipped texts: the questions that anyone tries first, and a file of one's own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.answering import Assistant
from assistant.conversation import Conversation
from assistant.opening import Workplace, open_workplace
from assistant.settings import Settings
from tests.small_index import add_source

pytestmark = pytest.mark.weights

FIRST_TRIED = [
    ("Apa itu diplomasi keamanan?", "Diplomasi keamanan (security diplomacy) adalah"),
    ("Siapa Kron?", "Nicholas D. Kron"),
    ("Apa bedanya dengan diplomasi pertahanan?", "sedangkan diplomasi keamanan"),
    ("Kapan target MEF?", "2024"),
    ("Siapa mitra Pindad untuk tank Harimau?", "FNSS"),
    ("Apa saja tujuh program prioritas KKIP?", "propelan, roket, rudal"),
]

ESSAY = """Indonesia menargetkan tercapainya MEF (Minimum Essential Force) pada tahun 2024 dan juga tercapainya \
kemandirian dalam pengadaan alutsista di tahun 2029.\xa0Kedua target tersebut bisa dicapai dengan penguatan pada \
sektor industri pertahanan. (PT. PINDAD, 2023)
Menurut Nicholas D. Kron, \u00c2 diplomasi keamanan tidak dimaksudkan untuk menggantikan diplomasi \
pertahanan. (Kron, 2015)
"""


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workplace]:
    opened = open_workplace(Settings(home=tmp_path_factory.mktemp("real")))
    opened.update()
    yield opened
    opened.close()


def test_the_first_start_embeds_nothing(tmp_path: Path, real: Workplace) -> None:
    home = Settings(home=real.settings.home, database_url=f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    opened = open_workplace(home)
    _, report = opened.update(rebuild=True)
    opened.close()
    assert (report.embedded, report.passages > 50) == (0, True)


def test_what_anyone_asks_first_is_answered_and_leads_with_the_answer(real: Workplace) -> None:
    assistant, conversation = real.assistant(), Conversation()
    for question, expected in FIRST_TRIED:
        answer = assistant.answer(question, conversation)
        conversation = conversation.with_turn(question, answer)
        assert any(expected in sentence.text for sentence in answer.sentences[:2]), question
        assert_exact(assistant, question, conversation)


def test_what_the_sources_do_not_hold_is_refused_with_the_nearest_passages(real: Workplace) -> None:
    answer = real.assistant().answer("Berapa gaji prajurit TNI?")
    assert (answer.abstained, len(answer.passages)) == (True, 3)
    answer = real.assistant().answer("Bagaimana cara memasak rendang sapi?")
    assert (answer.abstained, answer.missing) == (True, ("memasak", "rendang", "sapi"))


def test_a_file_of_ones_own_is_repaired_and_quoted_exactly(real: Workplace, tmp_path: Path) -> None:
    path = tmp_path / "esai.txt"
    path.write_text(ESSAY, encoding="utf-8")
    added = add_source(real.library, path, real.settings.chunking)
    real.update()
    answer = real.assistant().answer("Apa dua target Indonesia menurut PT Pindad?")
    quoted = " ".join(citation.quote for citation in answer.citations if citation.document_id == added.document.id)
    assert "pada tahun 2024" in quoted
    assert "di tahun 2029" in quoted
    assert "\u00c2" not in added.document.text
    assert all(real.library.document(c.document_id).text[c.start : c.end] == c.quote for c in answer.citations)


def assert_exact(assistant: Assistant, question: str, conversation: Conversation) -> None:
    for citation in conversation.turns[-1].answer.citations:
        document = assistant.library.document(citation.document_id)
        assert document.text[citation.start : citation.end] == citation.quote, question
