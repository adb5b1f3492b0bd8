"""The reader: judges each sentence of a passage with the question before its eyes: does it answer?

A BERT encoder that reads question and passage together, trained by training/train_reader.py from multilingual-e5-small.
It is opened from a file that travels with the project, without torch, and takes the embedding table, the larger part
of the weights, from the embedding model's own file.
"""

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Encoding

from index.onnx_encoder import GRAPH_ERRORS
from index.pieces import open_tokenizer, pieces_of

logger = logging.getLogger(__name__)

SHIPPED_READER = Path(__file__).parent / "shipped" / "reader.onnx"
MOST_TOKENS = 320
_TOGETHER = 4  # passages of one run
_TABLE = "embeddings.word_embeddings.weight"
_VOCABULARY, _HIDDEN = 250_037, 384  # of multilingual-e5-small, which the reader was trained from
_HEADER_LENGTH_BYTES = 8
_QUIET = 3  # errors only


@dataclass(frozen=True)
class Reading:
    """A passage as the reader sees it: title and headings, its words, and its sentences as ranges in these."""

    head: str
    text: str
    sentences: tuple[tuple[int, int], ...]


class Reader(Protocol):
    """Judges sentences."""

    def read(self, question: str, readings: Sequence[Reading]) -> list[list[float]]:
        """Return a list for each passage: for each sentence the log-odds that it answers the question."""


class OnnxReader:
    """The reader of a graph file over tokenizer and embedding table of a model folder; threads may share it."""

    def __init__(self, graph: Path, model: Path) -> None:
        self._table = _embedding_table(model / "model.safetensors")
        self._tokenizer = open_tokenizer(model)
        options = onnxruntime.SessionOptions()
        options.log_severity_level = _QUIET
        options.enable_cpu_mem_arena = options.enable_mem_pattern = False  # what one answer needed is given back
        # Some matrices are packed into eight bits only to be stored (training/export_reader.py).
        options.add_session_config_entry("session.disable_quant_qdq", "1")
        self._session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])

    def read(self, question: str, readings: Sequence[Reading]) -> list[list[float]]:
        """Return the log-odds by passage and sentence; -inf for a sentence beyond the limit of tokens."""
        if not readings:
            return []
        texts = [f"{reading.head}\n{reading.text}" if reading.head else reading.text for reading in readings]
        encodings = self._tokenizer.encode_batch([(question, text) for text in texts])
        # Neighbours in length need little padding, and a few at a time little memory.
        order = sorted(range(len(readings)), key=lambda row: len(encodings[row].ids))
        found: dict[int, list[float]] = {}
        for first in range(0, len(order), _TOGETHER):
            rows = order[first : first + _TOGETHER]
            scores = self._read([encodings[row] for row in rows], [readings[row] for row in rows])
            found.update(zip(rows, scores, strict=True))
        return [found[row] for row in range(len(readings))]

    def _read(self, encodings: Sequence[Encoding], readings: Sequence[Reading]) -> list[list[float]]:
        pieces = [pieces_of(encoding, MOST_TOKENS) for encoding in encodings]
        length = max(map(len, pieces))
        ids, mask = np.zeros((2, len(readings), length), np.int64)
        members = np.zeros((len(readings), max(len(reading.sentences) for reading in readings), length), np.float32)
        for row, (encoding, reading) in enumerate(zip(encodings, readings, strict=True)):
            ids[row, : len(pieces[row])] = pieces[row]
            mask[row, : len(pieces[row])] = 1
            _mark_members(members[row], encoding, reading)
        inputs = {"words": self._table[ids].astype(np.float32), "attention_mask": mask, "members": members}
        (scores,) = self._session.run(None, inputs)
        scores[~members.any(axis=2)] = -np.inf
        return [scores[row, : len(reading.sentences)].tolist() for row, reading in enumerate(readings)]


def open_reader(model: Path, graph: Path = SHIPPED_READER) -> OnnxReader | None:
    """Return the shipped reader over the weights in a model folder; None when it does not fit them.

    It fits multilingual-e5-small alone, as float32 in ``model.safetensors``.
    """
    try:
        return OnnxReader(graph, model)
    except (OSError, ValueError, KeyError, *GRAPH_ERRORS) as error:
        logger.warning("Answers are chosen without the reader: %s", error)
        return None


def _mark_members(members: NDArray[np.float32], encoding: Encoding, reading: Reading) -> None:
    """Write 1 / n for the n tokens that begin in each sentence, into one row a sentence."""
    shift = len(reading.head) + 1 if reading.head else 0
    shown = members.shape[1] - (len(encoding.ids) > members.shape[1])  # of a text that was cut the last is the end mark
    starts = np.array([start for start, _ in encoding.offsets[:shown]]) - shift
    second = np.array([part == 1 for part in encoding.sequence_ids[:shown]])
    for number, (start, end) in enumerate(reading.sentences):
        held = np.flatnonzero(second & (starts >= start) & (starts < end))
        if len(held):
            members[number, held] = 1 / len(held)


def _embedding_table(path: Path) -> NDArray[np.float32]:
    """Return the embedding table (vocabulary, hidden) of a safetensors file, mapped into memory; else ValueError."""
    with path.open("rb") as file:
        length = int.from_bytes(file.read(_HEADER_LENGTH_BYTES), "little")
        entry = json.loads(file.read(length))[_TABLE]
    if entry["dtype"] != "F32" or entry["shape"] != [_VOCABULARY, _HIDDEN]:
        raise ValueError(f"{path} does not hold the embedding table of multilingual-e5-small as float32")
    start = _HEADER_LENGTH_BYTES + length + entry["data_offsets"][0]
    return np.memmap(path, np.dtype("<f4"), "r", start, (_VOCABULARY, _HIDDEN))
