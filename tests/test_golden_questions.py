"""The golden questions: apart, over all texts, of every kind, and answerable by the texts as they stand."""

import re
from collections import Counter
from pathlib import Path

import pytest

from assistant.evaluation import UNANSWERABLE, load_questions
from assistant.evaluation import TestQuestion as Question
from knowledge.collection import Collection, read_collection
from knowledge.study_texts import study_text_folder

DATA = Path(__file__).parent / "data"
KINDS = {"fakta", "definisi", "daftar", "perbandingan", "sebab", "lanjutan", UNANSWERABLE}
HALVES = ("questions_dev.jsonl", "questions_test.jsonl")


@pytest.fixture(scope="module")
def collection() -> Collection:
    return read_collection(study_text_folder())


@pytest.fixture(scope="module")
def halves() -> list[list[Question]]:
    return [load_questions(DATA / name) for name in HALVES]


def test_the_collection_is_as_large_as_promised(collection: Collection) -> None:
    cited = [sentence for text in collection.texts for sentence in text.sentences if sentence.keys]
    assert len(collection.texts) == 49
    assert len(cited) >= 900
    assert len({key for sentence in cited for key in sentence.keys}) >= 350


def test_no_question_is_in_both_halves(halves: list[list[Question]]) -> None:
    every = [question for half in halves for question in half]
    assert len({question.id for question in every}) == len(every)
    assert not {question.question for question in halves[0]} & {
        question.question for question in halves[1] if question.context is None
    }


def test_each_half_asks_of_every_text_and_in_every_kind(halves: list[list[Question]], collection: Collection) -> None:
    for half in halves:
        assert len(half) >= 250
        assert {question.topic for question in half} >= collection.slugs
        assert {question.kind for question in half} == KINDS


def test_about_a_fifth_is_in_english(halves: list[list[Question]]) -> None:
    languages = Counter(question.lang for half in halves for question in half)
    assert languages["en"] / languages.total() == pytest.approx(0.2, abs=0.02)


def test_what_an_answer_must_hold_stands_in_the_texts(halves: list[list[Question]], collection: Collection) -> None:
    whole = _folded(" ".join(text.document.text for text in collection.texts))
    lost = [
        (question.id, group)
        for half in halves
        for question in half
        for group in question.must
        if not any(_folded(alternative) in whole for alternative in group)
    ]
    assert lost == []


def _folded(text: str) -> str:
    return re.sub(r"\s+", " ", text).casefold()
