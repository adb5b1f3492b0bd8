"""How long questions take while a large PDF is taken in, and how much memory the server needs then.

    python -m benchmarks.asking_while_adding [--pages 1000]

In one process, as a server runs: a question a second, first alone, then while the PDF is read, embedded and indexed.
The PDF is made here, of random words; each page has some 450 of them. Prints JSON; memory is the peak of the process
and, apart, that of the child that reads files. Linux only (/proc).
"""

import argparse
import json
import os
import random
import tempfile
import threading
import time
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from assistant.conversation import Conversation
from assistant.service import Service, open_service
from assistant.settings import Settings, load_settings

QUESTIONS = ("Apa itu MEF?", "Kapan Perjanjian Lombok ditandatangani?", "Siapa mitra Pindad untuk tank Harimau?")
WORDS = (
    "laut kapal patroli kerja sama pertahanan negara perjanjian industri teknologi latihan wilayah perbatasan".split()
)
PERSON = "browser-benchmark"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=1000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        service = open_service(Settings(home=home, embedding=load_settings().embedding), lambda *_: None)
        alone = [_ask(service, n) for n in range(20)]
        ready = _memory("VmHWM", os.getpid())
        item = service.intake.open_upload("buku.pdf", 0, PERSON)
        _make_pdf(Path(item.path), arguments.pages)
        watching = _Watching()
        watching.start()
        began = time.monotonic()
        service.intake.submit(item)
        meanwhile = []
        while not service.intake.wait_until_idle(1.0):
            meanwhile.append(_ask(service, len(meanwhile)))
        (done,) = service.intake.board.of(PERSON)
        result = {
            "outcome": done.stage,
            "seconds": round(time.monotonic() - began),
            "alone": _figures(alone),
            "meanwhile": _figures(meanwhile),
            "ready_mb": ready,
            "peak_mb": _memory("VmHWM", os.getpid()),
            "reader_peak_mb": watching.stop(),
        }
        service.intake.stop()
    print(json.dumps(result, indent=2))


def _ask(service: Service, number: int) -> float:
    started = time.monotonic()
    *_, _answer = service.stream(QUESTIONS[number % len(QUESTIONS)], Conversation(), service.library.scope(PERSON))
    return time.monotonic() - started


def _figures(seconds: list[float]) -> dict[str, float]:
    ordered = sorted(seconds)
    return {
        "questions": len(ordered),
        "p50_ms": round(1000 * ordered[len(ordered) // 2]),
        "p95_ms": round(1000 * ordered[int(0.95 * (len(ordered) - 1))]),
        "max_ms": round(1000 * ordered[-1]),
    }


class _Watching(threading.Thread):
    """Looks for the child's peak of memory until it is stopped."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self._peak, self._ended = 0, threading.Event()

    def run(self) -> None:
        while not self._ended.wait(0.2):
            children = [each for task in Path("/proc/self/task").iterdir() for each in _children(task)]
            self._peak = max([self._peak, *(_memory("VmHWM", int(child)) for child in children)])

    def stop(self) -> int:
        self._ended.set()
        return self._peak


def _children(task: Path) -> list[str]:
    try:
        return (task / "children").read_text(encoding="utf-8").split()
    except OSError:  # the thread has ended
        return []


def _memory(field: str, process: int) -> int:
    """Return a field of /proc/PID/status in MB; 0 for a process that has ended."""
    try:
        lines = Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) // 1000 for line in lines if line.startswith(field)), 0)


def _make_pdf(path: Path, pages: int) -> None:
    draw, canvas = random.Random(0), Canvas(str(path), pagesize=A4)  # noqa: S311 - words for a measurement
    for page in range(pages):
        canvas.setFont("Times-Roman", 11)
        for line in range(42):
            words = " ".join(draw.choices(WORDS, k=11)).capitalize()
            canvas.drawString(72, 780 - 16 * line, words[:88] + ("." if line % 3 == 2 else ""))
        canvas.drawCentredString(300, 40, str(page + 1))
        canvas.showPage()
    canvas.save()


if __name__ == "__main__":
    main()
