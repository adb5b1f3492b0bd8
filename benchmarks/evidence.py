"""The evidence that dense and keyword search give for a question, over any list of texts, with BM25 in several ways."""

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import bm25s
import numpy as np
from numpy.typing import NDArray

from index.keyword_search import KeywordIndex, build_keyword_index
from index.morphology import content_tokens, index_terms
from index.term_map import TermMap
from index.vector_store import Hit

Scores = NDArray[np.float32]
CANDIDATES = 50
"""Hits of each list, as many as retrieval takes."""
RARE = 0.05
"""A word is rare when at most this share of the texts holds it."""
SHIPPED, NO_MAP = "surface + stem + term map", "surface + stem"
TERMS: dict[str, Callable[[str], list[str]]] = {
    "words, lower case": lambda text: re.findall(r"\w+", text.lower()),
    "surface": lambda text: index_terms(text)[::2],
    "stem": lambda text: index_terms(text)[1::2],
    NO_MAP: index_terms,
}


@dataclass(frozen=True)
class Way:
    """A way to search by keywords: what the terms are (a key of `TERMS`, or `SHIPPED` with its own k1 and b)."""

    terms: str = SHIPPED
    k1: float = 1.5
    b: float = 0.75


@dataclass(frozen=True)
class Evidence:
    """What is known of one question: a score for each text (keyword: 0 when it shares no term), and of its words.

    ``bound`` is the BM25 that no text could exceed, terms that no text holds included (the term map is not);
    ``names`` is the share of names, acronyms and numbers among the rare words.
    """

    dense: Scores
    keyword: Scores
    bound: float
    names: float

    @cached_property
    def dense_hits(self) -> list[Hit]:
        """The dense candidates, best first."""
        return best_hits(self.dense)

    @cached_property
    def keyword_hits(self) -> list[Hit]:
        """The keyword candidates, best first."""
        return [hit for hit in best_hits(self.keyword) if hit.score > 0]

    @property
    def margin(self) -> float:
        """How far the first dense candidate lies before the second."""
        return self.dense_hits[0].score - self.dense_hits[1].score


class Collection:
    """Texts to be searched by BM25; a text's id is its number in the list."""

    def __init__(self, texts: Sequence[str], folder: Path, terms: TermMap) -> None:
        build_keyword_index(folder, {str(number): text for number, text in enumerate(texts)})
        self._texts, self._shipped = texts, KeywordIndex(folder, terms)
        self._held = Counter(term for text in texts for term in set(index_terms(text)))

    def evidence(self, queries: Sequence[str], dense: Scores, way: Way) -> list[Evidence]:
        """Return the evidence of each query; row i of ``dense`` holds the cosines of query i."""
        keyword = self._shipped_scores(queries) if way.terms == SHIPPED else self._scores(queries, way)
        return [
            Evidence(row, scores, self._bound(query), self._names(query))
            for query, row, scores in zip(queries, dense, keyword, strict=True)
        ]

    def rare_names(self, limit: int) -> dict[str, set[int]]:
        """Return acronyms and words of letters and digits that at most ``limit`` texts hold, with those texts."""
        found: dict[str, set[int]] = {}
        for number, text in enumerate(self._texts):
            for token in content_tokens(text):
                word = text[token.start : token.end]
                letters = any(char.isalpha() for char in word)
                if letters and len(word) > 1 and (word.isupper() or any(char.isdigit() for char in word)):
                    found.setdefault(word, set()).add(number)
        return {name: texts for name, texts in found.items() if len(texts) <= limit}

    def _shipped_scores(self, queries: Sequence[str]) -> Scores:
        scores = np.zeros((len(queries), len(self._texts)), np.float32)
        for row, query in zip(scores, queries, strict=True):
            for hit in self._shipped.search(query, len(self._texts)):
                row[int(hit.passage_id)] = hit.score
        return scores

    def _scores(self, queries: Sequence[str], way: Way) -> Scores:
        bm25 = bm25s.BM25(method="lucene", k1=way.k1, b=way.b)
        terms = TERMS[way.terms]
        bm25.index([terms(text) for text in self._texts], show_progress=False)
        return np.stack([bm25.get_scores(terms(query)) for query in queries])

    def _bound(self, query: str) -> float:
        counts = (self._held[term] for term in index_terms(query))
        return sum(math.log(1 + (len(self._texts) - held + 0.5) / (held + 0.5)) for held in counts)

    def _names(self, query: str) -> float:
        limit = RARE * len(self._texts)
        rare = [token for token in content_tokens(query) if self._held[f"~{token.stem}"] <= limit]
        named = [token for token in rare if query[token.start].isupper() or query[token.start].isdigit()]
        return len(named) / len(rare) if rare else 0.0


def best_hits(scores: Scores) -> list[Hit]:
    """Return the best texts, best first."""
    order = np.argsort(-scores, kind="stable")[:CANDIDATES]
    return [Hit(str(number), float(scores[number])) for number in order]
