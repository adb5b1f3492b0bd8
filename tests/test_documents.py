"""Identity and pages: an id changes exactly when what it stands for does."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from knowledge.chunking import ChunkingSettings, split_passages
from knowledge.documents import Document, Page, Passage, content_id, passage_id

WORDS = st.lists(st.sampled_from("laut kapal. udara\n\n é 2015 TNI.".split(" ")), min_size=1, max_size=30).map(" ".join)
OWN_ID = "0123456789abcdef"
ONE_SENTENCE = ChunkingSettings(target_words=4, min_words=1, max_words=5)


def passage_ids(document: Document) -> list[str]:
    return [passage.id for passage in split_passages(document, ONE_SENTENCE)]


@given(title=WORDS, text=WORDS, other_title=WORDS, other_text=WORDS, own_id=st.sampled_from(["", OWN_ID]))
def test_passages_have_other_ids_exactly_when_text_or_title_change(
    title: str, text: str, other_title: str, other_text: str, own_id: str
) -> None:
    document = Document(title=title, text=text, origin="file:/a", id=own_id)
    changed = Document(title=other_title, text=other_text, origin="file:/a", id=own_id)
    if (title, text) == (other_title, other_text):
        assert passage_ids(document) == passage_ids(changed)
    else:
        assert not set(passage_ids(document)) & set(passage_ids(changed))


@given(title=WORDS, text=WORDS, own_id=st.sampled_from(["", OWN_ID]))
def test_no_other_field_changes_an_id(title: str, text: str, own_id: str) -> None:
    document = Document(title=title, text=text, origin="file:/a", id=own_id)
    edited = replace(
        document, origin="file:/b", authors=("Ana",), date="2024", url="https://contoh.id", group="konsep", slug="s"
    )
    assert (edited.id, edited.version, edited.digest) == (document.id, document.version, document.digest)
    assert passage_ids(edited) == passage_ids(document)


@given(st.text(), st.text(), st.text(), st.text())
def test_an_id_stands_for_title_and_text_each(title: str, text: str, other_title: str, other_text: str) -> None:
    one, other = Document(title=title, text=text, origin="a"), Document(title=other_title, text=other_text, origin="b")
    assert (one.id == other.id) == ((title, text) == (other_title, other_text))
    assert (one.digest == other.digest) == (text == other_text)


def test_an_id_from_the_content_needs_no_version() -> None:
    document = Document(title="Laut", text="Isi.", origin="file:/a")
    assert (document.id, document.version) == (content_id("Laut", "Isi."), "")
    own = replace(document, id=OWN_ID)
    assert own.id == OWN_ID
    assert own.version
    assert document.id.startswith(own.version)


def test_the_id_of_a_passage_is_told_by_its_parts() -> None:
    for version in ("", "89abcdef"):
        passage = Passage(OWN_ID, 0, 10, 20, version=version)
        assert passage.id == passage_id(OWN_ID, 10, 20, version)
    assert passage_id(OWN_ID, 10, 20, "") == f"{OWN_ID}-10-20"
    assert passage_id(OWN_ID, 10, 20, "89abcdef") == f"{OWN_ID}-10-20-89abcdef"


@given(st.lists(st.integers(0, 30), max_size=8).map(sorted), st.integers(0, 40))
def test_a_place_is_on_the_last_page_that_starts_before_it(starts: list[int], offset: int) -> None:
    pages = tuple(Page(str(number), start, number) for number, start in enumerate(starts, start=1))
    document = Document(title="a", text="x" * 41, origin="file:/a", pages=pages)
    before = [page for page in pages if page.start <= offset]
    assert document.page_at(offset) == (before[-1] if before else None)


def test_a_page_that_starts_again_is_found_again() -> None:
    pages = (Page("1", 0, 1), Page("2", 10, 2), Page("1", 20, 1), Page("2", 25, 2))
    document = Document(title="a", text="x" * 30, origin="file:/a", pages=pages)
    labels = "".join(page.label if (page := document.page_at(offset)) else "-" for offset in range(30))
    assert labels == "1" * 10 + "2" * 10 + "1" * 5 + "2" * 5


def test_no_pages_no_page() -> None:
    assert Document(title="a", text="x", origin="file:/a").page_at(0) is None
