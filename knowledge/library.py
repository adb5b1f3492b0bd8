"""The catalogue of documents: put, list, read, remove. One transaction each, so a kill loses nothing."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Engine, Table, delete, func, insert, or_, select, true, tuple_

from knowledge import rows, store
from knowledge.documents import Document, Passage, Reference, Sentence, passage_id
from knowledge.errors import UnknownDocument
from knowledge.rows import EVERYONES, DocumentSummary, Holding, Mark

T = TypeVar("T")

_BATCH = 300  # rows of one statement: every database bounds the number of parameters
_CACHED_DOCUMENTS = 256


class Library:
    """The documents, their passages and sentences, and the references, in one relational store."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        # By id and state: another process may change or remove a document, and one of the user keeps its id.
        self._cached_document = lru_cache(maxsize=_CACHED_DOCUMENTS)(self._read_document)

    def put(
        self, document: Document, passages: Iterable[Passage], *, fingerprint: str, holding: Holding = EVERYONES
    ) -> None:
        """Store a document with its passages, in place of what had its origin or its id before."""
        kept = list(passages)
        with self.engine.begin() as connection:
            self._delete(
                connection, or_(store.documents.c.origin == document.origin, store.documents.c.id == document.id)
            )
            connection.execute(insert(store.documents).values(rows.document_row(document, fingerprint, holding)))
            _insert(connection, store.passages, [rows.passage_row(passage) for passage in kept])
            _insert(connection, store.sentences, [row for passage in kept for row in rows.sentence_rows(passage)])

    def remove(self, document_id: str) -> None:
        """Remove one document with exactly its passages; UnknownDocument when there is none."""
        with self.engine.begin() as connection:
            if not self._delete(connection, store.documents.c.id == document_id):
                raise UnknownDocument(document_id)

    def document(self, document_id: str) -> Document:
        """Return one document as it is stored now; UnknownDocument when there is none."""
        columns = store.documents.c
        # The same bytes under another name make another document: a title may come from the name of the file.
        state = select(columns.fingerprint, columns.edits, columns.title, columns.origin)
        with self.engine.connect() as connection:
            row = connection.execute(state.where(columns.id == document_id)).one_or_none()
        if row is None:
            raise UnknownDocument(document_id)
        return self._cached_document(document_id, repr(tuple(row)))

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

    def summaries(self, viewer: str | None = None) -> tuple[DocumentSummary, ...]:
        """Return every document in brief, ordered by title; of a ``viewer`` those that this person sees."""
        columns = store.documents.c
        light = [column for column in columns if column not in (columns.text, columns.sketch)]
        statement = select(*light).where(_seen_by(viewer)).order_by(columns.title)
        counting = select(store.passages.c.document_id, func.count()).group_by(store.passages.c.document_id)
        with self.engine.connect() as connection:
            passages: dict[str, int] = dict(tuple(row) for row in connection.execute(counting))
            found = connection.execute(statement).all()
        return tuple(rows.summary(row, passages.get(row.id, 0)) for row in found)

    def scope(self, viewer: str | None, chosen: Iterable[str] | None = None) -> frozenset[str] | None:
        """Return the ids of the documents that a person may be answered from; None for no restriction at all.

        Those that everyone sees and the viewer's own, of these only the ``chosen`` ones if any are named. A viewer
        always gets their list, even of every document: what another person adds meanwhile is not on it.
        """
        if viewer is None and chosen is None:
            return None
        with self.engine.connect() as connection:
            seen = frozenset(connection.execute(select(store.documents.c.id).where(_seen_by(viewer))).scalars())
        return seen if chosen is None else seen & frozenset(chosen)

    def holding(self, document_id: str) -> Holding:
        """Return how a document is held; UnknownDocument when there is none."""
        columns = store.documents.c
        statement = select(columns.owner, columns.added, columns.file, columns.suffix, columns.edits).where(
            columns.id == document_id
        )
        with self.engine.connect() as connection:
            row: Any = connection.execute(statement).one_or_none()
        if row is None:
            raise UnknownDocument(document_id)
        return rows.holding(row)

    def holders_of(self, file: str) -> tuple[str, ...]:
        """Return the ids of the documents that keep the original file with a SHA-256."""
        columns = store.documents.c
        with self.engine.connect() as connection:
            return tuple(connection.execute(select(columns.id).where(columns.file == file)).scalars())

    def marks(self, viewer: str | None = None, *, file: str = "", origin: str = "") -> tuple[Mark, ...]:
        """Return what recognises each document again, of those that a person sees.

        With ``file`` (SHA-256) or ``origin`` only those that have one of them: what a folder of files asks each time.
        """
        columns = store.documents.c
        wanted = (columns.id, columns.origin, columns.title, columns.owner, columns.file, columns.fingerprint)
        statement = select(*wanted, columns.digest).where(_seen_by(viewer))
        if file or origin:
            statement = statement.where(or_(columns.file == file, columns.origin == origin))
        with self.engine.connect() as connection:
            return tuple(Mark(*row) for row in connection.execute(statement))

    def sketches(self, viewer: str | None = None) -> dict[str, bytes]:
        """Return document id -> sketch of its text (`knowledge.near_documents`), of those that a person sees."""
        columns = store.documents.c
        statement = select(columns.id, columns.sketch).where(_seen_by(viewer), columns.sketch.is_not(None))
        with self.engine.connect() as connection:
            return {document_id: bytes(held) for document_id, held in connection.execute(statement)}

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
        statement = select(columns.document_id, columns.start, columns.end, columns.version).order_by(
            columns.document_id, columns.ordinal
        )
        with self.engine.connect() as connection:
            return [passage_id(*row) for row in connection.execute(statement)]

    def all_passages(self) -> Iterator[Passage]:
        """Yield the passages of every document, by document id and order."""
        for document_id in sorted(document_id for document_id, _ in self.fingerprints().values()):
            yield from self.passages(document_id)

    def passages_by_id(self, passage_ids: Iterable[str]) -> dict[str, Passage]:
        """Return passage id -> passage for the ids that exist."""
        wanted = list(passage_ids)
        found: dict[str, Passage] = {}
        columns = store.passages.c
        for batch in _batches([_span_of(name) for name in wanted]):
            condition = tuple_(columns.document_id, columns.start).in_(batch)
            found.update((passage.id, passage) for passage in self._read_passages(condition))
        return {name: found[name] for name in wanted if name in found}

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

    def _read_document(self, document_id: str, _state: str) -> Document:
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


def _seen_by(viewer: str | None) -> ColumnElement[bool]:
    """Return the condition for what a person sees: everyone's and their own; without a person, everything."""
    return true() if viewer is None else store.documents.c.owner.in_(("", viewer))


def _insert(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    for batch in _batches(rows):
        connection.execute(insert(table), batch)


def _batches(items: list[T]) -> Iterator[list[T]]:
    for first in range(0, len(items), _BATCH):
        yield items[first : first + _BATCH]


def _escaped(text: str) -> str:
    """Return a text that LIKE takes literally."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _span_of(passage_name: str) -> tuple[str, int]:
    document_id, start, *_ = passage_name.split("-")
    return document_id, int(start)
