"""Bytes to an open PDF: what is no PDF, what is locked, and a second way for what PDFium cannot open.

PDFium may be used by one thread at a time only (in the whole process), so whoever calls it holds ``PDFIUM``.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock

from pypdfium2 import PdfDocument, PdfiumError
from pypdfium2 import raw as pdfium

from knowledge.errors import UnreadableSource

PDFIUM = RLock()
"""Held during every call of PDFium."""

_ENCRYPTED = b"/Encrypt"  # stands in every locked file, and in the clear
_HEADER, _HEADER_WITHIN = b"%PDF-", 1024  # where the specification lets the header begin


@contextmanager
def open_pdf(data: bytes, origin: str) -> Iterator[PdfDocument]:
    """Open a PDF with PDFium and close it at the end; it has at least one page.

    Raises UnreadableSource ("not_pdf", "damaged"), LockedSource, EmptySource for a file without pages.
    """
    if _HEADER not in data[: _HEADER_WITHIN + len(_HEADER)]:
        raise UnreadableSource(origin, reason="not_pdf")
    document = _open(data, origin)
    try:
        yield document
    finally:
        with PDFIUM:
            document.close()


def _open(data: bytes, origin: str) -> PdfDocument:
    with PDFIUM:
        try:
            return PdfDocument(data)
        except PdfiumError as error:
            # PDFium does not always set the code anew: it may be that of the file before.
            locked = error.err_code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY) and _ENCRYPTED in data
    from knowledge.loaders.pdf.rewriting import rewrite_pdf  # few files need it, and it takes a while to import

    rewritten = rewrite_pdf(data, origin, locked=locked)
    with PDFIUM:
        try:
            return PdfDocument(rewritten)
        except PdfiumError as error:
            raise UnreadableSource(origin, reason="damaged") from error
