"""Measures ways to fuse the dense and the keyword list: ``python -m benchmarks.fusion --data FOLDER --cache FILE``.

IDK-MRC as in `benchmarks.idk_mrc`, whose ``--cache`` file is read. With ``--home`` (a home with a built index) the
passages of the library are searched too, by the answerable questions of a question file and by rare names asked alone.
"""

import argparse
import math
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.answers import Answer
from assistant.conversation import Conversation
from assistant.evaluation import UNANSWERABLE, TestQuestion, holds
from assistant.evaluation import load_questions as load_test_questions
from assistant.opening import open_workplace
from assistant.query_rewriting import rewrite
from assistant.settings import Settings
from benchmarks.evidence import NO_MAP, SHIPPED, TERMS, Collection, Evidence, Way, best_hits
from benchmarks.idk_mrc import QUESTION_SPLITS, load_cache, load_paragraphs, load_questions
from index.embedding import Vectors
from index.fusion import fuse
from index.metrics import mrr_at_k, ndcg_at_k, recall_at_k
from index.term_map import TermMap
from index.texts import passage_text
from index.vector_store import Hit
from knowledge.glossary import load_glossary

Method = Callable[[Evidence], list[int]]
Cells = Callable[[Method, Way], list[str]]
_PAIRED = ("up", "down", "95% of nDCG - dense")
_IDK_COLUMNS = ("valid nDCG@10", *_PAIRED, "test R@1", "R@5", "R@10", "MRR@10", "nDCG@10", *_PAIRED)
_OWN_COLUMNS = ("own k=1", "k=3", "k=5", "k=8", "names", "up", "down")
_OWN_KS = (1, 3, 5, 8)
_FEW = 3  # a rare name stands in at most this many passages


def dense_only(e: Evidence) -> list[int]:
    """Rank by the cosine."""
    return _numbers(e.dense_hits)


def keyword_only(e: Evidence) -> list[int]:
    """Rank by BM25."""
    return _numbers(e.keyword_hits)


def fused(weight: float, factor: Callable[[Evidence], float] = lambda _: 1.0) -> Method:
    """Rank by the shipped formula; a factor may make the weight depend on the question."""
    return lambda e: _numbers(fuse(e.dense_hits, e.keyword_hits, keyword_weight=weight * factor(e)))


def reordered(weight: float, depth: int) -> Method:
    """Reorder the first dense candidates by the shipped formula; the others follow as they were."""

    def rank(e: Evidence) -> list[int]:
        head, best = e.dense_hits[:depth], max(float(e.keyword.max()), 1e-9)
        extra = {hit.passage_id: weight * float(e.keyword[int(hit.passage_id)]) / best for hit in head}
        return _numbers([*sorted(head, key=lambda h: -h.score - extra[h.passage_id]), *e.dense_hits[depth:]])

    return rank


def reciprocal_rank(e: Evidence) -> list[int]:
    """Rank by the sum of 1 / (60 + rank) (Cormack, Clarke and Buettcher 2009)."""
    scores: dict[int, float] = {}
    for hits in (e.dense_hits, e.keyword_hits):
        for rank, number in enumerate(_numbers(hits), start=1):
            scores[number] = scores.get(number, 0.0) + 1 / (60 + rank)
    return sorted(scores, key=lambda number: -scores[number])


def z_sum(weight: float) -> Method:
    """Rank by the weighted sum of both lists' z-scores over all texts."""

    def rank(e: Evidence) -> list[int]:
        dense, keyword = ((row - row.mean()) / max(float(row.std()), 1e-9) for row in (e.dense, e.keyword))
        return _numbers(best_hits((1 - weight) * dense + weight * keyword))

    return rank


