"""The library gives back exactly what was put, replaces whole documents, and loses nothing to a kill."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.documents import Document, Heading, Mention, Page, Passage, Reference, Sentence
from knowledge.errors import UnknownDocument
from knowledge.library import Library
from knowledge.store import open_store, sqlite_url

ROOT = Path(__file__).parents[1]
LIGHT = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

WORDS = st.text(max_size=20)
TUPLES = st.lists(WORDS, max_size=3).map(tuple)
OFFSETS = st.integers(0, 10**6)
DOCUMENTS = st.builds(
    Document,
    title=WORDS,
    text=st.text(max_size=200),
    origin=st.text(max_size=30).map("file:".__add__),
    slug=WORDS,
    group=WORDS,
    language=WORDS,
    authors=TUPLES,
    date=WORDS,
    licence=WORDS,
    abstract=WORDS,
    keywords=TUPLES,
    related=TUPLES,
    headings=st.lists(st.builds(Heading, st.integers(1, 6), OFFSETS, OFFSETS), max_size=3).map(tuple),
    mentions=st.lists(st.builds(Mention, OFFSETS, TUPLES), max_size=3).map(tuple),
    pages=st.lists(st.builds(Page, WORDS, OFFSETS), max_size=3).map(tuple),
)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = Library(open_store(sqlite_url(tmp_path / "tanya.sqlite3")))
    yield library
    library.engine.dispose()


def passages_of(
    document: Document, count: int, *, path: tuple[str, ...] = (), page: str | None = None
) -> list[Passage]:
    """Passages of ten code points with two sentences each; the text need not be that long."""
    return [
        Passage(
            document_id=document.id,
            ordinal=number,
            start=10 * number,
            end=10 * number + 10,
            heading_path=path,
            page=page,
            sentences=(Sentence(10 * number, 10 * number + 4), Sentence(10 * number + 5, 10 * number + 10)),
        )
        for number in range(count)
    ]


def content(library: Library) -> dict[str, tuple[Document, tuple[Passage, ...], str]]:
    """Everything that is in a library, by document id."""
    return {
        document_id: (library.document(document_id), library.passages(document_id), fingerprint)
        for document_id, fingerprint in library.fingerprints().values()
    }


def make(title: str, text: str = "Laut.", **fields: str) -> Document:
    return Document(title=title, text=text, **({"origin": f"file:/{title}"} | fields))  # type: ignore[arg-type]


@LIGHT
@given(document=DOCUMENTS, count=st.integers(0, 5), path=TUPLES, page=st.none() | WORDS)
def test_a_document_comes_back_equal(
    library: Library, document: Document, count: int, path: tuple[str, ...], page: str | None
) -> None:
    passages = passages_of(document, count, path=path, page=page)
    for _ in range(2):  # the second time changes nothing
        library.put(document, iter(passages), fingerprint="f")
        fresh = Library(library.engine)  # nothing remembered
        assert fresh.document(document.id) == document
        assert fresh.passages(document.id) == tuple(passages)
        assert fresh.fingerprints()[document.origin] == (document.id, "f")


@LIGHT
@given(documents=st.lists(DOCUMENTS, min_size=1, max_size=4, unique_by=(lambda d: d.id, lambda d: d.origin)))
def test_removing_one_removes_exactly_its_own(library: Library, documents: list[Document]) -> None:
    for document in documents:
        library.put(document, passages_of(document, 2), fingerprint="f")
    before = content(library)
    library.remove(documents[0].id)
    gone = documents[0].id
    assert content(library) == {key: value for key, value in before.items() if key != gone}
    assert not any(passage_id.startswith(gone) for passage_id in library.passage_ids())
    assert library.passages(gone) == ()
    with pytest.raises(UnknownDocument):
        library.document(gone)
    with pytest.raises(UnknownDocument):
        library.remove(gone)


def test_more_passages_than_a_batch(library: Library) -> None:
    big, small = make("besar"), make("kecil")
    passages = passages_of(big, 1001)
    library.put(big, passages, fingerprint="f")
    library.put(small, passages_of(small, 1), fingerprint="f")
    assert library.passages(big.id) == tuple(passages)
    ids = [passage.id for passage in library.all_passages()]
    assert ids == library.passage_ids()
    assert len(ids) == 1002
    wanted = [*reversed(ids), "0123456789abcdef-0-10", f"{big.id}-3-10"]
    assert list(library.passages_by_id(wanted)) == ids[::-1]
    assert library.passages_by_id(wanted)[passages[700].id] == passages[700]
    assert library.passages_by_id([]) == {}


def test_a_new_version_takes_the_place_of_the_old(library: Library) -> None:
    old, new = make("satu", "Lama."), make("satu", "Baru.")
    library.put(old, passages_of(old, 3), fingerprint="1")
    library.put(new, passages_of(new, 1), fingerprint="2")
    assert content(library) == {new.id: (new, tuple(passages_of(new, 1)), "2")}


def test_the_same_text_under_another_name_is_one_document(library: Library) -> None:
    one, other = make("satu"), make("satu", origin="file:/salinan")
    library.put(one, passages_of(one, 2), fingerprint="1")
    library.put(other, passages_of(other, 2), fingerprint="1")
    assert library.fingerprints() == {"file:/salinan": (one.id, "1")}
    assert len(library.passage_ids()) == 2


def test_a_changed_record_is_seen_at_once(library: Library) -> None:
    document = make("satu")
    library.put(document, [], fingerprint="1")
    assert library.document(document.id).group == ""
    library.put(replace(document, group="bilateral"), [], fingerprint="2")
    assert library.document(document.id).group == "bilateral"


def test_find_by_id_slug_origin_and_unique_prefix(library: Library) -> None:
    mef, turki = make("MEF", slug="mef"), make("Turki", slug="turki")
    for document in (mef, turki):
        library.put(document, [], fingerprint="f")
    assert mef.id[0] != turki.id[0]
    for name in (mef.id, "mef", "file:/MEF", mef.id[:6], mef.id[0]):
        assert library.find(name) == mef


@pytest.mark.parametrize("name", ["kuliah", "kuliah.txt", "Catatan kuliah"])
def test_an_own_file_is_found_by_its_name_and_by_its_title(library: Library, name: str) -> None:
    mine = Document(title="Catatan kuliah", text="Isi.", origin="file:/home_of_ana/kuliah.txt")
    library.put(mine, [], fingerprint="f")
    assert library.find(name) == mine


def test_what_another_process_changed_or_removed_is_seen_at_once(library: Library) -> None:
    other = Library(library.engine)
    library.put(make("MEF"), [], fingerprint="1")
    document = library.document(make("MEF").id)
    other.put(replace(document, licence="CC BY 4.0"), [], fingerprint="2")
    assert library.document(document.id).licence == "CC BY 4.0"
    other.remove(document.id)
    with pytest.raises(UnknownDocument):
        library.document(document.id)


@pytest.mark.parametrize("name", ["", "tidak-ada", "%", "_", "M_F", "mef%"])
def test_what_names_no_document_is_unknown(library: Library, name: str) -> None:
    library.put(make("MEF", slug="mef"), [], fingerprint="f")
    with pytest.raises(UnknownDocument) as caught:
        library.find(name)
    assert caught.value.name == name


def test_what_names_two_documents_is_unknown(library: Library) -> None:
    documents = [make(f"judul {number}", slug="sama") for number in range(17)]  # two of 17 share the first of 16 digits
    for document in documents:
        library.put(document, [], fingerprint="f")
    firsts = [document.id[0] for document in documents]
    ambiguous = next(first for first in firsts if firsts.count(first) > 1)
    for name in ("sama", ambiguous):
        with pytest.raises(UnknownDocument):
            library.find(name)


def test_summaries_come_by_title_with_their_words(library: Library) -> None:
    for title, text in (("b", "Dua kata."), ("a", "Satu dua\n\ntiga."), ("c", "")):
        library.put(make(title, text, slug=f"s{title}"), [], fingerprint="f")
    assert [(found.title, found.slug, found.words) for found in library.summaries()] == [
        ("a", "sa", 3),
        ("b", "sb", 2),
        ("c", "sc", 0),
    ]


def test_references_come_in_the_order_of_the_keys(library: Library) -> None:
    kron = Reference("kron2015", "Güvenlik", authors=("Kron, Nicholas D.", "{TNI, AD}"), date="2015-05")
    others = [Reference(f"k{number}", f"Judul {number}") for number in range(700)]
    library.put_references([kron, *others])
    assert library.references(["k3", "tidakada", "kron2015", "k3", "k650"]) == (others[3], kron, others[650])
    assert library.references([]) == ()
    corrected = replace(kron, title="Keamanan")
    library.put_references([corrected])
    assert library.references(["kron2015", "k1"]) == (corrected, others[1])


KILLED = """
import os, signal, sys
from sqlalchemy import event
from knowledge.documents import Document
from knowledge.library import Library
from knowledge.store import open_store
from tests.test_library import make, passages_of

def kill(connection, cursor, statement, *_):
    if statement.startswith(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)

library = Library(open_store(sys.argv[1]))
event.listen(library.engine, "before_cursor_execute", kill)
new = make("satu", "Baru.")
library.put(new, passages_of(new, 3), fingerprint="2")
"""


def test_a_kill_in_the_middle_of_a_new_version_leaves_the_old_one_whole(library: Library) -> None:
    old = make("satu", "Lama.")
    library.put(old, passages_of(old, 2), fingerprint="1")
    before = content(library)
    command = [sys.executable, "-c", KILLED, str(library.engine.url), "INSERT INTO sentences"]
    assert subprocess.run(command, cwd=ROOT, check=False, timeout=60).returncode == -9
    assert content(Library(library.engine)) == before
