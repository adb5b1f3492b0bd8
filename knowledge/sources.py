"""The user's own sources: recognised by their bytes, compared with what is there, kept with their originals.

A source keeps its identity: what comes again under its origin, or in its place, has its id, its date and the record as
the person edited it, whatever the new text is.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import count
from os.path import expanduser, isdir, isfile, realpath
from pathlib import Path

from knowledge.archives import ARCHIVE_SUFFIX
from knowledge.chunking import ChunkingSettings, split_passages
from knowledge.documents import Document, Passage, content_id
from knowledge.errors import SourceNotFound, TooLarge, UnreadableSource, UnsupportedFormat
from knowledge.fingerprints import cutting_signature
from knowledge.library import Library
from knowledge.loaders import MEGABYTE, SUFFIXES, SourceLimits
from knowledge.near_documents import NEAR, resemblance, sketch
from knowledge.rows import EVERYONES, Holding, Mark

UPLOAD_PREFIX = "upload:"
WEB_PREFIX = "web:"
"""How the origins of uploads and web pages begin; the owner follows, then "/" and the file name or the address."""

_TAKEN = {*SUFFIXES, ARCHIVE_SUFFIX}
_SAME_SOURCE = 0.2  # two texts under one name that share less are two texts

EDITABLE = ("title", "authors", "date", "publisher", "url", "group")
"""The fields of a record that a person may edit."""


@dataclass(frozen=True)
class Incoming:
    """A file on its way into the library: where its bytes lie, where they came from, and for whom.

    ``url`` and ``accessed`` (an ISO date) belong to a fetched web page. ``in_place_of`` is the id of the document that
    this one replaces, by the person's choice.
    """

    path: Path
    origin: str
    suffix: str
    owner: str = ""
    url: str = ""
    accessed: str = ""
    in_place_of: str = ""


@dataclass(frozen=True)
class Prepared:
    """A document that is ready to be stored; ``status`` is "added", "changed" or "unchanged" (then it is stored).

    ``leaves`` is the id of a document that goes because the source has become its copy.
    """

    document: Document
    status: str
    passages: tuple[Passage, ...] = ()
    fingerprint: str = ""
    holding: Holding = EVERYONES
    leaves: str = ""


@dataclass(frozen=True)
class Similar:
    """A document that an incoming one resembles; ``share`` is the resemblance, 0 to 1."""

    mark: Mark
    share: float


def local_file(path: Path, limits: SourceLimits, *, owner: str = "") -> Incoming:
    """Return a file of this machine as it comes in.

    Raises SourceNotFound (also for a folder, or a name that no file can have), UnsupportedFormat, UnreadableSource, or
    TooLarge.
    """
    if not isfile(expanduser(path)):  # unlike the method of Path it raises nothing
        raise SourceNotFound(str(path))
    resolved = Path(realpath(expanduser(path)))
    refuse_unsupported(str(path), resolved.suffix)
    try:
        size = resolved.stat().st_size
    except OSError as error:
        raise UnreadableSource(str(path), reason=error.strerror or str(error)) from error
    refuse_too_large(str(path), size, limits)
    origin = f"file:{resolved}".encode(errors="backslashreplace").decode()  # old names may hold bytes that are no UTF-8
    return Incoming(resolved, origin, resolved.suffix.lower(), owner)


def refuse_unsupported(origin: str, suffix: str) -> None:
    """Raise UnsupportedFormat for a suffix that no loader knows."""
    if suffix.lower() not in SUFFIXES:
        raise UnsupportedFormat(origin, suffix=suffix.lower(), supported=SUFFIXES)


def refuse_too_large(origin: str, size: int, limits: SourceLimits) -> None:
    """Raise TooLarge for a file of more bytes than the settings allow."""
    if size > limits.most_megabytes * MEGABYTE:
        raise TooLarge(origin, what="megabytes", limit=limits.most_megabytes, key="TANYA_SOURCES__MOST_MEGABYTES")


def files_to_add(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield the files named, and those of the folders named that are sources or archives of such, in order."""
    for path in paths:
        if isdir(path):
            yield from sorted(file for file in path.rglob("*") if file.suffix.lower() in _TAKEN and file.is_file())
        else:
            yield path


def recognise(marks: Iterable[Mark], incoming: Incoming, file: str, chunking: ChunkingSettings) -> Mark | None:
    """Return the document that was made from the same bytes (SHA-256 ``file``) before, or None; nothing is read.

    ``marks`` are those that the owner sees (`Library.marks`). A document that was cut otherwise is not the same. Where
    one has the origin already, or is to be replaced, only that one counts: else its old text would stay.
    """
    every = list(marks)
    if incoming.in_place_of:
        candidates = [mark for mark in every if mark.document_id == incoming.in_place_of]
    else:
        candidates = [mark for mark in every if mark.origin == incoming.origin] or every
    current = f"-{cutting_signature(chunking)}"
    return next((mark for mark in candidates if mark.file == file and mark.fingerprint.endswith(current)), None)


