"""Whether the sources answer: names and numbers that they lack decide, other words of the same thing do not."""

from dataclasses import replace

import pytest

from assistant.abstention import Judgement, judge
from assistant.answering import Assistant
from assistant.query_rewriting import Query
from assistant.question_kinds import kind_of
from assistant.sentence_scoring import Scorer

ANSWERED = [
    "Apa itu MEF?",
    "Kapan Perjanjian Lombok ditandatangani?",
    "Siapa penandatangan Perjanjian Lombok?",
    "Berapa capaian MEF pada 2022?",
    "apa itu kekuatan pokok minimum",
    "Apa bedanya diplomasi keamanan dan diplomasi pertahanan?",
    "What is security diplomacy?",
    "Who signed the Lombok Treaty?",
]

REFUSED = [
    ("Bagaimana cara memasak rendang sapi?", "rendang"),
    ("Berapa capaian MEF pada 1931?", "1931"),
    ("Siapa presiden Vanuatu?", "Vanuatu"),
    ("Kapan Majapahit runtuh?", "Majapahit"),
    ("What is the capital of Paraguay?", "Paraguay"),
    ("Berapa harga beras hari ini?", "beras"),
]


def judged(question: str, assistant: Assistant, k: int = 8) -> Judgement:
    query, retriever = Query(question, kind_of(question)), assistant.open_retriever()
    scored = Scorer(retriever.embedder, retriever.keywords, assistant.terms).score(
        query, retriever.retrieve(question, k)
    )
    identity = retriever.embedder.identity
    return judge(query, scored, keywords=retriever.keywords, terms=assistant.terms, model=identity)


@pytest.mark.parametrize("question", ANSWERED)
def test_what_the_sources_hold_is_answered(question: str, assistant: Assistant) -> None:
    judgement = judged(question, assistant)
    assert judgement.answers, judgement


@pytest.mark.parametrize(("question", "missing"), REFUSED)
def test_what_they_do_not_hold_is_refused_and_the_missing_word_named(
    question: str, missing: str, assistant: Assistant
) -> None:
    judgement = judged(question, assistant)
    assert not judgement.answers, judgement
    assert missing in judgement.missing


@pytest.mark.parametrize("model", ["any", "multilingual-e5-small-q4@0"])
@pytest.mark.parametrize(("year", "answers"), [("2022", True), ("1998", False)])
def test_what_is_told_of_another_year_is_no_answer_however_near(
    year: str, answers: bool, model: str, assistant: Assistant
) -> None:
    question = f"Berapa capaian MEF pada {year}?"
    query, retriever = Query(question, kind_of(question)), assistant.open_retriever()
    scored = Scorer(retriever.embedder, retriever.keywords, assistant.terms).score(
        query, retriever.retrieve(question, 8)
    )
    near = [replace(candidate, cosine=1.0) for candidate in scored]
    judgement = judge(query, near, keywords=retriever.keywords, terms=assistant.terms, model=model)
    assert judgement.answers == answers


def test_another_form_of_a_term_is_not_missing(assistant: Assistant) -> None:
    assert judged("Apa itu kekuatan pokok minimum?", assistant).missing == ()
    assert judged("What did Türkiye sell?", assistant).missing == ()


def test_missing_words_are_written_as_typed(assistant: Assistant) -> None:
    assert judged("Apakah Majapahit membeli jet KAAN?", assistant).missing == ("Majapahit",)


@pytest.mark.parametrize("question", ["apa itu?", "???", "dan yang di", "\u200b", "kenapa?"])
def test_a_question_without_any_word_of_its_own_is_not_answered(question: str, assistant: Assistant) -> None:
    assert not judged(question, assistant).answers


def test_nothing_answers_without_a_context(assistant: Assistant) -> None:
    retriever = assistant.open_retriever()
    query = Query("Apa itu MEF?", kind_of("Apa itu MEF?"))
    judgement = judge(query, [], keywords=retriever.keywords, terms=assistant.terms, model="any")
    assert not judgement.answers
    assert judgement.missing == (), "the sources hold the word, if not here"
