"""The second way to open a PDF: pypdf reads what PDFium cannot, and writes it again."""

import logging
import struct
import zlib
from binascii import Error as BadHex
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

from pypdf import PdfReader, PdfWriter
from pypdf.errors import DependencyError, PyPdfError

from knowledge.errors import EmptySource, LockedSource, UnreadableSource

# What pypdf raises for files that break the specification; it has no single root for them.
_BROKEN = (
    PyPdfError,
    DependencyError,
    ValueError,  # with UnicodeError
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    NotImplementedError,
    RecursionError,
    OSError,
    EOFError,
    struct.error,
    zlib.error,
    BadHex,
)


def rewrite_pdf(data: bytes, origin: str, *, locked: bool) -> bytes:
    """Return a PDF as pypdf reads it, unencrypted: it knows ciphers and mends damage that PDFium does not.

    ``locked`` says whether PDFium asked for a password. Raises LockedSource where the empty one does not open it,
    EmptySource for a file without pages, UnreadableSource ("damaged").
    """
    try:
        with _quiet("pypdf"):
            reader = PdfReader(BytesIO(data))
            if reader.is_encrypted and not reader.decrypt(""):
                raise LockedSource(origin)
            if not len(reader.pages):
                raise EmptySource(origin)
            written = BytesIO()
            PdfWriter(clone_from=reader).write(written)
    except _BROKEN as error:
        raise (LockedSource(origin) if locked else UnreadableSource(origin, reason="damaged")) from error
    return written.getvalue()


@contextmanager
def _quiet(name: str) -> Iterator[None]:
    """Keep the loggers of a package from telling each fault of a file: the one error that follows is enough."""
    logger = logging.getLogger(name)
    before = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(before)
