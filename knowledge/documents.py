"""The nouns of the product: Document, Passage, Sentence, Reference.

Every offset is a half-open range of code points ``[start, end)`` into ``Document.text``, the one
canonical text of a document, made once by its loader and never changed afterwards. So a passage,
a sentence and a quote are slices, and a slice cannot misquote.
"""

import hashlib
from bisect import bisect_right
from dataclasses import dataclass

STUDY_TEXT_PREFIX = "corpus:"
"""How the origin of a shipped study text begins."""

_VERSION_DIGITS = 8


@dataclass(frozen=True)
class Reference:
    """A bibliographic record: of a document itself, or of a work that a document cites.

    ``key`` is the citation key ("kron2015"). Unknown fields are empty, never guessed.
    ``date`` is as precise as known: "2015", "2015-05" or "2015-05-01".
    """

    key: str
    title: str
    entry_type: str = "misc"
    authors: tuple[str, ...] = ()
    date: str = ""
    container: str = ""
    publisher: str = ""
    url: str = ""
    accessed: str = ""
    note: str = ""
    language: str = ""


@dataclass(frozen=True)
class Heading:
    """A heading line of a document; ``[start, end)`` is its text without markup, ``level`` 1 to 6."""

    level: int
    start: int
    end: int


@dataclass(frozen=True)
class Mention:
    """A place where a document cites works: the offset after which the marker stood, and the keys."""

    position: int
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Page:
    """Where text of a page starts in the canonical text: its printed label, the offset, and its place in the file.

    ``number`` counts the sheets from 1, 0 where it is not known. A page may start several times: a footnote that
    stands behind a paragraph running on to the next page belongs to the page before.
    """

    label: str
    start: int
    number: int = 0


@dataclass(frozen=True)
class AnticipatedQuestion:
    """A question that a sentence of the document answers, in other words; ``start`` is where the sentence starts."""

    start: int
    text: str


@dataclass(frozen=True)
class Document:
    """One source text with identity, bibliographic record and one canonical text.

    ``origin`` says where the bytes came from ("corpus:mef.md", "file:/data/tesis.txt"): a new
    version of the same origin replaces the old one. ``id`` comes from title and text unless it is given: a document
    of the user keeps its own when its record is edited or its file replaced. ``pages`` is empty for formats without
    pages, ``questions`` for all but the study texts. ``url`` and ``accessed`` (a date) say where and when a web page
    was fetched. Unknown fields are empty, never guessed.
    """

    title: str
    text: str
    origin: str
    slug: str = ""
    group: str = ""
    language: str = "id"
    authors: tuple[str, ...] = ()
    date: str = ""
    licence: str = ""
    abstract: str = ""
    keywords: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    headings: tuple[Heading, ...] = ()
    mentions: tuple[Mention, ...] = ()
    pages: tuple[Page, ...] = ()
    questions: tuple[AnticipatedQuestion, ...] = ()
    publisher: str = ""
    url: str = ""
    accessed: str = ""
    id: str = ""

    def __post_init__(self) -> None:
        if not self.id:
            object.__setattr__(self, "id", content_id(self.title, self.text))

    def page_at(self, offset: int) -> Page | None:
        """Return the page on which the character at an offset stands; None where the format has no pages."""
        index = bisect_right(self.pages, offset, key=lambda page: page.start)
        return self.pages[index - 1] if index else None

    @property
    def digest(self) -> str:
        """What the text is recognised by, whatever its title or origin."""
        return content_id(self.text)

    @property
    def version(self) -> str:
        """What tells two states of a document with one id apart; empty where the id itself comes from the content."""
        content = content_id(self.title, self.text)
        return "" if self.id == content else content[:_VERSION_DIGITS]

    @property
    def is_study_text(self) -> bool:
        """Say whether it is shipped with the project, and so not the user's to remove."""
        return self.origin.startswith(STUDY_TEXT_PREFIX)


@dataclass(frozen=True)
class Sentence:
    """The unit that is quoted and verified: ``[start, end)`` of the document, inside one passage."""

    start: int
    end: int


@dataclass(frozen=True)
class Passage:
    """The unit that is embedded, retrieved and cited: ``[start, end)`` of one document.

    ``heading_path`` holds the headings above it, outermost first; ``page`` is the printed label of the
    page on which it starts, None where the format has no pages. ``sentences`` are in order and inside it;
    ``version`` is that of the document.
    """

    document_id: str
    ordinal: int
    start: int
    end: int
    heading_path: tuple[str, ...] = ()
    page: str | None = None
    sentences: tuple[Sentence, ...] = ()
    version: str = ""

    @property
    def id(self) -> str:
        """Identity from content: the document in its version and the range."""
        return passage_id(self.document_id, self.start, self.end, self.version)


def passage_id(document_id: str, start: int, end: int, version: str) -> str:
    """Return the id of a passage; it changes whenever the words do that are searched under it."""
    return f"{document_id}-{start}-{end}-{version}" if version else f"{document_id}-{start}-{end}"


def content_id(*parts: str) -> str:
    """Return 16 hexadecimal digits of the SHA-256 of the parts, each part kept apart from the next."""
    digest = hashlib.sha256()
    for part in parts:
        encoded = part.encode("utf-8", errors="surrogatepass")
        digest.update(len(encoded).to_bytes(8, "big") + encoded)
    return digest.hexdigest()[:16]
