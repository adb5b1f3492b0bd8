"""The index as it is now: what another process did is seen at the next question."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from index.live_index import LiveIndex
from index.manifest import IndexMismatch, read_manifest, write_manifest
from index.retrieval import RetrievalSettings
from index.term_map import TermMap
from tests.small_index import SmallIndex, small_index

ROOT = Path(__file__).parents[1]
ZEBRA = "Zebra berlari di sabana luas."
OTHER_PROCESS = """
import sys
from pathlib import Path
from tests.small_index import small_index

with small_index(Path(sys.argv[1])) as index:
    if sys.argv[2]:
        index.put("Zebra", sys.argv[2])
    index.update(rebuild=not sys.argv[2])
"""


@pytest.fixture
def index(tmp_path: Path) -> Iterator[SmallIndex]:
    with small_index(tmp_path) as opened:
        opened.put("Laut", "Laut itu luas dan dalam. Kapal selam menjaga laut kita.")
        opened.update()
        yield opened


@pytest.fixture
def live(index: SmallIndex) -> Iterator[LiveIndex]:
    live = LiveIndex(
        index.library, index.embedder, folder=index.folder, terms=TermMap([]), settings=RetrievalSettings()
    )
    yield live
    live.retriever().vectors.close()


def best(live: LiveIndex, query: str) -> str:
    return live.retriever().retrieve(query, 1)[0].text


def test_an_unchanged_index_is_opened_once(live: LiveIndex) -> None:
    assert live.retriever() is live.retriever()


def test_another_process_is_heard_at_the_next_question(index: SmallIndex, live: LiveIndex, tmp_path: Path) -> None:
    assert "zebra" not in best(live, ZEBRA).lower()
    command = [sys.executable, "-c", OTHER_PROCESS, str(tmp_path)]
    subprocess.run([*command, ZEBRA], cwd=ROOT, check=True, timeout=60)
    found = live.retriever().retrieve(ZEBRA, 1)[0]
    assert found.text == ZEBRA
    assert found.dense > 0.8  # the vectors are new, not the keywords alone
    subprocess.run([*command, ""], cwd=ROOT, check=True, timeout=60)  # built anew, with the same content
    assert best(live, ZEBRA) == ZEBRA


def test_an_update_in_this_process_is_seen(index: SmallIndex, live: LiveIndex) -> None:
    best(live, ZEBRA)
    zebra = index.put("Zebra", ZEBRA)
    index.update()
    assert best(live, ZEBRA) == ZEBRA
    index.update(rebuild=True)
    assert best(live, ZEBRA) == ZEBRA
    index.library.remove(zebra.id)
    index.update()
    assert "Zebra" not in best(live, ZEBRA)


def test_a_question_under_way_survives_the_change(index: SmallIndex, live: LiveIndex) -> None:
    under_way = live.retriever()
    index.put("Zebra", ZEBRA)
    index.update()
    assert live.retriever() is not under_way
    assert len(under_way.retrieve("kapal selam", 2)) == 2


def test_threads_may_share_it_while_it_changes(index: SmallIndex, live: LiveIndex) -> None:
    failures: list[BaseException] = []
    done = threading.Event()

    def ask() -> None:
        try:
            while not done.is_set():
                assert best(live, "kapal selam menjaga laut")
        except BaseException as error:  # noqa: BLE001 - a thread's failure must reach the test
            failures.append(error)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(5):
        index.put(f"Baru {number}", f"Kalimat baru nomor {number} ini.")
        index.update()
    done.set()
    for thread in threads:
        thread.join()
    assert failures == []


def test_before_any_build_nothing_is_found(tmp_path: Path) -> None:
    with small_index(tmp_path) as index:
        live = LiveIndex(
            index.library, index.embedder, folder=index.folder, terms=TermMap([]), settings=RetrievalSettings()
        )
        assert live.retriever().retrieve("laut", 3) == []
        index.put("Laut", "Laut itu luas dan dalam.")
        index.update()
        assert best(live, "laut") == "Laut itu luas dan dalam."
        live.retriever().vectors.close()


def test_an_index_that_another_process_built_with_another_model_is_refused(index: SmallIndex, live: LiveIndex) -> None:
    best(live, ZEBRA)
    manifest = read_manifest(index.folder.root)
    assert manifest is not None
    write_manifest(index.folder.root, replace(manifest, model="another"))
    with pytest.raises(IndexMismatch, match="tanya index build"):
        live.retriever()
    write_manifest(index.folder.root, manifest)
    assert live.retriever() is not None
