"""The measures, recomputed by hand."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.metrics import mrr_at_k, ndcg_at_k, recall_at_k

RANKED = ["a", "b", "c", "d", "e"]


def test_recall_counts_the_relevant_among_the_first_k() -> None:
    assert recall_at_k(RANKED, {"b", "e", "x"}, 2) == pytest.approx(1 / 3)
    assert recall_at_k(RANKED, {"b", "e", "x"}, 5) == pytest.approx(2 / 3)
    assert recall_at_k(RANKED, ["a", "a"], 1) == 1.0


def test_reciprocal_rank_is_that_of_the_first_relevant() -> None:
    assert mrr_at_k(RANKED, {"c", "d"}, 5) == pytest.approx(1 / 3)
    assert mrr_at_k(RANKED, {"c"}, 2) == 0.0


def test_ndcg_by_hand() -> None:
    # relevant at ranks 2 and 4 of two relevant: (1/log2 3 + 1/log2 5) / (1/log2 2 + 1/log2 3)
    expected = (1 / math.log2(3) + 1 / math.log2(5)) / (1 + 1 / math.log2(3))
    assert ndcg_at_k(RANKED, {"b", "d"}, 5) == pytest.approx(expected)
    assert ndcg_at_k(RANKED, {"b"}, 10) == pytest.approx(1 / math.log2(3))


def test_the_ideal_list_is_cut_at_k_too() -> None:
    assert ndcg_at_k(["a", "b"], {"a", "b", "c"}, 2) == 1.0


@pytest.mark.parametrize("measure", [recall_at_k, mrr_at_k, ndcg_at_k])
def test_an_empty_list_scores_nothing_and_no_relevant_item_is_refused(measure: type) -> None:
    assert measure([], {"a"}, 3) == 0.0
    with pytest.raises(ValueError, match="at least one"):
        measure(RANKED, set(), 3)
    with pytest.raises(ValueError, match="at least"):
        measure(RANKED, {"a"}, 0)


@given(st.permutations(range(8)), st.sets(st.integers(0, 9), min_size=1), st.integers(1, 10))
def test_measures_are_shares_and_recall_grows_with_k(ranked: list[int], relevant: set[int], k: int) -> None:
    for measure in (recall_at_k, mrr_at_k, ndcg_at_k):
        assert 0 <= measure(ranked, relevant, k) <= 1 + 1e-12
    assert recall_at_k(ranked, relevant, k) <= recall_at_k(ranked, relevant, k + 1)
