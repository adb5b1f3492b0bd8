"""The term map finds terms by any form, longest first, and gives the other forms."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.term_map import TermMap
from knowledge.glossary import Term

INDUSTRY = Term(
    "industri pertahanan", english="defence industry", abbreviation="indhan", spellings=("defense industry",)
)
DEFENCE = Term("pertahanan", english="defence")
TURKEY = Term("Turki", english="Turkey", spellings=("Türkiye",), kind="country")
TERMS = TermMap([INDUSTRY, DEFENCE, TURKEY])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Apa itu industri pertahanan?", [("industri pertahanan", INDUSTRY)]),
        ("INDHAN", [("INDHAN", INDUSTRY)]),
        ("the Defence Industry of Türkiye", [("Defence Industry", INDUSTRY), ("Türkiye", TURKEY)]),
        ("pertahanan Turki", [("pertahanan", DEFENCE), ("Turki", TURKEY)]),
        ("pertahanannya", [("pertahanannya", DEFENCE)]),
        ("industri", []),
        ("industri yang pertahanan", [("pertahanan", DEFENCE)]),
        ("", []),
        ("?!", []),
    ],
)
def test_terms_of_a_text(text: str, found: list[tuple[str, Term]]) -> None:
    assert [(text[match.start : match.end], match.term) for match in TERMS.find(text)] == found


def test_expansions_are_the_forms_that_do_not_stand_there() -> None:
    assert TERMS.expansions("defence industry") == ["industri pertahanan", "indhan", "defense industry"]
    assert TERMS.expansions("Turkey dan Turki") == ["Türkiye"]
    assert TERMS.expansions("kapal") == []


def test_a_form_belongs_to_the_first_term_that_has_it() -> None:
    first, second = Term("satu", english="one"), Term("dua", english="one")
    assert [match.term for match in TermMap([first, second]).find("one")] == [first]


def test_without_terms_nothing_is_found() -> None:
    empty = TermMap([Term("?")])
    assert empty.find("apa saja") == []
    assert empty.expansions("apa saja") == []


@given(st.lists(st.sampled_from(["industri", "pertahanan", "Turki", "defence", "dan", ",", "indhan"]), max_size=12))
def test_matches_do_not_overlap_and_come_in_order(words: list[str]) -> None:
    text, end = " ".join(words), 0
    for match in TERMS.find(text):
        assert end <= match.start < match.end <= len(text)
        end = match.end
