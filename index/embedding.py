"""Embedder: texts to unit vectors, and its sentence-transformers implementation.

Importing this module does not import torch (5 s, 440 MB): that happens when the first passage is embedded, or the
first query if the model folder holds no graph for ONNX Runtime (see `index.query_encoder`).
"""

import json
import logging
import os
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from index.embedding_settings import EmbeddingSettings
from index.errors import IndexingError
from index.model_weights import Report, ResolvedModel, resolve_weights
from index.unpacking import QUERY_ENCODER, has_query_encoder

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

    from index.query_encoder import OnnxQueryEncoder

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

Vectors = NDArray[np.float32]
Progress = Callable[[int, int], None]
"""Called with the number of texts done and the number of all."""

# The E5 models are trained with these (Wang et al., 2024, arXiv:2402.05672, section 3); their folders do not say so.
_E5_PROMPTS = {"query": "query: ", "document": "passage: "}
_E5_NAME = re.compile(r"(^|[-_/])e5([-_]|$)", re.IGNORECASE)


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


class BrokenModel(IndexingError):
    """The model folder exists but cannot be loaded."""


class SentenceTransformerEmbedder:
    """An `Embedder` over a sentence-transformers folder; safe to call from several threads.

    The model is loaded at the first use, or by `load`; queries go through the small graph beside it where there is
    one, which gives the same vectors without it. Texts longer than the model's limit (512 tokens for E5) are cut
    at the limit. A text without any token gets the vector of `unit_rows` for zero.
    """

    def __init__(self, model: ResolvedModel, settings: EmbeddingSettings) -> None:
        self._resolved = model
        self._batch_size = settings.batch_size
        self._model: SentenceTransformer | None = None
        self._loading = threading.Lock()
        self._queue, self._busy = threading.Lock(), threading.Lock()
        self._queries: OnnxQueryEncoder | None = None
        self._queries_sought, self._seeking = False, threading.Lock()

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
                self._model = _load(self._resolved)
            return self._model

    def embed_passages(self, texts: list[str], *, progress: Progress | None = None) -> Vectors:
        """Return ``(len(texts), dimension)`` float32, unit rows in the order of ``texts``."""
        model, vectors = self.load(), np.zeros((len(texts), self.dimension), np.float32)
        # Neighbours in length need little padding; the longest first, so that too little memory shows at once.
        order = sorted(range(len(texts)), key=lambda row: -len(texts[row]))
        for start in range(0, len(order), self._batch_size):
            rows = order[start : start + self._batch_size]
            with self._turn():
                vectors[rows] = model.encode_document(
                    [_encodable(texts[row]) for row in rows],
                    batch_size=len(rows),
                    show_progress_bar=False,
                    convert_to_numpy=True,
                )
            if progress:
                progress(start + len(rows), len(texts))
        return unit_rows(vectors)

    def embed_query(self, text: str) -> Vectors:
        """Return ``(dimension,)`` float32 of length 1."""
        encoder = self._query_encoder()
        if encoder:
            return encoder.encode(_encodable(text))
        model = self.load()
        with self._turn(), _one_thread():
            vector = model.encode_query([_encodable(text)], show_progress_bar=False, convert_to_numpy=True)
        row: Vectors = unit_rows(np.asarray(vector, np.float32))[0]
        return row

    def _query_encoder(self) -> "OnnxQueryEncoder | None":
        """Return what embeds queries without the model, None if the model must, or may as well: it is loaded already.

        Both together would hold two tokenizers and the weights twice, about 300 MB more.
        """
        with self._seeking:
            if not self._queries_sought and self._model is None:
                self._queries = _open_query_encoder(self._resolved.folder)
                self._queries_sought = True
            return self._queries

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


@contextmanager
def _one_thread() -> Iterator[None]:
    """Let torch compute in this thread alone.

    A query is too short to share: 27 ms alone, 19 ms by two threads on two idle cores, but 1,070 ms by two
    when another process keeps a core busy, for each waits for the other at every step.
    """
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def _encodable(text: str) -> str:
    """Replace lone surrogates, which a damaged file or request may hold and the tokenizer refuses."""
    return text.encode("utf-8", errors="replace").decode("utf-8")


def _open_query_encoder(folder: Path) -> "OnnxQueryEncoder | None":
    if not has_query_encoder(folder):
        return None
    from index.query_encoder import OnnxQueryEncoder, UnusableGraph

    try:
        return OnnxQueryEncoder(folder / QUERY_ENCODER)
    except UnusableGraph as error:
        logger.warning("Queries are embedded by sentence-transformers, which starts more slowly: %s", error)
        return None


def _load(resolved: ResolvedModel) -> "SentenceTransformer":
    # Read at import: without it `tokenizers` warns at every later fork, and the hub client reports its use.
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    from safetensors import SafetensorError
    from sentence_transformers import SentenceTransformer
    from transformers.utils.logging import disable_progress_bar, enable_progress_bar, is_progress_bar_enabled

    bars_wanted = is_progress_bar_enabled()
    disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        model = SentenceTransformer(str(resolved.folder), device="cpu", local_files_only=True)
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        raise BrokenModel(f"the embedding model in {resolved.folder} cannot be loaded: {error}") from error
    finally:
        if bars_wanted:
            enable_progress_bar()  # type: ignore[no-untyped-call]
    if not any(model.prompts.values()) and _E5_NAME.search(resolved.name) and "instruct" not in resolved.name:
        model.prompts.update(_E5_PROMPTS)
    return model.float().eval().requires_grad_(requires_grad=False)
