"""What a question asks for, and in which language."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.question_kinds import Kind, kind_of, language_of

KINDS = {
    Kind.DEFINITION: [
        "Apa itu MEF?",
        "apa sih diplomasi keamanan?",
        "apaan tuh TKDN",
        "Diplomasi keamanan itu apa?",
        "Apa yang dimaksud dengan alih teknologi?",
        "Apa kepanjangan KKIP?",
        "What is security diplomacy?",
        "define deterrent effect",
        "What does MEF stand for?",
    ],
    Kind.COMPARISON: [
        "Apa bedanya MEF dan OEF?",
        "perbedaan diplomasi keamanan dan pertahanan",
        "bandingkan Turki dengan Korea Selatan",
        "How does it differ from defence diplomacy?",
        "MEF vs OEF",
        "Apa saja perbedaan MEF dan OEF?",
    ],
    Kind.WHEN: [
        "Kapan Perjanjian Lombok ditandatangani?",
        "kpn tuh",
        "Tahun berapa MEF dicanangkan?",
        "When was the KAAN contract signed?",
        "In what year was Interpol founded?",
    ],
    Kind.LIST: [
        "Apa saja tujuh program prioritas KKIP?",
        "siapa aja pesertanya",
        "Sebutkan empat kelompok industri",
        "What are the four groups?",
    ],
    Kind.WHY: ["Mengapa target MEF tidak tercapai?", "knp gagal", "Apa alasan Turki?", "Why did it fail?"],
    Kind.HOW_MANY: ["Berapa unit KAAN?", "brp", "Seberapa besar anggarannya?", "How many jets?", "How large is it?"],
    Kind.WHERE: ["Di mana KAAN dibuat?", "dimana pamerannya", "Where was it signed?"],
    Kind.WHO: ["Siapa mitra Pindad?", "Siapakah yang meneken?", "siapa penandatangan perjanjian itu", "Who signed it?"],
    Kind.IDENTITY: ["Siapa Kron?", "siapa itu kron", "Siapa Nicholas D. Kron?", "Who was Alexander Downer?"],
    Kind.HOW: ["Bagaimana MEF diukur?", "gimana caranya", "How does it work?"],
    Kind.OTHER: ["Apakah target tercapai?", "diplomasi keamanan", "", "resep rendang"],
}

INDONESIAN = ["Apa itu MEF?", "kenapa gagal", "Siapa Nicholas Kron?", "apa itu security diplomacy", "gimana kalo Turki"]
ENGLISH = ["What is the MEF?", "why did it fail", "Who is Kron?", "tell me about diplomasi keamanan", "thanks"]


@pytest.mark.parametrize(("question", "kind"), [(one, kind) for kind, several in KINDS.items() for one in several])
def test_kind(question: str, kind: Kind) -> None:
    assert kind_of(f"  {question} \n") is kind
    if kind is not Kind.IDENTITY:  # a name is told by its capitals
        assert kind_of(question.upper()) is kind


@pytest.mark.parametrize("question", INDONESIAN)
def test_indonesian(question: str) -> None:
    assert language_of(question, "en") == "id"


@pytest.mark.parametrize("question", ENGLISH)
def test_english(question: str) -> None:
    assert language_of(question) == "en"


@pytest.mark.parametrize("text", ["MEF", "", "KAAN 2025", "?!"])
def test_a_text_without_function_words_has_the_language_of_the_reader(text: str) -> None:
    assert (language_of(text), language_of(text, "en")) == ("id", "en")


@given(st.text())
def test_any_text_has_a_kind_and_a_language(text: str) -> None:
    assert kind_of(text) in Kind
    assert language_of(text) in {"id", "en"}
