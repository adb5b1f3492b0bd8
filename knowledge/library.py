"""The catalogue of documents: put, list, read, remove. One transaction each, so a kill loses nothing."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Engine, Table, delete, insert, or_, select, tuple_

from knowledge import rows, store
from knowledge.documents import Document, Passage, Reference, Sentence
from knowledge.errors import UnknownDocument
from knowledge.rows import DocumentSummary

T = TypeVar("T")

_BATCH = 300  # rows of one statement: every database bounds the number of parameters
_CACHED_DOCUMENTS = 256


class Library:
    """The documents, their passages and sentences, and the references, in one relational store."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        # By id and fingerprint: another process may change or remove a document, and its id comes from title and text.
        self._cached_document = lru_cache(maxsize=_CACHED_DOCUMENTS)(self._read_document)

    def put(self, document: Document, passages: Iterable[Passage], *, fingerprint: str) -> None:
        """Store a document with its passages, in place of what had its origin or its id before."""
        kept = list(passages)
        with self.engine.begin() as connection:
            self._delete(
                connection, or_(store.documents.c.origin == document.origin, store.documents.c.id == document.id)
            )
            connection.execute(insert(store.documents).values(rows.document_row(document, fingerprint)))
            _insert(connection, store.passages, [rows.passage_row(passage) for passage in kept])
            _insert(connection, store.sentences, [row for passage in kept for row in rows.sentence_rows(passage)])

    def remove(self, document_id: str) -> None:
        """Remove one document with exactly its passages; UnknownDocument when there is none."""
        with self.engine.begin() as connection:
            if not self._delete(connection, store.documents.c.id == document_id):
                raise UnknownDocument(document_id)

    def document(self, document_id: str) -> Document:
        """Return one document as it is stored now; UnknownDocument when there is none."""
        statement = select(store.documents.c.fingerprint).where(store.documents.c.id == document_id)
        with self.engine.connect() as connection:
            fingerprint = connection.execute(statement).scalar_one_or_none()
        if fingerprint is None:
            raise UnknownDocument(document_id)
        return self._cached_document(document_id, fingerprint)

    def find(self, name: str) -> Document:
        """Return the one document that ``name`` names; else UnknownDocument.

        A name is an id, a slug, an origin or a title; else the file name of a source with or without its suffix; else
        the beginning of an id.
        """
        columns = store.documents.c
        with self.engine.connect() as connection:
            for condition in (
                or_(columns.id == name, columns.slug == name, columns.origin == name, columns.title == name),
                or_(
                    columns.origin.endswith(f"/{name}", autoescape=True),
                    columns.origin.like(f"%/{_escaped(name)}.%", escape="\\"),
                ),
                columns.id.startswith(name, autoescape=True),
            ):
                ids = connection.execute(select(columns.id).where(condition)).scalars().all()
                if len(ids) == 1 and name:
                    return self.document(ids[0])
        raise UnknownDocument(name)

    def summaries(self) -> tuple[DocumentSummary, ...]:
        """Return every document in brief, ordered by title."""
        with self.engine.connect() as connection:
            found = connection.execute(select(store.documents).order_by(store.documents.c.title)).all()
        return tuple(rows.summary(row) for row in found)

    def fingerprints(self) -> dict[str, tuple[str, str]]:
        """Return origin -> (document id, fingerprint) of every document."""
        columns = store.documents.c
        with self.engine.connect() as connection:
            found = connection.execute(select(columns.origin, columns.id, columns.fingerprint)).all()
        return {origin: (document_id, fingerprint) for origin, document_id, fingerprint in found}

    def passages(self, document_id: str) -> tuple[Passage, ...]:
        """Return the passages of one document in order, with their sentences; empty for an unknown document."""
        return tuple(self._read_passages(store.passages.c.document_id == document_id))

    def passage_ids(self) -> list[str]:
        """Return the ids of all passages, by document id and order."""
        columns = store.passages.c
        statement = select(columns.document_id, columns.start, columns.end).order_by(
            columns.document_id, columns.ordinal
        )
        with self.engine.connect() as connection:
            return [f"{document_id}-{start}-{end}" for document_id, start, end in connection.execute(statement)]

    def all_passages(self) -> Iterator[Passage]:
        """Yield the passages of every document, by document id and order."""
        for document_id in sorted(document_id for document_id, _ in self.fingerprints().values()):
            yield from self.passages(document_id)

    def passages_by_id(self, passage_ids: Iterable[str]) -> dict[str, Passage]:
        """Return passage id -> passage for the ids that exist."""
        wanted = list(passage_ids)
        found: dict[str, Passage] = {}
        columns = store.passages.c
        for batch in _batches([_span_of(passage_id) for passage_id in wanted]):
            condition = tuple_(columns.document_id, columns.start).in_(batch)
            found.update((passage.id, passage) for passage in self._read_passages(condition))
        return {passage_id: found[passage_id] for passage_id in wanted if passage_id in found}

    def put_references(self, references: Iterable[Reference]) -> None:
        """Store bibliographic records, each in place of what had its key before."""
        kept = [{"key": reference.key, "record": asdict(reference)} for reference in references]
        with self.engine.begin() as connection:
            for batch in _batches([row["key"] for row in kept]):
                connection.execute(delete(store.references).where(store.references.c.key.in_(batch)))
            _insert(connection, store.references, kept)

    def references(self, keys: Iterable[str]) -> tuple[Reference, ...]:
        """Return the records of the keys that are known, in the order of the keys, each once."""
        wanted = list(dict.fromkeys(keys))
        found: dict[str, Reference] = {}
        with self.engine.connect() as connection:
            for batch in _batches(wanted):
                statement = select(store.references).where(store.references.c.key.in_(batch))
                found.update((row.key, rows.reference(row.record)) for row in connection.execute(statement))
        return tuple(found[key] for key in wanted if key in found)

    def _delete(self, connection: Connection, condition: ColumnElement[bool]) -> int:
        """Delete documents; their passages and sentences go by the foreign keys. Return how many went."""
        return connection.execute(delete(store.documents).where(condition)).rowcount

    def _read_document(self, document_id: str, _fingerprint: str) -> Document:
        with self.engine.connect() as connection:
            row = connection.execute(select(store.documents).where(store.documents.c.id == document_id)).one_or_none()
        if row is None:
            raise UnknownDocument(document_id)
        return rows.document(row)

    def _read_passages(self, condition: ColumnElement[bool]) -> list[Passage]:
        columns = store.passages.c
        join = (store.sentences.c.document_id == columns.document_id) & (
            store.sentences.c.passage_ordinal == columns.ordinal
        )
        with self.engine.connect() as connection:
            found = connection.execute(
                select(store.passages).where(condition).order_by(columns.document_id, columns.ordinal)
            ).all()
            spans = connection.execute(
                select(columns.document_id, columns.ordinal, store.sentences.c.start, store.sentences.c.end)
                .join(store.sentences, join)
                .where(condition)
                .order_by(store.sentences.c.start)
            ).all()
        sentences: dict[tuple[str, int], list[Sentence]] = {}
        for document_id, ordinal, start, end in spans:
            sentences.setdefault((document_id, ordinal), []).append(Sentence(start, end))
        return [rows.passage(row, sentences.get((row.document_id, row.ordinal), [])) for row in found]


def _insert(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    for batch in _batches(rows):
        connection.execute(insert(table), batch)


def _batches(items: list[T]) -> Iterator[list[T]]:
    for first in range(0, len(items), _BATCH):
        yield items[first : first + _BATCH]


def _escaped(text: str) -> str:
    """Return a text that LIKE takes literally."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _span_of(passage_id: str) -> tuple[str, int]:
    document_id, start, _ = passage_id.split("-")
    return document_id, int(start)
