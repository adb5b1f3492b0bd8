"""One file into the library: recognised, loaded, compared, embedded, stored. The index is brought up to date after it.

Vectors are kept as they are made, and the document is stored last and at once. So a kill at any point leaves the
library as it was, and the next attempt goes on where this one ended.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from index.courtesy import Courtesy
from index.texts import passage_text, sentence_text
from index.vector_cache import CachedEmbeddings
from knowledge.chunking import ChunkingSettings
from knowledge.documents import Document
from knowledge.errors import SourceError, UnreadableSource
from knowledge.library import Library
from knowledge.loading_process import LoadingCancelled, LoadingProcess
from knowledge.originals import Originals
from knowledge.rows import Holding
from knowledge.sources import Incoming, edit_record, find_similar, prepare, recognise, set_apart, store_source

Tell = Callable[[str, int, int], None]
"""Called with a stage ("reading", "vectors"), how much of it is done, and how much there is (0: unknown)."""

_BLOCK = 1 << 20


@dataclass(frozen=True)
class Outcome:
    """What became of one file.

    ``status`` is "added", "changed", "unchanged", "similar" (nothing is stored yet: the person chooses), "refused"
    (with the ``error``) or "cancelled". ``document_id`` and ``title`` name the document, for a similar one the other
    document, which shares ``share`` (0 to 1) with it and may be replaced by it if it is ``replaceable``: the person's.
    """

    status: str
    document_id: str = ""
    title: str = ""
    error: Exception | None = None
    share: float = 0.0
    replaceable: bool = False


@dataclass(frozen=True)
class Ingestion:
    """What takes files in; `ingest` may be called for one file after another."""

    library: Library
    embeddings: CachedEmbeddings
    originals: Originals
    loading: LoadingProcess
    chunking: ChunkingSettings
    courtesy: Courtesy

    def ingest(
        self,
        incoming: Incoming,
        *,
        keep_similar: bool = False,
        tell: Tell = lambda stage, done, total: None,  # noqa: ARG005
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Outcome:
        """Take one file in and return what became of it; with ``keep_similar`` another version of a text is welcome."""
        try:
            return self._ingest(incoming, keep_similar=keep_similar, tell=tell, cancelled=cancelled)
        except LoadingCancelled:
            return Outcome("cancelled")
        except SourceError as error:
            return Outcome("refused", error=error)

    def _ingest(self, incoming: Incoming, *, keep_similar: bool, tell: Tell, cancelled: Callable[[], bool]) -> Outcome:
        file = hash_of(incoming.path, incoming.origin)
        same = recognise(
            self.library.marks(incoming.owner, file=file, origin=incoming.origin), incoming, file, self.chunking
        )
        if same:
            return Outcome("unchanged", same.document_id, same.title)
        tell("reading", 0, 0)
        loaded = self.loading.load(
            incoming.path,
            incoming.origin,
            suffix=incoming.suffix,
            report=lambda done, total: tell("reading", done, total),
            cancelled=cancelled,
        )
        incoming = set_apart(self.library, incoming, loaded)
        similar = None if keep_similar else find_similar(self.library, incoming, loaded)
        if similar and similar.mark.digest != loaded.digest:
            own = similar.mark.owner == incoming.owner and not similar.mark.is_study_text
            return Outcome(
                "similar", similar.mark.document_id, similar.mark.title, share=similar.share, replaceable=own
            )
        prepared = prepare(self.library, incoming, loaded, file=file, chunking=self.chunking)
        if prepared.status != "unchanged":
            texts = [passage_text(prepared.document, passage) for passage in prepared.passages]
            self.embeddings.warm(texts, progress=self._between(tell, cancelled, incoming.origin))
            if cancelled():
                raise LoadingCancelled(incoming.origin)
            self.originals.keep(incoming.path, file, incoming.suffix)
            there = {mark.document_id for mark in self.library.marks()}
            before = [self._kept(name) for name in there & {prepared.document.id, prepared.leaves}]
            store_source(self.library, prepared)
            for kept in before:
                self._forget(kept)
        return Outcome(prepared.status, prepared.document.id, prepared.document.title)

    def remove(self, document_id: str) -> None:
        """Remove a document with its passages, its vectors and, when no other has it, its original file.

        Raises UnknownDocument. The index is not touched.
        """
        kept = self._kept(document_id)
        self.library.remove(document_id)
        self._forget(kept)

    def edit(self, document_id: str, edits: Mapping[str, str]) -> Document:
        """Change the record of a document and return it, as `edit_record` does; the index stays as it is."""
        kept = self._kept(document_id)
        edited = edit_record(self.library, document_id, edits, self.chunking)
        self._forget(kept)
        return edited

    def _kept(self, document_id: str) -> "_Kept":
        document = self.library.document(document_id)
        return _Kept(document.title, self._texts(document), self.library.holding(document_id))

    def _forget(self, kept: "_Kept") -> None:
        """Forget what was kept of a document as it was, as far as no document needs it now."""
        # A text begins with its title, so only a document of the same title can hold it too.
        needed: set[str] = set()
        for mark in self.library.marks():
            if mark.title == kept.title:
                needed |= self._texts(self.library.document(mark.document_id))
        self.embeddings.forget(sorted(kept.texts - needed))
        file, suffix = kept.holding.file, kept.holding.suffix
        # The same bytes may have come as .md and as .txt.
        held_as = {self.library.holding(name).suffix for name in self.library.holders_of(file)} if file else {suffix}
        if suffix not in held_as:
            self.originals.forget(file, suffix)

    def _texts(self, document: Document) -> set[str]:
        texts: set[str] = set()
        for passage in self.library.passages(document.id):
            texts.add(passage_text(document, passage))
            texts.update(sentence_text(document, sentence) for sentence in passage.sentences)
        return texts

    def _between(self, tell: Tell, cancelled: Callable[[], bool], origin: str) -> Callable[[int, int], None]:
        def between(done: int, total: int) -> None:
            tell("vectors", done, total)
            if cancelled():
                raise LoadingCancelled(origin)
            self.courtesy.stand_aside()

        return between


@dataclass(frozen=True)
class _Kept:
    """What is kept of a document beside the library: vectors of its texts, and its original."""

    title: str
    texts: set[str]
    holding: Holding


def hash_of(path: Path, origin: str) -> str:
    """Return the SHA-256 of a file, read in pieces; UnreadableSource when the system does not let it be read."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
    except OSError as error:
        raise UnreadableSource(origin, reason=error.strerror or str(error)) from error
    return digest.hexdigest()
