"""Scores every sentence of the context against the query: how directly does it answer?"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from assistant.evidence import evidence
from assistant.query_rewriting import Query
from assistant.question_kinds import Kind
from index.embedding import Embedder
from index.keyword_search import KeywordIndex
from index.morphology import content_tokens
from index.query_words import QueryWord, covered_share, query_words
from index.reader import Found, Reader, Reading
from index.retrieval import RetrievedPassage
from index.term_map import TermMap
from index.texts import head_text, sentence_text
from knowledge.documents import Sentence

# Chosen on the development questions, checked on the reported ones: docs/decisions.md.
COSINE_WEIGHT = 0.15  # of the cosine in standard deviations of its context, so that it means the same for every model
SENTENCE_WEIGHT = 0.30
HEADING_WEIGHT = 0.35
PASSAGE_WORDS_WEIGHT = 0.20
EVIDENCE_WEIGHT = 0.14
LEADING_EVIDENCE_WEIGHT = 0.40  # what defines a term, introduces a person, enumerates, dates or gives a reason leads
PASSAGE_WEIGHT = 1.0
ASKED_WEIGHT = 16.0  # of the nearest anticipated question
ASKED_FLOOR = 0.84  # what two questions on different matters have: the cosines of E5 lie in a narrow band
NOT_ANTICIPATED = 0.04  # above the floor, for a sentence of a text that has no anticipated questions, as the user's own
READER_WEIGHT = 0.2  # of the reader's log-odds
FIRST_READ = 5  # passages; the reader costs the most time of an answer
SURE = 1.5  # log-odds of a sentence that make reading on needless
_SUREST = 5.0  # log-odds beyond it say nothing more
_SEVERAL = (Kind.LIST, Kind.COMPARISON)  # what no one sentence need answer alone
_LEADING = (Kind.DEFINITION, Kind.IDENTITY, Kind.LIST, Kind.WHEN, Kind.WHY)
ELSEWHERE_PENALTY = 1.0
_ELSEWHERE = re.compile(
    r"\b(?:(?:tabel|daftar|bagian|gambar) (?:berikut|di bawah)|dalam teks (?:tentang|tersendiri|diplomasi|industri)"
    r"|teks tentang|(?:topik|pembahasan|bacaan) lanjutan)\b",
    re.IGNORECASE,
)
"""A sentence that only says where something else is told answers nothing."""
UNCITED_PENALTY = 0.2  # in a text that cites works, a sentence without one is a bridge, a limit or a doubt


@dataclass(frozen=True)
class ScoredSentence:
    """A sentence of the context: ``score`` ranks it, ``cosine`` is that of its vector and the query's.

    ``stems`` are those of its words, ``around`` those of its title, headings and passage. ``asked`` is the cosine of
    the query with the nearest of its anticipated questions, 0.0 if it has none; ``found`` what the reader says of it,
    None if no reader has read it.
    """

    retrieved: RetrievedPassage
    sentence: Sentence
    text: str
    stems: frozenset[str]
    around: frozenset[str]
    cosine: float
    score: float
    asked: float = 0.0
    found: Found | None = None

    @property
    def odds(self) -> float | None:
        """The reader's log-odds that it answers; None if no reader has read it."""
        return None if self.found is None else self.found.odds

    @property
    def span(self) -> tuple[int, int]:
        """The likeliest short answer in it, a range of the document; empty where there is none."""
        begin = self.retrieved.passage.start
        return (begin + self.found.start, begin + self.found.end) if self.found else (begin, begin)

    @property
    def place(self) -> tuple[str, int]:
        """Where it stands: the id of its passage and its start."""
        return self.retrieved.passage.id, self.sentence.start


