"""One ranking from two lists: computed by hand, and its bounds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.fusion import fuse
from index.vector_store import Hit

HITS = st.lists(
    st.builds(Hit, st.sampled_from("abcdefgh"), st.floats(-1, 1)), unique_by=lambda hit: hit.passage_id, max_size=8
)
KEYWORD_HITS = st.lists(
    st.builds(Hit, st.sampled_from("abcdefghij"), st.floats(0.01, 50)), unique_by=lambda hit: hit.passage_id, max_size=8
)


def test_by_hand() -> None:
    dense = [Hit("a", 0.9), Hit("b", 0.8), Hit("c", 0.7)]
    keyword = [Hit("c", 10.0), Hit("b", 5.0), Hit("d", 2.5)]
    fused = fuse(dense, keyword, keyword_weight=0.4)
    assert [(hit.passage_id, pytest.approx(hit.score)) for hit in fused] == [
        ("c", 0.7 + 0.4),
        ("b", 0.8 + 0.2),
        ("a", 0.9),
        ("d", 0.7 + 0.1),  # the floor: the lowest cosine
    ]


def test_a_passage_of_the_keywords_alone_can_come_first() -> None:
    fused = fuse([Hit("a", 0.8), Hit("b", 0.79)], [Hit("k", 3.0)], keyword_weight=0.05)
    assert [hit.passage_id for hit in fused] == ["k", "a", "b"]


def test_without_a_dense_list_the_keywords_rank_from_zero() -> None:
    fused = fuse([], [Hit("a", 4.0), Hit("b", 2.0)], keyword_weight=0.5)
    assert fused == [Hit("a", 0.5), Hit("b", 0.25)]


@pytest.mark.parametrize("keyword_weight", [0.0, 0.05, 1.0])
def test_equal_scores_come_in_the_order_of_their_ids(keyword_weight: float) -> None:
    dense = [Hit("c", 0.5), Hit("a", 0.5), Hit("b", 0.5)]
    keyword = [Hit("b", 1.0), Hit("c", 1.0), Hit("a", 1.0)]
    assert [hit.passage_id for hit in fuse(dense, keyword, keyword_weight=keyword_weight)] == ["a", "b", "c"]


def test_nothing_fused_is_nothing() -> None:
    assert fuse([], [], keyword_weight=0.5) == []


@given(HITS, KEYWORD_HITS)
def test_weight_zero_keeps_the_dense_order(dense: list[Hit], keyword: list[Hit]) -> None:
    scores = {hit.passage_id: hit.score for hit in dense}
    ranked = [hit.passage_id for hit in fuse(dense, keyword, keyword_weight=0) if hit.passage_id in scores]
    assert ranked == sorted(scores, key=lambda passage_id: (-scores[passage_id], passage_id))


@given(HITS, KEYWORD_HITS, st.floats(0, 1))
def test_every_candidate_comes_once_best_first_within_bounds(
    dense: list[Hit], keyword: list[Hit], weight: float
) -> None:
    fused = fuse(dense, keyword, keyword_weight=weight)
    ids = [hit.passage_id for hit in fused]
    assert sorted(ids) == sorted({hit.passage_id for hit in (*dense, *keyword)})
    assert [hit.score for hit in fused] == sorted((hit.score for hit in fused), reverse=True)
    floor, top = min((hit.score for hit in dense), default=0.0), max((hit.score for hit in dense), default=0.0)
    assert all(floor <= hit.score <= top + weight for hit in fused)
    assert fused == fuse(dense[::-1], keyword[::-1], keyword_weight=weight)
