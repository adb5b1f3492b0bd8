"""What the browser hands in, taken into the library one after another beside the answering.

Every item waits in the relational store until it is done, so a server that is killed goes on with it when it starts
again. A person sees only their own items.
"""

import logging
import threading
import time
import uuid
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from assistant.incoming_folder import IncomingFolder
from assistant.ingestion import Ingestion, Outcome
from assistant.intake_board import CHOICES, FINAL, INDEXING, SCANNED, SIMILAR, WAITING, Board, Progress, renewed
from assistant.opening import Workplace
from index.errors import IndexingError
from knowledge.archives import ARCHIVE_SUFFIX, Unpacked, unpack
from knowledge.errors import KnowledgeError, NoTextLayer, SourceError, TooLarge
from knowledge.loading_process import LoadingCancelled, LoadingProcess
from knowledge.ocr import can_recognise_text, recognise_text
from knowledge.sources import Incoming, refuse_too_large, refuse_unsupported
from knowledge.waiting_list import WaitingItem, WaitingList
from knowledge.web.pages import fetch_page

logger = logging.getLogger(__name__)

_INDEX_EVERY = 10.0  # seconds between two updates of the index while more files wait


class Intake:
    """The queue and the thread that works it off; safe to use from any thread."""

    def __init__(self, workplace: Workplace) -> None:
        self.board = Board()
        self.workplace = workplace
        self._list = WaitingList(workplace.library.engine)
        self._folder = IncomingFolder(workplace.settings.home / "incoming")
        self._updated_at = time.monotonic()
        self._stopping = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Take up what an earlier process left, and begin to work."""
        self.workplace.originals.sweep()
        kept = self._list.items()
        self._folder.sweep({item.path for item in kept})
        for item in kept:
            self.board.show(Progress(item))
        self._thread = threading.Thread(target=self._work, name="intake", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread after the file that it is at; what is not done stays on the list."""
        with self.board.changed:
            self._stopping = True
            self.board.changed.notify_all()
        if self._thread:
            self._thread.join()

    def open_upload(self, name: str, size: int, owner: str) -> WaitingItem:
        """Return an item for an upload; its bytes are to be written to ``path`` before it is submitted.

        Raises UnsupportedFormat or TooLarge, also when too many files of one person wait already.
        """
        limits = self.workplace.settings.sources
        plain = PurePosixPath(name.replace("\\", "/")).name.replace("\0", "") or "tanpa-nama"
        suffix = PurePosixPath(plain).suffix.lower()
        if suffix != ARCHIVE_SUFFIX:
            refuse_unsupported(plain, suffix)
        refuse_too_large(plain, size, limits)
        if sum(progress.stage not in FINAL for progress in self.board.of(owner)) >= limits.most_files:
            raise TooLarge(plain, what="files", limit=limits.most_files, key="TANYA_SOURCES__MOST_FILES")
        return self._new_item(owner, plain, suffix=suffix)

    def abandon(self, item: WaitingItem) -> None:
        """Forget an upload whose bytes did not come whole."""
        self._folder.drop(item.id)

    def submit(self, item: WaitingItem) -> None:
        """Queue an item: an upload whose bytes have been written, or one that was chosen about."""
        self._list.put(item)
        self.board.show(Progress(item))

    def submit_address(self, url: str, owner: str) -> WaitingItem:
        """Queue a web address; it is fetched when its turn comes."""
        item = replace(self._new_item(owner, url, suffix=""), url=url, path="")
        self.submit(item)
        return item

    def cancel(self, item_id: str, owner: str) -> None:
        """Stop an item of a person that is not done; nothing of it stays."""
        with self.board.changed:  # meanwhile nobody begins with it
            progress = self.board.find(item_id, owner)
            if progress is None or progress.stage in FINAL or progress.stage == INDEXING:
                return
            self.board.cancel(item_id)
            if progress.stage in CHOICES or progress.stage == WAITING:
                self._finish(progress.item, Outcome("cancelled"))

    def choose(self, item_id: str, owner: str, choice: str) -> None:
        """Say what happens to an item that waits for it.

        Another version of a text: "keep" both, "replace" the old one, or "skip" the new one. A scan: "ocr" or "skip".
        """
        progress = self.board.find(item_id, owner)
        if progress is None or progress.stage not in CHOICES or progress.outcome is None:
            return
        if choice == "skip":
            self._finish(progress.item, Outcome("cancelled"))
        elif progress.stage == SCANNED:
            if choice == "ocr":
                self.submit(renewed(progress, ocr=True))
        elif choice == "keep":
            self.submit(renewed(progress, keep_similar=True))
        elif choice == "replace" and self.workplace.is_own(progress.outcome.document_id, owner):
            self.submit(renewed(progress, in_place_of=progress.outcome.document_id))

    def wait_until_idle(self, timeout: float | None = None) -> bool:
        """Block until nothing is left to do but choices; return False when ``timeout`` seconds pass first."""
        with self.board.changed:
            return self.board.changed.wait_for(self.board.is_idle, timeout)

    # --- the thread

    def _work(self) -> None:
        with LoadingProcess(self.workplace.settings.sources) as loading:
            ingestion = self.workplace.ingestion(loading)
            while (item := self._next()) is not None:
                try:
                    self._take_in(ingestion, item)
                except Exception as error:  # the thread's boundary: one file must not end the queue
                    logger.exception("%s could not be taken in.", item.name)
                    self._finish(item, Outcome("refused", error=error))

    def _next(self) -> WaitingItem | None:
        """Return the next item; bring the index up to date when there is none, or when much time has passed."""
        while not self._stopping:
            with self.board.changed:
                waiting, indexing = self.board.at(WAITING), self.board.at(INDEXING)
                due = indexing and (not waiting or time.monotonic() - self._updated_at > _INDEX_EVERY)
                if waiting and not due:
                    item = waiting[0].item
                    self.board.tell(item, "fetching" if item.url else "reading", 0, 0)  # nobody else ends it now
                    return item
                if not due:
                    self.board.changed.wait_for(lambda: self._stopping or bool(self.board.at(WAITING)))
            if due:
                self._update_index(indexing)
        return None

    def _take_in(self, ingestion: Ingestion, item: WaitingItem) -> None:
        try:
            if item.suffix == ARCHIVE_SUFFIX:
                self._unpack(item)
                return
            outcome = ingestion.ingest(
                self._fetched(item) if item.url else self._incoming(item, self._readable(item), item.suffix),
                keep_similar=item.keep_similar,
                tell=lambda stage, done, total: self.board.tell(item, stage, done, total),
                cancelled=lambda: self.board.is_cancelled(item.id),
            )
        except LoadingCancelled:
            outcome = Outcome("cancelled")
        except SourceError as error:
            outcome = Outcome("refused", error=error)
        if outcome.status in ("added", "changed"):
            self.board.show(Progress(item, INDEXING, outcome=outcome))
        elif outcome.status == SIMILAR:
            self.board.show(Progress(item, SIMILAR, outcome=outcome))
        elif isinstance(outcome.error, NoTextLayer) and not item.url and not item.ocr and can_recognise_text():
            self.board.show(Progress(item, SCANNED, outcome=outcome))
        else:
            self._finish(item, outcome)

    def _incoming(self, item: WaitingItem, path: Path, suffix: str) -> Incoming:
        return Incoming(path, item.origin, suffix, item.owner, in_place_of=item.in_place_of)

    def _readable(self, item: WaitingItem) -> Path:
        """Return where the bytes of an upload lie, of a scan those with the text that was recognised."""
        if not item.ocr:
            return Path(item.path)
        self.board.tell(item, "ocr", 0, 0)
        target = self._folder.path(item.id, ".text.pdf")
        recognise_text(Path(item.path), target, item.origin, cancelled=lambda: self.board.is_cancelled(item.id))
        return target

    def _fetched(self, item: WaitingItem) -> Incoming:
        def report(done: int, total: int) -> None:
            self.board.tell(item, "fetching", done, total)
            if self.board.is_cancelled(item.id):
                raise LoadingCancelled(item.url)

        page = fetch_page(item.url, self.workplace.settings.fetch, report=report)
        path = self._folder.path(item.id, page.suffix)
        path.write_bytes(page.data)
        return replace(self._incoming(item, path, page.suffix), url=page.url, accessed=page.accessed)

    def _unpack(self, item: WaitingItem) -> None:
        into = self._folder.path(item.id)
        into.mkdir(exist_ok=True)
        inside: list[Unpacked | SourceError] = []
        for found in unpack(Path(item.path), item.name, into, self.workplace.settings.sources):
            if self.board.is_cancelled(item.id):
                raise LoadingCancelled(item.name)
            inside.append(found)
        for number, found in enumerate(inside):
            one = self._new_item(item.owner, item.name, suffix="", handed_in=f"{item.handed_in}.{number:06}")
            if isinstance(found, Unpacked):
                path = self._folder.path(one.id, found.path.suffix)
                found.path.replace(path)
                name = f"{item.name}/{found.name}"
                self.submit(replace(one, name=name, suffix=path.suffix, path=str(path)))
            else:
                self._finish(replace(one, name=found.origin), Outcome("refused", error=found))
        self._drop(item)
        self.board.take_down(item.id)  # its files stand for it

    def _update_index(self, indexing: list[Progress]) -> None:
        try:
            self.workplace.update()
            failed = None
        except (KnowledgeError, IndexingError, OSError) as error:
            logger.exception("The index could not be brought up to date.")
            failed = Outcome("refused", error=error)
        self._updated_at = time.monotonic()
        for progress in indexing:
            self._finish(progress.item, failed or progress.outcome or Outcome("added"))

    # --- items

    def _new_item(self, owner: str, name: str, *, suffix: str, handed_in: str = "") -> WaitingItem:
        key = uuid.uuid4().hex
        now = handed_in or datetime.now(UTC).isoformat(timespec="microseconds")
        return WaitingItem(key, owner, name, now, path=str(self._folder.path(key, suffix)), suffix=suffix)

    def _finish(self, item: WaitingItem, outcome: Outcome) -> None:
        self._drop(item)
        self.board.show(Progress(item, outcome.status, outcome=outcome))

    def _drop(self, item: WaitingItem) -> None:
        self._list.remove(item.id)
        self._folder.drop(item.id)
