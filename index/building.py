"""Brings the index up to date with the library: vectors into Chroma, words into BM25, and the manifest last.

Everything here can be thrown away and made again from the relational store without embedding anything twice.
"""

import time
import uuid
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

import numpy as np
from filelock import FileLock

from index.embedding import Embedder, Progress, Vectors
from index.keyword_search import build_keyword_index, indexed_ids
from index.manifest import Manifest, digest_of, read_manifest, write_manifest
from index.morphology import MORPHOLOGY_VERSION
from index.question_index import anticipated_questions
from index.texts import TEXTS_VERSION, passage_text, sentence_text
from index.vector_cache import CachedEmbeddings
from index.vector_store import BrokenStore, VectorStore
from knowledge.library import Library

_VERSIONS_OF = ("chromadb", "bm25s", "sentence-transformers")
_SAME = 1e-2  # float16 keeps three digits; a lost or foreign vector is farther away than this


@dataclass(frozen=True)
class BuildReport:
    """What a build did. ``embedded`` counts texts that no cache held; ``repaired`` says that the index on disk lied."""

    passages: int
    sentences: int
    added: int
    removed: int
    embedded: int
    repaired: bool
    seconds: float


@dataclass(frozen=True)
class IndexFolder:
    """Where the parts of an index lie."""

    root: Path

    @property
    def vectors(self) -> Path:
        """The folder of the vector store."""
        return self.root / "vectors"

    @property
    def keywords(self) -> Path:
        """The folder of the keyword index."""
        return self.root / "keywords"

    @property
    def lock(self) -> FileLock:
        """The lock that one builder holds, in whatever process."""
        self.root.mkdir(parents=True, exist_ok=True)
        return FileLock(self.root / "build.lock")


def configured_manifest(embedder: Embedder, chunking: str) -> Manifest:
    """Return the manifest of an index that would be built now, without its contents."""
    versions = {name: version(name) for name in _VERSIONS_OF}
    return Manifest(
        embedder.identity, embedder.dimension, chunking, TEXTS_VERSION, MORPHOLOGY_VERSION, versions=versions
    )


def update_index(
    library: Library,
    embeddings: CachedEmbeddings,
    store: VectorStore,
    folder: IndexFolder,
    *,
    configured: Manifest,
    rebuild: bool = False,
    progress: Progress | None = None,
) -> BuildReport:
    """Bring the index in step with the library and return what was done; an index that is in step is left alone.

    Raises IndexMismatch when the index was built otherwise and ``rebuild`` is False. A kill at any point leaves
    the library whole and an index that the next call mends: the manifest is written last.
    """
    started = time.monotonic()
    with folder.lock:
        manifest = read_manifest(folder.root)
        if manifest is not None and not rebuild:
            manifest.refuse_mismatch(configured)
        ids = library.passage_ids()
        truthful = not rebuild and is_truthful(library, embeddings, store)
        if truthful and manifest and manifest.words == configured.words and _is_in_step(manifest, ids, store, folder):
            return BuildReport(manifest.passages, manifest.sentences, 0, 0, 0, False, time.monotonic() - started)
        texts = texts_of(library)
        passages, sentences = texts.passages, texts.all_sentences
        questions = [text for text, _ in anticipated_questions(library)]
        embedded = embeddings.warm([*passages.values(), *texts.sentences, *questions], progress=progress)
        if not truthful:
            store.clear()
        added, removed = _update_vectors(store, embeddings, passages)
        build_keyword_index(folder.keywords, passages)
        write_manifest(
            folder.root,
            replace(
                configured,
                passages=len(passages),
                sentences=sentences,
                passages_digest=digest_of(passages),
                build=uuid.uuid4().hex,
            ),
        )
    repaired = not truthful and not rebuild and manifest is not None
    return BuildReport(len(passages), sentences, added, removed, embedded, repaired, time.monotonic() - started)


def find_problems(library: Library, embeddings: CachedEmbeddings, store: VectorStore, folder: IndexFolder) -> list[str]:
    """Return how an index on disk differs from the library; empty when it is sound.

    Each problem is "manifest", "passages", "keywords" or "vectors": what holds something else than the library.
    """
    manifest = read_manifest(folder.root)
    ids = set(library.passage_ids())
    truthful = is_truthful(library, embeddings, store)
    checks = (
        (manifest is None or manifest.passages_digest != digest_of(ids), "manifest"),
        (truthful and store.ids() != ids, "passages"),
        (set(indexed_ids(folder.keywords)) != ids, "keywords"),
        (not truthful, "vectors"),
    )
    return [problem for wrong, problem in checks if wrong]


def is_truthful(library: Library, embeddings: CachedEmbeddings, store: VectorStore) -> bool:
    """Say whether the vector store still holds what it was given: every vector, and the right one at both ends.

    Chroma goes on counting and answering after it lost vectors, so its own word is not enough. An empty store tells
    the truth. Passages that the store has and the library no longer has are not a lie: the next build removes them.
    """
    try:
        shared = sorted(store.ids() & set(library.passage_ids()))
        held = store.vectors(shared)
        ends = library.passages_by_id(shared[:1] + shared[-1:])
        texts = [passage_text(library.document(passage.document_id), passage) for passage in ends.values()]
        return not texts or all(
            _is_found(store, held[key], expected) for key, expected in zip(ends, embeddings.embed(texts), strict=True)
        )
    except BrokenStore:
        return False


def _is_found(store: VectorStore, held: Vectors, expected: Vectors) -> bool:
    """Say whether a stored vector is the one that its text has, and a search for it finds it (or its equal)."""
    same = held.shape == expected.shape and bool(np.abs(held - expected).max() <= _SAME)
    return same and any(hit.score > 1 - _SAME for hit in store.search(held, 1))


def _is_in_step(manifest: Manifest, ids: list[str], store: VectorStore, folder: IndexFolder) -> bool:
    same = manifest.passages_digest == digest_of(ids) and store.ids() == set(ids)
    return same and set(indexed_ids(folder.keywords)) == set(ids)


@dataclass(frozen=True)
class IndexTexts:
    """What is embedded of a library, and how much there is.

    ``passages`` maps passage ids to texts. ``sentences`` holds the sentences whose vectors travel with the project,
    those of the study texts; a sentence of the user's own is embedded when a question first meets it, so that a long
    file can be asked after half the time. ``all_sentences`` counts both.
    """

    passages: dict[str, str]
    sentences: list[str]
    all_sentences: int


def texts_of(library: Library) -> IndexTexts:
    """Return what is embedded of all documents."""
    passages: dict[str, str] = {}
    sentences: list[str] = []
    number = 0
    for passage in library.all_passages():
        document = library.document(passage.document_id)
        passages[passage.id] = passage_text(document, passage)
        number += len(passage.sentences)
        if document.is_study_text:
            sentences.extend(sentence_text(document, sentence) for sentence in passage.sentences)
    return IndexTexts(passages, sentences, number)


def _update_vectors(store: VectorStore, embeddings: CachedEmbeddings, passages: dict[str, str]) -> tuple[int, int]:
    """Remove what the library no longer has, add what it has anew; return how many of each."""
    stored = store.ids()
    gone = stored - passages.keys()
    new = [key for key in passages if key not in stored]
    store.delete(gone)
    if new:
        store.upsert(new, embeddings.embed([passages[key] for key in new]))
    return len(new), len(gone)
