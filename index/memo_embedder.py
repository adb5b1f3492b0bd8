"""The embedder of the asking arrow: nothing is embedded twice."""

from functools import lru_cache

from index.embedding import Embedder, Vectors
from index.vector_cache import CachedEmbeddings

_REMEMBERED = 256


class MemoEmbedder:
    """An `Embedder` that takes passages and sentences from the cache and remembers the latest queries.

    Retrieval and quoting both need the vector of a query; only the first of them waits for the model.
    """

    def __init__(self, inner: Embedder, embeddings: CachedEmbeddings) -> None:
        self._inner, self._embeddings = inner, embeddings
        self._embed_query = lru_cache(maxsize=_REMEMBERED)(inner.embed_query)

    @property
    def identity(self) -> str:
        """The identity of the embedder inside."""
        return self._inner.identity

    @property
    def dimension(self) -> int:
        """Length of every vector."""
        return self._inner.dimension

    def embed_passages(self, texts: list[str]) -> Vectors:
        """Return ``(len(texts), dimension)`` float32, unit rows, embedding only what no cache holds."""
        return self._embeddings.embed(texts)

    def embed_query(self, text: str) -> Vectors:
        """Return ``(dimension,)`` float32 of length 1, shared: callers must not write into it."""
        return self._embed_query(text)
