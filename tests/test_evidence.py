"""Which of two sentences holds the kind of thing that was asked for."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.answering import Assistant
from assistant.evidence import evidence
from assistant.query_rewriting import Query
from assistant.question_kinds import Kind
from index.query_words import query_words

# kind, query, a sentence that holds what is asked for, one that does not
PAIRS = [
    (Kind.WHEN, "Kapan perjanjian itu?", "Perjanjian diteken pada 13 November 2006.", "Perjanjian diteken di Mataram."),
    (Kind.WHEN, "Kapan MEF dicanangkan?", "MEF dicanangkan pada 2007.", "MEF dicanangkan Juwono Sudarsono."),
    (Kind.WHEN, "When?", "It was signed in March 2022.", "It was signed by both ministers."),
    (Kind.HOW_MANY, "Berapa unit KAAN?", "Indonesia membeli 48 jet KAAN.", "Indonesia membeli jet KAAN."),
    (Kind.HOW_MANY, "Berapa capaian MEF?", "Capaiannya 63,48 persen.", "Capaiannya naik pada 13 Mei 2022."),
    (Kind.HOW_MANY, "Berapa negara?", "Enam negara meluncurkannya.", "Negara itu meluncurkannya."),
    (Kind.HOW_MANY, "Berapa isi 48 kotak?", "Isinya 12 butir.", "Ada kotak bernomor 48."),
    (Kind.WHO, "Siapa mitra Pindad?", "Mitra Pindad ialah perusahaan FNSS dari Turki.", "Mitranya banyak."),
    (Kind.WHO, "Siapa yang membimbing Kron?", "Kron dibimbing Sarah O'Byrne.", "Tesis itu ditulis Kron."),
    (
        Kind.WHO,
        "Siapa Juwono Sudarsono?",
        "Menteri Pertahanan Juwono Sudarsono mencanangkannya.",
        "Kata Juwono Sudarsono.",
    ),
    (Kind.WHERE, "Di mana pameran itu?", "Pameran digelar di Jakarta.", "Pameran digelar pada Mei."),
    (Kind.WHY, "Mengapa gagal?", "Target gagal karena anggaran kurang.", "Target itu gagal pada 2024."),
    (Kind.WHY, "Mengapa gagal?", "Pandemi menghambat pendanaan.", "Pandemi terjadi pada 2020."),
    (
        Kind.LIST,
        "Apa saja strateginya?",
        "Strateginya yaitu relokasi, revitalisasi, dan pengadaan.",
        "Ada strateginya.",
    ),
    (Kind.COMPARISON, "Apa bedanya?", "MEF batas terendah, sedangkan OEF kelanjutannya.", "MEF dan OEF ada."),
    (Kind.DEFINITION, "Apa itu MEF?", "MEF adalah kekuatan pokok minimum.", "Target MEF tidak tercapai pada 2024."),
    (Kind.DEFINITION, "Apa itu MEF?", "MEF adalah kekuatan pokok.", "Angka di tabel itu adalah capaian MEF."),
]


def weigh(kind: Kind, question: str, sentence: str, assistant: Assistant) -> float:
    words = query_words(question, assistant.open_retriever().keywords, assistant.terms)
    return evidence(Query(question, kind), words, sentence)


@pytest.mark.parametrize(("kind", "question", "holds", "lacks"), PAIRS)
def test_a_sentence_with_the_thing_asked_for_leads(
    kind: Kind, question: str, holds: str, lacks: str, assistant: Assistant
) -> None:
    assert weigh(kind, question, holds, assistant) > weigh(kind, question, lacks, assistant)


def test_a_definition_may_use_another_form_of_the_term(assistant: Assistant) -> None:
    sentence = "Minimum Essential Force (MEF) adalah bagian postur TNI."
    assert weigh(Kind.DEFINITION, "Apa itu kekuatan pokok minimum?", sentence, assistant) > 0


def test_a_full_date_says_at_least_as_much_as_a_year(assistant: Assistant) -> None:
    full, year = (weigh(Kind.WHEN, "Kapan?", text, assistant) for text in ("Pada 13 November 2006.", "Pada 2006."))
    assert full >= year > 0


@pytest.mark.parametrize("kind", [Kind.HOW, Kind.OTHER])
def test_where_no_sign_is_known_no_sentence_leads(kind: Kind, assistant: Assistant) -> None:
    assert {weigh(kind, question, text, assistant) for _, question, *texts in PAIRS for text in texts} == {0.0}


@given(st.sampled_from(Kind), st.text(max_size=80), st.text(max_size=200))
@settings(deadline=None)
def test_evidence_is_a_share_of_any_text(assistant: Assistant, kind: Kind, question: str, sentence: str) -> None:
    assert 0.0 <= weigh(kind, question, sentence, assistant) <= 1.0
