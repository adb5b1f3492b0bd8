"""Abstention: do the sources answer at all? A calibrated decision from similarity and from the words asked for.

A threshold on similarity alone cannot tell: a question that the sources nearly answer is as near as one that they do.
"""

from dataclasses import astuple, dataclass

from assistant.evidence import evidence
from assistant.query_rewriting import Query
from assistant.question_kinds import Kind, language_of
from assistant.sentence_scoring import ASKED_FLOOR, ScoredSentence
from index.keyword_search import KeywordIndex
from index.query_words import QueryWord, covered_share, query_words
from index.term_map import TermMap

_TYPED = (Kind.WHEN, Kind.HOW_MANY)
_SUREST = 10.0  # log-odds beyond it say nothing more
_NOT_ANTICIPATED = 0.06  # for a text without anticipated questions: between what answerable and other questions have


@dataclass(frozen=True)
class Signs:
    """What the decision looks at, each about the context of one query.

    ``odds``: the reader's log-odds that the likeliest sentence answers, 0.0 without a reader. ``surety``: those of the
    surest short answer against none, kept within bounds, 0.0 without one. ``asked``: how far the
    nearest anticipated question lies above what two questions on different matters have. ``cosine``: the best of any
    sentence. ``coverage``: share of the query's ordinary words, by rarity, in the passage and headings of the best
    sentence (1.0 for an English query: the texts are Indonesian). ``missing_names``: names, acronyms and numbers of the
    query that are not there, in any of their forms. ``english``: 1.0 for an English query. ``words``: how many content
    words it has (a long question is near to no sentence as a whole). ``evidence``: how far the likeliest sentence holds
    a date or a number, if the query asks for one; else 1.0.
    """

    odds: float
    surety: float
    asked: float
    cosine: float
    coverage: float
    missing_names: float
    english: float
    words: float
    evidence: float


@dataclass(frozen=True)
class Calibration:
    """A linear decision over `Signs`: abstain when ``bias + weights * signs`` is negative."""

    bias: float
    weights: Signs

    def score(self, signs: Signs) -> float:
        """Return the decision value; larger is more surely answered."""
        total: float = sum(w * s for w, s in zip(astuple(self.weights), astuple(signs), strict=True))
        return self.bias + total


# Fitted as `python -m benchmarks.calibrate_abstention` does, the first with 0.05 of the answerable refused, the second
# with 0.04 and before there was the sign of evidence; figures in docs/benchmarks.md.
WITH_READER = Calibration(
    0.234,
    Signs(
        odds=0.546,
        surety=0.176,
        asked=10.375,
        cosine=-0.903,
        coverage=-0.206,
        missing_names=0.469,
        english=0.139,
        words=0.399,
        evidence=0.498,
    ),
)
E5_SMALL = Calibration(
    -8.367,
    Signs(
        odds=0.0,
        surety=0.0,
        asked=33.271,
        cosine=7.331,
        coverage=1.358,
        missing_names=-0.812,
        english=0.03,
        words=0.181,
        evidence=0.0,
    ),
)
UNCALIBRATED = Calibration(
    -0.3,
    Signs(
        odds=0.0,
        surety=0.0,
        asked=0.0,
        cosine=0.0,
        coverage=1.0,
        missing_names=-1.0,
        english=0.0,
        words=0.0,
        evidence=0.0,
    ),
)
"""For any other model: cosines mean something else there, so only the words decide."""


@dataclass(frozen=True)
class Judgement:
    """Whether the context answers; the content words of the query, and those that no source holds, as written."""

    answers: bool
    signs: Signs
    words: tuple[QueryWord, ...]
    missing: tuple[str, ...]


def judge(
    query: Query, scored: list[ScoredSentence], *, keywords: KeywordIndex, terms: TermMap, model: str
) -> Judgement:
    """Return whether scored sentences (best first) answer a query; none do not, nor does anything a query of no words.

    A year or number that no passage of the context holds is enough to abstain: what is told of another year is not
    an answer. A person whom a sentence introduces is enough to answer who that is.
    """
    words = query_words(query.text, keywords, terms)
    near = scored[0].around if scored else frozenset()
    held = near.union(*(candidate.around for candidate in scored))
    likeliest = max(scored, key=_likelihood, default=None)
    names = [word for word in words if word.name]
    english = language_of(query.text) == "en"
    ordinary = [] if english else [word for word in words if not word.name]
    signs = Signs(
        odds=max((candidate.odds for candidate in scored if candidate.odds is not None), default=0.0),
        surety=max((_surety(candidate) for candidate in scored if candidate.found), default=0.0),
        asked=_asked(scored, likeliest),
        cosine=max((candidate.cosine for candidate in scored), default=0.0),
        coverage=covered_share(ordinary, near),
        missing_names=sum(not word.held_by(near) for word in names),
        english=float(english),
        words=len(words),
        evidence=evidence(query, words, likeliest.text) if likeliest and query.kind in _TYPED else 1.0,
    )
    absent = [word for word in (names if english else words) if not word.held_by(held)]
    read = any(candidate.odds is not None for candidate in scored)
    calibration = WITH_READER if read else E5_SMALL if "multilingual-e5-small" in model else UNCALIBRATED
    numbers_held = not any(word.written[0].isdigit() for word in absent)
    likely = calibration.score(signs) >= 0 or _is_introduced(query, words, scored)
    answers = bool(scored and words) and numbers_held and likely
    return Judgement(answers, signs, tuple(words), tuple(word.written for word in absent if not word.known))


def _is_introduced(query: Query, words: list[QueryWord], scored: list[ScoredSentence]) -> bool:
    """Say whether somebody is asked for and a sentence introduces them by office or work: no more can be wanted."""
    return query.kind is Kind.IDENTITY and any(evidence(query, words, each.text) == 1.0 for each in scored)


def _surety(candidate: ScoredSentence) -> float:
    return max(-_SUREST, min(_SUREST, candidate.found.surety)) if candidate.found else 0.0


def _likelihood(candidate: ScoredSentence) -> float:
    return candidate.score if candidate.odds is None else candidate.odds


def _asked(scored: list[ScoredSentence], likeliest: ScoredSentence | None) -> float:
    """Return how far the nearest anticipated question lies above the floor; a text of the user's has none."""
    if likeliest and not likeliest.retrieved.document.questions:
        return _NOT_ANTICIPATED
    return max((max(0.0, candidate.asked - ASKED_FLOOR) for candidate in scored), default=0.0)
