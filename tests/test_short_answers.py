"""The short answer: exact words of a leading quote, whole, and only when the reader is sure."""

from dataclasses import replace

import pytest

from assistant.answering import Assistant
from assistant.query_rewriting import Query
from assistant.question_kinds import Kind
from assistant.sentence_scoring import ScoredSentence, Scorer
from assistant.short_answers import ODDS, SURETY, ShortAnswer, short_answer
from index.reader import Found

QUESTION = "Berapa bobot tank Harimau?"


@pytest.fixture
def quoted(assistant: Assistant) -> list[ScoredSentence]:
    """Three sentences of the library that say something, none of them read."""
    retriever = assistant.open_retriever()
    context = retriever.retrieve(QUESTION, 8)
    scored = Scorer(retriever.embedder, retriever.keywords, assistant.terms).score(
        Query(QUESTION, Kind.HOW_MANY), context
    )
    return [each for each in scored if len(each.text.split()) > 8][:3]


def found(candidate: ScoredSentence, start: int, end: int, *, odds: float = 0.0, surety: float = 0.0) -> ScoredSentence:
    """The sentence with a span of its characters as the reader gives it, as sure as need be and some more."""
    begin = candidate.sentence.start - candidate.retrieved.passage.start
    return replace(candidate, found=Found(ODDS + odds, begin + start, begin + end, SURETY + surety))


def test_it_is_widened_to_whole_words_and_loses_marks_at_its_ends(quoted: list[ScoredSentence]) -> None:
    text = quoted[0].text
    first, second = text.index(" ") + 1, text.index(" ", text.index(" ") + 1)
    inside = found(quoted[0], first + 1, second - 1)
    assert short_answer(Kind.HOW_MANY, [inside]) == ShortAnswer(text[first:second].strip(" ,.;:"), 1)
    spaced = found(quoted[0], first - 1, second + 1)
    assert short_answer(Kind.HOW_MANY, [spaced]) == ShortAnswer(text[first:second].strip(" ,.;:"), 1)


def test_the_surer_of_the_leading_sentences_gives_it(quoted: list[ScoredSentence]) -> None:
    each = [found(quoted[0], 0, 4, surety=1), found(quoted[1], 0, 4, surety=2), found(quoted[2], 0, 4, surety=3)]
    chosen = short_answer(Kind.HOW_MANY, each)
    assert chosen is not None
    assert chosen.n == 2


def test_there_is_none_that_is_not_sure_or_not_short_or_not_wanted(quoted: list[ScoredSentence]) -> None:
    sure = found(quoted[0], 0, 4)
    assert short_answer(Kind.HOW_MANY, [sure]) is not None
    assert short_answer(Kind.LIST, [sure]) is None
    assert short_answer(Kind.HOW_MANY, quoted) is None
    assert short_answer(Kind.HOW_MANY, []) is None
    assert short_answer(Kind.HOW_MANY, [found(quoted[0], 0, 4, surety=-0.1)]) is None
    assert short_answer(Kind.HOW_MANY, [found(quoted[0], 0, 4, odds=-0.1)]) is None
    assert short_answer(Kind.HOW_MANY, [found(quoted[0], 0, len(quoted[0].text))]) is None
    assert short_answer(Kind.HOW_MANY, [found(quoted[0], 4, 4)]) is None