def methods() -> list[tuple[str, Method, Way]]:
    """Return the rows of the table: name, method, keyword search."""
    rows: list[tuple[str, Method, Way]] = [(f"BM25: {terms}", keyword_only, Way(terms)) for terms in (*TERMS, SHIPPED)]
    for k1, b in ((0.6, 0.75), (0.9, 0.4), (0.9, 0.75), (0.9, 0.9), (1.2, 0.75), (1.5, 0.5), (2.0, 0.75)):
        rows.append((f"BM25: {NO_MAP}, k1 {k1}, b {b}", keyword_only, Way(NO_MAP, k1, b)))
    shipped: dict[str, Method] = {"dense": dense_only, "RRF, k 60": reciprocal_rank}
    shipped |= {f"fuse, w {w}": fused(w) for w in (0, 0.01, 0.02, 0.03, 0.04, 0.05, 0.08, 0.1, 0.15)}
    shipped |= {f"z-scores, {w} BM25": z_sum(w) for w in (0.05, 0.1, 0.15, 0.2, 0.3)}
    shipped |= {f"dense top {n}, w {w}": reordered(w, n) for n in (10, 50) for w in (0.02, 0.03, 0.05)}
    for w in (0.02, 0.03, 0.05, 0.08):
        shipped[f"fuse, w {w} x exp(-margin / 0.02)"] = fused(w, lambda e: math.exp(-e.margin / 0.02))
        shipped[f"fuse, w {w} x names' share"] = fused(w, lambda e: e.names)
        shipped[f"fuse, w {w} x (1 + names' share) / 2"] = fused(w, lambda e: (1 + e.names) / 2)
    for w in (0.03, 0.05, 0.08, 0.12, 0.2):
        shipped[f"cosine + {w} bm25 / bound"] = fused(w, lambda e: float(e.keyword.max()) / max(e.bound, 1e-9))
    rows += [(name, method, Way()) for name, method in shipped.items()]
    for way in (Way(NO_MAP), Way(NO_MAP, 0.9), Way("stem"), Way("surface")):
        rows += [(f"fuse, w {w}, {way.terms}, k1 {way.k1}", fused(w), way) for w in (0.02, 0.03, 0.05)]
    return rows


def idk_cells(data: Path, vectors: tuple[Vectors, dict[str, Vectors]], folder: Path, terms: TermMap) -> Cells:
    """Return what measures a method on IDK-MRC; the cells are in the order of the columns."""
    collection = Collection(load_paragraphs(data), folder, terms)
    questions = {split: load_questions(data, split) for split in QUESTION_SPLITS}
    dense = {split: vectors[1][split] @ vectors[0].T for split in QUESTION_SPLITS}

    @cache
    def evidence(split: str, way: Way) -> list[Evidence]:
        return collection.evidence([query for query, _ in questions[split]], dense[split], way)

    def ranked(method: Method, split: str, way: Way) -> list[tuple[list[int], list[int]]]:
        return [(method(e), [n]) for e, (_, n) in zip(evidence(split, way), questions[split], strict=True)]

    base = {split: ranked(dense_only, split, Way()) for split in QUESTION_SPLITS}

    def cells(method: Method, way: Way) -> list[str]:
        valid, test = ranked(method, "valid", way), ranked(method, "test", way)
        tuned = _mean(ndcg_at_k(r, n, 10) for r, n in valid)
        values = [_mean(recall_at_k(r, n, k) for r, n in test) for k in (1, 5, 10)]
        values += [_mean(mrr_at_k(r, n, 10) for r, n in test), _mean(ndcg_at_k(r, n, 10) for r, n in test)]
        reported = [f"{value:.4f}" for value in values]
        return [f"{tuned:.4f}", *paired(valid, base["valid"]), *reported, *paired(test, base["test"])]

    return cells


def paired(rows: Sequence[tuple[list[int], list[int]]], base: Sequence[tuple[list[int], list[int]]]) -> list[str]:
    """Return how many questions rank higher and lower than in ``base``, and by how much nDCG@10 differs.

    Ranks beyond the tenth are one rank; the difference is a 95% interval of 4,000 bootstrap samples.
    """
    moved = Counter(np.sign(_rank(b, n[0]) - _rank(r, n[0])) for (r, n), (b, _) in zip(rows, base, strict=True))
    gains = np.array([ndcg_at_k(r, n, 10) - ndcg_at_k(b, n, 10) for (r, n), (b, _) in zip(rows, base, strict=True)])
    samples = np.random.default_rng(0).choice(gains, (4000, len(gains))).mean(axis=1)
    low, high = np.percentile(samples, (2.5, 97.5))
    return [str(moved[1]), str(moved[-1]), f"{low:+.4f} to {high:+.4f}"]


