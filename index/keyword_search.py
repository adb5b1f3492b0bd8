"""Keyword search: BM25 over the same passages as the vectors, with Indonesian morphology and the term map.

The index is written whole beside the vectors and memory-mapped when it is read.
"""

import json
import math
import os
import shutil
from collections.abc import Collection
from copy import copy
from pathlib import Path
from typing import Any

import bm25s
import numpy as np
from numpy.typing import NDArray

from index.morphology import index_terms
from index.term_map import TermMap
from index.vector_store import Hit

_IDS = "passages.json"
EXPANSION_WEIGHT = 0.5
"""What another form of a term counts beside the form that was typed."""


class KeywordIndex:
    """BM25 scores of passages; made by `build_keyword_index`, opened from its folder."""

    def __init__(self, folder: Path, terms: TermMap) -> None:
        self._terms = terms
        self._ids = indexed_ids(folder)
        self._bm25: Any = bm25s.BM25.load(folder, mmap=True, show_progress=False) if self._ids else None
        self._seen: NDArray[np.bool_] | None = None  # of each passage, whether it is searched; None: all are

    def within(self, documents: Collection[str]) -> "KeywordIndex":
        """Return this index as if it held only the passages of some documents."""
        narrowed = copy(self)
        narrowed._seen = np.array([passage_id.split("-")[0] in documents for passage_id in self._ids], bool)
        return narrowed

    @property
    def passage_ids(self) -> list[str]:
        """The ids of the indexed passages, in index order."""
        return self._ids

    def search(self, query: str, k: int) -> list[Hit]:
        """Return at most k passages that share a term with a query, best first; empty when none does."""
        if self._bm25 is None:
            return []
        scores = self._scores(query)
        for form in self._terms.expansions(query):
            scores = scores + EXPANSION_WEIGHT * self._scores(form)
        if self._seen is not None:
            scores = np.where(self._seen, scores, 0)
        best = np.argsort(-scores, kind="stable")[:k]
        return [Hit(self._ids[i], float(scores[i])) for i in best if scores[i] > 0]

    def rarity(self, held: int) -> float:
        """Return the inverse document frequency of a word that ``held`` of the N passages hold, ``ln(1 + N / held)``.

        The larger the rarer; a word that no passage holds counts as held by half a one.
        """
        passages = len(self._ids) if self._seen is None else int(self._seen.sum())
        return math.log(1 + max(passages, 1) / (held or 0.5))

    def frequency(self, stem: str) -> int:
        """Return how many passages hold a stem."""
        if self._bm25 is None:
            return 0
        number = self._bm25.vocab_dict.get(f"~{stem}")
        if number is None:
            return 0
        first, last = self._bm25.scores["indptr"][number : number + 2]
        if self._seen is None:
            return int(last - first)
        return int(self._seen[self._bm25.scores["indices"][first:last]].sum())

    def _scores(self, text: str) -> NDArray[np.float32]:
        """Return the score of every passage; bm25s cannot be asked for no known term at all."""
        terms = [term for term in index_terms(text) if term in self._bm25.vocab_dict]
        scores: NDArray[np.float32] = self._bm25.get_scores(terms) if terms else np.zeros(len(self._ids), np.float32)
        return scores


def build_keyword_index(folder: Path, texts: dict[str, str]) -> None:
    """Write the keyword index of passage id -> text, whole, in place of what was there; no half index is ever seen."""
    partial = folder.with_name(folder.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    if texts:
        # A passage without any content word keeps its place with a term that no query can hold.
        corpus = [index_terms(text) or [" "] for text in texts.values()]
        bm25 = bm25s.BM25(method="lucene", k1=1.5, b=0.75)
        bm25.index(corpus, show_progress=False)
        bm25.save(partial, show_progress=False)
    (partial / _IDS).write_text(json.dumps(list(texts)), encoding="utf-8")
    outdated = folder.with_name(folder.name + ".outdated")
    shutil.rmtree(outdated, ignore_errors=True)
    if folder.exists():
        os.replace(folder, outdated)
    os.replace(partial, folder)
    shutil.rmtree(outdated, ignore_errors=True)


def indexed_ids(folder: Path) -> list[str]:
    """Return the passage ids that the keyword index in a folder was built from; empty when there is none."""
    path = folder / _IDS
    ids: list[str] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []
    return ids
