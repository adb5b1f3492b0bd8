"""The embedder of the asking arrow asks the model once."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine, create_engine

from index.memo_embedder import MemoEmbedder
from index.vector_cache import CachedEmbeddings, ShippedVectors, VectorCache
from tests.small_index import CountingEmbedder


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = create_engine(f"sqlite:///{tmp_path / 'store.sqlite3'}")
    yield engine
    engine.dispose()


@pytest.fixture
def inner() -> CountingEmbedder:
    return CountingEmbedder(dimension=32)


@pytest.fixture
def memo(engine: Engine, inner: CountingEmbedder, tmp_path: Path) -> MemoEmbedder:
    return MemoEmbedder(inner, CachedEmbeddings(inner, VectorCache(engine), ShippedVectors(tmp_path / "absent.npz")))


def test_it_is_what_it_wraps(memo: MemoEmbedder, inner: CountingEmbedder) -> None:
    assert (memo.identity, memo.dimension) == (inner.identity, 32)
    np.testing.assert_array_equal(memo.embed_query("laut"), inner.embed_query("laut"))


def test_a_query_is_embedded_once_until_many_others_came(memo: MemoEmbedder, inner: CountingEmbedder) -> None:
    for query in ("laut", "darat", "laut", "laut"):
        memo.embed_query(query)
    assert inner.queries == ["laut", "darat"]
    for number in range(300):
        memo.embed_query(str(number))
    memo.embed_query("laut")
    assert inner.queries.count("laut") == 2


def test_passages_come_from_the_cache(memo: MemoEmbedder, inner: CountingEmbedder) -> None:
    first = memo.embed_passages(["laut", "darat"])
    np.testing.assert_array_equal(memo.embed_passages(["darat", "laut"]), first[::-1])
    assert sorted(inner.embedded) == ["darat", "laut"]
    assert memo.embed_passages([]).shape == (0, 32)
