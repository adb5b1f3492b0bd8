"""Preparation: the assistant is opened in the background, so that the port answers at once."""

import logging
import threading
from collections.abc import Callable, Collection, Iterator
from typing import TYPE_CHECKING, Protocol

from assistant.answers import Event
from assistant.conversation import Conversation
from assistant.settings import SettingsError
from index.errors import IndexingError
from knowledge.errors import KnowledgeError
from knowledge.library import Library

if TYPE_CHECKING:
    from assistant.intake import Intake

logger = logging.getLogger(__name__)

Progress = Callable[[str, int, int], None]
"""Called with a stage ("model", "index", "vectors", "ready"), how much is done, and how much there is (0: unknown)."""


class Answering(Protocol):
    """What the screen needs of the assistant; ``intake`` is None where nothing can be added."""

    @property
    def library(self) -> Library:
        """The documents that answers cite."""

    @property
    def intake(self) -> "Intake | None":
        """What takes files in."""

    def stream(
        self, question: str, conversation: Conversation, within: Collection[str] | None = None
    ) -> Iterator[Event]:
        """Yield events and, last, exactly one Answer."""


class Preparation:
    """Opens an assistant in a background thread and says how far it is.

    ``opener`` does the work and reports progress; what it raises is kept in ``error`` and logged. ``watch`` is told
    the same, from the background thread.
    """

    def __init__(self, opener: Callable[[Progress], Answering], watch: Progress | None = None) -> None:
        self._opener, self._watch = opener, watch
        self._done = threading.Event()
        self.assistant: Answering | None = None
        self.error: Exception | None = None
        self.progress: tuple[str, int, int] = ("model", 0, 0)

    def start(self) -> None:
        """Begin in the background; returns at once."""
        threading.Thread(target=self._open, name="preparation", daemon=True).start()

    def wait(self, timeout: float | None = None) -> bool:
        """Block until the assistant is open or has failed; return False when ``timeout`` seconds pass first."""
        return self._done.wait(timeout)

    def _report(self, stage: str, done: int, total: int) -> None:
        self.progress = (stage, done, total)
        if self._watch:
            self._watch(stage, done, total)

    def _open(self) -> None:
        try:
            self.assistant = self._opener(self._report)
            self._report("ready", 0, 0)
        except (SettingsError, KnowledgeError, IndexingError) as error:  # the person can mend these: no traceback
            self.error = error
            logger.error("%s", error)
        except Exception as error:  # the thread's boundary: kept for the screen and /readyz, and logged whole
            self.error = error
            logger.exception("The assistant could not be opened.")
        finally:
            self._done.set()
