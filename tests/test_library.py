"""The library gives back exactly what was put, replaces whole documents, and loses nothing to a kill."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from knowledge.documents import AnticipatedQuestion, Document, Heading, Mention, Page, Passage, Reference, Sentence
from knowledge.errors import UnknownDocument
from knowledge.library import Library
from knowledge.near_documents import sketch
from knowledge.rows import EVERYONES, Holding
from knowledge.store import open_store, sqlite_url

ROOT = Path(__file__).parents[1]
LIGHT = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

WORDS = st.text(max_size=20)
TUPLES = st.lists(WORDS, max_size=3).map(tuple)
OFFSETS = st.integers(0, 10**6)
OWN_ID = "0123456789abcdef"
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
    pages=st.lists(st.builds(Page, WORDS, OFFSETS, st.integers(0, 9)), max_size=3).map(tuple),
    questions=st.lists(st.builds(AnticipatedQuestion, OFFSETS, WORDS), max_size=3).map(tuple),
    publisher=WORDS,
    url=WORDS,
    accessed=WORDS,
)
HOLDINGS = st.builds(
    Holding,
    owner=st.sampled_from(["", "ana", "budi"]),
    added=WORDS,
    file=st.sampled_from(["", "f" * 64]),
    suffix=st.sampled_from(["", ".pdf"]),
    edits=st.dictionaries(st.sampled_from(["authors", "date", "title"]), WORDS).map(
        lambda edits: tuple(sorted(edits.items()))
    ),
)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = Library(open_store(sqlite_url(tmp_path / "tanya.sqlite3")))
    yield library
    library.engine.dispose()


def passages_of(document: Document, count: int) -> list[Passage]:
    """Passages of ten code points with two sentences each; the text need not be that long."""
    return [
        Passage(
            document_id=document.id,
            ordinal=number,
            start=10 * number,
            end=10 * number + 10,
            sentences=(Sentence(10 * number, 10 * number + 4), Sentence(10 * number + 5, 10 * number + 10)),
            version=document.version,
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
@given(
    document=DOCUMENTS | DOCUMENTS.map(lambda document: replace(document, id=OWN_ID)),
    heads=st.lists(st.tuples(TUPLES, st.none() | WORDS), max_size=5),
    holding=HOLDINGS,
)
def test_a_document_comes_back_equal(
    library: Library, document: Document, heads: list[tuple[tuple[str, ...], str | None]], holding: Holding
) -> None:
    passages = [
        replace(passage, heading_path=path, page=page)
        for passage, (path, page) in zip(passages_of(document, len(heads)), heads, strict=True)
    ]
    for _ in range(2):  # the second time changes nothing
        library.put(document, iter(passages), fingerprint="f", holding=holding)
        fresh = Library(library.engine)  # nothing remembered
        assert fresh.document(document.id) == document
        assert fresh.holding(document.id) == holding
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


OWNED = {"umum": "", "milik Ana": "ana", "milik Budi": "budi"}


@pytest.fixture
def shared(library: Library) -> Library:
    """A library with a text for everyone and one each of Ana and of Budi."""
    for title, owner in OWNED.items():
        document = make(title, f"Teks yang {title}.")
        library.put(document, passages_of(document, 2), fingerprint="f", holding=Holding(owner, file=title))
    return library


@pytest.mark.parametrize(
    ("viewer", "seen"),
    [
        (None, {"umum", "milik Ana", "milik Budi"}),
        ("", {"umum"}),
        ("ana", {"umum", "milik Ana"}),
        ("budi", {"umum", "milik Budi"}),
        ("orang lain", {"umum"}),
        ("%", {"umum"}),
    ],
)
def test_a_person_sees_what_is_everyones_and_their_own(shared: Library, viewer: str | None, seen: set[str]) -> None:
    ids = {make(title, f"Teks yang {title}.").id: title for title in OWNED}
    assert {summary.title for summary in shared.summaries(viewer)} == seen
    assert {mark.title for mark in shared.marks(viewer)} == seen
    assert {ids[document_id] for document_id in shared.sketches(viewer)} == seen
    scope = shared.scope(viewer)
    assert (scope is None) == (viewer is None)
    assert {ids[document_id] for document_id in (ids if scope is None else scope)} == seen
    assert {ids[document_id] for document_id in shared.scope(viewer, ids) or ()} == seen


def test_of_what_is_chosen_only_what_is_seen_answers(shared: Library) -> None:
    everyones, own, others = (make(title, f"Teks yang {title}.").id for title in OWNED)
    assert shared.scope("ana", [own]) == {own}
    assert shared.scope("ana", [own, others, "absent"]) == {own}
    assert shared.scope("ana", [others]) == shared.scope("ana", []) == frozenset()
    assert shared.scope(None, [everyones, others]) == {everyones, others}


def test_who_sees_everything_is_told_what_that_is_lest_more_comes_meanwhile(library: Library) -> None:
    assert library.scope(None) is None
    library.put(make("umum"), [], fingerprint="f")
    library.put(make("milik Ana"), [], fingerprint="f", holding=Holding("ana"))
    assert library.scope("ana") == {make("umum").id, make("milik Ana").id}
    library.remove(make("umum").id)
    assert library.scope("budi") == frozenset()


def test_what_goes_while_the_scope_is_read_opens_nothing(shared: Library) -> None:
    other = Library(open_store(str(shared.engine.url)))
    everyones, own, others = (make(title, f"Teks yang {title}.").id for title in OWNED)

    def remove_one(*_: object) -> None:
        if everyones in {mark.document_id for mark in other.marks()}:
            other.remove(everyones)

    event.listen(shared.engine, "after_cursor_execute", remove_one)
    scope = shared.scope("ana")
    other.engine.dispose()
    assert scope is not None
    assert own in scope
    assert others not in scope


def test_a_summary_says_what_a_list_shows(library: Library) -> None:
    document = Document(
        title="Tesis",
        text="Satu dua tiga.",
        origin="upload:ana/tesis.pdf",
        group="konsep",
        authors=("Ana", "Budi"),
        date="2024-05",
        pages=(Page("i", 0, 1), Page("1", 5, 2), Page("i", 9, 1)),
        publisher="Ombak",
        url="https://contoh.id",
        id=OWN_ID,
    )
    holding = Holding("ana", "2026-11-25T00:00:00+00:00", "f" * 64, ".pdf", (("date", "2024-05"),))
    library.put(document, passages_of(document, 3), fingerprint="f", holding=holding)
    (found,) = library.summaries("ana")
    assert (found.id, found.title, found.origin, found.group) == (OWN_ID, "Tesis", document.origin, "konsep")
    assert (found.authors, found.date) == (("Ana", "Budi"), "2024-05")
    assert (found.publisher, found.url) == ("Ombak", "https://contoh.id")
    assert (found.words, found.pages, found.passages) == (3, 2, 3), "a page that starts twice is one"
    assert found.holding == holding


def test_a_mark_recognises_a_document(library: Library) -> None:
    study, own = make("MEF", origin="corpus:mef.md"), make("Tesis", "Lain.")
    library.put(study, [], fingerprint="1")
    library.put(own, [], fingerprint="2", holding=Holding("ana", file="f" * 64))
    by_id = {mark.document_id: mark for mark in library.marks()}
    mark = by_id[own.id]
    assert (mark.origin, mark.title, mark.owner) == ("file:/Tesis", "Tesis", "ana")
    assert (mark.file, mark.fingerprint, mark.digest) == ("f" * 64, "2", own.digest)
    assert [by_id[each.id].is_study_text for each in (study, own)] == [True, False]
    assert library.sketches()[own.id] == sketch(own.text)


def test_all_who_keep_a_file_are_known(library: Library) -> None:
    for title, file in (("satu", "a" * 64), ("dua", "a" * 64), ("tiga", "b" * 64), ("empat", "")):
        library.put(make(title), [], fingerprint="f", holding=Holding("ana", file=file))
    assert set(library.holders_of("a" * 64)) == {make("satu").id, make("dua").id}
    assert library.holders_of("b" * 64) == (make("tiga").id,)
    assert library.holders_of("c" * 64) == ()


def test_how_a_document_is_held(library: Library) -> None:
    library.put(make("MEF"), [], fingerprint="f")
    assert library.holding(make("MEF").id) == EVERYONES
    with pytest.raises(UnknownDocument):
        library.holding(OWN_ID)


def test_an_edited_title_is_seen_at_once_and_so_are_its_passages(library: Library) -> None:
    document = replace(make("Lama"), id=OWN_ID)
    library.put(document, passages_of(document, 2), fingerprint="f", holding=Holding("ana"))
    assert library.document(OWN_ID) == document
    old = library.passage_ids()
    edited = replace(document, title="Baru")
    holding = Holding("ana", edits=(("title", "Baru"),))
    library.put(edited, passages_of(edited, 2), fingerprint="f", holding=holding)
    assert library.document(OWN_ID) == edited
    assert list(library.passages_by_id(library.passage_ids())) == library.passage_ids()
    assert library.passages_by_id(old) == {}, "what was indexed under the old title is not there any more"


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
