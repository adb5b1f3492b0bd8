"""ZIP archives from strangers: every read is bounded, and what goes wrong is a SourceError.

A DOCX, an EPUB and a plain ZIP are opened through here. An archive is judged as a whole when it is opened (is it one,
how large will it be) and a member when it is read (does its name lead out, is it locked, is it whole), so that one
bad file among many costs only itself.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO

from knowledge.errors import EmptySource, LockedSource, TooLarge, UnreadableSource
from knowledge.loaders.contract import SourceLimits

MEGABYTE = 1_000_000
OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How the old Word, Excel and PowerPoint files begin, and the locked new ones: a "compound file" ([MS-CFB])."""

_FIRST_BYTES = b"PK"  # the letters that begin every record of a ZIP
_ENTRY = b"PK\x01\x02"  # one stands before each member in the directory of the archive
_ENCRYPTED = 0x1  # bit 0 of a member's flags
# Python also unpacks bzip2 and LZMA; no DOCX or EPUB may use them, and LZMA lets the file say how much memory it takes.
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_DRIVE = re.compile(r"[A-Za-z]:")
# What `zipfile` raises over damaged bytes, by fuzzing: NotImplementedError is a version of ZIP it does not know.
_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    OverflowError,
    NotImplementedError,
)


@dataclass(frozen=True)
class Member:
    """A file in an archive: its name as written there, and the bytes it says it has when unpacked."""

    name: str
    size: int

    @property
    def is_safe(self) -> bool:
        """Say whether the name stays inside the folder into which the archive would be unpacked."""
        return not (
            not self.name
            or self.name.startswith("/")
            or "\\" in self.name
            or "\0" in self.name
            or _DRIVE.match(self.name)
            or ".." in self.name.split("/")
        )


@dataclass
class Archive:
    """An open archive; ``members`` are its files in their order, folders left out. `open_archive` makes it."""

    origin: str
    members: tuple[Member, ...]
    _file: zipfile.ZipFile = field(repr=False)
    _limits: SourceLimits = field(repr=False)
    _infos: dict[str, zipfile.ZipInfo] = field(repr=False)
    _unpacked: int = 0

    def __contains__(self, name: str) -> bool:
        return name in self._infos

    def read(self, name: str) -> bytes:
        """Return the bytes of a member.

        Raises LockedSource, TooLarge (all reads together pass the limit) or UnreadableSource ("damaged" also where
        there is no such member, "unsafe_name", "is_archive" for a compression that is not read).
        """
        with self.open(name) as stream:
            return stream.read()

    @contextmanager
    def open(self, name: str) -> Iterator["MemberStream"]:
        """Open a member for reading piece by piece; it and the stream raise what `read` does."""
        info = self._infos.get(name)
        if info is None:
            raise UnreadableSource(self.origin, reason="damaged")
        if not Member(info.orig_filename, info.file_size).is_safe:
            raise UnreadableSource(self.origin, reason="unsafe_name")
        if info.flag_bits & _ENCRYPTED:
            raise LockedSource(self.origin)
        if info.compress_type not in _METHODS:
            raise UnreadableSource(self.origin, reason="is_archive")
        try:
            source = self._file.open(info)
        except _FAULTS as error:
            raise UnreadableSource(self.origin, reason="damaged") from error
        with source:
            yield MemberStream(self, source)

    def spend(self, size: int) -> None:
        """Count bytes that came out; TooLarge when they pass the limit, whatever the archive said about itself."""
        self._unpacked += size
        _check_unpacked(self.origin, self._unpacked, self._limits)


@dataclass
class MemberStream:
    """A member that is being read: what `lxml` and others ask of a file."""

    archive: Archive
    source: IO[bytes]

    def read(self, size: int = -1) -> bytes:
        """Return up to ``size`` bytes, all that are left for -1; raises what `Archive.read` does."""
        pieces, left = [], size
        while left:
            try:
                piece = self.source.read(MEGABYTE if left < 0 else min(left, MEGABYTE))
            except _FAULTS as error:
                raise UnreadableSource(self.archive.origin, reason="damaged") from error
            if not piece:
                break
            self.archive.spend(len(piece))
            pieces.append(piece)
            left -= len(piece) if left > 0 else 0
        return b"".join(pieces)


@contextmanager
def open_archive(data: bytes, origin: str, limits: SourceLimits, *, otherwise: str = "not_zip") -> Iterator[Archive]:
    """Open the ZIP archive in ``data``; ``otherwise`` is the code of UNREADABLE for bytes that are no ZIP at all.

    Raises UnreadableSource (``otherwise``, "damaged"), EmptySource (no bytes) and TooLarge: by the sizes that the
    archive declares, or where it has many times more files than ``most_files``, whose names alone would fill memory.
    """
    if not data:
        raise EmptySource(origin)
    if not data.startswith(_FIRST_BYTES):
        raise UnreadableSource(origin, reason=otherwise)
    # An archive inside it, stored as it is, has such entries of its own, so only a many times larger count is one.
    if data.count(_ENTRY) > 20 * limits.most_files:
        raise TooLarge(origin, what="files", limit=limits.most_files, key="TANYA_SOURCES__MOST_FILES")
    try:
        file = zipfile.ZipFile(io.BytesIO(data))
    except _FAULTS as error:
        raise UnreadableSource(origin, reason="damaged") from error
    with file:
        infos = [info for info in file.infolist() if not info.orig_filename.endswith("/")]
        _check_unpacked(origin, sum(info.file_size for info in infos), limits)
        yield Archive(
            origin,
            tuple(Member(info.orig_filename, info.file_size) for info in infos),
            file,
            limits,
            {info.orig_filename: info for info in infos},
        )


def _check_unpacked(origin: str, size: int, limits: SourceLimits) -> None:
    limit = limits.most_unpacked_megabytes
    if size > limit * MEGABYTE:
        raise TooLarge(origin, what="unpacked", limit=limit, key="TANYA_SOURCES__MOST_UNPACKED_MEGABYTES")
