"""Sources into the library: the shipped study texts are kept in step, the user's own files are added."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from knowledge.anticipated import ANTICIPATED_FOLDER, read_anticipations, with_questions
from knowledge.chunking import CHUNKING_VERSION, ChunkingSettings, split_passages
from knowledge.documents import STUDY_TEXT_PREFIX, Document, content_id
from knowledge.errors import SourceNotFound, UnreadableSource, UnsupportedFormat
from knowledge.library import Library
from knowledge.loaders import LOADERS, load
from knowledge.references import read_references

LOADING_VERSION = "1"
"""Raise it when a loader gives another canonical text for the same bytes."""


@dataclass(frozen=True)
class Changes:
    """What bringing the library in step did, in documents."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0


@dataclass(frozen=True)
class AddedSource:
    """One file that was added: its document, and "added", "changed" or "unchanged"."""

    document: Document
    status: str


def study_text_folder() -> Path:
    """Return the folder of the shipped study texts."""
    return Path(str(files("knowledge").joinpath("corpus")))


def chunking_signature(settings: ChunkingSettings) -> str:
    """Return what decides how a text is cut into passages, as 16 hexadecimal digits."""
    return content_id(str(CHUNKING_VERSION), LOADING_VERSION, settings.model_dump_json())


def sync_study_texts(library: Library, chunking: ChunkingSettings, *, folder: Path | None = None) -> Changes:
    """Bring the library in step with a folder of study texts and its references.bib; unchanged files are skipped.

    Documents of the user that were cut under other settings are cut again from their stored text.
    """
    source = folder or study_text_folder()
    paths = {STUDY_TEXT_PREFIX + path.name: path for path in sorted(source.glob("*.md"))}
    texts = {origin: path.read_bytes() for origin, path in paths.items()}
    questions = {origin: _read(source / ANTICIPATED_FOLDER / f"{path.stem}.jsonl") for origin, path in paths.items()}
    bibtex = _read(source / "references.bib")
    # The references belong to the fingerprint and go first: after a kill or a change of theirs alone they come again.
    marks = {origin: _fingerprint(data + questions[origin] + bibtex, chunking) for origin, data in texts.items()}
    known = library.fingerprints()
    if any(origin not in known or known[origin][1] != mark for origin, mark in marks.items()):
        library.put_references(read_references(bibtex.decode("utf-8")).values())
    statuses = [
        _put(
            library,
            data,
            origin=origin,
            suffix=".md",
            chunking=chunking,
            fingerprint=marks[origin],
            anticipated=questions[origin],
        ).status
        for origin, data in texts.items()
    ]
    known = library.fingerprints()  # a text under a new name has taken its document along
    outdated = [origin for origin in known if origin.startswith(STUDY_TEXT_PREFIX) and origin not in texts]
    for origin in outdated:
        library.remove(known[origin][0])
    _cut_again(library, chunking)
    counts = {status: statuses.count(status) for status in ("added", "changed", "unchanged")}
    return Changes(removed=len(outdated), **counts)


def add_source(library: Library, path: Path, chunking: ChunkingSettings) -> AddedSource:
    """Add one file of the user; a file that was added before under the same path is replaced when it changed.

    Raises SourceNotFound, UnsupportedFormat, UnreadableSource or EmptySource; the library is then unchanged.
    """
    resolved = path.expanduser().resolve()
    if not resolved.is_file():
        raise SourceNotFound(str(path))
    suffix = resolved.suffix.lower()
    if suffix not in LOADERS:
        raise UnsupportedFormat(str(path), suffix=suffix, supported=tuple(sorted(LOADERS)))
    try:
        data = resolved.read_bytes()
    except OSError as error:
        raise UnreadableSource(str(path), reason=error.strerror or str(error)) from error
    mark = _fingerprint(data, chunking)
    return _put(library, data, origin=f"file:{resolved}", suffix=suffix, chunking=chunking, fingerprint=mark)


def files_to_add(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield the files named, and those of the folders named whose format is supported, in order."""
    for path in paths:
        if path.is_dir():
            yield from sorted(file for file in path.rglob("*") if file.suffix.lower() in LOADERS and file.is_file())
        else:
            yield path


def _put(
    library: Library,
    data: bytes,
    *,
    origin: str,
    suffix: str,
    chunking: ChunkingSettings,
    fingerprint: str,
    anticipated: bytes = b"",
) -> AddedSource:
    known = library.fingerprints()
    if origin in known and known[origin][1] == fingerprint:
        return AddedSource(library.document(known[origin][0]), "unchanged")
    document = load(data, origin, suffix=suffix)
    if anticipated:
        document = with_questions(document, read_anticipations(anticipated.decode("utf-8"), origin))
    twin = [other for other, (document_id, _) in known.items() if document_id == document.id and other != origin]
    # The same text under another name is the same document; only a source that held another text before takes it over.
    if twin and origin not in known and not origin.startswith(STUDY_TEXT_PREFIX):
        return AddedSource(library.document(document.id), "unchanged")
    library.put(document, split_passages(document, chunking), fingerprint=fingerprint)
    return AddedSource(document, "changed" if origin in known else "added")


def _read(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


def _cut_again(library: Library, chunking: ChunkingSettings) -> None:
    for document_id, fingerprint in library.fingerprints().values():
        current = f"{fingerprint.split('-')[0]}-{chunking_signature(chunking)}"
        if fingerprint != current:
            document = library.document(document_id)
            library.put(document, split_passages(document, chunking), fingerprint=current)


def _fingerprint(data: bytes, chunking: ChunkingSettings) -> str:
    return f"{hashlib.sha256(data).hexdigest()[:40]}-{chunking_signature(chunking)}"
