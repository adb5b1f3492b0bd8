"""Files to documents: one loader per format, found by suffix.

A loader takes the bytes and the origin and returns a Document. A new format is one module and its line in
``LOADERS``.
"""

from dataclasses import replace

from knowledge.documents import Document
from knowledge.errors import TooLarge, UnsupportedFormat
from knowledge.language import language_of_text
from knowledge.loaders.contract import DEFAULT_READING, Loader, Reading, SourceLimits
from knowledge.loaders.docx import load_docx
from knowledge.loaders.epub import load_epub
from knowledge.loaders.html import load_html
from knowledge.loaders.markdown import load_markdown
from knowledge.loaders.pdf import load_pdf
from knowledge.loaders.plain_text import load_plain_text

__all__ = ["LOADERS", "MEGABYTE", "SUFFIXES", "Reading", "SourceLimits", "load"]

LOADERS: dict[str, Loader] = {
    ".md": load_markdown,
    ".markdown": load_markdown,
    ".pdf": load_pdf,
    ".txt": load_plain_text,
    ".docx": load_docx,
    ".html": load_html,
    ".htm": load_html,
    ".epub": load_epub,
}

MEGABYTE = 1_000_000
SUFFIXES = tuple(sorted(LOADERS))
"""The suffixes of files that can be read."""


def load(data: bytes, origin: str, *, suffix: str, reading: Reading = DEFAULT_READING) -> Document:
    """Return the document in ``data``; ``suffix`` (".md", any case) chooses the loader.

    Raises UnsupportedFormat, or another SourceError that says what is wrong with the file.
    """
    loader = LOADERS.get(suffix.lower())
    if loader is None:
        raise UnsupportedFormat(origin, suffix=suffix, supported=tuple(LOADERS))
    limits = reading.limits
    if len(data) > limits.most_megabytes * MEGABYTE:
        raise TooLarge(origin, what="megabytes", limit=limits.most_megabytes, key="TANYA_SOURCES__MOST_MEGABYTES")
    document = loader(data, origin, reading)
    if document.text.count(" ") > limits.most_words:
        raise TooLarge(origin, what="words", limit=limits.most_words, key="TANYA_SOURCES__MOST_WORDS")
    # A text that says nothing of its language is Indonesian to its loader.
    return document if document.language != "id" else replace(document, language=language_of_text(document.text))
