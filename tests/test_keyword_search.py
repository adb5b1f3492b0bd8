"""Keyword search as a person meets it: the words of the question find the passage, however they are inflected."""

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.keyword_search import KeywordIndex, build_keyword_index, indexed_ids
from index.morphology import tokenize
from index.term_map import TermMap
from knowledge.glossary import Term

TERMS = TermMap(
    [
        Term("alih teknologi", english="technology transfer", abbreviation="ToT"),
        Term("Turki", english="Turkey", spellings=("Türkiye",)),
        Term("kapal selam", english="submarine"),
        Term("bagaimana", english="wherewith"),  # a form of function words alone
    ]
)
PASSAGES = {
    "mef": "Kekuatan pokok minimum (MEF) tercapai 63,19 persen.",
    "kfx": "Jet tempur KF-21 dikembangkan bersama Korea Selatan.",
    "sign": "Penandatanganan naskah berlangsung di Ankara.",
    "coop": "Kerja sama itu saling menguntungkan.",
    "tot": "Pembelian mensyaratkan alih teknologi.",
    "tr": "Indonesia dan Turki membangun tank.",
    "states": "Negara berkembang ikut serta.",
    "safe": "Keamanan kawasan terjaga; kawasan itu luas.",
    "sub": "Kapal selam dibangun di Surabaya.",
    "empty": "Dan yang itu.",
}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> KeywordIndex:
    folder = tmp_path_factory.mktemp("index") / "keywords"
    build_keyword_index(folder, PASSAGES)
    return KeywordIndex(folder, TERMS)


@pytest.mark.parametrize(
    ("query", "passage_id"),
    [
        ("Berapa capaian MEF?", "mef"),
        ("mef", "mef"),
        ("63,19", "mef"),
        ("apa itu KF-21", "kfx"),
        ("kapan ditandatangani?", "sign"),
        ("siapa yang meneken", "sign"),
        ("kerjasama", "coop"),
        ("kerja sama", "coop"),
        ("Türkiye", "tr"),
        ("Turkey", "tr"),
        ("TURKI", "tr"),
        ("negara-negara", "states"),
        ("negaranya", "states"),
        ("keamanannya", "safe"),
        ("technology transfer", "tot"),
        ("What does ToT mean?", "tot"),
        ("Who builds the submarine?", "sub"),
    ],
)
def test_a_question_finds_the_passage(index: KeywordIndex, query: str, passage_id: str) -> None:
    assert index.search(query, 10)[0].passage_id == passage_id


@pytest.mark.parametrize("query", ["", "   ", "?!", "apa itu", "wherewith", "xyzzy", "63,91", "KF-22", "\ud800"])
def test_a_query_without_a_known_word_finds_nothing(index: KeywordIndex, query: str) -> None:
    assert index.search(query, 10) == []


def test_unknown_words_beside_a_known_one_do_no_harm(index: KeywordIndex) -> None:
    assert index.search("xyzzy surabaya", 10) == index.search("surabaya", 10) != []


def test_at_most_k_best_first_and_only_what_shares_a_term(index: KeywordIndex) -> None:
    hits = index.search("kapal selam Turki kawasan keamanan", 10)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert {hit.passage_id for hit in hits} == {"sub", "tr", "safe"}
    assert index.search("kapal selam Turki kawasan keamanan", 2) == hits[:2]


def test_an_exact_form_counts_more_than_another_form_of_the_term(index: KeywordIndex) -> None:
    typed, expanded = index.search("Turki", 1)[0], index.search("Türkiye xyzzy", 1)[0]
    assert typed.passage_id == expanded.passage_id == "tr"
    plain = index.search("alih teknologi", 1)[0].score
    assert 0 < index.search("technology transfer", 1)[0].score < plain


@pytest.mark.parametrize(
    ("word", "held"), [("bangun", 2), ("selam", 1), ("kawasan", 1), ("kerjasama", 1), ("yang", 0), ("xyzzy", 0)]
)
def test_frequency_counts_the_passages_that_hold_a_stem(index: KeywordIndex, word: str, held: int) -> None:
    assert index.frequency(tokenize(word)[0].stem) == held  # "kawasan" stands twice in one passage


