"""Loads files in a process of its own, so that what a file does to its parser happens to nobody else.

A damaged PDF can crash or hang the library that reads it, and a small file can unfold to gigabytes. So the loaders run
in a child with a bounded memory; when it crashes, hangs or is cancelled it is ended, and the next file gets a new one.
Parent and child exchange lines of JSON: ``python -m knowledge.loading_process`` is the child.
"""

import base64
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import astuple
from pathlib import Path
from typing import IO, Any

from knowledge import errors
from knowledge.documents import Document
from knowledge.errors import SourceError, UnreadableSource
from knowledge.loaders import Reading, SourceLimits, load
from knowledge.page_images import Box, PageImage, render_page
from knowledge.rows import document_of, document_record

_POLITE = 5  # how much the child gives way to others (nice)
_TICK = 0.1  # seconds between two looks at the clock and at a wish to stop


class LoadingCancelled(Exception):
    """The person has cancelled the loading of a file."""


class LoadingProcess:
    """The child, started at the first file. One file at a time; use as a context manager, which ends the child."""

    def __init__(self, limits: SourceLimits) -> None:
        self._limits = limits
        self._child: subprocess.Popen[str] | None = None
        self._lines: queue.Queue[str] = queue.Queue()

    def __enter__(self) -> "LoadingProcess":
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def load(
        self,
        path: Path,
        origin: str,
        *,
        suffix: str,
        report: Callable[[int, int], None] | None = None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Document:
        """Return the document of a file; ``report`` is told pages done and in all.

        Raises SourceError for what cannot be read, LoadingCancelled soon after ``cancelled()`` turns true.
        """
        request = {"path": str(path), "origin": origin, "suffix": suffix, "limits": self._limits.model_dump()}
        return document_of(self._asked(request, report, cancelled)["document"])

    def render_page(self, path: Path, number: int, text: str, *, occurrence: int = 0) -> PageImage:
        """Return sheet ``number`` (from 1) of a PDF with the boxes of a text; raises SourceError."""
        page = {"number": number, "text": text, "occurrence": occurrence}
        request = {"path": str(path), "origin": path.name, "page": page, "limits": self._limits.model_dump()}
        found = self._asked(request)
        return PageImage(base64.b64decode(found["png"]), tuple(Box(*box) for box in found["boxes"]))

    def _asked(
        self,
        request: dict[str, Any],
        report: Callable[[int, int], None] | None = None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> dict[str, Any]:
        """Return the child's answer to a request; without one, for whatever reason, the child is ended.

        What it would say later would be taken for the answer to the next request.
        """
        self._say(self._started(), request)
        answer: dict[str, Any] | None = None
        try:
            answer = self._awaited(request["origin"], report, cancelled)
        finally:
            if answer is None:
                self.close()
        if "error" in answer:
            raise _error(answer["error"], answer["values"])
        return answer

    def _awaited(
        self, origin: str, report: Callable[[int, int], None] | None, cancelled: Callable[[], bool]
    ) -> dict[str, Any]:
        deadline = time.monotonic() + self._limits.most_seconds
        while True:
            if cancelled():
                raise LoadingCancelled(origin)
            if time.monotonic() > deadline:
                raise UnreadableSource(origin, reason="too_slow")
            try:
                line = self._lines.get(timeout=_TICK)
            except queue.Empty:
                continue
            if not line:  # the end of its output: it has died
                raise UnreadableSource(origin, reason="crashed")
            answer: dict[str, Any] = json.loads(line)
            if "progress" not in answer:
                return answer
            if report:
                report(*answer["progress"])

    def close(self) -> None:
        """End the child, whatever it is doing."""
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        for stream in (child.stdin, child.stdout):
            if stream:
                with suppress(OSError):  # what was still to be written has no reader any more
                    stream.close()

    def _started(self) -> "subprocess.Popen[str]":
        if self._child is not None and self._child.poll() is None:
            return self._child
        self.close()
        folder = str(Path(__file__).parents[1])
        paths = os.pathsep.join(path for path in (folder, os.environ.get("PYTHONPATH", "")) if path)
        self._child = subprocess.Popen(
            [sys.executable, "-P", "-m", "knowledge.loading_process"],  # -P: no modules from the current folder
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
            env={**os.environ, "PYTHONPATH": paths},
        )
        self._lines = queue.Queue()
        if self._child.stdout:
            threading.Thread(target=_pass_on, args=(self._child.stdout, self._lines), daemon=True).start()
        return self._child

    def _say(self, child: "subprocess.Popen[str]", request: dict[str, Any]) -> None:
        if child.stdin:
            with suppress(BrokenPipeError):  # it has died; reading from it says so
                child.stdin.write(json.dumps(request) + "\n")
                child.stdin.flush()


class Viewing:
    """Pages as pictures, for several people at once: a child that is started at the first picture and kept."""

    def __init__(self, limits: SourceLimits) -> None:
        self._process, self._turn = LoadingProcess(limits), threading.Lock()

    def render_page(self, path: Path, number: int, text: str, *, occurrence: int = 0) -> PageImage:
        """Return sheet ``number`` (from 1) of a PDF with the boxes of a text; raises SourceError."""
        with self._turn:
            return self._process.render_page(path, number, text, occurrence=occurrence)

    def close(self) -> None:
        """End the child."""
        with self._turn:
            self._process.close()


def _pass_on(stream: IO[str], lines: "queue.Queue[str]") -> None:
    with suppress(ValueError):  # closed by the other thread
        for line in stream:
            lines.put(line)
    lines.put("")


def _error(name: str, values: dict[str, Any]) -> SourceError:
    """Return the error that the child met: every SourceError is made again from its attributes."""
    origin = values.pop("origin")
    keywords = {key: tuple(value) if isinstance(value, list) else value for key, value in values.items()}
    made: SourceError = getattr(errors, name)(origin, **keywords)
    return made


def main() -> None:
    """Answer requests until the parent closes the pipe."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(2, 1)  # what a library prints must not stand between the answers
    with suppress(OSError):
        os.nice(_POLITE)
    for line in sys.stdin:
        _answer(json.loads(line), lambda answer: _write(answers, answer))


def _answer(request: dict[str, Any], say: Callable[[dict[str, Any]], None]) -> None:
    origin, limits = request["origin"], SourceLimits(**request["limits"])
    _bound_memory(limits.reader_megabytes)
    _bound_time(2 * limits.most_seconds)
    try:
        data = Path(request["path"]).read_bytes()
        if "page" in request:
            say(_page(data, origin, request["page"]))
        else:
            reading = Reading(limits, lambda done, total: say({"progress": [done, total]}))
            say({"document": document_record(load(data, origin, suffix=request["suffix"], reading=reading))})
    except SourceError as error:
        say({"error": type(error).__name__, "values": vars(error)})
    except MemoryError:
        say({"error": "UnreadableSource", "values": {"origin": origin, "reason": "too_hungry"}})
    except RecursionError:
        say({"error": "UnreadableSource", "values": {"origin": origin, "reason": "damaged"}})
    except OSError as error:
        reason = error.strerror or str(error)
        say({"error": "UnreadableSource", "values": {"origin": origin, "reason": reason}})


def _page(data: bytes, origin: str, page: dict[str, Any]) -> dict[str, Any]:
    try:
        image = render_page(data, page["number"], page["text"], occurrence=page["occurrence"], origin=origin)
    except ValueError as error:  # there is no such sheet
        raise UnreadableSource(origin, reason="damaged") from error
    return {"png": base64.b64encode(image.png).decode(), "boxes": [astuple(box) for box in image.boxes]}


def _bound_time(seconds: int) -> None:
    """End this process by itself later: a parent that was killed cannot end a parser that hangs."""
    if hasattr(signal, "alarm"):  # Windows has none
        signal.alarm(seconds)


def _bound_memory(megabytes: int) -> None:
    """Let the system refuse more memory than this; where it cannot, the time limit remains."""
    try:
        import resource
    except ImportError:  # Windows has none
        return
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    with suppress(ValueError, OSError):  # lower already
        resource.setrlimit(resource.RLIMIT_DATA, (megabytes * 1_000_000, hard))


def _write(stream: IO[str], answer: dict[str, Any]) -> None:
    stream.write(json.dumps(answer) + "\n")
    stream.flush()


if __name__ == "__main__":
    main()
