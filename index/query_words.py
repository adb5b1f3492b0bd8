"""The content words of a query, each with its rarity and the other forms of the term that it belongs to."""

from collections.abc import Sequence, Set
from dataclasses import dataclass

from index.keyword_search import KeywordIndex
from index.morphology import Token, content_tokens
from index.term_map import TermMap


@dataclass(frozen=True)
class QueryWord:
    """A word that a query asks about.

    ``written`` is as typed; ``forms`` are the stems of each form of its term ("defence industry" -> {industri, tahan});
    ``rarity`` is the inverse document frequency of its most frequent form; ``known`` says whether any passage of the
    library holds it in any form; ``name`` whether it is a name, an acronym or a number.
    """

    token: Token
    written: str
    forms: tuple[frozenset[str], ...]
    rarity: float
    known: bool
    name: bool

    def held_by(self, stems: Set[str]) -> bool:
        """Say whether some stems hold the word, in any of its forms."""
        return self.token.stem in stems or any(form <= stems for form in self.forms)


def query_words(query: str, keywords: KeywordIndex, terms: TermMap) -> list[QueryWord]:
    """Return the content words of a query in order, each stem once."""
    forms_at: dict[int, tuple[frozenset[str], ...]] = {}
    for match in terms.find(query):
        stems = [frozenset(token.stem for token in content_tokens(form)) for form in match.term.forms]
        forms_at |= dict.fromkeys(range(match.start, match.end), tuple(form for form in stems if form))
    words: dict[str, QueryWord] = {}
    for token in content_tokens(query):
        if token.stem not in words:
            words[token.stem] = _word(token, query, forms_at.get(token.start, ()), keywords)
    return list(words.values())


def covered_share(words: Sequence[QueryWord], stems: Set[str]) -> float:
    """Return the share of rarity that falls on words which some stems hold; 1.0 when there are no words."""
    total = sum(word.rarity for word in words)
    return sum(word.rarity for word in words if word.held_by(stems)) / total if total else 1.0


def _word(token: Token, query: str, forms: tuple[frozenset[str], ...], keywords: KeywordIndex) -> QueryWord:
    written = query[token.start : token.end]
    counts = [keywords.frequency(token.stem), *(min(map(keywords.frequency, form)) for form in forms)]
    name = any(char.isdigit() for char in written) or (written[0].isupper() and (token.start > 0 or written.isupper()))
    return QueryWord(token, written, forms, keywords.rarity(max(counts)), max(counts) > 0, name)
