"""Courtesy: long work on the index stands aside while a question is being answered."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

_LONGEST = 5.0  # so that many questions cannot stop the work for good


class Courtesy:
    """Shared by those who answer and those who index; safe to use from any thread.

    ``longest`` is how many seconds one step of the work waits at most.
    """

    def __init__(self, longest: float = _LONGEST) -> None:
        self._asking, self._longest = 0, longest
        self._free = threading.Condition()

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Say that a question is being answered while the block runs."""
        with self._free:
            self._asking += 1
        try:
            yield
        finally:
            with self._free:
                self._asking -= 1
                self._free.notify_all()

    def stand_aside(self) -> None:
        """Wait until no question is being answered, but not for ever."""
        with self._free:
            self._free.wait_for(lambda: not self._asking, timeout=self._longest)
