"""Our embedder, retriever and assistant as LangChain components, so that others can compose them.

retriever = LibraryRetriever(retriever=assistant.open_retriever(), k=4)
documents = retriever.invoke("tank Harimau")
"""

from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as LangChainDocument
from langchain_core.embeddings import Embeddings
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableLambda
from pydantic import ConfigDict, Field

from assistant.answering import Assistant
from assistant.citations import HEADING_SEPARATOR
from assistant.serialisation import answer_json
from index.embedding import Embedder
from index.retrieval import RetrievedPassage, Retriever


class LibraryEmbeddings(Embeddings):
    """An `Embedder` as LangChain embeddings: documents get the passage prompt, queries the query prompt."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return one vector for each text, in order."""
        vectors: list[list[float]] = self._embedder.embed_passages(texts).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """Return the vector of a query."""
        vector: list[float] = self._embedder.embed_query(text).tolist()
        return vector


class LibraryRetriever(BaseRetriever):
    """A retriever of passages as LangChain documents; ``k`` may also be given to ``invoke``.

    Metadata: document_id, title, heading, page, start, end (code points of the canonical text), score.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    retriever: Retriever
    k: int = Field(default=8, ge=1)

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun, k: int | None = None
    ) -> list[LangChainDocument]:
        del run_manager  # the search has no inner steps to report
        return [_to_langchain(found) for found in self.retriever.retrieve(query, k or self.k)]


def as_runnable(assistant: Assistant) -> Runnable[str, dict[str, Any]]:
    """Return a runnable from a question to the answer as JSON values, the same as ``tanya ask --json``."""
    return RunnableLambda(lambda question: answer_json(assistant.answer(question)), name="tanya-diplomasi")


def _to_langchain(found: RetrievedPassage) -> LangChainDocument:
    return LangChainDocument(
        id=found.passage.id,
        page_content=found.text,
        metadata={
            "document_id": found.document.id,
            "title": found.document.title,
            "heading": HEADING_SEPARATOR.join(found.passage.heading_path),
            "page": found.passage.page,
            "start": found.passage.start,
            "end": found.passage.end,
            "score": found.score,
        },
    )
