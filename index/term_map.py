"""Query expansion: the other forms of the terms that a query names ("defence industry" -> "industri pertahanan")."""

from collections.abc import Iterable
from dataclasses import dataclass

from index.morphology import tokenize
from knowledge.glossary import Term

Key = tuple[str, ...]


@dataclass(frozen=True)
class TermMatch:
    """A term that a text names, with the character range ``[start, end)`` where it does."""

    term: Term
    start: int
    end: int


class TermMap:
    """Finds terms in a text by any of their forms; the longest form wins, matches do not overlap."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self._terms: dict[Key, Term] = {}
        for term in terms:
            for form in term.forms:
                key = tuple(token.stem for token in tokenize(form))
                if key:
                    self._terms.setdefault(key, term)
        self._longest = max(map(len, self._terms), default=0)

    def find(self, text: str) -> list[TermMatch]:
        """Return the terms that a text names, in order; empty when it names none."""
        tokens = tokenize(text)
        stems = [token.stem for token in tokens]
        found: list[TermMatch] = []
        first = 0
        while first < len(tokens):
            for size in range(min(self._longest, len(tokens) - first), 0, -1):
                term = self._terms.get(tuple(stems[first : first + size]))
                if term is not None:
                    found.append(TermMatch(term, tokens[first].start, tokens[first + size - 1].end))
                    first += size
                    break
            else:
                first += 1
        return found

    def expansions(self, text: str) -> list[str]:
        """Return the forms of the terms that a text names, other than those that stand in it."""
        written = text.casefold()
        forms = (form for match in self.find(text) for form in match.term.forms)
        return [form for form in dict.fromkeys(forms) if form.casefold() not in written]
