"""The answer made of exact sentences; no generative model."""

import re

from assistant.query_rewriting import Query
from assistant.question_kinds import Kind
from assistant.sentence_scoring import ScoredSentence, similarity
from assistant.settings import AnsweringSettings
from index.morphology import content_tokens
from index.term_map import TermMap

FEWEST_SENTENCES = 2
MARGIN, MARGIN_WITH_READER = 1.0, 2.0
"""A further sentence may score this much less than the best one; chosen on the development questions."""
REPETITION = 0.6
"""Two sentences that share more of their words than this say the same."""


_LEANS_BACK = re.compile(
    r"^(?:\W*\w+){0,3}?\W*(?:tersebut|(?:hal|keadaan|kondisi) (?:ini|itu)|itulah|inilah|keduanya|ketiganya"
    r"|mereka|beliau|ia|dia|(?:oleh )?(?:karena|sebab) itu|they|this|these|those|it|he|she)\b",
    re.IGNORECASE,
)
"""A sentence that opens so points at the sentence before it, and cannot be understood alone."""


def quote_sentences(
    query: Query, scored: list[ScoredSentence], terms: TermMap, settings: AnsweringSettings
) -> list[ScoredSentence]:
    """Return the sentences that answer, most direct first: two to ``most_sentences``, without repetition.

    A comparison gets at least one sentence about each side, if the context has one. A sentence that points back
    ("Kedua target tersebut ...") comes after the one it points at. Fewer than two sentences are returned only when the
    context has no more, or when two would exceed ``most_words``.
    """
    margin = MARGIN if not scored or scored[0].odds is None else MARGIN_WITH_READER
    before = _predecessors(scored)
    chosen: list[ScoredSentence] = []
    for candidate in _in_order(query, scored, terms):
        if len(chosen) >= FEWEST_SENTENCES and candidate.score < scored[0].score - margin:
            continue
        unit = [candidate]
        if _LEANS_BACK.match(candidate.text) and candidate.place in before:
            unit.insert(0, before[candidate.place])
        new = [one for one in unit if not any(similarity(one, other) > REPETITION for other in chosen)]
        if candidate not in new or (chosen and not _fits([*chosen, *new], settings)):
            continue
        chosen.extend(new)
    return chosen


def _predecessors(scored: list[ScoredSentence]) -> dict[tuple[str, int], ScoredSentence]:
    """Return place of a sentence -> the sentence before it in the same passage."""
    by_place = {candidate.place: candidate for candidate in scored}
    before: dict[tuple[str, int], ScoredSentence] = {}
    for candidate in scored:
        passage = candidate.retrieved.passage
        starts = [sentence.start for sentence in passage.sentences]
        position = starts.index(candidate.sentence.start)
        if position:
            before[candidate.place] = by_place[(passage.id, starts[position - 1])]
    return before


def _fits(chosen: list[ScoredSentence], settings: AnsweringSettings) -> bool:
    words = sum(len(candidate.text.split()) for candidate in chosen)
    return len(chosen) <= settings.most_sentences and words <= settings.most_words


def sides_of(query: Query, terms: TermMap) -> list[str]:
    """Return the sides of a comparison as written; empty when the query is none or names fewer than two terms."""
    if query.kind is not Kind.COMPARISON:
        return []
    sides = list(
        dict.fromkeys(
            query.text[match.start : match.end] for match in terms.find(query.text) if match.term.kind != "word"
        )
    )
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
