"""Recognising the text of a scanned PDF by `ocrmypdf`, an outside program that is used where it is installed."""

import shutil
import subprocess
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

from knowledge.errors import UnreadableSource
from knowledge.loading_process import LoadingCancelled

_LANGUAGE = "ind"  # Tesseract's name of the Indonesian data
_TICK = 0.2  # seconds between two looks at a wish to stop


@cache
def can_recognise_text() -> bool:
    """Say whether `ocrmypdf` and Tesseract's Indonesian data are installed; looked up once."""
    tesseract = shutil.which("tesseract")
    if tesseract is None or shutil.which("ocrmypdf") is None:
        return False
    try:
        listed = subprocess.run(  # noqa: S603 - the program that was found
            [tesseract, "--list-langs"], capture_output=True, text=True, timeout=10, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return _LANGUAGE in listed.stdout.split()


def recognise_text(scanned: Path, target: Path, origin: str, *, cancelled: Callable[[], bool] = lambda: False) -> None:
    """Write a copy of a PDF with a text layer; pages that have one stay as they are.

    Raises UnreadableSource when the program fails, LoadingCancelled soon after ``cancelled()`` turns true.
    """
    command = ["ocrmypdf", "-l", _LANGUAGE, "--skip-text", "--quiet", str(scanned), str(target)]
    try:
        child = subprocess.Popen(  # noqa: S603 - our own words but for two paths
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
    except OSError as error:
        raise UnreadableSource(origin, reason=error.strerror or str(error)) from error
    while child.poll() is None:
        if cancelled():
            child.kill()
            child.wait()
            raise LoadingCancelled(origin)
        time.sleep(_TICK)
    if child.returncode or not target.is_file():
        raise UnreadableSource(origin, reason="damaged")
