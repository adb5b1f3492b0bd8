"""The answer made of exact sentences; no generative model."""

from assistant.query_rewriting import Query
from assistant.question_kinds import Kind
from assistant.sentence_scoring import ScoredSentence, similarity
from assistant.settings import AnsweringSettings
from index.morphology import content_tokens
from index.term_map import TermMap

FEWEST_SENTENCES = 2
MARGIN = 0.50
"""A further sentence may score this much less than the best one; chosen on the development questions."""
REPETITION = 0.6
"""Two sentences that share more of their words than this say the same."""


def quote_sentences(
    query: Query, scored: list[ScoredSentence], terms: TermMap, settings: AnsweringSettings
) -> list[ScoredSentence]:
    """Return the sentences that answer, most direct first: two to ``most_sentences``, without repetition.

    A comparison gets at least one sentence about each side, if the context has one. Fewer than two sentences are
    returned only when the context has no more, or when two would exceed ``most_words``.
    """
    chosen: list[ScoredSentence] = []
    for candidate in _in_order(query, scored, terms):
        if len(chosen) == settings.most_sentences:
            break
        if any(similarity(candidate, other) > REPETITION for other in chosen):
            continue
        if chosen and _words(chosen) + len(candidate.text.split()) > settings.most_words:
            continue
        if len(chosen) >= FEWEST_SENTENCES and candidate.score < scored[0].score - MARGIN:
            continue
        chosen.append(candidate)
    return chosen


def sides_of(query: Query, terms: TermMap) -> list[str]:
    """Return the sides of a comparison as written; empty when the query is none or names fewer than two terms."""
    if query.kind is not Kind.COMPARISON:
        return []
    sides = list(dict.fromkeys(query.text[match.start : match.end] for match in terms.find(query.text) if match.term.kind != "word"))
    return sides if len(sides) > 1 else []


def _in_order(query: Query, scored: list[ScoredSentence], terms: TermMap) -> list[ScoredSentence]:
    """Return the candidates best first; for a comparison, the best about all sides and about each side lead."""
    leading: list[ScoredSentence] = []
    sides = [frozenset(token.stem for token in content_tokens(side)) for side in sides_of(query, terms)]
    if sides:
        both: frozenset[str] = frozenset().union(*sides)
        for wanted in (both, *sides):
            about = [candidate for candidate in scored if wanted <= candidate.stems]
            leading.extend(candidate for candidate in about[:1] if candidate not in leading)
    return leading + [candidate for candidate in scored if candidate not in leading]


def _words(chosen: list[ScoredSentence]) -> int:
    return sum(len(candidate.text.split()) for candidate in chosen)