def own_cells(home: Path, question_file: Path, folder: Path, terms: TermMap) -> Cells:
    """Return what measures a method on the library's passages.

    The share of questions whose required strings stand in the first k passages, for each k; then the share of rare
    names, asked alone ("Apa itu TKDN?"), of which the first passage holds the name; and how many questions need fewer
    and more passages than by the cosine alone.
    """
    place = open_workplace(Settings(home=home))
    passages = [(place.library.document(p.document_id), p) for p in place.library.all_passages()]
    texts, bodies = [passage_text(d, p) for d, p in passages], [d.text[p.start : p.end] for d, p in passages]
    collection = Collection(texts, folder, terms)
    questions = [question for question in load_test_questions(question_file) if question.kind != UNANSWERABLE]
    names = collection.rare_names(_FEW)
    queries = [_standalone(question, terms) for question in questions] + [f"Apa itu {name}?" for name in names]
    dense = np.stack([place.embedder.embed_query(query) for query in queries]) @ place.embeddings.embed(texts).T

    @cache
    def evidence(way: Way) -> list[Evidence]:
        return collection.evidence(queries, dense, way)

    def needed(ranked: list[list[int]]) -> NDArray[np.int_]:
        asked = zip(questions, ranked, strict=False)
        return np.array([_first(q, [bodies[number] for number in r]) for q, r in asked])

    base = needed([dense_only(e) for e in evidence(Way())])

    def cells(method: Method, way: Way) -> list[str]:
        ranked = [method(e) for e in evidence(way)]
        passages = needed(ranked)
        shares = [float(np.mean(passages <= k)) for k in _OWN_KS]
        named = zip(names.values(), ranked[len(questions) :], strict=True)
        shares.append(_mean(not held.isdisjoint(r[:1]) for held, r in named))
        return [*(f"{share:.3f}" for share in shares), str((passages < base).sum()), str((passages > base).sum())]

    return cells


def main() -> None:
    """Print one Markdown row a method on standard output."""
    parser = argparse.ArgumentParser(description="Fusion of dense and keyword search over IDK-MRC.")
    parser.add_argument("--data", type=Path, required=True, help="folder with train.json, valid.json and test.json")
    parser.add_argument("--cache", type=Path, required=True, help="npz file of `python -m benchmarks.idk_mrc --cache`")
    parser.add_argument("--home", type=Path, help="a home of the product with a built index, to search its passages")
    parser.add_argument("--questions", type=Path, default=Path("tests/data/questions_dev.jsonl"))
    options = parser.parse_args()
    embedded = load_cache(options.cache)
    if embedded is None:
        sys.exit(f"{options.cache}: make it with `python -m benchmarks.idk_mrc --data FOLDER --cache FILE`")
    terms = TermMap(load_glossary())
    with tempfile.TemporaryDirectory() as folder:
        vectors = embedded.paragraphs, embedded.questions
        measures = [idk_cells(options.data, vectors, Path(folder) / "idk", terms)]
        columns = ["method", *_IDK_COLUMNS]
        if options.home:
            measures.append(own_cells(options.home, options.questions, Path(folder) / "own", terms))
            columns += _OWN_COLUMNS
        print(f"| {' | '.join(columns)} |\n|---|{'--:|' * (len(columns) - 1)}")
        for name, method, way in methods():
            print(f"| {name} | {' | '.join(cell for cells in measures for cell in cells(method, way))} |", flush=True)


def _standalone(question: TestQuestion, terms: TermMap) -> str:
    before = Conversation()
    if question.context:
        before = before.with_turn(question.context, Answer(question.context, question.context))
    return rewrite(question.question, before, terms).text


def _first(question: TestQuestion, bodies: list[str]) -> int:
    """Return how many of the first passages hold what is required together; 11 when the first ten do not."""
    return next((k for k in range(1, 11) if holds(question.must, " ".join(bodies[:k]))), 11)


def _numbers(hits: Sequence[Hit]) -> list[int]:
    return [int(hit.passage_id) for hit in hits]


def _rank(ranked: list[int], number: int) -> int:
    """Return the place of a number among the first ten, 10 when it is not there."""
    return ranked.index(number) if number in ranked[:10] else 10


def _mean(values: Iterable[float]) -> float:
    return float(np.mean(list(values)))


if __name__ == "__main__":
    main()
