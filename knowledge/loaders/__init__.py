"""Files to documents: one loader per format, found by suffix.

A loader takes the bytes and the origin and returns a Document. A new format is one module and its line in
``LOADERS``.
"""

from pathlib import Path, PurePath

from knowledge.documents import Document
from knowledge.errors import SourceNotFound, TooLarge, UnreadableSource, UnsupportedFormat
from knowledge.loaders.contract import DEFAULT_READING, Loader, Reading, SourceLimits
from knowledge.loaders.docx import load_docx
from knowledge.loaders.epub import load_epub
from knowledge.loaders.html import load_html
from knowledge.loaders.markdown import load_markdown
from knowledge.loaders.pdf import load_pdf
from knowledge.loaders.plain_text import load_plain_text

__all__ = ["LOADERS", "MEGABYTE", "SUFFIXES", "Reading", "SourceLimits", "load", "load_file"]

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
    return document


def load_file(path: str | PurePath) -> Document:
    """Return the document of a file, with the origin "file:<absolute path>"; raises what ``load`` does.

    SourceNotFound where there is no file; UnreadableSource, with the system's reason, where it cannot be opened.
    """
    absolute = Path(path).expanduser().absolute()
    origin = f"file:{absolute}"
    if absolute.suffix.lower() not in LOADERS:  # said before reading: the file may be a large video
        raise UnsupportedFormat(origin, suffix=absolute.suffix, supported=tuple(LOADERS))
    try:
        data = absolute.read_bytes()
    except FileNotFoundError as error:
        raise SourceNotFound(origin) from error
    except OSError as error:
        raise UnreadableSource(origin, reason=error.strerror or str(error)) from error
    return load(data, origin, suffix=absolute.suffix)
