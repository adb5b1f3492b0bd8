"""The vector store keeps what it is given, finds what is near, and says so when its files are damaged."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from index.embedding import Vectors, unit_rows
from index.vector_store import BrokenStore, Hit, VectorStore

MANY = 2300  # more than one batch, and enough for Chroma to write its segment
IDS = [f"{number % 7:016x}-{number}-{number + 1}" for number in range(MANY)]


def rows(count: int, dimension: int = 16) -> Vectors:
    return unit_rows(np.random.default_rng(7).normal(size=(count, dimension)).astype(np.float32))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[VectorStore]:
    opened = VectorStore(tmp_path / "vectors")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed store of many vectors; copy it before damaging it."""
    folder = tmp_path_factory.mktemp("big") / "vectors"
    store = VectorStore(folder)
    store.upsert(IDS, rows(MANY))
    store.close()
    return folder


def segment(folder: Path) -> Path:
    return next(path for path in folder.iterdir() if path.is_dir())


def test_an_empty_store_finds_nothing(store: VectorStore) -> None:
    assert store.ids() == set()
    assert store.vectors(["0-0-1"]) == store.vectors([]) == {}
    assert store.search(rows(1)[0], 5) == []
    store.delete([])
    store.delete(["0-0-1"])
    store.upsert([], rows(0))
    assert store.ids() == set()


def test_the_nearest_come_first_with_their_cosines(store: VectorStore) -> None:
    vectors = rows(40)
    store.upsert(IDS[:40], vectors)
    cosines = vectors @ vectors[3]
    expected = [Hit(IDS[row], pytest.approx(float(cosines[row]), abs=1e-5)) for row in np.argsort(-cosines)]
    assert store.search(vectors[3], 5) == expected[:5]
    assert store.search(vectors[3], 4000) == expected  # more than there are


def test_within_some_documents_the_nearest_of_these_come_first(store: VectorStore) -> None:
    vectors = rows(40)
    store.upsert(IDS[:40], vectors)
    cosines = vectors @ vectors[3]
    documents = {IDS[1].split("-")[0], IDS[2].split("-")[0], "unknown"}
    nearest = [IDS[row] for row in np.argsort(-cosines) if IDS[row].split("-")[0] in documents]
    assert [hit.passage_id for hit in store.search(vectors[3], 5, documents)] == nearest[:5]
    assert [hit.passage_id for hit in store.search(vectors[3], 40, list(documents))] == nearest
    assert store.search(vectors[3], 5, ["unknown"]) == store.search(vectors[3], 5, []) == []


def test_a_small_document_is_found_within_a_large_store_however_far_it_is(big: Path, tmp_path: Path) -> None:
    folder = tmp_path / "vectors"
    shutil.copytree(big, folder)
    small = [f"{255:016x}-{number}-{number + 1}" for number in range(3)]
    vectors = rows(MANY)
    query = vectors[0]
    with closing(VectorStore(folder)) as store:
        store.upsert(small, np.stack([-query, -vectors[1], -query]))
        assert {hit.passage_id for hit in store.search(query, 50, {small[0].split("-")[0]})} == set(small)


def test_the_same_id_is_replaced_and_others_stay(store: VectorStore) -> None:
    vectors = rows(3)
    store.upsert(IDS[:2], vectors[:2])
    store.upsert(IDS[1:2], vectors[2:])
    held = store.vectors(IDS[:3])
    assert held.keys() == set(IDS[:2])
    np.testing.assert_allclose(held[IDS[1]], vectors[2], atol=1e-6)


def test_deleting_removes_just_those(store: VectorStore) -> None:
    vectors = rows(4)
    store.upsert(IDS[:4], vectors)
    store.delete(iter([IDS[1], "unknown-0-1"]))
    assert store.ids() == {IDS[0], IDS[2], IDS[3]}
    assert IDS[1] not in {hit.passage_id for hit in store.search(vectors[1], 4)}


def test_after_clear_another_dimension_is_welcome(store: VectorStore) -> None:
    store.upsert(IDS[:2], rows(2))
    store.clear()
    assert store.ids() == set()
    store.upsert(IDS[:1], rows(1, 8))
    assert [hit.passage_id for hit in store.search(rows(1, 8)[0], 3)] == IDS[:1]


def test_many_vectors_outlive_closing(big: Path, tmp_path: Path) -> None:
    store = VectorStore(shutil.copytree(big, tmp_path / "copy"))
    held, vectors = store.vectors(IDS), rows(MANY)
    assert store.ids() == set(IDS) == held.keys()
    np.testing.assert_allclose(np.stack([held[key] for key in IDS]), vectors, atol=1e-6)
    assert store.search(vectors[1999], 1)[0].passage_id == IDS[1999]
    store.delete(IDS[:2200])
    assert len(store.ids()) == len(store.search(vectors[0], 1000)) == 100
    store.close()


def test_reopening_shows_the_same(store: VectorStore) -> None:
    store.upsert(IDS[:2], rows(2))
    store.reopen()
    assert store.ids() == set(IDS[:2])
    assert store.search(rows(2)[1], 1)[0].passage_id == IDS[1]


def test_lost_vectors_are_told_and_clearing_mends_it(big: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(big, tmp_path / "copy")
    shutil.rmtree(segment(folder))
    store = VectorStore(folder)
    assert store.ids() == set(IDS)  # Chroma goes on counting
    with pytest.raises(BrokenStore, match="tanya index build"):
        store.vectors(IDS)
    store.clear()
    store.upsert(IDS[:3], rows(3))
    assert store.vectors(IDS).keys() == set(IDS[:3])
    store.close()


@pytest.mark.parametrize("name", ["header.bin", "link_lists.bin", "index_metadata.pickle"])
def test_a_damaged_file_is_told_and_clearing_mends_it(big: Path, tmp_path: Path, name: str) -> None:
    folder = shutil.copytree(big, tmp_path / "copy")
    file = segment(folder) / name
    if name.endswith(".pickle"):
        file.write_bytes(file.read_bytes()[:1000])
    else:
        file.unlink()
    store = VectorStore(folder)
    for broken in (store.ids, lambda: store.vectors(IDS), lambda: store.search(rows(1)[0], 3)):
        with pytest.raises(BrokenStore, match="tanya index build"):
            broken()
    store.clear()
    store.upsert(IDS[:3], rows(3))
    assert store.ids() == set(IDS[:3])
    store.close()


def test_a_file_that_is_no_database_is_told_when_opening(tmp_path: Path) -> None:
    (tmp_path / "chroma.sqlite3").write_bytes(b"no database" * 1000)
    with pytest.raises(BrokenStore, match="remove the folder"):
        VectorStore(tmp_path)
