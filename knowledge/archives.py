"""A ZIP of sources: each supported file in it becomes a file of its own, under a name that we choose."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from knowledge.errors import EmptySource, SourceError, TooLarge, UnreadableSource, UnsupportedFormat
from knowledge.loaders import SUFFIXES, SourceLimits
from knowledge.loaders.archive import Archive, Member, open_archive

ARCHIVE_SUFFIX = ".zip"
_BLOCK = 1 << 20
_JUNK = ("__MACOSX", "Thumbs.db", "desktop.ini")


@dataclass(frozen=True)
class Unpacked:
    """A file out of an archive: its name there ("bab/1.md") and where its bytes lie now."""

    name: str
    path: Path


def unpack(path: Path, origin: str, into: Path, limits: SourceLimits) -> Iterator[Unpacked | SourceError]:
    """Write the files of an archive into a folder and yield them, or for each what is wrong with it.

    What a system leaves beside the files (".DS_Store") is passed over. Raises SourceError for an archive that cannot be
    opened, holds nothing that can be read, or holds more files than the limit.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableSource(origin, reason=error.strerror or str(error)) from error
    with open_archive(data, origin, limits) as archive:
        members = [member for member in archive.members if not _is_junk(member.name)]
        if len(members) > limits.most_files:
            raise TooLarge(origin, what="files", limit=limits.most_files, key="TANYA_SOURCES__MOST_FILES")
        if not members:
            raise EmptySource(origin)
        for number, member in enumerate(members):
            try:
                yield _unpack_one(archive, f"{origin}/{member.name}", member, into / str(number))
            except SourceError as error:
                yield error


def _unpack_one(archive: Archive, place: str, member: Member, target: Path) -> Unpacked:
    archive.origin = place  # so that its errors say which of the files is locked or damaged
    suffix = PurePosixPath(member.name).suffix.lower()
    if not member.is_safe:
        raise UnreadableSource(place, reason="unsafe_name")
    if suffix == ARCHIVE_SUFFIX:
        raise UnreadableSource(place, reason="nested")
    if suffix not in SUFFIXES:
        raise UnsupportedFormat(place, suffix=suffix, supported=SUFFIXES)
    target = target.with_suffix(suffix)
    with archive.open(member.name) as stream, target.open("wb") as file:
        while block := stream.read(_BLOCK):
            file.write(block)
    return Unpacked(member.name, target)


def _is_junk(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return any(part in _JUNK or (part.startswith(".") and not part.startswith("..")) for part in parts)
