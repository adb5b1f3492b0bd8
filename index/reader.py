"""The reader judges with two texts before its eyes: does a sentence answer, by which words? Is a claim supported?

A BERT encoder with three heads, trained by training/train_reader.py from multilingual-e5-small.
It is opened from a file that travels with the project, without torch, and takes the embedding table, the larger part
of the weights, from the embedding model's own file.
"""

import json
import logging
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Encoding

from index.onnx_encoder import GRAPH_ERRORS
from index.pieces import open_tokenizer, pieces_of

logger = logging.getLogger(__name__)

SHIPPED_READER = Path(__file__).parent / "shipped" / "reader.onnx"
MOST_TOKENS = 320
LONGEST_SPAN = 64
"""Tokens of a short answer; an enumeration may need many."""
_OUTPUTS = {"scores", "spans", "verdicts"}
_TOGETHER = 4  # passages of one run
_TABLE = "embeddings.word_embeddings.weight"
_VOCABULARY, _HIDDEN = 250_037, 384  # of multilingual-e5-small, which the reader was trained from
_HEADER_LENGTH_BYTES = 8
_QUIET = 3  # errors only

T = TypeVar("T")


@dataclass(frozen=True)
class Reading:
    """A passage as the reader sees it: title and headings, its words, and its sentences as ranges in these."""

    head: str
    text: str
    sentences: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Found:
    """What the reader says of one sentence.

    ``odds`` are the log-odds that it answers, -inf beyond the limit of tokens. ``start`` and ``end`` are the likeliest
    short answer in it, a range of the passage's words, and ``surety`` the log of how much likelier that is than that
    the passage holds none; without a token of its own a sentence has an empty range.
    """

    odds: float
    start: int = 0
    end: int = 0
    surety: float = -math.inf


@dataclass(frozen=True)
class Verdict:
    """Probabilities, of sum 1, that evidence supports a claim, does not tell it, or contradicts it."""

    supported: float
    untold: float
    contradicted: float


class Reader(Protocol):
    """Judges sentences."""

    def read(self, question: str, readings: Sequence[Reading]) -> list[list[Found]]:
        """Return a list for each passage with what is found in each of its sentences."""

    def check(self, pairs: Sequence[tuple[str, str]]) -> list[Verdict]:
        """Return the verdict on each pair of a claim and its evidence (title, line break, sentence)."""


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
        given = {output.name for output in self._session.get_outputs()}
        if given != _OUTPUTS:
            raise ValueError(f"{graph} gives {sorted(given)} instead of {sorted(_OUTPUTS)}")

    def read(self, question: str, readings: Sequence[Reading]) -> list[list[Found]]:
        """Return what is found by passage and sentence."""
        if not readings:
            return []
        texts = [f"{reading.head}\n{reading.text}" if reading.head else reading.text for reading in readings]
        encodings = self._tokenizer.encode_batch([(question, text) for text in texts])
        return self._in_parts(
            encodings, lambda rows: self._read([encodings[n] for n in rows], [readings[n] for n in rows])
        )

    def check(self, pairs: Sequence[tuple[str, str]]) -> list[Verdict]:
        """Return the verdict on each claim beside its evidence."""
        if not pairs:
            return []
        encodings = self._tokenizer.encode_batch(list(pairs))

        def judged(rows: Sequence[int]) -> list[Verdict]:
            inputs = self._inputs([encodings[n] for n in rows], [()] * len(rows))
            (verdicts,) = self._session.run(["verdicts"], inputs)
            likely = np.exp(verdicts - verdicts.max(axis=1, keepdims=True))
            return [Verdict(*each) for each in (likely / likely.sum(axis=1, keepdims=True)).tolist()]

        return self._in_parts(encodings, judged)

    def _in_parts(self, encodings: Sequence[Encoding], run: Callable[[Sequence[int]], list[T]]) -> list[T]:
        """Run a few texts at a time, which needs little memory; neighbours in length need little padding."""
        order = sorted(range(len(encodings)), key=lambda row: len(encodings[row].ids))
        found: dict[int, T] = {}
        for first in range(0, len(order), _TOGETHER):
            rows = order[first : first + _TOGETHER]
            found.update(zip(rows, run(rows), strict=True))
        return [found[row] for row in range(len(encodings))]

    def _inputs(
        self, encodings: Sequence[Encoding], tokens: Sequence[Sequence[NDArray[np.int64]]]
    ) -> dict[str, NDArray[Any]]:
        """Return the inputs of the graph; ``tokens`` are the places of those of each sentence of each text."""
        pieces = [pieces_of(encoding, MOST_TOKENS) for encoding in encodings]
        length = max(map(len, pieces))
        ids, mask = np.zeros((2, len(encodings), length), np.int64)
        members = np.zeros((len(encodings), max(1, *map(len, tokens)), length), np.float32)
        for row, held in enumerate(tokens):
            ids[row, : len(pieces[row])] = pieces[row]
            mask[row, : len(pieces[row])] = 1
            for number, places in enumerate(held):
                members[row, number, places] = 1 / max(len(places), 1)
        return {"words": self._table[ids].astype(np.float32), "attention_mask": mask, "members": members}

    def _read(self, encodings: Sequence[Encoding], readings: Sequence[Reading]) -> list[list[Found]]:
        tokens = [_tokens(encoding, reading) for encoding, reading in zip(encodings, readings, strict=True)]
        inputs = self._inputs(encodings, tokens)
        scores, spans = self._session.run(["scores", "spans"], inputs)
        return [
            [
                _found(float(scores[row, number]), spans[row], places, encodings[row], readings[row])
                for number, places in enumerate(held)
            ]
            for row, held in enumerate(tokens)
        ]


