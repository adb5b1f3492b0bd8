"""Between the rows of the relational store and the nouns of documents.py. No database access."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Row

from knowledge.documents import (
    STUDY_TEXT_PREFIX,
    AnticipatedQuestion,
    Document,
    Heading,
    Mention,
    Page,
    Passage,
    Reference,
    Sentence,
)
from knowledge.near_documents import sketch

_PLAIN_FIELDS = ("group", "language", "date", "licence", "abstract", "publisher", "url", "accessed")
_LIST_FIELDS = ("authors", "keywords", "related")
_SPAN_FIELDS: dict[str, Any] = {
    "headings": Heading,
    "mentions": Mention,
    "pages": Page,
    "questions": AnticipatedQuestion,
}


@dataclass(frozen=True)
class Holding:
    """How a document is held: whose it is, since when, and its original file.

    ``owner`` is the person who alone sees it, "" for what everyone sees. ``added`` is an ISO time in UTC. ``file`` is
    the SHA-256 of the original bytes and ``suffix`` their format (".pdf"); both empty where no original is kept.
    ``edits`` holds the fields of the record that the person has changed, as text, in the order of their names.
    """

    owner: str = ""
    added: str = ""
    file: str = ""
    suffix: str = ""
    edits: tuple[tuple[str, str], ...] = ()


EVERYONES = Holding()
"""The holding of a shipped study text."""


@dataclass(frozen=True)
class DocumentSummary:
    """What a list of sources shows of one document; ``words`` counts its text, ``pages`` is 0 without pages."""

    id: str
    slug: str
    title: str
    group: str
    origin: str
    date: str
    words: int
    authors: tuple[str, ...] = ()
    pages: int = 0
    passages: int = 0
    url: str = ""
    publisher: str = ""
    holding: Holding = EVERYONES


@dataclass(frozen=True)
class Mark:
    """What recognises a document again: ``file`` is the SHA-256 of its original, ``digest`` that of its text."""

    document_id: str
    origin: str
    title: str
    owner: str
    file: str
    fingerprint: str
    digest: str

    @property
    def is_study_text(self) -> bool:
        """Say whether it is shipped with the project."""
        return self.origin.startswith(STUDY_TEXT_PREFIX)


def document_record(document: Document) -> dict[str, Any]:
    """Return a document as JSON values; `document_of` reads them."""
    record = asdict(document)
    return {"id": document.id, "title": document.title, "text": document.text, "origin": document.origin} | {
        "slug": document.slug,
        "record": {name: record[name] for name in (*_PLAIN_FIELDS, *_LIST_FIELDS, *_SPAN_FIELDS)},
    }


def document_row(document: Document, fingerprint: str, holding: Holding) -> dict[str, Any]:
    """Return the row of the table ``documents``; all that is not a column of its own goes into ``record``."""
    return {
        **document_record(document),
        "fingerprint": fingerprint,
        **asdict(holding),
        "edits": dict(holding.edits),
        "words": len(document.text.split()),
        "digest": document.digest,
        "sketch": sketch(document.text),
    }


def document(row: Row[Any]) -> Document:
    """Return the document of a row of the table ``documents``."""
    return document_of({name: row._mapping[name] for name in ("id", "title", "text", "origin", "slug", "record")})


def document_of(values: Mapping[str, Any]) -> Document:
    """Return the document of what `document_record` returned; fields that an earlier release did not keep are empty."""
    record = values["record"]
    fields: dict[str, Any] = {name: record.get(name, "") for name in _PLAIN_FIELDS}
    fields |= {name: tuple(record[name]) for name in _LIST_FIELDS}
    for name, noun in _SPAN_FIELDS.items():
        fields[name] = tuple(noun(**_tuples(entry)) for entry in record.get(name, ()))
    return Document(**{name: values[name] for name in ("id", "title", "text", "origin", "slug")}, **fields)


def summary(row: Row[Any], passages: int) -> DocumentSummary:
    """Return a row of the table ``documents``, without its text, in brief."""
    record = row.record
    return DocumentSummary(
        id=row.id,
        slug=row.slug,
        title=row.title,
        group=record["group"],
        origin=row.origin,
        date=record["date"],
        words=row.words,
        authors=tuple(record["authors"]),
        pages=len({page.get("number") or page["label"] for page in record["pages"]}),
        passages=passages,
        url=record.get("url", ""),
        publisher=record.get("publisher", ""),
        holding=holding(row),
    )


def holding(row: Row[Any]) -> Holding:
    """Return how the document of a row of the table ``documents`` is held."""
    return Holding(row.owner, row.added, row.file, row.suffix, tuple(sorted((row.edits or {}).items())))


def passage_row(passage: Passage) -> dict[str, Any]:
    """Return the row of the table ``passages``."""
    return {
        "document_id": passage.document_id,
        "ordinal": passage.ordinal,
        "start": passage.start,
        "end": passage.end,
        "heading_path": list(passage.heading_path),
        "page": passage.page,
        "version": passage.version,
    }


def sentence_rows(passage: Passage) -> list[dict[str, Any]]:
    """Return the rows of the table ``sentences`` for one passage."""
    return [
        {"document_id": passage.document_id, "passage_ordinal": passage.ordinal} | asdict(sentence)
        for sentence in passage.sentences
    ]


def passage(row: Row[Any], sentences: Iterable[Sentence]) -> Passage:
    """Return the passage of a row of the table ``passages`` with its sentences."""
    return Passage(
        document_id=row.document_id,
        ordinal=row.ordinal,
        start=row.start,
        end=row.end,
        heading_path=tuple(row.heading_path),
        page=row.page,
        sentences=tuple(sentences),
        version=row.version,
    )


def reference(record: dict[str, Any]) -> Reference:
    """Return the reference of a stored record."""
    return Reference(**_tuples(record))


def _tuples(record: dict[str, Any]) -> dict[str, Any]:
    """JSON knows lists only; the nouns hold tuples."""
    return {name: tuple(value) if isinstance(value, list) else value for name, value in record.items()}
