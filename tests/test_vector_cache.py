"""Vectors are made once: by text, across calls, in the store and in the shipped file."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sqlalchemy import Engine, create_engine, text

from index.embedding import Vectors, unit_rows
from index.vector_cache import (
    CHUNK,
    BrokenVectors,
    CachedEmbeddings,
    ShippedVectors,
    VectorCache,
    vector_key,
    write_shipped,
)
from tests.fakes import HashEmbedder


@dataclass(frozen=True)
class Counting:
    """A `HashEmbedder` that remembers the texts of every call, and fails after ``limit`` calls."""

    limit: int = 1000
    calls: list[list[str]] = field(default_factory=list)
    identity: str = "counting"
    dimension: int = 64

    def embed_passages(self, texts: list[str]) -> Vectors:
        if len(self.calls) == self.limit:
            raise KeyboardInterrupt
        self.calls.append(texts)
        return HashEmbedder().embed_passages(texts)

    def embed_query(self, text: str) -> Vectors:
        return HashEmbedder().embed_query(text)


NOTHING_SHIPPED = ShippedVectors(Path("absent.npz"))


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = create_engine(f"sqlite:///{tmp_path / 'store.sqlite3'}")
    yield engine
    engine.dispose()


@pytest.fixture
def cache(engine: Engine) -> VectorCache:
    return VectorCache(engine)


def test_keys_tell_model_role_and_text_apart() -> None:
    keys = {
        vector_key("m", "t"),
        vector_key("m2", "t"),
        vector_key("m", "t2"),
        vector_key("m", "t", "query"),
        vector_key("mp", "assaget", ""),
        vector_key("m", "\ud800"),
    }
    assert len(keys) == 6
    assert {len(key) for key in keys} == {32}
    assert vector_key("m", "t") == vector_key("m", "t", "passage")


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    arrays(np.float32, st.tuples(st.integers(0, 6), st.integers(1, 5)), elements=st.floats(-1, 1, width=32)),
    st.randoms(use_true_random=False),
)
def test_what_is_put_comes_back_within_float16(cache: VectorCache, vectors: Vectors, random: object) -> None:
    keys = [vector_key(str(random), f"{vectors.shape}{vectors.tobytes()!r}{row}") for row in range(len(vectors))]
    cache.put_many(dict(zip(keys, vectors, strict=True)))
    found = cache.get_many(keys[::-1])
    assert found.keys() == set(keys)
    for key, vector in zip(keys, vectors, strict=True):
        assert found[key].dtype == np.float32
        np.testing.assert_allclose(found[key], vector, rtol=2**-11, atol=2**-24)


def test_unknown_keys_are_left_out_and_long_lists_are_fine(cache: VectorCache) -> None:
    keys = [vector_key("m", str(number)) for number in range(1201)]
    cache.put_many({key: np.array([number % 7], np.float32) for number, key in enumerate(keys[:-1])})
    found = cache.get_many(keys)
    assert len(found) == 1200
    assert found[keys[13]].tolist() == [6]
    assert cache.get_many([]) == {}


def test_what_is_forgotten_is_made_anew_and_the_rest_is_not(cache: VectorCache) -> None:
    embedder = Counting()
    texts = [f"teks {number}" for number in range(700)]  # more than one statement takes
    embeddings = CachedEmbeddings(embedder, cache, ShippedVectors(Path("absent.npz")))
    embeddings.warm(texts)
    embeddings.forget([*texts[10:], "never seen"])
    assert embeddings.known(texts).keys() == set(texts[:10])
    embedder.calls.clear()
    assert embeddings.warm(texts[:20]) == 10
    assert sorted(text for call in embedder.calls for text in call) == sorted(texts[10:20])
    embeddings.forget([])


def test_what_travels_with_the_project_is_never_forgotten(cache: VectorCache, tmp_path: Path) -> None:
    path, rows = tmp_path / "vectors.npz", HashEmbedder().embed_passages(["bawaan"])
    write_shipped(path, "counting", [vector_key("counting", "bawaan")], rows)
    embeddings = CachedEmbeddings(Counting(limit=0), cache, ShippedVectors(path))
    embeddings.forget(["bawaan"])
    assert embeddings.warm(["bawaan"]) == 0


def test_putting_a_key_again_keeps_the_first(cache: VectorCache) -> None:
    key = vector_key("m", "t")
    cache.put_many({key: np.array([1], np.float32)})
    cache.put_many({key: np.array([2], np.float32), vector_key("m", "u"): np.array([3], np.float32)})
    assert cache.get_many([key])[key].tolist() == [1]
    assert len(cache.get_many([key, vector_key("m", "u")])) == 2


def test_a_cut_row_is_refused(cache: VectorCache, engine: Engine) -> None:
    key = vector_key("m", "t")
    cache.put_many({key: np.array([1, 2], np.float32)})
    with engine.begin() as connection:
        connection.execute(text("UPDATE vectors SET dimension = 3"))
    with pytest.raises(BrokenVectors):
        cache.get_many([key])


def test_the_store_outlives_the_process(cache: VectorCache, engine: Engine) -> None:
    CachedEmbeddings(HashEmbedder(), cache, NOTHING_SHIPPED).warm(["laut"])
    assert list(CachedEmbeddings(HashEmbedder(), VectorCache(engine), NOTHING_SHIPPED).known(["laut"])) == ["laut"]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(max_size=8), max_size=12))
def test_rows_stand_in_the_order_of_the_texts_and_nothing_is_made_twice(cache: VectorCache, texts: list[str]) -> None:
    embedder = Counting()
    embeddings = CachedEmbeddings(embedder, cache, NOTHING_SHIPPED)
    vectors = embeddings.embed(texts)
    assert vectors.shape == (len(texts), 64)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(vectors, HashEmbedder().embed_passages(texts), atol=1e-3)
    if texts:
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-5)
    made = [made for call in embedder.calls for made in call]
    assert len(made) == len(set(made))
    np.testing.assert_array_equal(embeddings.embed(texts), vectors)
    assert [made for call in embedder.calls for made in call] == made


def test_warm_counts_what_was_new_and_known_needs_no_model(cache: VectorCache) -> None:
    embedder = Counting()
    embeddings = CachedEmbeddings(embedder, cache, NOTHING_SHIPPED)
    assert embeddings.warm(["a", "b", "a"]) == 2
    assert embeddings.warm(["b", "c"]) == 1
    assert embeddings.warm([]) == 0
    calls = len(embedder.calls)
    known = embeddings.known(["c", "d", "a"])
    assert set(known) == {"c", "a"}
    np.testing.assert_array_equal(known["a"], embeddings.embed(["a"])[0])
    assert len(embedder.calls) == calls


def test_another_model_meets_no_old_vector(cache: VectorCache) -> None:
    CachedEmbeddings(HashEmbedder(64), cache, NOTHING_SHIPPED).warm(["a"])
    assert CachedEmbeddings(HashEmbedder(32), cache, NOTHING_SHIPPED).embed(["a"]).shape == (1, 32)


def test_a_kill_loses_at_most_one_chunk(cache: VectorCache) -> None:
    texts = [f"teks {number}" for number in range(2 * CHUNK + 1)]
    seen: list[tuple[int, int]] = []
    embeddings = CachedEmbeddings(Counting(limit=2), cache, NOTHING_SHIPPED)
    with pytest.raises(KeyboardInterrupt):
        embeddings.warm(texts, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(CHUNK, len(texts)), (2 * CHUNK, len(texts))]
    assert CachedEmbeddings(Counting(), cache, NOTHING_SHIPPED).warm(texts) == 1


def test_shipped_vectors_come_before_the_embedder(cache: VectorCache, tmp_path: Path) -> None:
    path, texts = tmp_path / "shipped" / "vectors.npz", ["satu", "dua", "tiga"]
    vectors = HashEmbedder().embed_passages(texts)
    write_shipped(path, "counting", [vector_key("counting", one) for one in texts], vectors)
    embedder = Counting()
    embeddings = CachedEmbeddings(embedder, cache, ShippedVectors(path))
    rows = embeddings.embed(["tiga", "empat", "satu"])
    np.testing.assert_allclose(rows[[0, 2]], vectors[[2, 0]], atol=1e-3)
    assert embedder.calls == [["empat"]]
    assert CachedEmbeddings(HashEmbedder(), cache, ShippedVectors(path)).known(texts) == {}


def test_the_shipped_file_is_sorted_and_the_same_for_equal_input(tmp_path: Path) -> None:
    keys = [vector_key("m", str(number)) for number in range(20)]
    vectors = unit_rows(np.random.default_rng(0).normal(size=(20, 4)).astype(np.float32))
    write_shipped(tmp_path / "one.npz", "m", keys, vectors)
    write_shipped(tmp_path / "two.npz", "m", keys[::-1], vectors[::-1])
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()
    with np.load(tmp_path / "one.npz", allow_pickle=False) as stored:
        assert [key.tobytes() for key in stored["keys"]] == sorted(keys)
        assert (str(stored["identity"]), stored["vectors"].dtype) == ("m", np.float16)
    np.testing.assert_allclose(ShippedVectors(tmp_path / "one.npz").get_many([keys[7]])[keys[7]], vectors[7], atol=1e-3)


def test_no_shipped_file_means_no_shipped_vectors(tmp_path: Path) -> None:
    assert ShippedVectors(tmp_path / "absent.npz").get_many([vector_key("m", "t")]) == {}


def test_an_empty_shipped_file_is_fine(tmp_path: Path) -> None:
    write_shipped(tmp_path / "empty.npz", "m", [], np.zeros((0, 4), np.float32))
    assert ShippedVectors(tmp_path / "empty.npz").get_many([vector_key("m", "t")]) == {}


def test_a_damaged_shipped_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "vectors.npz"
    path.write_bytes(b"PK\x03\x04 cut")
    with pytest.raises(BrokenVectors, match="vectors"):
        ShippedVectors(path).get_many([])
    with path.open("wb") as file:
        np.savez(file, keys=np.zeros((2, 32), np.uint8), vectors=np.zeros((3, 4), np.float16))
    with pytest.raises(BrokenVectors, match="belong"):
        ShippedVectors(path).get_many([])


@pytest.mark.parametrize("keys", [[b"short"], [bytes(32), bytes(32)], []])
def test_shipping_wants_one_whole_key_a_vector(tmp_path: Path, keys: list[bytes]) -> None:
    with pytest.raises(ValueError, match="one key"):
        write_shipped(tmp_path / "x.npz", "m", keys, np.zeros((max(len(keys), 1), 4), np.float32))