@dataclass(frozen=True)
class Scorer:
    """What scoring needs: vectors of sentences, kept since indexing; how rare a word is; forms of terms; a reader.

    Without a reader, which fits one model alone, the other signs decide.
    """

    embedder: Embedder
    keywords: KeywordIndex
    terms: TermMap
    reader: Reader | None = None

    def score(self, query: Query, context: list[RetrievedPassage]) -> list[ScoredSentence]:
        """Return every sentence of the context, best first; ties keep the order of the context.

        A reader that is sure after the first passages need not read the others; their sentences are left out.
        """
        read = self._read(query, context)
        pairs = [(context[place], sentence) for place in read for sentence in context[place].passage.sentences]
        if not pairs:
            return []
        texts = [sentence_text(retrieved.document, sentence) for retrieved, sentence in pairs]
        cosines = self.embedder.embed_passages(texts) @ self.embedder.embed_query(query.text)
        spread = float(cosines.std()) or 1.0
        asked = query_words(query.text, self.keywords, self.terms)
        words = [word for word in asked if word.known]
        best = max(retrieved.score for retrieved in context)
        weight = LEADING_EVIDENCE_WEIGHT if query.kind in _LEADING else EVIDENCE_WEIGHT
        scored = []
        said = [found for place in read for found in read[place]]
        for (retrieved, sentence), cosine, found in zip(pairs, cosines, said, strict=True):
            candidate = replace(_describe(retrieved, sentence, float(cosine)), found=found)
            score = (
                COSINE_WEIGHT * (candidate.cosine - float(cosines.mean())) / spread
                + _word_score(candidate, words)
                + weight * evidence(query, asked, candidate.text)
                + PASSAGE_WEIGHT * (retrieved.score - best)
                - UNCITED_PENALTY * _is_uncited(candidate)
                - ELSEWHERE_PENALTY * bool(_ELSEWHERE.search(candidate.text))
                + ASKED_WEIGHT * _asked_above_floor(candidate)
                + READER_WEIGHT * max(-_SUREST, min(_SUREST, candidate.odds or 0.0))
            )
            scored.append(replace(candidate, score=score))
        return sorted(scored, key=lambda candidate: -candidate.score)

    def _read(
        self, query: Query, context: list[RetrievedPassage]
    ) -> Mapping[int, Sequence[Found]] | Mapping[int, Sequence[None]]:
        """Return what the reader finds in the sentences of each passage that it reads, by its place in the context.

        The first passages and those of texts without anticipated questions are always read, the others unless that
        gave a sure answer to a question that one sentence answers. Without a reader: None for every sentence.
        """
        if self.reader is None:
            return {place: [None] * len(each.passage.sentences) for place, each in enumerate(context)}
        first = [place for place, each in enumerate(context) if place < FIRST_READ or not each.document.questions]
        read = self._read_at(query, context, first)
        best = max((found.odds for passage in read.values() for found in passage), default=-math.inf)
        if best < SURE or query.kind in _SEVERAL:
            read |= self._read_at(query, context, [place for place in range(len(context)) if place not in read])
        return dict(sorted(read.items()))

    def _read_at(self, query: Query, context: list[RetrievedPassage], places: list[int]) -> dict[int, list[Found]]:
        readings = [_reading(context[place]) for place in places]
        return dict(zip(places, self.reader.read(query.text, readings), strict=True)) if self.reader else {}


def _describe(retrieved: RetrievedPassage, sentence: Sentence, cosine: float) -> ScoredSentence:
    text = retrieved.document.text[sentence.start : sentence.end]
    around = " ".join((retrieved.document.title, *retrieved.passage.heading_path, retrieved.text))
    asked = retrieved.asked.get(sentence.start, 0.0)
    return ScoredSentence(retrieved, sentence, text, _stems(text), _stems(around), cosine, 0.0, asked)


def _asked_above_floor(candidate: ScoredSentence) -> float:
    if not candidate.retrieved.document.questions:
        return NOT_ANTICIPATED
    return max(0.0, candidate.asked - ASKED_FLOOR)


def _reading(retrieved: RetrievedPassage) -> Reading:
    passage = retrieved.passage
    sentences = tuple((each.start - passage.start, each.end - passage.start) for each in passage.sentences)
    return Reading(head_text(retrieved.document, passage), retrieved.text, sentences)


def _is_uncited(candidate: ScoredSentence) -> bool:
    mentions = candidate.retrieved.document.mentions
    start, end = candidate.sentence.start, candidate.sentence.end
    return bool(mentions) and not any(start <= mention.position <= end for mention in mentions)


def _word_score(candidate: ScoredSentence, words: list[QueryWord]) -> float:
    """Return how much of the query's rare words the sentence holds: itself, with its headings, with its passage."""
    retrieved = candidate.retrieved
    headings = _stems(" ".join((retrieved.document.title, *retrieved.passage.heading_path)))
    return (
        SENTENCE_WEIGHT * covered_share(words, candidate.stems)
        + HEADING_WEIGHT * covered_share(words, candidate.stems | headings)
        + PASSAGE_WORDS_WEIGHT * covered_share(words, candidate.around)
    )


@lru_cache(maxsize=20_000)
def _stems(text: str) -> frozenset[str]:
    """Return the stems of a text's content words; the same titles and passages come back at every question."""
    return frozenset(token.stem for token in content_tokens(text))


def similarity(one: ScoredSentence, other: ScoredSentence) -> float:
    """Return the Jaccard overlap of two sentences' words, 0 to 1."""
    union = one.stems | other.stems
    return len(one.stems & other.stems) / len(union) if union else float(np.equal(one.text, other.text))
