"""Vectors that need not be computed again: kept in the relational store, or shipped with the project.

A vector is named by the SHA-256 of model identity, role and text, so a changed model or text can never
meet an old vector. Both kinds keep float16: half the room, and two cosines differ by less than 0.001.
"""

import hashlib
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Column, Engine, Integer, LargeBinary, MetaData, Table, delete, insert, select
from sqlalchemy.exc import IntegrityError

from index.embedding import Embedder, Progress, Vectors, unit_rows
from index.errors import IndexingError

SHIPPED_PATH = Path(__file__).parent / "shipped" / "vectors.npz"
CHUNK = 32  # texts embedded between two commits: what a kill can lose, and a question can wait for
_IN_LIMIT = 500  # SQLite allowed 999 bound values in one statement before 3.32
_KEY_BYTES = 32

_METADATA = MetaData()
_VECTORS = Table(
    "vectors",
    _METADATA,
    Column("key", LargeBinary(_KEY_BYTES), primary_key=True),
    Column("dimension", Integer, nullable=False),
    Column("data", LargeBinary, nullable=False),  # float16, little-endian
)


class BrokenVectors(IndexingError):
    """Stored vectors are not what they should be: another length, or a file that cannot be read."""


def vector_key(identity: str, text: str, role: str = "passage") -> bytes:
    """Return the 32 bytes that name the vector of ``text`` by the model ``identity`` in this role."""
    digest = hashlib.sha256()
    for part in (identity, role, text):
        encoded = part.encode("utf-8", errors="surrogatepass")
        digest.update(len(encoded).to_bytes(8, "big") + encoded)
    return digest.digest()


