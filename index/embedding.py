"""Embedder: texts to unit vectors, and its sentence-transformers implementation.

Importing this module does not import torch (5 s, 440 MB): that happens when the first text is embedded by a model
whose folder holds no graph for ONNX Runtime (see `index.onnx_encoder`).
"""

import json
import logging
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from index.embedding_settings import EmbeddingSettings
from index.model_weights import Report, ResolvedModel, resolve_weights
from index.torch_model import BrokenModel, load_model, one_thread
from index.unpacking import QUERY_ENCODER, has_query_encoder

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

    from index.onnx_encoder import OnnxEncoder

__all__ = [
    "BrokenModel",
    "Embedder",
    "EmbeddingSettings",
    "Progress",
    "SentenceTransformerEmbedder",
    "Vectors",
    "open_embedder",
    "unit_rows",
]

logger = logging.getLogger(__name__)

_MOST_CHARS = 4000  # of a pass, padding included: some 1,100 tokens, about 70 MB a core

Vectors = NDArray[np.float32]
Progress = Callable[[int, int], None]
"""Called with the number of texts done and the number of all."""


class Embedder(Protocol):
    """Turns texts into unit vectors of ``dimension`` floats."""

    @property
    def identity(self) -> str:
        """What made the vectors: two embedders with equal identity give equal vectors."""

    @property
    def dimension(self) -> int:
        """Length of every vector."""

    def embed_passages(self, texts: list[str]) -> Vectors:
        """Return ``(len(texts), dimension)`` float32, unit rows, row i for texts[i]; (0, dimension) for none."""

    def embed_query(self, text: str) -> Vectors:
        """Return ``(dimension,)`` float32 of length 1."""


class SentenceTransformerEmbedder:
    """An `Embedder` over a sentence-transformers folder; safe to call from several threads.

    The model is loaded at the first use, or by `load`; where there is a graph beside it, that gives the same vectors
    without it. Texts longer than the model's limit (512 tokens for E5) are cut
    at the limit. A text without any token gets the vector of `unit_rows` for zero.
    """

    def __init__(self, model: ResolvedModel, settings: EmbeddingSettings) -> None:
        self._resolved = model
        self._batch_size = settings.batch_size
        self._model: SentenceTransformer | None = None
        self._loading = threading.Lock()
        self._queue, self._busy = threading.Lock(), threading.Lock()
        self._onnx: OnnxEncoder | None = None
        self._onnx_sought, self._seeking = False, threading.Lock()

    @property
    def identity(self) -> str:
        """The identity of the resolved model; known without loading it."""
        return self._resolved.identity

    @property
    def folder(self) -> Path:
        """Where the model lies."""
        return self._resolved.folder

    @property
    def dimension(self) -> int:
        """Length of every vector; loads the model unless it was unpacked here."""
        if has_query_encoder(self._resolved.folder):
            config = json.loads((self._resolved.folder / "config.json").read_text(encoding="utf-8"))
            return int(config["hidden_size"])
        return self.load().get_embedding_dimension() or 0

    def load(self) -> "SentenceTransformer":
        """Load the model unless it is loaded (about 8 s with the imports); raises `BrokenModel`."""
        with self._loading:
            if self._model is None:
                self._model = load_model(self._resolved)
            return self._model

    def embed_passages(self, texts: list[str], *, progress: Progress | None = None) -> Vectors:
        """Return ``(len(texts), dimension)`` float32, unit rows in the order of ``texts``."""
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        # Neighbours in length need little padding; the longest first, so that too little memory shows at once.
        order = sorted(range(len(texts)), key=lambda row: -len(texts[row]))
        batches = list(_batches(order, texts, self._batch_size))
        done = 0
        for rows, found in self._embed_batches([[_encodable(texts[row]) for row in rows] for rows in batches], batches):
            vectors[rows] = found
            done += len(rows)
            if progress:
                progress(done, len(texts))
        return unit_rows(vectors)

    def _embed_batches(self, batches: list[list[str]], rows: list[list[int]]) -> Iterator[tuple[list[int], Vectors]]:
        encoder = self._onnx_encoder()
        if encoder:
            # A batch a core: as fast as sharing each batch, without waiting for one another at every layer.
            with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
                yield from zip(rows, pool.map(encoder.encode_passages, batches), strict=True)
            return
        model = self.load()
        for batch, of_rows in zip(batches, rows, strict=True):
            with self._turn():
                found = model.encode_document(
                    batch, batch_size=len(batch), show_progress_bar=False, convert_to_numpy=True
                )
            yield of_rows, np.asarray(found, np.float32)

    def embed_query(self, text: str) -> Vectors:
        """Return ``(dimension,)`` float32 of length 1."""
        encoder = self._onnx_encoder()
        if encoder:
            return encoder.encode_query(_encodable(text))
        model = self.load()
        with self._turn(), one_thread():
            vector = model.encode_query([_encodable(text)], show_progress_bar=False, convert_to_numpy=True)
        row: Vectors = unit_rows(np.asarray(vector, np.float32))[0]
        return row

    def _onnx_encoder(self) -> "OnnxEncoder | None":
        """Return what embeds without the model, None if the model must, or may as well: it is loaded already.

        Both together would hold two tokenizers and the weights twice, about 300 MB more.
        """
        with self._seeking:
            if not self._onnx_sought and self._model is None:
                self._onnx = _open_onnx_encoder(self._resolved.folder)
                self._onnx_sought = True
            return self._onnx

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Wait for the model, first come first served: a question waits for one batch of an indexing run.

        With one plain lock the indexing thread would take it again at once (measured: questions waited 7 s).
        """
        with self._queue:
            self._busy.acquire()
        try:
            yield
        finally:
            self._busy.release()


def open_embedder(
    settings: EmbeddingSettings, home: Path, *, progress: Report | None = None
) -> SentenceTransformerEmbedder:
    """Find the weights (see `resolve_weights`, whose errors it raises) and return the embedder, not yet loaded."""
    return SentenceTransformerEmbedder(resolve_weights(settings, home, progress=progress), settings)


def unit_rows(vectors: Vectors) -> Vectors:
    """Return the rows of ``(n, d)`` scaled to length 1, float32.

    A zero row has no direction; it becomes the constant ``1/sqrt(d)``, so that every row is a unit vector.
    """
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    constant = np.float32(1 / np.sqrt(max(vectors.shape[1], 1)))
    scaled = np.full(vectors.shape, constant, np.float32)
    np.divide(vectors, lengths, out=scaled, where=lengths > 0)
    return scaled


def _batches(order: list[int], texts: list[str], most: int) -> Iterator[list[int]]:
    """Yield rows in groups of at most ``most``, fewer of long texts: memory grows with the square of their length."""
    batch: list[int] = []
    for row in order:  # the longest first, so the first of a batch is its longest
        if batch and (len(batch) == most or (len(batch) + 1) * len(texts[batch[0]]) > _MOST_CHARS):
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch


def _encodable(text: str) -> str:
    """Replace lone surrogates, which a damaged file or request may hold and the tokenizer refuses."""
    return text.encode("utf-8", errors="replace").decode("utf-8")


def _open_onnx_encoder(folder: Path) -> "OnnxEncoder | None":
    if not has_query_encoder(folder):
        return None
    from index.onnx_encoder import OnnxEncoder, UnusableGraph

    try:
        return OnnxEncoder(folder / QUERY_ENCODER)
    except UnusableGraph as error:
        logger.warning("sentence-transformers embeds instead, which is slower: %s", error)
        return None
