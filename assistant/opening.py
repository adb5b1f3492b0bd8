"""Opens an assistant from settings: store, library, model, index. The one place where the parts are put together."""

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path

from assistant.answering import Assistant
from assistant.ingestion import Ingestion
from assistant.keeping import Keeping
from assistant.preparation import Progress
from assistant.settings import Settings
from index.allocation import give_memory_back
from index.building import BuildReport, IndexFolder, configured_manifest, find_problems, update_index
from index.courtesy import Courtesy
from index.embedding import Embedder, open_embedder
from index.live_index import LiveIndex
from index.manifest import IndexMismatch, Manifest, digest_of, read_manifest
from index.memo_embedder import MemoEmbedder
from index.reader import Reader, open_reader
from index.term_map import TermMap
from index.vector_cache import CachedEmbeddings, VectorCache
from index.vector_store import VectorStore
from knowledge.documents import Document
from knowledge.errors import UnknownDocument
from knowledge.fingerprints import chunking_signature
from knowledge.glossary import load_glossary
from knowledge.library import Library
from knowledge.loading_process import LoadingProcess
from knowledge.originals import Originals
from knowledge.store import open_store
from knowledge.study_texts import Changes, study_text_folder, sync_study_texts


@dataclass(frozen=True)
class Workplace:
    """The opened parts: everything that a command needs, whether it asks, adds or builds."""

    settings: Settings
    library: Library
    embedder: Embedder
    embeddings: CachedEmbeddings
    folder: IndexFolder
    find_reader: Callable[[], Reader | None] = lambda: None
    courtesy: Courtesy = field(default_factory=Courtesy)
    study_texts: Path = field(default_factory=study_text_folder)

    @property
    def reader(self) -> Reader | None:
        """The reader, opened at the first use: whoever only adds files does without its 400 MB."""
        return self.find_reader()

    @property
    def originals(self) -> Originals:
        """Where the original files of the user's sources lie."""
        return Originals(self.settings.home / "originals")

    @property
    def keeping(self) -> Keeping:
        """Where the documents of users and what belongs to them are kept."""
        return Keeping(self.library, self.embeddings, self.originals, self.settings.chunking)

    def ingestion(self, loading: LoadingProcess) -> Ingestion:
        """Return what takes files in, loading them in a child process."""
        return Ingestion(self.keeping, loading, self.courtesy)

    def is_own(self, document_id: str, owner: str) -> bool:
        """Say whether a document may be changed by a person: it is theirs, and no study text."""
        try:
            return self.library.holding(document_id).owner == owner and not (
                self.library.document(document_id).is_study_text
            )
        except UnknownDocument:
            return False

    def remove_source(self, document_id: str, owner: str) -> None:
        """Remove a document of a person with all that was kept of it; UnknownDocument for one that is not theirs."""
        if not self.is_own(document_id, owner):
            raise UnknownDocument(document_id)
        self.keeping.remove(document_id)
        self.update()

    def edit_source(self, document_id: str, owner: str, edits: Mapping[str, str]) -> Document:
        """Change the record of a document of a person; UnknownDocument for one that is not theirs."""
        if not self.is_own(document_id, owner):
            raise UnknownDocument(document_id)
        before = self.library.document(document_id)
        edited = self.keeping.edit(document_id, edits)
        if edited.title != before.title:  # it is searched together with every passage
            self.update()
        return edited

    def is_in_step(self) -> bool:
        """Say whether the index holds the passages of the library, by its manifest alone."""
        manifest = read_manifest(self.folder.root)
        return manifest is not None and manifest.passages_digest == digest_of(self.library.passage_ids())

    def sync(self) -> Changes:
        """Bring the shipped study texts in the library up to date; the index is not touched. Raises IndexMismatch."""
        self.refuse_mismatch()
        return sync_study_texts(self.library, self.settings.chunking, folder=self.study_texts)

    def refuse_mismatch(self) -> None:
        """Raise IndexMismatch when the index was built with another model or chunking; nothing is changed before."""
        built = read_manifest(self.folder.root)
        if built is not None:
            built.refuse_mismatch(self._configured_manifest())

    def update(
        self, *, rebuild: bool = False, accept_mismatch: bool = False, progress: Progress | None = None
    ) -> tuple[Changes, BuildReport]:
        """Bring the study texts and the index up to date.

        Raises IndexMismatch when the index was built with another model or chunking, unless ``rebuild`` (always build
        anew) or ``accept_mismatch`` (build anew just then).
        """
        configured = self._configured_manifest()
        if not rebuild:
            try:
                self.refuse_mismatch()
            except IndexMismatch:
                if not accept_mismatch:
                    raise
                rebuild = True
        changes = sync_study_texts(self.library, self.settings.chunking, folder=self.study_texts)
        with closing(VectorStore(self.folder.vectors)) as store:
            report = update_index(
                self.library,
                self.embeddings,
                store,
                self.folder,
                configured=configured,
                rebuild=rebuild,
                progress=(lambda done, total: progress("vectors", done, total)) if progress else None,
            )
        return changes, report

    def problems(self) -> list[str]:
        """Return what is wrong with the index on disk: "absent", "mismatch" or as `find_problems`; empty if sound."""
        manifest = read_manifest(self.folder.root)
        if manifest is None:
            return ["absent"]
        try:
            self.refuse_mismatch()
        except IndexMismatch:
            return ["mismatch"]
        with closing(VectorStore(self.folder.vectors)) as store:
            return find_problems(self.library, self.embeddings, store, self.folder)

    def close(self) -> None:
        """Release the connections to the store."""
        self.library.engine.dispose()

    def _configured_manifest(self) -> Manifest:
        return configured_manifest(self.embedder, chunking_signature(self.settings.chunking))

    def assistant(self) -> Assistant:
        """Return an assistant on the index as it is."""
        terms = TermMap(load_glossary())
        embedder = MemoEmbedder(self.embedder, self.embeddings)
        live = LiveIndex(self.library, embedder, folder=self.folder, terms=terms, settings=self.settings.retrieval)
        return Assistant(
            self.library, live.retriever, terms, self.settings.answering, reader=self.reader, courtesy=self.courtesy
        )


def open_workplace(
    settings: Settings, *, embedder: Embedder | None = None, progress: Progress | None = None
) -> Workplace:
    """Open store and models; ``embedder`` stands in for the configured one, without a reader. Raises ModelNotFound."""
    give_memory_back()
    engine = open_store(settings.store_url)
    if progress:
        progress("model", 0, 0)
    find_reader: Callable[[], Reader | None] = _no_reader
    if embedder is None:
        model = open_embedder(settings.embedding, settings.home)
        embedder, find_reader = model, cache(partial(open_reader, model.folder))
    embeddings = CachedEmbeddings(embedder, VectorCache(engine))
    return Workplace(settings, Library(engine), embedder, embeddings, IndexFolder(settings.home / "index"), find_reader)


def _no_reader() -> Reader | None:
    return None
