"""Sentences that say the same in the same words, found without comparing every pair."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from math import ceil

SAME_WORDS = 0.7
"""From this share of common words on (Jaccard) two sentences are near-copies."""
SAME_RUNS = 0.65
"""Or from this share of common runs of words on, of the runs of the shorter sentence."""
RUN = 5
SHORTEST = 7  # sentences of fewer words are alike by chance: "Bacaan lanjutan"

_WORD = re.compile(r"[^\W_]+(?:[-.,/'’][^\W_]+)*")


def near_copies(sentences: Sequence[str]) -> list[tuple[int, int]]:
    """Return the pairs of near-copies as positions in ``sentences``, the earlier first, in order.

    Words are compared in small letters, without regard to order (Jaccard) or in runs of ``RUN``. Two sets can only
    reach the threshold if they share one of the rarest words of each, so only those are looked up (prefix filter:
    Chaudhuri, Ganti & Kaushik 2006, "A primitive operator for similarity joins in data cleaning").
    """
    words = [[match.group() for match in _WORD.finditer(text.casefold())] for text in sentences]
    long = [number for number, each in enumerate(words) if len(each) >= SHORTEST]
    return sorted({*_same_words(words, long), *_same_runs(words, long)})


def _same_words(words: Sequence[Sequence[str]], long: Sequence[int]) -> Iterator[tuple[int, int]]:
    sets = {number: set(words[number]) for number in long}
    frequency = Counter(word for each in sets.values() for word in each)
    holders: defaultdict[str, list[int]] = defaultdict(list)
    for number, own in sets.items():
        rare_first = sorted(own, key=lambda word: (frequency[word], word))
        prefix = rare_first[: len(own) - ceil(SAME_WORDS * len(own)) + 1]
        for other in {earlier for word in prefix for earlier in holders[word]}:
            if len(own & sets[other]) >= SAME_WORDS * len(own | sets[other]):
                yield other, number
        for word in prefix:
            holders[word].append(number)


def _same_runs(words: Sequence[Sequence[str]], long: Sequence[int]) -> Iterator[tuple[int, int]]:
    holders: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    counts: dict[int, int] = {}
    for number in long:
        runs = {tuple(words[number][at : at + RUN]) for at in range(len(words[number]) - RUN + 1)}
        counts[number] = len(runs)
        for other, shared in Counter(earlier for run in runs for earlier in holders[run]).items():
            if shared >= SAME_RUNS * min(counts[number], counts[other]):
                yield other, number
        for run in runs:
            holders[run].append(number)
