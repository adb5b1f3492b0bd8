"""The user's documents with all that is kept of them beside the library: the vectors of their texts, their originals.

Whatever is stored, changed or removed here leaves nothing behind that no document needs. The index is brought up to
date after it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from index.texts import passage_text, sentence_text
from index.vector_cache import CachedEmbeddings
from knowledge.chunking import ChunkingSettings
from knowledge.documents import Document
from knowledge.library import Library
from knowledge.originals import Originals
from knowledge.rows import Holding
from knowledge.sources import Prepared, edit_record, store_source


@dataclass(frozen=True)
class Keeping:
    """Where the documents of users and what belongs to them are kept."""

    library: Library
    embeddings: CachedEmbeddings
    originals: Originals
    chunking: ChunkingSettings

    def store(self, prepared: Prepared, path: Path, file: str) -> None:
        """Store a prepared document and the original at ``path`` (SHA-256 ``file``), in place of what it replaces."""
        self.originals.keep(path, file, prepared.holding.suffix)
        there = {mark.document_id for mark in self.library.marks()}
        before = [self._kept(name) for name in there & {prepared.document.id, prepared.leaves}]
        store_source(self.library, prepared)
        for kept in before:
            self._forget(kept)

    def remove(self, document_id: str) -> None:
        """Remove a document with its passages, its vectors and, when no other has it, its original file.

        Raises UnknownDocument.
        """
        kept = self._kept(document_id)
        self.library.remove(document_id)
        self._forget(kept)

    def edit(self, document_id: str, edits: Mapping[str, str]) -> Document:
        """Change the record of a document and return it, as `edit_record` does."""
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


@dataclass(frozen=True)
class _Kept:
    """What is kept of a document beside the library: vectors of its texts, and its original."""

    title: str
    texts: set[str]
    holding: Holding
