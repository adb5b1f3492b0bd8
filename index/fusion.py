"""Fusion: one ranking from a dense list, a keyword list and the anticipated questions."""

from collections.abc import Sequence

from index.vector_store import Hit


def fuse(
    dense: Sequence[Hit],
    keyword: Sequence[Hit],
    asked: Sequence[Hit] = (),
    *,
    keyword_weight: float,
    question_offset: float = 0.0,
) -> list[Hit]:
    """Return the candidates of all three lists in one list, best first.

    score(p) = max(cosine(p), question cosine(p) - question_offset) + keyword_weight * bm25(p) / max bm25

    A convex combination up to a constant factor (Bruch, Gai and Ingber 2023, "An Analysis of Fusion Functions for
    Hybrid Retrieval"), with the keyword side scaled by its best score and the cosine left as it is: e5 cosines lie in
    a narrow band whose width carries meaning, so scaling each list to its own range would inflate noise. A question is
    nearer to another question than to any text, hence the offset: with it a text that has no anticipated questions
    stands beside those that have some. A passage that is missing from the dense list takes the lowest cosine of that
    list; from the keyword list, zero.
    """
    floor = min((hit.score for hit in dense), default=0.0)
    best = max((hit.score for hit in keyword), default=0.0)
    scores = {hit.passage_id: hit.score for hit in dense}
    for hit in asked:
        scores[hit.passage_id] = max(scores.get(hit.passage_id, floor), hit.score - question_offset)
    for hit in keyword:
        share = hit.score / best if best > 0 else 0.0
        scores[hit.passage_id] = scores.get(hit.passage_id, floor) + keyword_weight * share
    ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    return [Hit(passage_id, score) for passage_id, score in ranked]
