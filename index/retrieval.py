"""Retrieval: from a query to the passages that may answer it, best first."""

from collections.abc import Collection, Mapping
from copy import copy
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from pydantic import BaseModel, ConfigDict, Field

from index.embedding import Embedder
from index.fusion import fuse
from index.keyword_search import KeywordIndex
from index.question_index import NO_QUESTIONS, Place, QuestionIndex
from index.vector_store import Hit, VectorStore
from knowledge.documents import Document, Passage
from knowledge.library import Library


class RetrievalSettings(BaseModel):
    """How candidates are found. The defaults were chosen by measurement: docs/decisions.md."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    candidates: int = Field(default=50, ge=1, le=1000, description="passages taken from each list before fusion")
    keyword_weight: float = Field(default=0.03, ge=0, le=1, description="weight of BM25 beside the cosine")
    question_offset: float = Field(
        default=0.04, ge=0, le=2, description="taken off the cosine of an anticipated question beside that of a passage"
    )


@dataclass(frozen=True)
class RetrievedPassage:
    """A passage with its document; ``score`` is fused, ``dense`` the cosine (0.0 if only the keywords found it).

    ``asked`` holds, by the start of a sentence, the best cosine of its anticipated questions with the query.
    """

    passage: Passage
    document: Document
    score: float
    dense: float
    asked: Mapping[int, float] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The words of the passage, exactly as in the document."""
        return self.document.text[self.passage.start : self.passage.end]


@runtime_checkable
class Retriever(Protocol):
    """Finds passages for a query."""

    def retrieve(self, query: str, k: int) -> list[RetrievedPassage]:
        """Return at most k passages, best first; empty when the index is empty."""


class HybridRetriever:
    """Dense and keyword candidates, fused."""

    def __init__(
        self,
        library: Library,
        embedder: Embedder,
        *,
        vectors: VectorStore,
        keywords: KeywordIndex,
        settings: RetrievalSettings,
        questions: QuestionIndex = NO_QUESTIONS,
    ) -> None:
        self.library, self.embedder, self.vectors, self.keywords = library, embedder, vectors, keywords
        self._questions = questions
        self._settings = settings
        self._documents: frozenset[str] | None = None

    def within(self, documents: Collection[str]) -> "HybridRetriever":
        """Return this retriever as if the library held only some documents, by their ids."""
        narrowed = copy(self)
        narrowed._documents = frozenset(documents)
        narrowed.keywords = self.keywords.within(documents)
        return narrowed

    def retrieve(self, query: str, k: int) -> list[RetrievedPassage]:
        """Return at most k passages, best first; empty when the index is empty or the query is blank."""
        if not query.strip():
            return []
        breadth = max(k, self._settings.candidates)
        vector = self.embedder.embed_query(query)
        dense = self.vectors.search(vector, breadth, self._documents)
        keyword = self.keywords.search(query, breadth)
        asked = _by_passage(self._questions.nearest(vector), self._documents)
        best = [Hit(passage_id, max(cosines.values())) for passage_id, cosines in asked.items()]
        fused = fuse(
            dense,
            keyword,
            best,
            keyword_weight=self._settings.keyword_weight,
            question_offset=self._settings.question_offset,
        )[:k]
        cosines = {hit.passage_id: hit.score for hit in dense}
        passages = self.library.passages_by_id(hit.passage_id for hit in fused)
        return [
            RetrievedPassage(
                passage=passages[hit.passage_id],
                document=self.library.document(passages[hit.passage_id].document_id),
                score=hit.score,
                dense=cosines.get(hit.passage_id, 0.0),
                asked=asked.get(hit.passage_id, {}),
            )
            for hit in fused
            if hit.passage_id in passages
        ]


def _by_passage(asked: Mapping[Place, float], documents: Collection[str] | None) -> dict[str, dict[int, float]]:
    """Return passage id -> start of a sentence -> cosine, of some documents or of all."""
    found: dict[str, dict[int, float]] = {}
    for (passage_id, start), cosine in asked.items():
        if documents is None or passage_id.split("-")[0] in documents:
            found.setdefault(passage_id, {})[start] = cosine
    return found