def test_rarity_falls_with_the_number_of_passages(index: KeywordIndex) -> None:
    rarities = [index.rarity(held) for held in range(len(PASSAGES) + 1)]
    assert rarities == sorted(rarities, reverse=True)
    assert rarities[0] == pytest.approx(math.log(1 + 2 * len(PASSAGES)))
    assert rarities[-1] == pytest.approx(math.log(2))


# --- within some documents; here each passage is a document of its own


@given(st.sets(st.sampled_from(sorted(PASSAGES))), st.sampled_from(["kerja sama Turki", "kapal selam dibangun", "MEF"]))
def test_within_some_documents_the_others_might_as_well_not_be_there(
    index: KeywordIndex, documents: set[str], query: str
) -> None:
    narrowed = index.within(documents)
    everywhere = index.search(query, len(PASSAGES))
    assert narrowed.search(query, len(PASSAGES)) == [hit for hit in everywhere if hit.passage_id in documents]
    assert index.search(query, len(PASSAGES)) == everywhere, "the index itself is not narrowed"


def test_within_some_documents_words_are_counted_there_alone(index: KeywordIndex) -> None:
    stem = tokenize("bangun")[0].stem
    assert [index.within(documents).frequency(stem) for documents in ({"sub", "tr"}, {"sub", "mef"}, {"mef"}, ())] == [
        2,
        1,
        0,
        0,
    ]
    assert index.within({"sub", "tr"}).rarity(1) == pytest.approx(math.log(3))
    assert index.within(()).rarity(0) > 0


def test_within_all_documents_is_the_whole_index(index: KeywordIndex) -> None:
    whole = index.within(PASSAGES)
    assert whole.search("Turki dan kapal selam", 5) == index.search("Turki dan kapal selam", 5)
    assert whole.rarity(2) == index.rarity(2)


def test_an_empty_index_may_be_narrowed(tmp_path: Path) -> None:
    narrowed = KeywordIndex(tmp_path / "absent", TERMS).within({"mef"})
    assert narrowed.search("MEF", 5) == []
    assert narrowed.frequency("mef") == 0


@pytest.mark.parametrize("passages", [{}, {"a": "dan yang", "b": ""}])
def test_an_index_without_words_answers_nothing(tmp_path: Path, passages: dict[str, str]) -> None:
    build_keyword_index(tmp_path / "keywords", passages)
    index = KeywordIndex(tmp_path / "keywords", TERMS)
    assert index.passage_ids == list(passages)
    assert index.search("kapal selam", 5) == index.search("", 5) == []
    assert index.frequency("kapal") == 0
    assert index.rarity(0) > 0


def test_a_folder_that_is_not_there_is_an_empty_index(tmp_path: Path) -> None:
    assert indexed_ids(tmp_path / "absent") == []
    assert KeywordIndex(tmp_path / "absent", TERMS).search("laut", 5) == []


def test_another_instance_gives_equal_results(tmp_path: Path) -> None:
    build_keyword_index(tmp_path / "keywords", PASSAGES)
    one, other = (KeywordIndex(tmp_path / "keywords", TERMS) for _ in range(2))
    for query in ("kerjasama Türkiye", "KF-21", "keamanan kawasan", "xyzzy"):
        assert one.search(query, 10) == other.search(query, 10)


def test_an_open_index_goes_on_while_it_is_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "keywords"
    build_keyword_index(folder, PASSAGES)
    opened = KeywordIndex(folder, TERMS)
    before = opened.search("kapal selam", 5)
    build_keyword_index(folder, {"new": "Kapal selam lain."})
    assert opened.search("kapal selam", 5) == before
    assert [hit.passage_id for hit in KeywordIndex(folder, TERMS).search("kapal selam", 5)] == ["new"]
    assert [path.name for path in tmp_path.iterdir()] == ["keywords"]


def test_what_a_killed_build_left_is_no_obstacle(tmp_path: Path) -> None:
    for left in ("keywords.partial", "keywords.outdated"):
        (tmp_path / left).mkdir()
        (tmp_path / left / "scrap").write_text("x")
    build_keyword_index(tmp_path / "keywords", PASSAGES)
    assert indexed_ids(tmp_path / "keywords") == list(PASSAGES)
    assert [path.name for path in tmp_path.iterdir()] == ["keywords"]
