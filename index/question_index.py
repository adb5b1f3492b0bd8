"""Finds sentences by the questions that they were anticipated to answer."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from index.embedding import Embedder, Vectors
from knowledge.documents import STUDY_TEXT_PREFIX
from knowledge.library import Library

Place = tuple[str, int]
"""A sentence: the id of its passage and its start."""


@dataclass(frozen=True)
class QuestionIndex:
    """``vectors`` (n, dimension) of anticipated questions, unit rows; row i leads to ``places[i]``."""

    places: tuple[Place, ...]
    vectors: Vectors

    def nearest(self, query: Vectors) -> dict[Place, float]:
        """Return, for each sentence that has questions, the best cosine of any of them with a query's vector."""
        best: dict[Place, float] = {}
        if not self.places:
            return best
        for place, cosine in zip(self.places, (self.vectors @ query).tolist(), strict=True):
            if cosine > best.get(place, -1.0):
                best[place] = cosine
        return best


NO_QUESTIONS = QuestionIndex((), np.zeros((0, 0), np.float32))
"""The index of a library without anticipated questions."""


def build_question_index(library: Library, embedder: Embedder) -> QuestionIndex:
    """Return the index of all anticipated questions of a library; empty when there are none."""
    rows = list(anticipated_questions(library))
    return QuestionIndex(tuple(place for _, place in rows), embedder.embed_passages([text for text, _ in rows]))


def anticipated_questions(library: Library) -> Iterator[tuple[str, Place]]:
    """Yield each anticipated question of the study texts and the sentence that it leads to."""
    for origin, (document_id, _) in sorted(library.fingerprints().items()):
        if not origin.startswith(STUDY_TEXT_PREFIX):
            continue
        holders = {
            sentence.start: passage.id for passage in library.passages(document_id) for sentence in passage.sentences
        }
        for question in library.document(document_id).questions:
            if question.start in holders:
                yield question.text, (holders[question.start], question.start)
