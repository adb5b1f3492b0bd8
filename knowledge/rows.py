"""Between the rows of the relational store and the nouns of documents.py. No database access."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Row

from knowledge.documents import (
    AnticipatedQuestion,
    Document,
    Heading,
    Mention,
    Page,
    Passage,
    Reference,
    Sentence,
)

_PLAIN_FIELDS = ("group", "language", "date", "licence", "abstract")
_LIST_FIELDS = ("authors", "keywords", "related")
_SPAN_FIELDS: dict[str, Any] = {
    "headings": Heading,
    "mentions": Mention,
    "pages": Page,
    "questions": AnticipatedQuestion,
}


@dataclass(frozen=True)
class DocumentSummary:
    """What a list of sources shows of one document; ``words`` counts its canonical text."""

    id: str
    slug: str
    title: str
    group: str
    origin: str
    date: str
    words: int


def document_row(document: Document, fingerprint: str) -> dict[str, Any]:
    """Return the row of the table ``documents``; all that is not a column of its own goes into ``record``."""
    record = asdict(document)
    return {
        "id": document.id,
        "origin": document.origin,
        "fingerprint": fingerprint,
        "slug": document.slug,
        "title": document.title,
        "text": document.text,
        "record": {name: record[name] for name in (*_PLAIN_FIELDS, *_LIST_FIELDS, *_SPAN_FIELDS)},
    }


def document(row: Row[Any]) -> Document:
    """Return the document of a row of the table ``documents``."""
    record = row.record
    fields: dict[str, Any] = {name: record[name] for name in _PLAIN_FIELDS}
    fields |= {name: tuple(record[name]) for name in _LIST_FIELDS}
    for name, noun in _SPAN_FIELDS.items():
        fields[name] = tuple(noun(**_tuples(entry)) for entry in record.get(name, ()))
    return Document(title=row.title, text=row.text, origin=row.origin, slug=row.slug, **fields)


def summary(row: Row[Any]) -> DocumentSummary:
    """Return a row of the table ``documents`` in brief."""
    words = len(row.text.split())
    return DocumentSummary(row.id, row.slug, row.title, row.record["group"], row.origin, row.record["date"], words)


def passage_row(passage: Passage) -> dict[str, Any]:
    """Return the row of the table ``passages``."""
    return {
        "document_id": passage.document_id,
        "ordinal": passage.ordinal,
        "start": passage.start,
        "end": passage.end,
        "heading_path": list(passage.heading_path),
        "page": passage.page,
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
    )


def reference(record: dict[str, Any]) -> Reference:
    """Return the reference of a stored record."""
    return Reference(**_tuples(record))


def _tuples(record: dict[str, Any]) -> dict[str, Any]:
    """JSON knows lists only; the nouns hold tuples."""
    return {name: tuple(value) if isinstance(value, list) else value for name, value in record.items()}
