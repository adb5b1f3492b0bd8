"""The index as it is on disk now: opened once, opened again when another process has changed it."""

import threading

from index.building import IndexFolder
from index.embedding import Embedder
from index.keyword_search import KeywordIndex
from index.manifest import IndexMismatch, Manifest, read_manifest
from index.question_index import NO_QUESTIONS, QuestionIndex, build_question_index
from index.retrieval import HybridRetriever, RetrievalSettings
from index.term_map import TermMap
from index.vector_store import VectorStore
from knowledge.documents import STUDY_TEXT_PREFIX
from knowledge.library import Library


class LiveIndex:
    """Gives a retriever on the current index. Threads may share it.

    Chroma goes on answering from memory when another process has written, so a changed manifest opens it anew.
    """

    def __init__(
        self, library: Library, embedder: Embedder, *, folder: IndexFolder, terms: TermMap, settings: RetrievalSettings
    ) -> None:
        self._library, self._embedder, self._folder = library, embedder, folder
        self._terms, self._settings = terms, settings
        self._lock = threading.Lock()
        self._seen: Manifest | None = None
        self._vectors: VectorStore | None = None
        self._retriever: HybridRetriever | None = None
        self._questions: tuple[frozenset[tuple[str, str]], QuestionIndex] = (frozenset(), NO_QUESTIONS)

    def retriever(self) -> HybridRetriever:
        """Return a retriever on the index as the manifest describes it now; IndexMismatch if by another model."""
        manifest = read_manifest(self._folder.root)
        if manifest is not None and manifest.model != self._embedder.identity:  # another process has rebuilt it
            raise IndexMismatch("model", manifest.model, self._embedder.identity)
        with self._lock:
            if self._retriever is None or manifest != self._seen:
                if self._vectors is None:
                    self._vectors = VectorStore(self._folder.vectors)
                else:  # the same object, so that a question under way in another thread goes on with it
                    self._vectors.reopen()
                self._retriever = HybridRetriever(
                    self._library,
                    self._embedder,
                    vectors=self._vectors,
                    keywords=KeywordIndex(self._folder.keywords, self._terms),
                    questions=self._question_index(),
                    settings=self._settings,
                )
                self._seen = manifest
            return self._retriever

    def _question_index(self) -> QuestionIndex:
        """Return the anticipated questions; only a new release changes them, so what people add costs nothing here."""
        marks = frozenset(
            (origin, fingerprint)
            for origin, (_, fingerprint) in self._library.fingerprints().items()
            if origin.startswith(STUDY_TEXT_PREFIX)
        )
        if marks != self._questions[0]:
            self._questions = (marks, build_question_index(self._library, self._embedder))
        return self._questions[1]
