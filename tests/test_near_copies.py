"""Near-copies: found whatever the order of the words, by runs too, and exactly as by comparing every pair."""

import re
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from knowledge.near_copies import RUN, SAME_RUNS, SAME_WORDS, SHORTEST, near_copies

ONE = "Enam negara, yaitu Indonesia, Malaysia, dan Brunei, meluncurkan Our Eyes di Bali pada 25 Januari 2018."
SHUFFLED = "Pada 25 Januari 2018 di Bali enam negara meluncurkan Our Eyes, yaitu Brunei, Malaysia dan Indonesia."
RUNS = (
    "Kemitraan tahun 2026 mencakup tiga bidang, yaitu modernisasi militer dan pembangunan kapasitas, pelatihan "
    "militer, serta latihan dan kerja sama operasional."
)
LONGER = (
    "Isi perjanjian yang diumumkan Menteri Pertahanan Sjafrie Sjamsoeddin dan Menteri Pete Hegseth dengan Amerika "
    "Serikat terdiri atas tiga bidang, yaitu modernisasi militer dan pembangunan kapasitas, pelatihan militer, serta "
    "latihan dan kerja sama operasional."
)
OTHER = "Parlemen Australia meratifikasi Perjanjian Lombok setelah sidang komite pada tahun berikutnya."


def test_the_same_words_in_another_order() -> None:
    assert near_copies([ONE, OTHER, SHUFFLED]) == [(0, 2)]


def test_the_same_runs_in_sentences_of_other_length() -> None:
    assert near_copies([LONGER, OTHER, RUNS]) == [(0, 2)]


def test_capitals_and_punctuation_do_not_matter() -> None:
    assert near_copies([ONE, ONE.upper().replace(",", "")]) == [(0, 1)]


def test_short_sentences_are_alike_by_chance() -> None:
    assert near_copies(["Bacaan lanjutan tersedia.", "Bacaan lanjutan tersedia."]) == []
    assert near_copies([]) == []


def test_every_pair_of_three_copies() -> None:
    assert near_copies([ONE, ONE, OTHER, ONE]) == [(0, 1), (0, 3), (1, 3)]


def _by_every_pair(sentences: list[str]) -> list[tuple[int, int]]:
    words = [re.findall(r"\w+", sentence) for sentence in sentences]
    runs = [{tuple(each[at : at + RUN]) for at in range(len(each) - RUN + 1)} for each in words]
    found = []
    for a, b in combinations(range(len(words)), 2):
        if min(len(words[a]), len(words[b])) < SHORTEST:
            continue
        one, two = set(words[a]), set(words[b])
        shared = len(runs[a] & runs[b])
        same_runs = shared and shared >= SAME_RUNS * min(len(runs[a]), len(runs[b]))
        if len(one & two) >= SAME_WORDS * len(one | two) or same_runs:
            found.append((a, b))
    return found


@given(st.lists(st.lists(st.sampled_from("abcdefghijklm"), min_size=5, max_size=14).map(" ".join), max_size=12))
def test_nothing_is_missed_for_speed(sentences: list[str]) -> None:
    assert near_copies(sentences) == _by_every_pair(sentences)


def test_runs_find_what_words_do_not() -> None:
    one, two = (set(re.findall(r"\w+", text.casefold())) for text in (LONGER, RUNS))
    assert len(one & two) < SAME_WORDS * len(one | two)
