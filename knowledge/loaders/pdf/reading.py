"""What is read from a PDF file, page by page; each page is closed before the next is opened."""

from dataclasses import dataclass, field

from pypdfium2 import PdfDocument, PdfiumError

from knowledge.errors import TooLarge, UnreadableSource
from knowledge.loaders.contract import Reading
from knowledge.loaders.pdf.characters import MOST_CHARACTERS, read_runs
from knowledge.loaders.pdf.furniture import PageLines
from knowledge.loaders.pdf.lines import lines_of_page
from knowledge.loaders.pdf.opening import PDFIUM, open_pdf
from knowledge.loaders.pdf.outline import OutlineEntry, read_outline
from knowledge.loaders.pdf.record import read_information

_LONGEST_WORD = 30  # characters, in the mean of a page


@dataclass
class PdfContent:
    """The pages of a file with their labels ("" for none), its outline, and title and authors as it has them."""

    pages: list[PageLines] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    outline: list[OutlineEntry] = field(default_factory=list)
    title: str = ""
    authors: str = ""


def read_pdf(data: bytes, origin: str, reading: Reading) -> PdfContent:
    """Return the content of a PDF, telling ``reading`` of every page.

    A page that is damaged counts as empty. Raises UnreadableSource, LockedSource, EmptySource; TooLarge for too many
    pages, before any is read, and for too many words as soon as they are there.
    """
    content, limits = PdfContent(), reading.limits
    words = unreadable = 0
    with open_pdf(data, origin) as document:
        with PDFIUM:
            total = len(document)
        if total > limits.most_pages:
            raise TooLarge(origin, what="pages", limit=limits.most_pages, key="TANYA_SOURCES__MOST_PAGES")
        for index in range(total):
            page = _read_page(document, index, origin, limits.most_words)
            unreadable += page is None
            content.pages.append(page or PageLines(index + 1, 1.0, 1.0, ()))
            content.labels.append(_read_label(document, index))
            words += sum(line.text.count(" ") + 1 for line in content.pages[-1].lines)
            if words > limits.most_words:
                raise _too_many_words(origin, limits.most_words)
            reading.report(index + 1, total)
        if unreadable == total:
            raise UnreadableSource(origin, reason="damaged")
        content.outline = read_outline(document)
        content.title, content.authors = (read_information(document, key) for key in ("Title", "Author"))
    return content


def _read_page(document: PdfDocument, index: int, origin: str, most_words: int) -> PageLines | None:
    """Return a page, or None for one that is damaged; TooLarge for more characters than its words could have."""
    with PDFIUM:
        try:
            page = document[index]
        except PdfiumError:
            return None
        try:
            text = page.get_textpage()
            if text.count_chars() > min(MOST_CHARACTERS, _LONGEST_WORD * most_words):
                raise _too_many_words(origin, most_words)
            frame, runs = read_runs(page, text)
            text.close()
        except PdfiumError:
            return None
        finally:
            page.close()
    return PageLines(index + 1, frame.width, frame.height, tuple(lines_of_page(runs, index + 1)))


def _too_many_words(origin: str, most: int) -> TooLarge:
    return TooLarge(origin, what="words", limit=most, key="TANYA_SOURCES__MOST_WORDS")


def _read_label(document: PdfDocument, index: int) -> str:
    with PDFIUM:
        try:
            return " ".join(document.get_page_label(index).split())
        except UnicodeDecodeError:
            return ""
