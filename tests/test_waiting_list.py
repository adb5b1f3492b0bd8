"""What waits outlives the process, comes in the order in which it was handed in, and belongs to one person."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete

from knowledge import store
from knowledge.store import open_store, sqlite_url
from knowledge.waiting_list import WaitingItem, WaitingList

ROOT = Path(__file__).parents[1]
WORDS = st.text(max_size=20)
ITEMS = st.builds(
    WaitingItem,
    id=st.text("0123456789abcdef", min_size=1, max_size=4),
    owner=WORDS,
    name=WORDS,
    handed_in=st.sampled_from(["2026-11-25T00:00:00.000001+00:00", "2026-11-25T00:00:00.000002+00:00"]),
    path=WORDS,
    suffix=st.sampled_from(["", ".pdf", ".zip"]),
    url=st.sampled_from(["", "https://contoh.id/a?b=c"]),
    in_place_of=st.sampled_from(["", "0123456789abcdef"]),
    keep_similar=st.booleans(),
)
ITEM = WaitingItem("a", "ana", "bab1.docx", "2026-11-25T00:00:00+00:00", path="/x/a.docx", suffix=".docx")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_store(sqlite_url(tmp_path / "tanya.sqlite3"))
    yield engine
    engine.dispose()


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(items=st.lists(ITEMS, max_size=8, unique_by=lambda item: item.id))
def test_items_come_back_equal_in_the_order_of_their_times(engine: Engine, items: list[WaitingItem]) -> None:
    with engine.begin() as connection:
        connection.execute(delete(store.waiting))
    waiting = WaitingList(engine)
    for item in items:
        waiting.put(item)
    assert list(WaitingList(engine).items()) == sorted(items, key=lambda item: (item.handed_in, item.id))


def test_an_item_that_is_put_again_takes_its_own_place(engine: Engine) -> None:
    waiting = WaitingList(engine)
    later = replace(ITEM, id="b", handed_in="2026-11-25T00:00:01+00:00")
    for item in (ITEM, later):
        waiting.put(item)
    chosen = replace(ITEM, keep_similar=True)
    waiting.put(chosen)
    assert waiting.items() == (chosen, later)


def test_only_what_is_removed_goes(engine: Engine) -> None:
    waiting = WaitingList(engine)
    other = replace(ITEM, id="b")
    for item in (ITEM, other):
        waiting.put(item)
    for _ in range(2):  # what is not there is no error
        waiting.remove("a")
        assert waiting.items() == (other,)


KILLED = """
import os, signal, sys
from knowledge.store import open_store
from knowledge.waiting_list import WaitingItem, WaitingList

WaitingList(open_store(sys.argv[1])).put(WaitingItem("a", "ana", "bab1.docx", "2026-11-25", path="/x/a.docx"))
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_was_put_outlives_a_kill(engine: Engine) -> None:
    command = [sys.executable, "-c", KILLED, str(engine.url)]
    assert subprocess.run(command, cwd=ROOT, check=False, timeout=60).returncode == -9
    assert WaitingList(engine).items() == (WaitingItem("a", "ana", "bab1.docx", "2026-11-25", path="/x/a.docx"),)


def test_the_origin_names_the_person_and_the_file_or_the_address() -> None:
    assert ITEM.origin == "upload:ana/bab1.docx"
    assert replace(ITEM, owner="budi").origin == "upload:budi/bab1.docx"
    assert replace(ITEM, name="arsip.zip/bab/1.md").origin == "upload:ana/arsip.zip/bab/1.md"
    page = replace(ITEM, name="https://contoh.id/a", path="", suffix="", url="https://contoh.id/a")
    assert page.origin == "web:ana/https://contoh.id/a"
