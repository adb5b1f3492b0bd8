"""Public fakes of the product's seams. They compute, so that tests patch nothing."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from index.embedding import Vectors, unit_rows
from index.reader import Found, Reading, Verdict

_STEM_LETTERS = 5


@dataclass(frozen=True)
class HashEmbedder:
    """An `Embedder` without a model: texts that share words, word beginnings or letters are near.

    Every word adds its hash, the hash of its first five letters (Indonesian suffixes fall away) and the
    hashes of its character trigrams to a vector of ``dimension`` numbers.
    """

    dimension: int = 64

    @property
    def identity(self) -> str:
        """ "hash-" and the dimension."""
        return f"hash-{self.dimension}"

    def embed_passages(self, texts: list[str]) -> Vectors:
        """Return ``(len(texts), dimension)`` float32, unit rows."""
        return unit_rows(np.array([self._sums(text) for text in texts], np.float32).reshape(-1, self.dimension))

    def embed_query(self, text: str) -> Vectors:
        """Return ``(dimension,)`` float32 of length 1: the vector that a passage with this text has."""
        row: Vectors = self.embed_passages([text])[0]
        return row

    def _sums(self, text: str) -> Vectors:
        sums = np.zeros(self.dimension, np.float32)
        for feature, weight in _features(text):
            number = int.from_bytes(hashlib.blake2b(feature.encode(errors="replace"), digest_size=8).digest(), "big")
            # The sign from another bit than the place: chance meetings then cancel out on average.
            sums[(number >> 1) % self.dimension] += weight if number & 1 else -weight
        return sums


def _features(text: str) -> Iterator[tuple[str, float]]:
    for word in re.findall(r"\w+", text.lower()):
        yield f"w:{word}", 1.0
        yield f"s:{word[:_STEM_LETTERS]}", 1.0
        padded = f" {word} "
        for start in range(len(padded) - 2):
            yield f"t:{padded[start : start + 3]}", 0.3


@dataclass(frozen=True)
class WordReader:
    """A `Reader` without a model, which counts shared words."""

    def read(self, question: str, readings: Sequence[Reading]) -> list[list[Found]]:
        """Return for each sentence 6 times the share of the question's words that it holds, less 3.

        The short answer is the longest run of words that the question does not have; it is as sure as the odds.
        """
        asked = _words(question)
        return [[_found(asked, reading, *each) for each in reading.sentences] for reading in readings]

    def check(self, pairs: Sequence[tuple[str, str]]) -> list[Verdict]:
        """Return as support the share of the claim's words that the evidence holds."""
        shares = [_share(_words(claim), evidence) for claim, evidence in pairs]
        return [Verdict(share, 1 - share, 0.0) for share in shares]


def _found(asked: set[str], reading: Reading, start: int, end: int) -> Found:
    runs: list[list[re.Match[str]]] = [[]]
    for word in re.finditer(r"\w+", reading.text[start:end]):
        if word.group().lower() in asked:
            runs.append([])
        else:
            runs[-1].append(word)
    longest = max(runs, key=len)
    odds = 6 * _share(asked, reading.text[start:end]) - 3
    if not longest:
        return Found(odds, start, start)
    return Found(odds, start + longest[0].start(), start + longest[-1].end(), odds)


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))


def _share(asked: set[str], sentence: str) -> float:
    return len(asked & _words(sentence)) / max(len(asked), 1)
