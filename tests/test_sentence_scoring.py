"""Every sentence of the context is scored, and those that hold what was asked come first."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest

from assistant.answering import Assistant
from assistant.query_rewriting import Query
from assistant.question_kinds import kind_of
from assistant.sentence_scoring import FIRST_READ, SURE, ScoredSentence, Scorer, similarity
from index.reader import Found, Reading, Verdict
from index.retrieval import HybridRetriever, RetrievedPassage
from knowledge.documents import Document, Passage, Sentence

# A question, and words that only the sentence holds which should come first.
DIRECT = [
    ("Berapa capaian MEF pada 2022?", "63,48 persen"),
    ("Siapa penandatangan Perjanjian Lombok?", "Hassan Wirajuda"),
    ("Apa bedanya diplomasi keamanan dan diplomasi pertahanan?", "lebih luas daripada diplomasi pertahanan"),
    ("Berapa bobot tank Harimau?", "30 ton"),
]


def score(question: str, assistant: Assistant) -> tuple[list[RetrievedPassage], list[ScoredSentence]]:
    retriever = assistant.open_retriever()
    context = retriever.retrieve(question, 8)
    return context, Scorer(retriever.embedder, retriever.keywords, assistant.terms).score(_query(question), context)


def _query(question: str) -> Query:
    return Query(question, kind_of(question))


@pytest.mark.parametrize(("question", "words"), DIRECT)
def test_a_direct_answer_is_among_the_first(question: str, words: str, assistant: Assistant) -> None:
    _, scored = score(question, assistant)
    assert any(words in candidate.text for candidate in scored[:3]), [candidate.text for candidate in scored[:3]]


def test_every_sentence_of_the_context_is_scored_once_best_first(assistant: Assistant) -> None:
    context, scored = score("Apa itu Perjanjian Lombok?", assistant)
    places = [
        (retrieved.passage.id, sentence.start) for retrieved in context for sentence in retrieved.passage.sentences
    ]
    assert sorted(candidate.place for candidate in scored) == sorted(places)
    assert [one.score for one in scored] == sorted((one.score for one in scored), reverse=True)
    for candidate in scored:
        document = candidate.retrieved.document
        assert candidate.text == document.text[candidate.sentence.start : candidate.sentence.end]
        assert -1.001 <= candidate.cosine <= 1.001


def test_the_same_question_gets_the_same_scores(assistant: Assistant) -> None:
    assert score("Apa itu MEF?", assistant) == score("Apa itu MEF?", assistant)


def test_without_context_nothing_is_scored(assistant: Assistant) -> None:
    retriever: HybridRetriever = assistant.open_retriever()
    assert Scorer(retriever.embedder, retriever.keywords, assistant.terms).score(_query("MEF?"), []) == []


def test_one_sentence_alone_can_be_scored(assistant: Assistant) -> None:
    """A context of one sentence has no spread of cosines."""
    text = "Rudal Kilat Biru diuji."
    document = Document("Catatan", text, "file:catatan.txt")
    passage = Passage(document.id, 0, 0, len(text), sentences=(Sentence(0, len(text)),))
    retriever = assistant.open_retriever()
    scorer = Scorer(retriever.embedder, retriever.keywords, assistant.terms)
    (only,) = scorer.score(_query("rudal"), [RetrievedPassage(passage, document, 0.5, 0.5)])
    assert only.text == text


def test_similarity_is_the_shared_part_of_two_sentences(assistant: Assistant) -> None:
    _, scored = score("Apa itu MEF?", assistant)
    one, other = scored[0], next(found for found in scored if not found.stems & scored[0].stems or found.stems)
    assert similarity(one, one) == 1.0
    assert similarity(one, other) == similarity(other, one)
    assert all(0.0 <= similarity(one, found) <= 1.0 for found in scored)


def test_a_sentence_that_only_points_elsewhere_comes_after_what_tells_it(assistant: Assistant) -> None:
    sentences = (
        "Target dan realisasi MEF 2019–2024 ada dalam tabel berikut.",
        "Realisasi MEF pada 2022 mencapai 63 persen.",
    )
    text = " ".join(sentences)
    document = Document("Target dan realisasi MEF", text, "file:catatan.txt")
    spans = (Sentence(0, len(sentences[0])), Sentence(len(sentences[0]) + 1, len(text)))
    passage = Passage(document.id, 0, 0, len(text), sentences=spans)
    retriever = assistant.open_retriever()
    scorer = Scorer(retriever.embedder, retriever.keywords, assistant.terms)
    query = _query("Berapa target dan realisasi MEF 2019–2024?")
    ranked = scorer.score(query, [RetrievedPassage(passage, document, 0.5, 0.5)])
    assert [candidate.text for candidate in ranked] == [sentences[1], sentences[0]]


@dataclass
class SteadyReader:
    """A reader that gives every sentence the same log-odds and remembers how many passages it has read."""

    odds: float
    passages: int = 0

    def read(self, question: str, readings: Sequence[Reading]) -> list[list[Found]]:
        """Find the same everywhere."""
        del question
        self.passages += len(readings)
        return [[Found(self.odds) for _ in reading.sentences] for reading in readings]

    def check(self, pairs: Sequence[tuple[str, str]]) -> list[Verdict]:
        """Tell nothing."""
        return [Verdict(0.0, 1.0, 0.0) for _ in pairs]


@pytest.mark.parametrize(
    ("question", "odds", "read"),
    [
        ("Berapa bobot tank Harimau?", SURE + 1, FIRST_READ),
        ("Berapa bobot tank Harimau?", SURE - 1, 12),
        ("Apa saja program prioritas KKIP?", SURE + 1, 12),
        ("Apa bedanya diplomasi keamanan dan diplomasi pertahanan?", SURE + 1, 12),
    ],
)
def test_reading_stops_early_only_for_a_sure_answer_in_one_sentence(
    question: str, odds: float, read: int, assistant: Assistant
) -> None:
    retriever = assistant.open_retriever()
    context = [each for each in retriever.retrieve(question, 20) if each.document.questions][:12]
    reader = SteadyReader(odds)
    scored = Scorer(retriever.embedder, retriever.keywords, assistant.terms, reader).score(_query(question), context)
    assert (len(context), reader.passages) == (12, read)
    assert {candidate.retrieved.passage.id for candidate in scored} == {each.passage.id for each in context[:read]}


def test_texts_without_anticipated_questions_are_always_read(assistant: Assistant) -> None:
    retriever = assistant.open_retriever()
    question = "Berapa bobot tank Harimau?"
    context = retriever.retrieve(question, 9)
    own = [replace(each, document=replace(each.document, questions=())) for each in context]
    reader = SteadyReader(SURE + 1)
    Scorer(retriever.embedder, retriever.keywords, assistant.terms, reader).score(_query(question), own)
    assert reader.passages == len(own) > FIRST_READ
