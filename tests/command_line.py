"""Runs the command `tanya` in this process, with its settings in the hands of the test."""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from assistant.cli import main
from assistant.cli_context import Opener


@dataclass(frozen=True)
class Ran:
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str

    @property
    def record(self) -> dict[str, Any]:
        parsed: dict[str, Any] = json.loads(self.out)
        return parsed

    @property
    def records(self) -> list[dict[str, Any]]:
        parsed: list[dict[str, Any]] = json.loads(self.out)
        return parsed


def run_command(arguments: Sequence[str], opener: Opener, capsys: pytest.CaptureFixture[str]) -> Ran:
    """Run the command with some arguments; ``opener`` opens the workplace."""
    capsys.readouterr()
    with pytest.raises(SystemExit) as exit_:
        main(list(arguments), opener=opener)
    captured = capsys.readouterr()
    code = exit_.value.code
    return Ran(int(code or 0), captured.out, captured.err)


def settings_of_nobody(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    """Take away what is configured on this machine, but for the home."""
    for name in os.environ:
        if name.startswith("TANYA_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("TANYA_HOME", str(home))
