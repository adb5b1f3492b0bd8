"""The short answer: exact words of a leading quote, whole, and only when the reader is sure."""

from dataclasses import replace

import pytest

from assistant.answering import Assistant
from assistant.query_rewriting import Query
from assistant.question_kinds import Kind
from assistant.sentence_scoring import ScoredSentence, Scorer
from assistant.short_answers import ODDS, SURETY, ShortAnswer, short_answer
from index.reader import Found
from knowledge.documents import Sentence

QUESTION = "Berapa bobot tank Harimau?"

WEIGHT = Query(QUESTION, Kind.OTHER)


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
    assert short_answer(WEIGHT, [inside]) == ShortAnswer(text[first:second].strip(" ,.;:"), 1)
    spaced = found(quoted[0], first - 1, second + 1)
    assert short_answer(WEIGHT, [spaced]) == ShortAnswer(text[first:second].strip(" ,.;:"), 1)


def test_the_surer_of_the_leading_sentences_gives_it(quoted: list[ScoredSentence]) -> None:
    each = [found(quoted[0], 0, 4, surety=1), found(quoted[1], 0, 4, surety=2), found(quoted[2], 0, 4, surety=3)]
    chosen = short_answer(WEIGHT, each)
    assert chosen is not None
    assert chosen.n == 2


def test_there_is_none_that_is_not_sure_or_not_short_or_not_wanted(quoted: list[ScoredSentence]) -> None:
    sure = found(quoted[0], 0, 4)
    assert short_answer(WEIGHT, [sure]) is not None
    assert short_answer(Query("Apa saja?", Kind.LIST), [sure]) is None
    assert short_answer(WEIGHT, quoted) is None
    assert short_answer(WEIGHT, []) is None
    assert short_answer(WEIGHT, [found(quoted[0], 0, 4, surety=-0.1)]) is None
    assert short_answer(WEIGHT, [found(quoted[0], 0, 4, odds=-0.1)]) is None
    assert short_answer(WEIGHT, [found(quoted[0], 0, len(quoted[0].text))]) is None
    assert short_answer(WEIGHT, [found(quoted[0], 4, 4)]) is None


@pytest.mark.parametrize(
    ("text", "kind", "words", "given"),
    [
        ("Berapa bobotnya?", Kind.HOW_MANY, "30 ton", True),
        ("Berapa bobotnya?", Kind.HOW_MANY, "buatan Pindad", False),
        ("Berapa bobotnya?", Kind.HOW_MANY, "12 Mei 2018", False),
        ("Kapan diuji?", Kind.WHEN, "12 Mei 2018", True),
        ("Kapan diuji?", Kind.WHEN, "di Bandung", False),
        ("Kapan diuji, dan di mana?", Kind.WHEN, "12 Mei 2018", False),
        ("Kapan dan di mana diuji?", Kind.WHEN, "12 Mei 2018", False),
        ("When was it tested, and where?", Kind.WHEN, "12 Mei 2018", False),
    ],
)
def test_it_holds_what_was_asked_for_and_leaves_nothing_out(
    text: str, kind: Kind, words: str, *, given: bool, quoted: list[ScoredSentence]
) -> None:
    sentence = f"Tank itu {words} menurut laporan yang terbit kemudian."
    document = replace(quoted[0].retrieved.document, text=sentence)
    passage = replace(quoted[0].retrieved.passage, start=0, end=len(sentence))
    span = Found(ODDS, sentence.index(words), sentence.index(words) + len(words), SURETY)
    candidate = replace(
        quoted[0],
        retrieved=replace(quoted[0].retrieved, document=document, passage=passage),
        sentence=Sentence(0, len(sentence)),
        text=sentence,
        found=span,
    )
    assert bool(short_answer(Query(text, kind), [candidate])) is given
