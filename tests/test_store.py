"""The relational store: opened twice, whole after a kill, with its foreign keys enforced."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, insert, inspect, select, text
from sqlalchemy.exc import IntegrityError

from knowledge import store
from knowledge.chunking import ChunkingSettings, split_passages
from knowledge.documents import Document, Heading, Page, Passage, content_id
from knowledge.errors import StoreUnavailable
from knowledge.fingerprints import cutting_signature
from knowledge.library import Library
from knowledge.rows import EVERYONES
from knowledge.store import open_store, sqlite_url
from knowledge.study_texts import Changes, sync_study_texts
from knowledge.waiting_list import WaitingItem, WaitingList
from tests.small_library import write


def test_opening_makes_folder_and_tables_and_opening_again_keeps_the_rows(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "a" / "b" / "tanya.sqlite3")
    for expected in (1, 2):
        engine = open_store(url)
        with engine.begin() as connection:
            connection.execute(insert(store.references).values(key=f"k{expected}", record={"title": "ş"}))
            assert connection.scalar(select(func.count()).select_from(store.references)) == expected
        engine.dispose()


def test_a_passage_without_its_document_is_refused(tmp_path: Path) -> None:
    engine = open_store(sqlite_url(tmp_path / "tanya.sqlite3"))
    orphan = insert(store.passages).values(document_id="absent", ordinal=0, start=0, end=1, heading_path=[])
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(orphan)
    engine.dispose()


def test_readers_go_on_while_one_writes(tmp_path: Path) -> None:
    engine = open_store(sqlite_url(tmp_path / "tanya.sqlite3"))
    with engine.begin() as writer, engine.connect() as reader:
        writer.execute(insert(store.references).values(key="k", record={}))
        assert reader.scalar(select(func.count()).select_from(store.references)) == 0
        assert reader.scalar(text("PRAGMA journal_mode")) == "wal"
    engine.dispose()


@pytest.mark.parametrize("url", ["nosuch://x", "postgresql+psycopg://ana:rahasia@127.0.0.1:1/x", "bukan alamat"])
def test_an_address_that_cannot_be_used_is_said_without_its_password(url: str) -> None:
    with pytest.raises(StoreUnavailable) as caught:
        open_store(url)
    assert "TANYA_DATABASE_URL" in str(caught.value)
    assert "rahasia" not in str(caught.value)


# The schema of the first release, as SQLite shows it.
FIRST_RELEASE = """
CREATE TABLE documents (
    id VARCHAR(16) NOT NULL, origin TEXT NOT NULL, fingerprint VARCHAR(64) NOT NULL, slug VARCHAR(200) NOT NULL,
    title TEXT NOT NULL, text TEXT NOT NULL, record JSON NOT NULL, PRIMARY KEY (id), UNIQUE (origin)
);
CREATE INDEX ix_documents_slug ON documents (slug);
CREATE TABLE passages (
    document_id VARCHAR(16) NOT NULL, ordinal INTEGER NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
    heading_path JSON NOT NULL, page VARCHAR(40), PRIMARY KEY (document_id, ordinal),
    FOREIGN KEY(document_id) REFERENCES documents (id) ON DELETE CASCADE
);
CREATE TABLE sentences (
    document_id VARCHAR(16) NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL, passage_ordinal INTEGER NOT NULL,
    PRIMARY KEY (document_id, start), FOREIGN KEY(document_id) REFERENCES documents (id) ON DELETE CASCADE
);
CREATE INDEX sentences_by_passage ON sentences (document_id, passage_ordinal);
CREATE TABLE reference_records ("key" VARCHAR(200) NOT NULL, record JSON NOT NULL, PRIMARY KEY ("key"));
"""
OWN = Document(
    title="Catatan kuliah",
    text="Bab satu\n\nLaut Natuna dijaga. Kapal dibuat di Surabaya.\n\nUdara dijaga juga.",
    origin="file:/data/catatan.pdf",
    authors=("Ana",),
    headings=(Heading(1, 0, 8),),
    pages=(Page("i", 0), Page("1", 29)),
)
CHUNKING = ChunkingSettings(target_words=3, min_words=1, max_words=4)


def store_of_the_first_release(path: Path, document: Document) -> tuple[Passage, ...]:
    """Write a store as the first release left it, with one document; return its passages."""
    passages = split_passages(document, CHUNKING)
    record = {
        **{name: getattr(document, name) for name in ("group", "language", "date", "licence", "abstract")},
        **{name: list(getattr(document, name)) for name in ("authors", "keywords", "related")},
        "headings": [{"level": each.level, "start": each.start, "end": each.end} for each in document.headings],
        "mentions": [],
        "pages": [{"label": page.label, "start": page.start} for page in document.pages],
        "questions": [],
    }
    identity = (document.id, document.origin, f"{'0' * 40}-{'1' * 16}", document.slug, document.title, document.text)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(FIRST_RELEASE)
        connection.execute("INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?)", (*identity, json.dumps(record)))
        for each in passages:
            row = (each.document_id, each.ordinal, each.start, each.end, json.dumps(each.heading_path), each.page)
            connection.execute("INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?)", row)
            for sentence in each.sentences:
                span = (each.document_id, sentence.start, sentence.end, each.ordinal)
                connection.execute("INSERT INTO sentences VALUES (?, ?, ?, ?)", span)
        connection.execute('INSERT INTO reference_records VALUES (\'kron2015\', \'{"key": "kron2015", "title": "a"}\')')
        connection.commit()
    return passages


def shape(engine: Engine) -> dict[str, tuple[set[str], set[str]]]:
    """The columns and the indexes of each table."""
    known = inspect(engine)
    return {
        name: (
            {column["name"] for column in known.get_columns(name)},
            {str(index["name"]) for index in known.get_indexes(name)},
        )
        for name in known.get_table_names()
    }


def test_a_store_of_the_first_release_has_the_shape_of_a_new_one(tmp_path: Path) -> None:
    store_of_the_first_release(tmp_path / "old.sqlite3", OWN)
    fresh = open_store(sqlite_url(tmp_path / "new.sqlite3"))
    for _ in range(2):  # once it is upgraded nothing more is done
        old = open_store(sqlite_url(tmp_path / "old.sqlite3"))
        assert shape(old) == shape(fresh)
        old.dispose()
    fresh.dispose()


def test_a_store_of_the_first_release_keeps_what_it_holds(tmp_path: Path) -> None:
    passages = store_of_the_first_release(tmp_path / "tanya.sqlite3", OWN)
    engine = open_store(sqlite_url(tmp_path / "tanya.sqlite3"))
    library = Library(engine)
    assert library.document(OWN.id) == OWN
    assert library.passages(OWN.id) == passages
    assert library.passage_ids() == [f"{OWN.id}-{each.start}-{each.end}" for each in passages], "the index still fits"
    assert library.holding(OWN.id) == EVERYONES
    assert [reference.title for reference in library.references(["kron2015"])] == ["a"]
    (summary,) = library.summaries("ana")
    assert (summary.title, summary.authors, summary.pages, summary.passages) == (OWN.title, ("Ana",), 2, len(passages))
    item = WaitingItem("a", "ana", "bab1.docx", "2026-11-25")
    WaitingList(engine).put(item)
    assert WaitingList(engine).items() == (item,)
    engine.dispose()


def test_bringing_a_store_of_the_first_release_up_to_date_fills_what_is_new(tmp_path: Path) -> None:
    passages = store_of_the_first_release(tmp_path / "tanya.sqlite3", OWN)
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    write(corpus / "mef.md", "MEF")
    engine = open_store(sqlite_url(tmp_path / "tanya.sqlite3"))
    library = Library(engine)
    before = library.passage_ids()
    assert sync_study_texts(library, CHUNKING, folder=corpus) == Changes(added=1)
    assert library.document(OWN.id) == OWN
    assert library.passages(OWN.id) == passages
    assert set(before) < set(library.passage_ids())
    mark = next(mark for mark in library.marks() if mark.document_id == OWN.id)
    assert mark.digest == content_id(OWN.text)
    assert mark.fingerprint == f"{'0' * 40}-{cutting_signature(CHUNKING)}"
    assert library.sketches().keys() == {mark.document_id for mark in library.marks()}
    assert [summary.words for summary in library.summaries() if summary.id == OWN.id] == [len(OWN.text.split())]
    assert sync_study_texts(library, CHUNKING, folder=corpus) == Changes(unchanged=1)
    engine.dispose()


def test_a_document_of_the_first_release_goes_with_its_passages(tmp_path: Path) -> None:
    store_of_the_first_release(tmp_path / "tanya.sqlite3", OWN)
    engine = open_store(sqlite_url(tmp_path / "tanya.sqlite3"))
    Library(engine).remove(OWN.id)
    with engine.connect() as connection:
        for table in (store.passages, store.sentences):
            assert connection.scalar(select(func.count()).select_from(table)) == 0
    engine.dispose()