class VectorCache:
    """The table ``vectors`` of the relational store (SQLite or PostgreSQL); makes the table if it is absent."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        _METADATA.create_all(engine)

    def get_many(self, keys: Sequence[bytes]) -> dict[bytes, Vectors]:
        """Return the known vectors by key, each ``(dimension,)`` float32; raises `BrokenVectors` for a cut row."""
        found: dict[bytes, Vectors] = {}
        with self._engine.connect() as connection:
            for part in _parts(keys, _IN_LIMIT):
                rows = connection.execute(select(_VECTORS).where(_VECTORS.c.key.in_(part)))
                found.update({bytes(row.key): _decode(row.data, row.dimension) for row in rows})
        return found

    def put_many(self, vectors: Mapping[bytes, Vectors]) -> None:
        """Keep vectors ``(dimension,)`` by key in one transaction; a key that is there already stays as it is."""
        try:
            self._insert_missing(vectors)
        except IntegrityError:
            # Another process kept some of them between our look and our writing: now the look sees them.
            self._insert_missing(vectors)

    def forget(self, keys: Sequence[bytes]) -> None:
        """Remove vectors; a key that is not there is no error."""
        with self._engine.begin() as connection:
            for part in _parts(keys, _IN_LIMIT):
                connection.execute(delete(_VECTORS).where(_VECTORS.c.key.in_(part)))

    def _insert_missing(self, vectors: Mapping[bytes, Vectors]) -> None:
        with self._engine.begin() as connection:
            for part in _parts(list(vectors), _IN_LIMIT):
                present = set(connection.scalars(select(_VECTORS.c.key).where(_VECTORS.c.key.in_(part))))
                rows = [
                    {"key": key, "dimension": len(vectors[key]), "data": vectors[key].astype("<f2").tobytes()}
                    for key in part
                    if key not in present
                ]
                if rows:
                    connection.execute(insert(_VECTORS), rows)


@dataclass(frozen=True)
class ShippedVectors:
    """Vectors of the study texts that travel with the project, read at the first use; no file means none.

    The file is an npz: ``identity`` (string), ``keys`` (n, 32) uint8 sorted, ``vectors`` (n, dimension) float16.
    """

    path: Path = SHIPPED_PATH

    def get_many(self, keys: Sequence[bytes]) -> dict[bytes, Vectors]:
        """Return the known vectors by key, each ``(dimension,)`` float32; raises `BrokenVectors`."""
        rows, vectors = self._content
        return {key: vectors[rows[key]].astype(np.float32) for key in keys if key in rows}

    @cached_property
    def _content(self) -> tuple[dict[bytes, int], NDArray[np.float16]]:
        if not self.path.is_file():
            return {}, np.zeros((0, 0), np.float16)
        try:
            # numpy leaves a file of its own open when it cannot read it.
            with self.path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
                keys, vectors = stored["keys"], stored["vectors"]
        except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
            raise BrokenVectors(f"{self.path}: {error}") from error
        if keys.shape != (len(vectors), _KEY_BYTES) or keys.dtype != np.uint8 or vectors.ndim != 2:
            raise BrokenVectors(f"{self.path}: keys {keys.shape} and vectors {vectors.shape} do not belong together")
        return {key.tobytes(): row for row, key in enumerate(keys)}, vectors


def write_shipped(path: Path, identity: str, keys: Sequence[bytes], vectors: Vectors) -> None:
    """Write vectors ``(len(keys), dimension)`` as `ShippedVectors` reads them; equal input gives equal bytes."""
    if len(set(keys)) != len(vectors) or any(len(key) != _KEY_BYTES for key in keys):
        raise ValueError("one key of 32 bytes per vector, each once")
    order = sorted(range(len(keys)), key=lambda row: keys[row])
    packed = np.frombuffer(b"".join(keys[row] for row in order), np.uint8).reshape(-1, _KEY_BYTES)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        np.savez_compressed(
            file, identity=np.array(identity), keys=packed, vectors=np.asarray(vectors)[order].astype(np.float16)
        )


@dataclass(frozen=True)
class CachedEmbeddings:
    """Passage vectors by text: shipped, kept from earlier, or made now and kept. Each text is embedded once."""

    embedder: Embedder
    cache: VectorCache
    shipped: ShippedVectors = field(default_factory=ShippedVectors)

    def warm(self, texts: Sequence[str], *, progress: Progress | None = None) -> int:
        """Embed and keep what is not known yet, and return how many texts that were.

        Every `CHUNK` texts are kept at once, so a kill loses little. The model is not loaded when nothing is
        new. ``progress`` is told how many of the texts to embed are done; it is not called when there are none.
        """
        by_key = dict(zip(self._keys(texts), texts, strict=True))
        known = self._find(list(by_key)).keys()
        missing = [key for key in by_key if key not in known]
        # Neighbours in length share a batch with little padding, across the chunks too.
        missing.sort(key=lambda key: -len(by_key[key]))
        done = 0
        for part in _parts(missing, CHUNK):
            rows = self.embedder.embed_passages([by_key[key] for key in part])
            self.cache.put_many(dict(zip(part, rows, strict=True)))
            done += len(part)
            if progress:
                progress(done, len(missing))
        return len(missing)

    def known(self, texts: Sequence[str]) -> dict[str, Vectors]:
        """Return the unit vectors ``(dimension,)`` that need no model, by text; an unknown text is left out."""
        found = self._find(keys := self._keys(texts))
        return {text: unit_rows(found[key][None])[0] for key, text in zip(keys, texts, strict=True) if key in found}

    def embed(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        """Return ``(len(texts), dimension)`` float32, unit rows in the order of ``texts``, embedding what is new.

        The first call and the second give equal bytes: new vectors too have passed through float16.
        """
        if not texts:
            return np.zeros((0, self.embedder.dimension), np.float32)
        self.warm(texts, progress=progress)
        found = self._find(keys := self._keys(texts))
        return unit_rows(np.stack([found[key] for key in keys]))

    def forget(self, texts: Sequence[str]) -> None:
        """Remove the kept vectors of texts that nobody needs any more; those that travel with the project stay."""
        self.cache.forget(self._keys(texts))

    def _keys(self, texts: Sequence[str]) -> list[bytes]:
        return [vector_key(self.embedder.identity, text) for text in texts]

    def _find(self, keys: Sequence[bytes]) -> dict[bytes, Vectors]:
        shipped = self.shipped.get_many(keys)
        return shipped | self.cache.get_many([key for key in dict.fromkeys(keys) if key not in shipped])


def _decode(data: bytes, dimension: int) -> Vectors:
    vector = np.frombuffer(data, "<f2").astype(np.float32)
    if len(vector) != dimension:
        raise BrokenVectors(f"the store holds a vector of {len(vector)} numbers that should have {dimension}")
    return vector


def _parts(items: Sequence[bytes], size: int) -> Iterator[Sequence[bytes]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
