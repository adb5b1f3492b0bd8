"""Joining the lines of a paragraph, and what a hyphen at the end of a line was: a break of the word, or part of it.

"keaman-" + "an" is "keamanan", but "negara-" + "negara" stays "negara-negara". The rest of the document decides where
it can: whichever of the two forms occurs elsewhere is right.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from knowledge.loaders.pdf.lines import TextLine

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_BROKEN = re.compile(r"([^\W_]+(?:-[^\W_]+)*)-$")
_NEXT = re.compile(r"[\"'“‘(\[]?([^\W_]+)((?:-[^\W_]+)*)")
_GLUED = re.compile(r"[^\s][–—/]$")  # a dash or stroke without a space in front has none behind it
_ADDRESS = re.compile(r"(?:https?://|www\.|doi\.org/)\S*[-/._?=&]$", re.IGNORECASE)
_NASAL = re.compile(r"^me(?:ng|ny|n|m)?")
_LEAST_SHARED = 3  # letters that both halves of a reduplication share
_RHYME = 0.6  # of the letters at the same place: "gerak-gerik", "sayur-mayur"
_LEAST_RHYME = 4
_KEPT_PREFIXES = frozenset("non eks ex self".split())
_LEAST_HALF = 3
_LONGEST_WORD = 120  # characters; web addresses are longer, but their ends tell enough


@dataclass
class Vocabulary:
    """How often words, and words with a hyphen, stand inside the lines of a document, in small letters."""

    words: Counter[str] = field(default_factory=Counter)

    def read(self, lines: Iterable[TextLine]) -> None:
        """Count the words of lines, but not those that a line break may have cut."""
        after_hyphen = False
        for line in lines:
            text = line.text.casefold()
            found = _WORD.findall(text)
            ends_broken = text.endswith("-")
            self.words.update(found[1 if after_hyphen else 0 : len(found) - ends_broken])
            after_hyphen = ends_broken

    def keeps_hyphen(self, before: str, after: str, rest: str = "") -> bool:
        """Return whether the hyphen between the halves of a word at a line break belongs to the word.

        ``rest`` is what follows the second half behind a hyphen of its own: "-ulang" of "be-" + "rulang-ulang".
        """
        if before[-1].isdigit() or not after[0].islower() or (len(before) > 1 and before.isupper()):
            return not self._one_word(before, after)
        one, two, last = before.casefold(), after.casefold(), before.casefold().rpartition("-")[2]
        joined, hyphenated = self._count(one + two, rest), self._count(f"{one}-{two}", rest)
        if joined != hyphenated:
            return hyphenated > joined
        return is_reduplication(last, two) or last in _KEPT_PREFIXES or self._both_are_words(last, two)

    def _count(self, word: str, rest: str) -> int:
        return self.words[word] + (self.words[word + rest.casefold()] if rest else 0)

    def _one_word(self, before: str, after: str) -> bool:
        """Return whether a word in capitals was broken: "KEAMAN-" + "AN", not "TNI-" + "AL"."""
        return before.isupper() and after.isupper() and self.words[f"{before}{after}".casefold()] > 0

    def _both_are_words(self, before: str, after: str) -> bool:
        return min(len(before), len(after)) > _LEAST_HALF and bool(self.words[before] and self.words[after])


def is_reduplication(before: str, after: str) -> bool:
    """Return whether two halves, in small letters, repeat one another as Indonesian words do.

    "negara-negara", "undang-undangan", "sebaik-baiknya", "tolong-menolong", "gerak-gerik".
    """
    if len(before) < _LEAST_SHARED or len(after) < _LEAST_SHARED:
        return False
    if after.startswith(before):
        return True
    shared = max((size for size in range(_LEAST_SHARED, len(before)) if after.startswith(before[-size:])), default=0)
    if shared > _LEAST_SHARED or (shared and before[:-shared] in {"se", "ber", "ter", "ke", "di", "me"}):
        return True
    root = _NASAL.sub("", after)
    if root != after and len(root) >= _LEAST_SHARED and (before.endswith(root) or before[1:] == root):
        return True
    same = sum(one == other for one, other in zip(before, after, strict=False))
    return len(before) == len(after) >= _LEAST_RHYME and same >= _RHYME * len(before)


def join_lines(texts: Sequence[str], vocabulary: Vocabulary) -> tuple[str, list[int]]:
    """Return the lines as one text with single spaces, and where each of them begins in it."""
    parts: list[str] = []
    starts: list[int] = []
    length = 0
    for text in texts:
        if parts:
            last = parts.pop()
            ended = _ended(last, text, vocabulary)
            length += len(ended) - len(last)
            parts.append(ended)
        starts.append(length)
        parts.append(text)
        length += len(text)
    return "".join(parts), starts


def _ended(before: str, after: str, vocabulary: Vocabulary) -> str:
    """Return a line as it runs on to the next one: with a space, or without, or even without its last hyphen."""
    tail = before[-_LONGEST_WORD:]
    if not tail or _ADDRESS.search(tail) or _GLUED.search(tail):
        return before
    broken, following = _BROKEN.search(tail), _NEXT.match(after[:_LONGEST_WORD])
    if not broken or not following:
        return f"{before} "
    if after[0] in "\"'“‘([" or vocabulary.keeps_hyphen(broken[1], *following.groups()):
        return before
    return before[:-1]
