"""The relational store: the truth from which every index can be rebuilt. Tables, and opening them.

SQLite by default, any SQLAlchemy URL otherwise. Offsets in every table count code points of ``documents.text``.
"""

from pathlib import Path

from sqlalchemy import (
    JSON,
    URL,
    Boolean,
    Column,
    Engine,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    event,
    inspect,
)
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.schema import CreateColumn

from knowledge.errors import StoreUnavailable

metadata = MetaData()

documents = Table(
    "documents",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("origin", Text, nullable=False, unique=True),
    Column("fingerprint", String(64), nullable=False),
    Column("slug", String(200), nullable=False, index=True),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("record", JSON, nullable=False),  # every other field of Document
    # How it is held: `knowledge.rows.Holding`.
    Column("owner", String(80), nullable=False, server_default="", index=True),
    Column("added", String(32), nullable=False, server_default=""),
    Column("file", String(64), nullable=False, server_default="", index=True),
    Column("suffix", String(16), nullable=False, server_default=""),
    # What a list shows and what recognises a text again, so that neither reads the texts themselves.
    Column("words", Integer, nullable=False, server_default="0"),
    Column("digest", String(16), nullable=False, server_default="", index=True),
    Column("edits", JSON),
    Column("sketch", LargeBinary),
)

passages = Table(
    "passages",
    metadata,
    Column("document_id", String(16), ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("heading_path", JSON, nullable=False),
    Column("page", String(40)),
    Column("version", String(16), nullable=False, server_default=""),
)

sentences = Table(
    "sentences",
    metadata,
    Column("document_id", String(16), ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
    Column("start", Integer, primary_key=True),
    Column("end", Integer, nullable=False),
    Column("passage_ordinal", Integer, nullable=False),
)
Index("sentences_by_passage", sentences.c.document_id, sentences.c.passage_ordinal)

references = Table(
    "reference_records",  # "references" is a reserved word of SQL
    metadata,
    Column("key", String(200), primary_key=True),
    Column("record", JSON, nullable=False),
)


waiting = Table(
    "waiting",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("owner", String(80), nullable=False),
    Column("name", Text, nullable=False),
    Column("handed_in", String(40), nullable=False),
    Column("path", Text, nullable=False),
    Column("suffix", String(16), nullable=False),
    Column("url", Text, nullable=False),
    Column("in_place_of", String(16), nullable=False),
    Column("keep_similar", Boolean, nullable=False),
    Column("ocr", Boolean, nullable=False),
)


def open_store(url: str) -> Engine:
    """Return an engine on the store at an SQLAlchemy URL, its tables made if they are not there.

    For SQLite: foreign keys are enforced, and the write-ahead log lets readers go on while one writes.
    Raises StoreUnavailable for an address that cannot be used.
    """
    try:
        engine = create_engine(url)
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _prepare_sqlite)
        _upgrade(engine)
        metadata.create_all(engine)
    except (SQLAlchemyError, ModuleNotFoundError) as error:
        # Not the address itself: it may hold a password.
        raise StoreUnavailable(str(error).splitlines()[0]) from error
    return engine


def _upgrade(engine: Engine) -> None:
    """Give tables that an earlier release made the columns and indexes that have come since.

    Each column has a default or may be null.
    """
    known = inspect(engine)
    with engine.begin() as connection:
        for table in metadata.sorted_tables:
            if not known.has_table(table.name):
                continue
            present = {column["name"] for column in known.get_columns(table.name)}
            for column in table.columns:
                if column.name not in present:
                    definition = CreateColumn(column).compile(engine)
                    connection.exec_driver_sql(f"ALTER TABLE {table.name} ADD COLUMN {definition}")
            for index in table.indexes:
                index.create(connection, checkfirst=True)


def sqlite_url(path: Path) -> str:
    """Return the URL of a SQLite file, its folder made if it is not there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return URL.create("sqlite", database=str(path)).render_as_string()


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    for pragma in ("foreign_keys=ON", "journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=10000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
