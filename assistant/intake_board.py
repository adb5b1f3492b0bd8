"""Where everybody can see how far their files are; the intake writes on it, the screen reads it."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from assistant.ingestion import Outcome
from knowledge.waiting_list import WaitingItem

WAITING, SIMILAR, SCANNED, INDEXING = "waiting", "similar", "scanned", "indexing"
CHOICES = frozenset((SIMILAR, SCANNED))
"""The stages in which an item waits for the person."""

FINAL = frozenset(("added", "changed", "unchanged", "refused", "cancelled"))
"""The stages in which an item stays."""

_SURE_AFTER = 0.5  # seconds of a stage before its rate says anything


@dataclass(frozen=True)
class Progress:
    """How far an item is.

    ``stage`` is WAITING, "fetching", "ocr", "reading", "vectors", INDEXING, one of CHOICES or one of FINAL.
    ``done`` of ``total`` steps of the stage are through (0: unknown); ``seconds_left`` of it is an estimate, None where
    there is none. ``outcome`` is there from INDEXING or a choice on.
    """

    item: WaitingItem
    stage: str = WAITING
    done: int = 0
    total: int = 0
    seconds_left: float | None = None
    outcome: Outcome | None = None


class Board:
    """The items of everybody by id; safe to use from any thread."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._shown: dict[str, Progress] = {}
        self._began: dict[str, tuple[str, float]] = {}
        self._cancelled: set[str] = set()
        self.changed = threading.Condition()

    def show(self, progress: Progress) -> None:
        """Put up where an item is, in place of what was said of it before."""
        with self.changed:
            self._shown[progress.item.id] = progress
            if progress.stage in FINAL:
                self._began.pop(progress.item.id, None)
                self._cancelled.discard(progress.item.id)
            self.changed.notify_all()

    def tell(self, item: WaitingItem, stage: str, done: int, total: int) -> None:
        """Put up a step of a stage, with the time that the rest of the stage takes at the rate so far."""
        now = self._clock()
        if self._began.get(item.id, ("", 0.0))[0] != stage:
            self._began[item.id] = (stage, now)
        elapsed = now - self._began[item.id][1]
        left = elapsed / done * (total - done) if done and total and elapsed > _SURE_AFTER else None
        self.show(Progress(item, stage, done, total, seconds_left=left))

    def take_down(self, item_id: str) -> None:
        """Say nothing of an item any more."""
        with self.changed:
            self._shown.pop(item_id, None)
            self.changed.notify_all()

    def of(self, owner: str) -> tuple[Progress, ...]:
        """Return the items of a person in the order in which they were handed in."""
        with self.changed:
            mine = [progress for progress in self._shown.values() if progress.item.owner == owner]
        return tuple(sorted(mine, key=lambda progress: (progress.item.handed_in, progress.item.id)))

    def find(self, item_id: str, owner: str) -> Progress | None:
        """Return an item of a person, None for one that is not there or not theirs."""
        with self.changed:
            progress = self._shown.get(item_id)
        return progress if progress and progress.item.owner == owner else None

    def at(self, stage: str) -> list[Progress]:
        """Return the items at a stage, the first handed in first."""
        with self.changed:
            found = [progress for progress in self._shown.values() if progress.stage == stage]
        return sorted(found, key=lambda progress: (progress.item.handed_in, progress.item.id))

    def cancel(self, item_id: str) -> None:
        """Note that an item is to stop."""
        with self.changed:
            self._cancelled.add(item_id)

    def is_cancelled(self, item_id: str) -> bool:
        """Say whether an item is to stop."""
        with self.changed:
            return item_id in self._cancelled

    def dismiss(self, owner: str) -> None:
        """Take down the finished items of a person: they were read."""
        for progress in self.of(owner):
            if progress.stage in FINAL:
                self.take_down(progress.item.id)

    def is_idle(self) -> bool:
        """Say whether every item is finished or waits for a choice."""
        with self.changed:
            return all(progress.stage in FINAL | CHOICES for progress in self._shown.values())


def renewed(progress: Progress, *, in_place_of: str = "", keep_similar: bool = False, ocr: bool = False) -> WaitingItem:
    """Return an item as the person has chosen about it."""
    item = progress.item
    return replace(
        item,
        in_place_of=in_place_of or item.in_place_of,
        keep_similar=keep_similar or item.keep_similar,
        ocr=ocr or item.ocr,
    )
