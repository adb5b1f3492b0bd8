"""A small library with its index under one folder, for the tests of building and of finding."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from index.building import BuildReport, IndexFolder, configured_manifest, find_problems, is_truthful, update_index
from index.embedding import Progress, Vectors
from index.manifest import Manifest
from index.vector_cache import CachedEmbeddings, ShippedVectors, VectorCache
from index.vector_store import VectorStore
from knowledge.chunking import ChunkingSettings, split_passages
from knowledge.documents import Document
from knowledge.fingerprints import chunking_signature, file_hash
from knowledge.library import Library
from knowledge.loaders import SourceLimits, load
from knowledge.sources import Prepared, local_file, prepare, recognise, store_source
from knowledge.store import open_store, sqlite_url
from tests.fakes import HashEmbedder

ONE_SENTENCE = ChunkingSettings(target_words=4, min_words=1, max_words=5)
"""Every sentence of four or more words is a passage of its own."""


def add_source(library: Library, path: Path, chunking: ChunkingSettings, *, owner: str = "") -> Prepared:
    """Add one file to a library as an ingestion does, without embedding anything."""
    incoming = local_file(path, SourceLimits(), owner=owner)
    data = incoming.path.read_bytes()
    same = recognise(library.marks(owner), incoming, file_hash(data), chunking)
    if same:
        return Prepared(library.document(same.document_id), "unchanged")
    loaded = load(data, incoming.origin, suffix=incoming.suffix)
    prepared = prepare(library, incoming, loaded, file=file_hash(data), chunking=chunking)
    store_source(library, prepared)
    return prepared


@dataclass
class CountingEmbedder:
    """A `HashEmbedder` that remembers what it was asked for."""

    dimension: int = 64
    name: str = "counting"
    embedded: list[str] = field(default_factory=list)
    queries: list[str] = field(default_factory=list)

    @property
    def identity(self) -> str:
        return f"{self.name}-{self.dimension}"

    def embed_passages(self, texts: list[str]) -> Vectors:
        self.embedded += texts
        return HashEmbedder(self.dimension).embed_passages(texts)

    def embed_query(self, text: str) -> Vectors:
        self.queries.append(text)
        return HashEmbedder(self.dimension).embed_query(text)


class SmallIndex:
    """The parts of a product's home, opened as one process opens them."""

    def __init__(
        self, home: Path, embedder: CountingEmbedder | None = None, *, chunking: ChunkingSettings = ONE_SENTENCE
    ) -> None:
        self.library = Library(open_store(sqlite_url(home / "tanya.sqlite3")))
        self.embedder = embedder or CountingEmbedder()
        cache = VectorCache(self.library.engine)
        self.embeddings = CachedEmbeddings(self.embedder, cache, ShippedVectors(home / "absent.npz"))
        self.folder = IndexFolder(home / "index")
        self.chunking = chunking

    @property
    def configured(self) -> Manifest:
        return configured_manifest(self.embedder, chunking_signature(self.chunking))

    def put(self, title: str, text: str, *, origin: str = "") -> Document:
        document = Document(title=title, text=text, origin=origin or f"file:/{title}")
        self.library.put(document, split_passages(document, self.chunking), fingerprint="f")
        return document

    def update(self, *, rebuild: bool = False, progress: Progress | None = None) -> BuildReport:
        with closing(VectorStore(self.folder.vectors)) as store:
            return update_index(
                self.library,
                self.embeddings,
                store,
                self.folder,
                configured=self.configured,
                rebuild=rebuild,
                progress=progress,
            )

    def problems(self) -> list[str]:
        with closing(VectorStore(self.folder.vectors)) as store:
            return find_problems(self.library, self.embeddings, store, self.folder)

    def is_truthful(self) -> bool:
        with closing(VectorStore(self.folder.vectors)) as store:
            return is_truthful(self.library, self.embeddings, store)

    def close(self) -> None:
        self.library.engine.dispose()


@contextmanager
def small_index(
    home: Path, embedder: CountingEmbedder | None = None, *, chunking: ChunkingSettings = ONE_SENTENCE
) -> Iterator[SmallIndex]:
    """Open a `SmallIndex` and close it at the end."""
    with closing(SmallIndex(home, embedder, chunking=chunking)) as opened:
        yield opened
