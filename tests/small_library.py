"""A library of files: study texts and files of the user as they lie on a disk, and what is in a library."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from knowledge.library import Library
from knowledge.store import open_store, sqlite_url


@contextmanager
def small_library(home: Path) -> Iterator[Library]:
    """Open the library in a folder and close it at the end."""
    library = Library(open_store(sqlite_url(home / "tanya.sqlite3")))
    try:
        yield library
    finally:
        library.engine.dispose()


def write(path: Path, title: str, text: str = "") -> Path:
    """Write a Markdown file of one paragraph: of the text, else of twelve sentences about the title."""
    body = text or " ".join(f"Kalimat nomor {number} berbicara tentang {title}." for number in range(12))
    path.write_text(f"---\ntitle: {title}\n---\n\n{body} [@kron2015]\n", encoding="utf-8")
    return path


def titles(library: Library, viewer: str | None = None) -> list[str]:
    """The titles that a person sees, in order."""
    return [summary.title for summary in library.summaries(viewer)]
