"""What has been handed in through the browser and is not taken in yet; it outlives the process."""

from dataclasses import asdict, dataclass

from sqlalchemy import Engine, delete, insert, select

from knowledge import store
from knowledge.sources import UPLOAD_PREFIX, WEB_PREFIX


@dataclass(frozen=True)
class WaitingItem:
    """A file or a web address that somebody handed in.

    ``path`` is where the uploaded bytes lie (empty for an address), ``suffix`` their format (".pdf"), ``url`` the
    address (empty for a file). ``handed_in`` is an ISO time in UTC. For ``in_place_of`` and ``keep_similar`` see
    `knowledge.sources.Incoming` and `assistant.ingestion.Ingestion.ingest`; with ``ocr`` its text is recognised first.
    """

    id: str
    owner: str
    name: str
    handed_in: str
    path: str = ""
    suffix: str = ""
    url: str = ""
    in_place_of: str = ""
    keep_similar: bool = False
    ocr: bool = False

    @property
    def origin(self) -> str:
        """The origin of the document that it becomes; it names the owner, as two people may upload "bab1.pdf"."""
        return f"{WEB_PREFIX}{self.owner}/{self.url}" if self.url else f"{UPLOAD_PREFIX}{self.owner}/{self.name}"


class WaitingList:
    """The table of waiting items."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def put(self, item: WaitingItem) -> None:
        """Keep an item, in place of one with its id."""
        with self._engine.begin() as connection:
            connection.execute(delete(store.waiting).where(store.waiting.c.id == item.id))
            connection.execute(insert(store.waiting).values(asdict(item)))

    def remove(self, item_id: str) -> None:
        """Forget an item; one that is not there is no error."""
        with self._engine.begin() as connection:
            connection.execute(delete(store.waiting).where(store.waiting.c.id == item_id))

    def items(self) -> tuple[WaitingItem, ...]:
        """Return all items in the order in which they were handed in."""
        columns = store.waiting.c
        with self._engine.connect() as connection:
            found = connection.execute(select(store.waiting).order_by(columns.handed_in, columns.id)).all()
        return tuple(WaitingItem(**dict(row._mapping)) for row in found)
