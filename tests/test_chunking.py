"""Passages: the properties that hold for any document, and the choices a reader would make."""

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from knowledge.chunking import MAX_SENTENCE_WORDS, ROOM, ChunkingSettings, split_passages
from knowledge.documents import Document, Heading, Page, Passage
from knowledge.loaders import load

SMALL = ChunkingSettings(target_words=10, min_words=5, max_words=15)


def words(document: Document, passage: Passage) -> int:
    return len(document.text[passage.start : passage.end].split())


def sentence(length: int, name: str = "kata") -> str:
    return " ".join([name.capitalize(), *[name] * (length - 1)]) + "."


def document(*blocks: str) -> Document:
    return load("\n\n".join(blocks).encode(), "file:/x/a.md", suffix=".md")


def texts(found: Document, chosen: ChunkingSettings = SMALL) -> list[str]:
    return [found.text[each.start : each.end] for each in split_passages(found, chosen)]


@st.composite
def documents(draw: st.DrawFn) -> Document:
    blocks = st.one_of(
        st.builds(lambda level, name: "#" * level + " " + name, st.integers(1, 4), st.sampled_from(["Satu", "Dua"])),
        st.lists(st.integers(1, 30).map(sentence), min_size=1, max_size=8).map(" ".join),
        st.lists(st.integers(1, 12).map(sentence), min_size=1, max_size=8).map(
            lambda items: "Daftarnya:\n\n" + "\n".join(f"- {item}" for item in items)
        ),
        st.integers(380, 900).map(sentence),
        st.text(st.characters(exclude_categories=["C"]), max_size=40),
    )
    return load(("Awal.\n\n" + "\n\n".join(draw(st.lists(blocks, max_size=12)))).encode(), "x:a.md", suffix=".md")


@given(documents(), st.sampled_from([SMALL, ChunkingSettings()]))
@settings(deadline=None)
def test_passages_are_ordered_slices_that_hold_everything_outside_headings(
    found: Document, chosen: ChunkingSettings
) -> None:
    passages = split_passages(found, chosen)
    behind = 0
    for ordinal, passage in enumerate(passages):
        assert (passage.ordinal, passage.document_id) == (ordinal, found.id)
        assert behind <= passage.start < passage.end <= len(found.text)
        assert (passage.sentences[0].start, passage.sentences[-1].end) == (passage.start, passage.end)
        for each in passage.sentences:
            assert behind <= each.start < each.end
            assert found.text[each.start : each.end] == found.text[each.start : each.end].strip()
            behind = each.end
    covered = {n for passage in passages for n in range(passage.start, passage.end)}
    in_headings = {n for heading in found.headings for n in range(heading.start, heading.end)}
    assert not covered & in_headings
    assert {n for n, char in enumerate(found.text) if not char.isspace()} <= covered | in_headings
    assert passages == split_passages(found, chosen)


@given(documents())
@settings(deadline=None)
def test_no_passage_is_needlessly_short_or_too_long(found: Document) -> None:
    passages = split_passages(found, SMALL)
    limit = SMALL.max_words * ROOM
    for passage in passages:
        alone = len(passage.sentences) == 1
        assert words(found, passage) <= (MAX_SENTENCE_WORDS if alone else limit)
    for one, two in pairwise(passages):
        divided = any(one.end <= heading.start < two.start for heading in found.headings)
        if min(words(found, one), words(found, two)) < SMALL.min_words and not divided:
            assert words(found, one) + words(found, two) > limit


def test_no_text_no_passages() -> None:
    assert split_passages(Document(title="a", text=" \n", origin="x:a")) == ()
    heading_only = Document(title="a", text="Judul", origin="x:a", headings=(Heading(1, 0, 5),))
    assert split_passages(heading_only) == ()


def test_paragraphs_stay_together() -> None:
    paragraphs = [f"{sentence(4)} {sentence(5)}", f"{sentence(3)} {sentence(6)}", sentence(9)]
    assert texts(document(*paragraphs)) == paragraphs


def test_a_short_last_paragraph_joins_its_neighbour() -> None:
    assert len(texts(document(sentence(14), sentence(4)))) == 1
    assert len(texts(document(sentence(14), sentence(5)))) == 2
    assert len(texts(document(sentence(15), sentence(4)))) == 2  # 19 words would pass 15 * 1.25


