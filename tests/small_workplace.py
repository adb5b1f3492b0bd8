"""A workplace of two short study texts: everything that a command or a server opens, brought up to date in no time."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import text

from assistant.opening import Workplace, open_workplace
from assistant.settings import Settings
from index.embedding import Embedder
from index.vector_cache import CachedEmbeddings, ShippedVectors, VectorCache
from index.vector_store import VectorStore
from knowledge.fingerprints import file_hash
from tests.small_index import CountingEmbedder

STUDY_TEXTS = {
    "mef.md": """---
title: Minimum Essential Force
slug: mef
group: industri
---

## Tahap pertama

Kekuatan pokok minimum ditetapkan pemerintah pada tahun 2007. Tahap pertama berakhir pada tahun 2014.

## Tahap kedua

Capaian kekuatan pokok minimum pada tahap kedua ialah 63,19 persen. Anggaran belanja alutsista naik perlahan.
""",
    "lombok.md": """---
title: Perjanjian Lombok
slug: lombok
group: bilateral
---

## Penandatanganan

Perjanjian Lombok ditandatangani oleh Menteri Luar Negeri Hassan Wirajuda di Mataram. Mitranya ialah Australia.
""",
}


def open_small(settings: Settings, embedder: Embedder | None = None) -> Workplace:
    """Open the workplace of a home, on the study texts in the folder beside it."""
    corpus = settings.home.with_name("corpus")
    if not corpus.is_dir():
        corpus.mkdir(parents=True)
        for name, content in STUDY_TEXTS.items():
            (corpus / name).write_text(content, encoding="utf-8")
    opened = open_workplace(settings, embedder=embedder or CountingEmbedder())
    # What travels with the project is of another model, and reading it takes its time.
    cache, absent = VectorCache(opened.library.engine), ShippedVectors(settings.home / "absent.npz")
    return replace(opened, embeddings=CachedEmbeddings(opened.embedder, cache, absent), study_texts=corpus)


@contextmanager
def small_workplace(home: Path, embedder: Embedder | None = None, **chosen: object) -> Iterator[Workplace]:
    """Open a workplace under ``home`` with some settings and close it at the end; it is not indexed yet."""
    opened = open_small(Settings.model_validate({"home": home, **chosen}), embedder)
    yield opened
    opened.close()


@dataclass(frozen=True)
class Kept:
    """All that a workplace keeps, to be compared."""

    documents: object
    passages: object
    vectors: frozenset[bytes]
    indexed: frozenset[str]
    originals: frozenset[str]
    incoming: frozenset[str]


def kept(workplace: Workplace) -> Kept:
    """Look at everything that is kept now."""
    with closing(VectorStore(workplace.folder.vectors)) as store:
        indexed = frozenset(store.ids())
    return Kept(
        sorted((mark.document_id, mark.origin, mark.owner, mark.digest) for mark in workplace.library.marks()),
        list(workplace.library.all_passages()),
        kept_vectors(workplace),
        indexed,
        kept_originals(workplace),
        frozenset(path.name for path in (workplace.settings.home / "incoming").rglob("*")),
    )


def kept_vectors(workplace: Workplace) -> frozenset[bytes]:
    """The keys of the vectors that need not be computed again."""
    with workplace.library.engine.connect() as connection:
        return frozenset(bytes(key) for key in connection.scalars(text("SELECT key FROM vectors")))


def kept_originals(workplace: Workplace) -> frozenset[str]:
    """The original files: the hash of the bytes of each with its suffix."""
    files = [path for path in workplace.originals.folder.rglob("*") if path.is_file()]
    return frozenset(f"{file_hash(path.read_bytes())}{path.suffix}" for path in files)
