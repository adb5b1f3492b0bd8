"""Measures of a ranked list against the relevant items of a question: pure functions, each in [0, 1].

``ranked`` is best first and without repetitions; ``relevant`` are the items that answer the question.
All are binary: an item is relevant or not. An empty ``relevant`` has no meaning and raises `ValueError`.
"""

import math
from collections.abc import Collection, Hashable, Sequence


def recall_at_k(ranked: Sequence[Hashable], relevant: Collection[Hashable], k: int) -> float:
    """Return ``|relevant among the first k| / |relevant|``.

    Source: Manning, Raghavan and Schuetze, Introduction to Information Retrieval (2008), section 8.3.
    """
    _require(relevant, k)
    wanted = set(relevant)
    return len(wanted.intersection(ranked[:k])) / len(wanted)


def mrr_at_k(ranked: Sequence[Hashable], relevant: Collection[Hashable], k: int) -> float:
    """Return ``1 / rank`` of the first relevant item, ranks from 1; 0 when it is not among the first k.

    The mean over questions is MRR@k. Source: Voorhees, The TREC-8 Question Answering Track Report (1999).
    """
    _require(relevant, k)
    for rank, item in enumerate(ranked[:k], start=1):
        if item in relevant:
            return 1 / rank
    return 0.0


def ndcg_at_k(ranked: Sequence[Hashable], relevant: Collection[Hashable], k: int) -> float:
    """Return ``DCG@k / ideal DCG@k`` with ``DCG@k = sum of 1 / log2(rank + 1)`` over the relevant ranks up to k.

    Source: Jaervelin and Kekaelaeinen, Cumulated gain-based evaluation of IR techniques, ACM TOIS 20(4), 2002.
    """
    _require(relevant, k)
    wanted = set(relevant)
    gained = sum(1 / math.log2(rank + 1) for rank, item in enumerate(ranked[:k], start=1) if item in wanted)
    ideal = sum(1 / math.log2(rank + 1) for rank in range(1, min(len(wanted), k) + 1))
    return gained / ideal


def _require(relevant: Collection[Hashable], k: int) -> None:
    if not relevant or k < 1:
        raise ValueError("a measure needs at least one relevant item and k of at least 1")