def test_a_long_paragraph_is_cut_between_sentences() -> None:
    found = texts(document(" ".join([sentence(5)] * 6)))
    assert [len(text.split()) for text in found] == [15, 15]


def test_a_list_stays_with_its_introduction() -> None:
    found = texts(document(sentence(9), "Tiga hal ini penting:\n\n- satu dua\n- tiga empat\n- lima enam"))
    assert found == [sentence(9), "Tiga hal ini penting:\n\n- satu dua\n- tiga empat\n- lima enam"]


def test_a_table_stays_with_its_introduction() -> None:
    found = texts(document(sentence(9), "Capaian menurut tahun:\n\n| A | B |\n|---|---|\n| 1 | 2 |"))
    assert found[1] == "Capaian menurut tahun:\n\nA | B\n1 | 2"


def test_heading_paths_leave_out_the_title() -> None:
    found = document("Awal.", "# Judul", "Isi.", "## Satu", "Isi.", "### Dalam", "Isi.", "## Dua", "Isi.")
    assert found.title == "Judul"
    assert [each.heading_path for each in split_passages(found, SMALL)] == [
        (), (), ("Satu",), ("Satu", "Dalam"), ("Dua",)
    ]  # fmt: skip


def test_short_sections_stay_apart() -> None:
    assert texts(document("## Satu", "Isi satu.", "## Dua", "Isi dua.")) == ["Isi satu.", "Isi dua."]


def test_pages_are_where_the_passage_begins() -> None:
    text = f"{sentence(9)}\n\n{sentence(9)}\n\n{sentence(9)}"
    pages = (Page("iv", 10), Page("5", len(sentence(9)) + 2))
    found = Document(title="a", text=text, origin="x:a", pages=pages)
    assert [each.page for each in split_passages(found, SMALL)] == [None, "5", "5"]
    assert all(each.page is None for each in split_passages(Document(title="a", text=text, origin="x:a"), SMALL))


def test_a_long_sentence_stands_alone_and_a_longer_one_is_cut() -> None:
    whole = document(sentence(9), sentence(MAX_SENTENCE_WORDS), sentence(9))
    assert [len(text.split()) for text in texts(whole)] == [9, MAX_SENTENCE_WORDS, 9]
    cut = document(sentence(MAX_SENTENCE_WORDS + 1))
    passages = split_passages(cut, ChunkingSettings())
    assert [words(cut, each) for each in passages] == [160, 160, 81]
    assert all(len(each.sentences) == 1 for each in passages)


def test_usual_prose_comes_near_the_target() -> None:
    found = document(*[" ".join([sentence(18), sentence(25)]) for _ in range(40)])
    lengths = [words(found, each) for each in split_passages(found)]
    assert all(80 <= length <= 160 for length in lengths)


def test_an_essay_of_one_line_paragraphs() -> None:
    essay = (
        "Diplomasi keamanan tidak menggantikan diplomasi pertahanan. (Kron, 2015)\n"
        "Berikut daftar kerja sama:\n1. Dukungan KEMHAN RI pada pameran IDEX 2023."
    )
    found = load(essay.encode(), "file:/x/esai.txt", suffix=".txt")
    (passage,) = split_passages(found)
    assert [found.text[each.start : each.end] for each in passage.sentences] == [
        "Diplomasi keamanan tidak menggantikan diplomasi pertahanan. (Kron, 2015)",
        "Berikut daftar kerja sama:",
        "1. Dukungan KEMHAN RI pada pameran IDEX 2023.",
    ]


@pytest.mark.parametrize(
    "bad",
    [{"target_words": 50}, {"max_words": 100}, {"min_words": 0}, {"overlap": 3}, {"target_words": 10, "max_words": 5}],
)
def test_settings_are_checked(bad: dict[str, int]) -> None:
    with pytest.raises(ValidationError, match=re.compile("rise|greater|Extra|permitted")):
        ChunkingSettings(**bad)


def test_settings_are_frozen() -> None:
    with pytest.raises(ValidationError):
        ChunkingSettings().min_words = 3  # type: ignore[misc]