def set_apart(library: Library, incoming: Incoming, loaded: Document) -> Incoming:
    """Return an upload under a name of its own where another text of the owner has its name already.

    Uploads are known by their file name alone, and "bab1.docx" is many people's first chapter. What comes from the same
    path of this machine or the same web address is a new version, however much it differs.
    """
    mine = {mark.origin: mark.document_id for mark in library.marks(incoming.owner)}
    named = mine.get(incoming.origin)
    if not incoming.origin.startswith(UPLOAD_PREFIX) or named is None or named == incoming.in_place_of:
        return incoming
    held = library.sketches(incoming.owner).get(named, b"")
    if not incoming.in_place_of and resemblance(sketch(loaded.text), held) >= _SAME_SOURCE:
        return incoming
    stem, _, suffix = incoming.origin.rpartition(".")
    names = (f"{stem} ({number}).{suffix}" for number in count(2))
    return replace(incoming, origin=next(name for name in names if name not in mine))


def find_similar(library: Library, incoming: Incoming, document: Document) -> Similar | None:
    """Return the document that an incoming one is most likely another version of, or None.

    What comes again under its own origin, or in place of another by choice, is compared with nothing.
    """
    marks = {mark.document_id: mark for mark in library.marks(incoming.owner)}
    if incoming.in_place_of or any(mark.origin == incoming.origin for mark in marks.values()):
        return None
    own = sketch(document.text)
    shares = {key: resemblance(own, held) for key, held in library.sketches(incoming.owner).items()}
    best = max(shares, key=lambda key: shares[key], default="")
    return Similar(marks[best], shares[best]) if best in marks and shares[best] >= NEAR else None


def prepare(
    library: Library, incoming: Incoming, loaded: Document, *, file: str, chunking: ChunkingSettings
) -> Prepared:
    """Return what is to be stored of a loaded source; a text that everyone or the owner has already is "unchanged"."""
    marks = library.marks(incoming.owner)
    replaceable = (mark for mark in marks if mark.document_id == incoming.in_place_of and not mark.is_study_text)
    old = next(replaceable, None) or next((mark for mark in marks if mark.origin == incoming.origin), None)
    twin = next((mark for mark in marks if mark.digest == loaded.digest), None)
    if twin and old is None:
        return Prepared(library.document(twin.document_id), "unchanged")
    now = datetime.now(UTC).isoformat(timespec="seconds")
    holding = Holding(incoming.owner, now, file, incoming.suffix)
    if old is not None:
        before = library.holding(old.document_id)
        holding = replace(holding, owner=before.owner, added=before.added or now, edits=before.edits)
    document = replace(
        loaded,
        id=old.document_id if old else _new_id(incoming, {mark.document_id for mark in marks}),
        origin=incoming.origin,
        url=incoming.url or loaded.url,
        accessed=incoming.accessed,
    )
    document = _with_edits(document, holding.edits)
    mark = f"{file[:40]}-{cutting_signature(chunking)}"
    return Prepared(
        document,
        "changed" if old else "added",
        split_passages(document, chunking),
        fingerprint=mark,
        holding=holding,
        leaves=twin.document_id if twin and old and twin.owner == holding.owner and not twin.is_study_text else "",
    )


def _new_id(incoming: Incoming, taken: Collection[str]) -> str:
    """Return the id of a new source: that of its name, or another while a source that had the name before has it."""
    parts = ("source", incoming.owner, incoming.origin)
    ids = (content_id(*parts, *((str(number),) if number else ())) for number in count())
    return next(each for each in ids if each not in taken)


def store_source(library: Library, prepared: Prepared) -> None:
    """Store a prepared source; one that is unchanged is left as it is."""
    if prepared.status == "unchanged":
        return
    library.put(prepared.document, prepared.passages, fingerprint=prepared.fingerprint, holding=prepared.holding)
    if prepared.leaves and prepared.leaves != prepared.document.id:
        library.remove(prepared.leaves)


def edit_record(library: Library, document_id: str, edits: Mapping[str, str], chunking: ChunkingSettings) -> Document:
    """Change the bibliographic record of a document of the user and return it; its text and its id stay.

    ``edits`` maps names of EDITABLE to text, authors separated by semicolons; other names are ignored, as is an empty
    title, and what is as it was is no edit: a new version of the file may bring another. Raises UnknownDocument.
    """
    document, holding = library.document(document_id), library.holding(document_id)
    present = {name: getattr(document, name) for name in EDITABLE} | {"authors": "; ".join(document.authors)}
    wanted = {name: " ".join(value.split()) for name, value in edits.items() if name in EDITABLE}
    changed = {name: value for name, value in wanted.items() if value != present[name] and (value or name != "title")}
    kept = {**dict(holding.edits), **changed}
    edited = _with_edits(document, kept.items())
    mark = next(mark for mark in library.marks() if mark.document_id == document_id)
    library.put(
        edited,
        split_passages(edited, chunking),
        fingerprint=mark.fingerprint,
        holding=replace(holding, edits=tuple(sorted(kept.items()))),
    )
    return edited


def _with_edits(document: Document, edits: Iterable[tuple[str, str]]) -> Document:
    """Return a document with the fields that a person has changed."""
    values = dict(edits)
    authors = values.get("authors")
    return replace(
        document,
        title=values.get("title", document.title),
        authors=document.authors if authors is None else tuple(_names(authors)),
        date=values.get("date", document.date),
        publisher=values.get("publisher", document.publisher),
        url=values.get("url", document.url),
        group=values.get("group", document.group),
    )


def _names(authors: str) -> Iterator[str]:
    return (name.strip() for name in authors.split(";") if name.strip())
