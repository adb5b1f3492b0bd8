"""The answer made of exact sentences: how many, which, and in what order."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.query_rewriting import Query
from assistant.question_kinds import Kind, kind_of
from assistant.quoting import quote_sentences, sides_of
from assistant.sentence_scoring import ScoredSentence, similarity
from assistant.settings import AnsweringSettings
from index.morphology import content_tokens
from index.retrieval import RetrievedPassage
from index.term_map import TermMap
from knowledge.documents import Document, Passage, Sentence
from knowledge.glossary import load_glossary

TERMS = TermMap(load_glossary())
STANDARD = AnsweringSettings()
PLAIN = Query("Bagaimana laut dijaga?", Kind.HOW)
WORDS = "kapal laut pulau armada radar perahu dermaga patroli samudra teluk".split()


def scored(*sentences: tuple[str, float]) -> list[ScoredSentence]:
    """Return sentences of one passage, in its order, with their scores; best first."""
    text, spans = "", []
    for sentence, _ in sentences:
        spans.append(Sentence(len(text), len(text) + len(sentence)))
        text += sentence + " "
    document = Document("Judul", text.strip(), "file:a.txt")
    passage = Passage(document.id, 0, 0, len(document.text), sentences=tuple(spans))
    retrieved = RetrievedPassage(passage, document, 1.0, 1.0)
    found = []
    for span, (sentence, score) in zip(spans, sentences, strict=True):
        stems = frozenset(token.stem for token in content_tokens(sentence))
        found.append(ScoredSentence(retrieved, span, sentence, stems, stems, 0.9, score))
    return sorted(found, key=lambda candidate: -candidate.score)


def quoted(query: Query, candidates: list[ScoredSentence], chosen: AnsweringSettings = STANDARD) -> list[str]:
    return [candidate.text for candidate in quote_sentences(query, candidates, TERMS, chosen)]


def test_the_best_leads_and_far_worse_ones_stay_out() -> None:
    candidates = scored(
        ("Radar menjaga laut.", 0.9), ("Nelayan pulang.", -9.0), ("Kapal berpatroli.", 1.0), ("Hujan turun.", -8.0)
    )
    assert quoted(PLAIN, candidates) == ["Kapal berpatroli.", "Radar menjaga laut."]


def test_a_second_sentence_is_given_even_when_it_is_far_worse() -> None:
    assert len(quoted(PLAIN, scored(("Kapal berpatroli.", 1.0), ("Hujan turun.", -9.0)))) == 2


def test_nothing_is_said_twice() -> None:
    candidates = scored(
        ("Kapal perang berpatroli di laut.", 1.0),
        ("Kapal perang itu berpatroli di laut.", 0.99),
        ("Radar mengawasi pulau.", 0.9),
    )
    assert quoted(PLAIN, candidates) == ["Kapal perang berpatroli di laut.", "Radar mengawasi pulau."]


def test_no_more_sentences_and_words_than_the_settings_allow() -> None:
    candidates = scored(*((f"{word.title()} {'sangat ' * 9}penting.", 1.0) for word in WORDS))
    assert len(quoted(PLAIN, candidates)) == STANDARD.most_sentences
    assert len(quoted(PLAIN, candidates, AnsweringSettings(most_sentences=3))) == 3
    few = quoted(PLAIN, candidates, AnsweringSettings(most_words=30))
    assert len(few) == 2
    assert sum(len(text.split()) for text in few) <= 30


def test_a_single_long_sentence_is_better_than_no_answer() -> None:
    assert len(quoted(PLAIN, scored((f"{'laut ' * 200}.", 1.0)), AnsweringSettings(most_words=30))) == 1


def test_without_candidates_nothing_is_quoted() -> None:
    assert quoted(PLAIN, []) == []


@pytest.mark.parametrize("leaning", ["Kedua target tersebut gagal.", "Hal itu penting.", "Mereka menolak."])
def test_a_sentence_that_points_back_comes_after_what_it_points_at(leaning: str) -> None:
    candidates = scored(("Armada punya dua sasaran.", -0.2), (leaning, 1.0), ("Radar mengawasi pulau.", 0.9))
    assert quoted(PLAIN, candidates)[:2] == ["Armada punya dua sasaran.", leaning]


def test_a_comparison_holds_a_sentence_about_each_side() -> None:
    query = Query("Apa bedanya MEF dan OEF?", Kind.COMPARISON)
    candidates = scored(
        ("MEF dicanangkan pada 2007.", 1.0),
        ("Capaian MEF naik pada 2022.", 0.99),
        ("Realisasi MEF turun sesudahnya.", 0.98),
        ("Target MEF gagal karena pandemi.", 0.97),
        ("Anggaran MEF dipotong.", 0.96),
        ("OEF berlaku sampai 2029.", -5.0),
    )
    assert "OEF berlaku sampai 2029." in quoted(query, candidates)
    assert "OEF berlaku sampai 2029." not in quoted(PLAIN, candidates)


@pytest.mark.parametrize(
    ("question", "sides"),
    [
        ("Apa bedanya MEF dan OEF?", ["MEF", "OEF"]),
        ("Apa bedanya diplomasi keamanan dengan diplomasi pertahanan?", ["diplomasi keamanan", "diplomasi pertahanan"]),
        ("How does the MEF differ from the OEF?", ["MEF", "OEF"]),
        ("Apa bedanya MEF dan rendang?", []),
        ("Apa itu MEF dan OEF?", []),
    ],
)
def test_the_sides_of_a_comparison(question: str, sides: list[str]) -> None:
    assert sides_of(Query(question, kind_of(question)), TERMS) == sides


SENTENCES = st.lists(
    st.tuples(st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(" ".join), st.floats(-3, 3)),
    min_size=1,
    max_size=14,
)


@given(SENTENCES, st.integers(2, 6), st.integers(30, 60))
@settings(deadline=None)
def test_whatever_the_candidates_the_limits_hold(
    sentences: list[tuple[str, float]], most_sentences: int, most_words: int
) -> None:
    candidates = scored(*sentences)
    limits = AnsweringSettings(most_sentences=most_sentences, most_words=most_words)
    chosen = quote_sentences(PLAIN, candidates, TERMS, limits)
    assert 1 <= len(chosen) <= most_sentences
    assert sum(len(one.text.split()) for one in chosen) <= most_words
    assert len({one.place for one in chosen}) == len(chosen)
    assert chosen[0] == candidates[0]
    assert all(one in candidates for one in chosen)
    assert all(similarity(one, other) < 1.0 for one in chosen for other in chosen if one is not other)
