"""The vector store: passage vectors in Chroma, by cosine. The only module that knows Chroma.

Chroma is an index that can be thrown away: the vectors themselves are kept in the relational store.
"""

import threading
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from index.embedding import Vectors
from index.errors import IndexingError

_COLLECTION = "passages"
_BATCH = 2000  # Chroma refuses more than 5,461 rows in one call
_OPENING = threading.Lock()  # clients on one folder share what Chroma counts without a lock
_CONFIGURATION = {"hnsw": {"space": "cosine", "ef_construction": 200, "max_neighbors": 32, "ef_search": 200}}


@dataclass(frozen=True)
class Hit:
    """A passage found: its id and a score, larger is nearer (for vectors the cosine, -1 to 1)."""

    passage_id: str
    score: float


class BrokenStore(IndexingError):
    """Chroma cannot read its own files, or another process has thrown its collection away."""

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(
            f"The vector store in {folder} cannot be read: {reason}. "
            "Run `tanya index build`; if that fails too, remove the folder first."
        )


class VectorStore:
    """Passage vectors on disk under one folder. Threads may share one instance; processes may not write together.

    Every method, and opening, raises BrokenStore when Chroma cannot go on.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.RLock()
        self._client: Any = None
        self._collection: Any = None
        with self._at_work():
            self._open()

    def _open(self) -> None:
        import chromadb  # slow to import: only when a store is opened
        from chromadb.config import Settings

        self._folder.mkdir(parents=True, exist_ok=True)
        with _OPENING:
            self._client = chromadb.PersistentClient(str(self._folder), Settings(anonymized_telemetry=False))
        # Without embedding_function=None Chroma attaches an English model that it downloads at first use.
        self._collection = self._client.get_or_create_collection(
            _COLLECTION, embedding_function=None, configuration=_CONFIGURATION
        )

    def upsert(self, passage_ids: list[str], vectors: Vectors) -> None:
        """Store vectors, row i for passage_ids[i], in bounded batches; what had the same id is replaced."""
        with self._at_work():
            for first in range(0, len(passage_ids), _BATCH):
                ids = passage_ids[first : first + _BATCH]
                metadatas = [{"document_id": passage_id.split("-")[0]} for passage_id in ids]
                self._collection.upsert(ids=ids, embeddings=vectors[first : first + _BATCH], metadatas=metadatas)

    def delete(self, passage_ids: Iterable[str]) -> None:
        """Remove vectors; unknown ids are ignored."""
        ids = list(passage_ids)
        with self._at_work():
            for first in range(0, len(ids), _BATCH):
                self._collection.delete(ids=ids[first : first + _BATCH])

    def ids(self) -> set[str]:
        """Return the ids of all stored passages."""
        with self._at_work():
            return set(self._collection.get(include=[])["ids"])

    def vectors(self, passage_ids: list[str]) -> dict[str, Vectors]:
        """Return id -> vector as Chroma holds it; unknown ids are absent. BrokenStore when it lost one."""
        held: dict[str, Vectors] = {}
        with self._at_work():
            for first in range(0, len(passage_ids), _BATCH):
                found = self._collection.get(ids=passage_ids[first : first + _BATCH], include=["embeddings"])
                rows = np.asarray(found["embeddings"], np.float32)
                held.update(zip(found["ids"], rows, strict=True))
        return held

    def search(self, query: Vectors, k: int, within: Collection[str] | None = None) -> list[Hit]:
        """Return at most k passages nearest to a query vector, best first; empty for an empty store.

        ``within`` names the documents that are searched; None is all of them.
        """
        if within is not None and not within:
            return []
        where = None if within is None else {"document_id": {"$in": sorted(within)}}
        with self._at_work():
            found = self._collection.query(query_embeddings=[query], n_results=k, where=where, include=["distances"])
        return [Hit(i, 1.0 - d) for i, d in zip(found["ids"][0], found["distances"][0], strict=True)]

    def clear(self) -> None:
        """Throw everything away, for instance because the store lies or the model changed."""
        with self._at_work():
            self._client.delete_collection(_COLLECTION)
            self._collection = self._client.create_collection(
                _COLLECTION, embedding_function=None, configuration=_CONFIGURATION
            )

    def reopen(self) -> None:
        """Open the files anew, to see what another process wrote; a search under way in another thread ends first."""
        with self._at_work():
            self.close()
            self._open()

    def close(self) -> None:
        """Release the files."""
        with self._lock, _OPENING:
            self._client.close()

    @contextmanager
    def _at_work(self) -> Iterator[None]:
        """Hold the lock; what Chroma raises when its files are damaged ("Error finding id") becomes BrokenStore."""
        from chromadb.errors import ChromaError

        with self._lock:
            try:
                yield
            except ChromaError as error:
                raise BrokenStore(self._folder, str(error)) from error