def open_reader(model: Path, graph: Path = SHIPPED_READER) -> OnnxReader | None:
    """Return the shipped reader over the weights in a model folder; None when it does not fit them.

    It fits multilingual-e5-small alone, as float32 in ``model.safetensors``.
    """
    try:
        return OnnxReader(graph, model)
    except (OSError, ValueError, KeyError, *GRAPH_ERRORS) as error:
        logger.warning("Answers are chosen without the reader: %s", error)
        return None


def _tokens(encoding: Encoding, reading: Reading) -> list[NDArray[np.int64]]:
    """Return the places of the tokens of each sentence, as far as the reader sees them.

    A token takes the space before it with it, so the first of a sentence begins before it.
    """
    shown = min(len(encoding.ids), MOST_TOKENS)
    shown -= len(encoding.ids) > shown  # of a text that was cut the last is the end mark
    starts, ends = np.array(encoding.offsets[:shown]).T - _shift(reading)
    second = np.array([part == 1 for part in encoding.sequence_ids[:shown]])
    return [np.flatnonzero(second & (ends > start) & (starts < end)) for start, end in reading.sentences]


def _shift(reading: Reading) -> int:
    return len(reading.head) + 1 if reading.head else 0


def _found(
    odds: float, spans: NDArray[np.float32], places: NDArray[np.int64], encoding: Encoding, reading: Reading
) -> Found:
    """Return what one sentence holds, of log-odds of starts and ends (length, 2); the first token means none."""
    if not len(places):
        return Found(-math.inf)
    starts, ends = spans[places, 0], spans[places, 1]
    together = starts[:, None] + ends[None, :]
    distance = np.arange(len(places))[None, :] - np.arange(len(places))[:, None]
    together[(distance < 0) | (distance >= LONGEST_SPAN)] = -np.inf
    first, last = np.unravel_index(int(together.argmax()), together.shape)
    surety = float(together[first, last] - spans[0].sum())
    offsets, shift = encoding.offsets, _shift(reading)
    # A token takes the space before it with it, the first one even the break behind the headings.
    start, end = max(offsets[places[first]][0] - shift, 0), offsets[places[last]][1] - shift
    return Found(odds, start + len(reading.text[start:end]) - len(reading.text[start:end].lstrip()), end, surety)


def _embedding_table(path: Path) -> NDArray[np.float32]:
    """Return the embedding table (vocabulary, hidden) of a safetensors file, mapped into memory; else ValueError."""
    with path.open("rb") as file:
        length = int.from_bytes(file.read(_HEADER_LENGTH_BYTES), "little")
        entry = json.loads(file.read(length))[_TABLE]
    if entry["dtype"] != "F32" or entry["shape"] != [_VOCABULARY, _HIDDEN]:
        raise ValueError(f"{path} does not hold the embedding table of multilingual-e5-small as float32")
    start = _HEADER_LENGTH_BYTES + length + entry["data_offsets"][0]
    return np.memmap(path, np.dtype("<f4"), "r", start, (_VOCABULARY, _HIDDEN))
