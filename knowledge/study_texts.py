"""The shipped study texts: the library is kept in step with their folder."""

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from knowledge.anticipated import ANTICIPATED_FOLDER, read_anticipations, with_questions
from knowledge.chunking import ChunkingSettings, split_passages
from knowledge.documents import STUDY_TEXT_PREFIX
from knowledge.fingerprints import cutting_signature, fingerprint
from knowledge.library import Library
from knowledge.loaders import load
from knowledge.references import read_references


@dataclass(frozen=True)
class Changes:
    """What bringing the library in step did, in documents."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0


def study_text_folder() -> Path:
    """Return the folder of the shipped study texts."""
    return Path(str(files("knowledge").joinpath("corpus")))


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
    marks = {origin: fingerprint(data + questions[origin] + bibtex, chunking) for origin, data in texts.items()}
    known = library.fingerprints()
    if any(origin not in known or known[origin][1] != mark for origin, mark in marks.items()):
        library.put_references(read_references(bibtex.decode("utf-8")).values())
    changed = [origin for origin in texts if origin not in known or known[origin][1] != marks[origin]]
    for origin in changed:
        _put(library, texts[origin], questions[origin], origin=origin, chunking=chunking, mark=marks[origin])
    after = library.fingerprints()  # a text under a new name has taken its document along
    outdated = [origin for origin in after if origin.startswith(STUDY_TEXT_PREFIX) and origin not in texts]
    for origin in outdated:
        library.remove(after[origin][0])
    _cut_again(library, chunking)
    added = sum(origin not in known for origin in changed)
    return Changes(added, len(changed) - added, len(outdated), len(texts) - len(changed))


def _put(
    library: Library, data: bytes, questions: bytes, *, origin: str, chunking: ChunkingSettings, mark: str
) -> None:
    document = load(data, origin, suffix=".md")
    if questions:
        document = with_questions(document, read_anticipations(questions.decode("utf-8"), origin))
    library.put(document, split_passages(document, chunking), fingerprint=mark)
    # What everyone sees already as a file of the user would otherwise be quoted twice.
    for twin in library.marks(""):
        if twin.document_id != document.id and twin.digest == document.digest and not twin.is_study_text:
            library.remove(twin.document_id)


def _read(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


def _cut_again(library: Library, chunking: ChunkingSettings) -> None:
    for document_id, mark in library.fingerprints().values():
        current = f"{mark.split('-')[0]}-{cutting_signature(chunking)}"
        if mark != current:
            document, holding = library.document(document_id), library.holding(document_id)
            library.put(document, split_passages(document, chunking), fingerprint=current, holding=holding)
