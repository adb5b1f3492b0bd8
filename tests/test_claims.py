"""What a question assumes or asks to be confirmed is checked before it is answered."""

import pytest

from assistant.answering import Assistant
from assistant.claims import Claim, claim_of
from assistant.conversation import Conversation
from assistant.opening import Workplace
from assistant.query_rewriting import rewrite
from index.term_map import TermMap


@pytest.mark.parametrize(
    ("question", "claim", "assumed"),
    [
        ("Benarkah Indonesia membeli tank dari Turki?", "Indonesia membeli tank dari Turki", False),
        ("apa bener indonesia beli tank dari turki?", "Indonesia beli tank dari turki", False),
        (
            "Apa benar tidak ada perjanjian pertahanan dengan Turki?",
            "Tidak ada perjanjian pertahanan dengan Turki",
            False,
        ),
        ("Benarkah anggapan bahwa TNI menguasai Pindad?", "TNI menguasai Pindad", False),
        ("Benarkah Indonesia membeli tank Turki? Apa untungnya?", "Indonesia membeli tank Turki", False),
        ("Apakah benar bahwa PT Pindad membuat tank?", "PT Pindad membuat tank", False),
        ("Apakah Indonesia mengakui klaim itu?", "Indonesia mengakui klaim itu", False),
        ("Is it true that Indonesia bought Turkish tanks?", "Indonesia bought Turkish tanks", False),
        ("Kenapa Indonesia membatalkan perjanjian pada 2015?", "Indonesia membatalkan perjanjian pada 2015", True),
        ("Kenapa sih Indonesia menolak klaim Tiongkok?", "Indonesia menolak klaim Tiongkok", True),
        ("Why did Indonesia reject the Chinese claim?", "Indonesia reject the Chinese claim", True),
    ],
)
def test_a_statement_is_found_in_its_question(question: str, claim: str, *, assumed: bool) -> None:
    assert claim_of(rewrite(question, Conversation(), TermMap([]))) == Claim(claim, assumed=assumed)


@pytest.mark.parametrize(
    "question",
    [
        "Apa itu MEF?",
        "Kapan MEF dimulai?",
        "Apakah yang dimaksud dengan diplomasi keamanan?",
        "Apakah Indonesia membeli tank atau membuat sendiri?",
        "Apakah tujuan diplomasi pertahanan Indonesia?",
        "Apakah yang menyebabkan sengketa itu?",
        "Apakah Anda tahu tentang perjanjian itu?",
        "Benarkah apa yang dikatakan Kron tentang itu?",
        "Kenapa begitu?",
        "Benarkah?",
        "Siapa mitra Pindad untuk tank Harimau?",
    ],
)
def test_what_states_nothing_is_left_alone(question: str) -> None:
    assert claim_of(rewrite(question, Conversation(), TermMap([]))) is None


@pytest.fixture
def assistant(workplace: Workplace) -> Assistant:
    return workplace.assistant()


def test_what_is_asked_gets_a_verdict_with_the_sentence_that_was_compared(assistant: Assistant) -> None:
    answer = assistant.answer("Benarkah tank Harimau dikembangkan bersama FNSS dari Turki?")
    assert answer.claim is not None
    assert not answer.claim.assumed
    assert answer.claim.citation is not None
    document = assistant.library.document(answer.claim.citation.document_id)
    assert document.text[answer.claim.citation.start : answer.claim.citation.end] == answer.claim.citation.quote


def test_a_year_that_no_source_holds_is_said_whatever_else_is_answered(assistant: Assistant) -> None:
    answer = assistant.answer("Kenapa tank Harimau dikembangkan bersama Turki pada 1873?")
    assert answer.claim is not None
    assert (answer.claim.assumed, answer.claim.verdict) == (True, "unsupported")


def test_a_true_assumption_is_not_talked_about(assistant: Assistant) -> None:
    sentence = assistant.answer("Siapa mitra Pindad untuk tank Harimau?").sentences[0].text.rstrip(".")
    assert assistant.answer(f"Kenapa {sentence}?").claim is None
