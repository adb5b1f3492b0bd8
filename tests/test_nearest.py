"""An abstention helps further: why the nearest passages do not answer, and what the sources do answer."""

import pytest

from assistant.answering import Assistant
from assistant.opening import Workplace
from assistant.rendering import render_answer, why_not
from tests.markup_reader import Reader

UNANSWERED = "Bagaimana cara memasak rendang sapi?"


@pytest.fixture
def assistant(workplace: Workplace) -> Assistant:
    return workplace.assistant()


def test_each_nearest_passage_says_what_it_lacks(assistant: Assistant) -> None:
    answer = assistant.answer(UNANSWERED)
    assert answer.abstained
    assert all({"cara", "memasak", "rendang", "sapi"} >= set(passage.missing) for passage in answer.passages)
    assert any(passage.missing for passage in answer.passages)
    for passage in answer.passages:
        for word in passage.missing:
            assert word not in passage.text.lower()
        assert why_not(passage, "id") in Reader(render_answer(answer, "id")).text


def test_suggested_questions_are_answered(assistant: Assistant) -> None:
    for question in (UNANSWERED, "Berapa harga satu tank Harimau dalam dolar pada 1999?"):
        answer = assistant.answer(question)
        for suggested in answer.suggestions:
            assert not assistant.answer(suggested).abstained
