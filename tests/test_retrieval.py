"""From a query to passages: exact slices, at most k, the keywords heard, and nothing for nothing."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from assistant.answering import Assistant
from index.keyword_search import KeywordIndex
from index.retrieval import HybridRetriever, RetrievalSettings
from index.term_map import TermMap
from index.vector_store import VectorStore
from tests.small_index import SmallIndex, small_index

TEXT = (
    "Laut itu luas dan dalam. Kapal selam menjaga laut — kita. Nelayan pulang pada pagi hari. "
    "Tank Harimau 🐯 melintasi padang. Pesawat KF-21 terbang tinggi sekali. Güvenlik itu berarti keamanan juga."
)


@contextmanager
def retriever_over(index: SmallIndex, **chosen: float) -> Iterator[HybridRetriever]:
    with closing(VectorStore(index.folder.vectors)) as vectors:
        yield HybridRetriever(
            index.library,
            index.embedder,
            vectors=vectors,
            keywords=KeywordIndex(index.folder.keywords, TermMap([])),
            settings=RetrievalSettings.model_validate(chosen),
        )


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallIndex]:
    with small_index(tmp_path_factory.mktemp("home")) as opened:
        opened.put("Bacaan", TEXT)
        opened.put("Lain", "Diplomasi keamanan menjaga kepentingan negara. Industri pertahanan tumbuh dengan cepat.")
        opened.update()
        yield opened


@pytest.fixture(scope="module")
def retriever(index: SmallIndex) -> Iterator[HybridRetriever]:
    with retriever_over(index) as opened:
        yield opened


def test_the_passage_with_the_words_comes_first(retriever: HybridRetriever) -> None:
    best = retriever.retrieve("kapal selam menjaga laut", 3)[0]
    assert best.text == "Kapal selam menjaga laut — kita."
    assert best.document.title == "Bacaan"
    assert 0 < best.dense <= best.score


@settings(max_examples=25, deadline=None)
@given(query=st.text(max_size=15) | st.sampled_from(TEXT.split()), k=st.integers(1, 12))
def test_at_most_k_exact_slices_best_first(retriever: HybridRetriever, query: str, k: int) -> None:
    found = retriever.retrieve(query, k)
    assert len(found) == (min(k, 8) if query.strip() else 0)
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)
    assert len({each.passage.id for each in found}) == len(found)
    for each in found:
        assert each.passage.document_id == each.document.id
        assert each.text == each.document.text[each.passage.start : each.passage.end]
        assert each.text.strip()
        assert each.document == retriever.library.document(each.document.id)


@pytest.mark.parametrize("query", ["", " ", "\n\t\u3000"])
def test_a_blank_query_finds_nothing_and_asks_no_model(index: SmallIndex, query: str) -> None:
    asked = len(index.embedder.queries)
    with retriever_over(index) as retriever:
        assert retriever.retrieve(query, 5) == []
    assert len(index.embedder.queries) == asked


@pytest.mark.parametrize("query", ["apa itu?", "???", "🐯", "dan"])
def test_a_query_without_a_content_word_is_answered_by_the_vectors(retriever: HybridRetriever, query: str) -> None:
    assert len(retriever.retrieve(query, 3)) == 3


def test_an_empty_index_finds_nothing(tmp_path: Path) -> None:
    with small_index(tmp_path) as empty:
        empty.update()
        with retriever_over(empty) as retriever:
            assert retriever.retrieve("laut", 5) == []


def test_more_candidates_than_passages(index: SmallIndex) -> None:
    with retriever_over(index, candidates=1000) as retriever:
        assert len(retriever.retrieve("laut", 5)) == 5
        assert len(retriever.retrieve("laut", 500)) == 8


def test_k_may_exceed_the_candidates(index: SmallIndex) -> None:
    with retriever_over(index, candidates=1) as retriever:
        assert len(retriever.retrieve("laut", 4)) == 4


def test_a_passage_that_only_the_keywords_found_says_so(index: SmallIndex) -> None:
    with retriever_over(index, candidates=1, keyword_weight=1) as retriever:
        found = retriever.retrieve("itu juga dan itu juga: KF-21", 1)  # function words weigh in the vector alone
        assert found[0].text == "Pesawat KF-21 terbang tinggi sekali."
        assert found[0].dense == 0.0


def test_without_the_keywords_the_cosine_decides(index: SmallIndex) -> None:
    with retriever_over(index, keyword_weight=0) as retriever:
        found = retriever.retrieve("pesawat KF-21", 8)
        assert [each.score for each in found] == [each.dense for each in found]


def test_a_passage_that_left_the_library_is_not_shown(tmp_path: Path) -> None:
    with small_index(tmp_path) as index:
        index.put("Laut", "Laut itu luas dan dalam.")
        gone = index.put("Darat", "Darat itu kering dan keras.")
        index.update()
        index.library.remove(gone.id)
        with retriever_over(index) as retriever:
            assert [each.document.title for each in retriever.retrieve("darat kering", 5)] == ["Laut"]


@settings(max_examples=25, deadline=None)
@given(query=st.text(max_size=15) | st.sampled_from(TEXT.split()), k=st.integers(1, 12))
def test_within_a_document_no_other_is_found(retriever: HybridRetriever, query: str, k: int) -> None:
    document = retriever.library.find("Lain")
    found = retriever.within({document.id}).retrieve(query, k)
    assert {each.document.id for each in found} <= {document.id}
    assert len(found) == (min(k, 2) if query.strip() else 0), "it has two passages"
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)


def test_within_a_document_the_score_is_what_it_is_everywhere(retriever: HybridRetriever) -> None:
    document = retriever.library.find("Lain")
    query = "diplomasi menjaga negara"
    everywhere = [each for each in retriever.retrieve(query, 50) if each.document.id == document.id]
    within = retriever.within([document.id]).retrieve(query, 50)
    assert [(each.passage.id, each.dense) for each in within] == [(each.passage.id, each.dense) for each in everywhere]


def test_within_no_document_nothing_is_found(retriever: HybridRetriever) -> None:
    assert retriever.within(()).retrieve("laut", 5) == []
    assert retriever.within({"tidak-ada"}).retrieve("laut", 5) == []
    assert retriever.retrieve("laut", 5) != [], "the retriever itself is not narrowed"


@pytest.mark.parametrize("wrong", [{"candidates": 0}, {"keyword_weight": 1.5}, {"keyword_wieght": 0.1}])
def test_settings_are_checked(wrong: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        RetrievalSettings.model_validate(wrong)


def test_the_study_texts_answer_by_their_words(assistant: Assistant) -> None:
    retriever = assistant.open_retriever()
    for query, word in (("Berapa capaian MEF?", "MEF"), ("tank Harimau", "Harimau"), ("fighter jet KAAN", "KAAN")):
        assert any(word in each.text for each in retriever.retrieve(query, 3))
