"""The relational store: opened twice, whole after a kill, with its foreign keys enforced."""

from pathlib import Path

import pytest
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import IntegrityError

from knowledge import store
from knowledge.errors import StoreUnavailable
from knowledge.store import open_store, sqlite_url


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
