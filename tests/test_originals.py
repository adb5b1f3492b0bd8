"""Original files: kept once, whole or not at all, and gone when they are forgotten."""

import subprocess
import sys
from pathlib import Path

import pytest

from knowledge.fingerprints import file_hash
from knowledge.originals import Originals

ROOT = Path(__file__).parents[1]
DATA = b"%PDF-1.7 isi"
FILE = file_hash(DATA)


@pytest.fixture
def originals(tmp_path: Path) -> Originals:
    return Originals(tmp_path / "home" / "originals")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "tesis.pdf"
    path.write_bytes(DATA)
    return path


def kept(originals: Originals) -> list[str]:
    """Everything under the folder, with paths relative to it."""
    return sorted(path.relative_to(originals.folder).as_posix() for path in originals.folder.rglob("*"))


def test_a_file_is_kept_under_its_hash_and_stays_when_the_source_goes(originals: Originals, source: Path) -> None:
    originals.keep(source, FILE, ".pdf")
    source.unlink()
    assert kept(originals) == [FILE[:2], f"{FILE[:2]}/{FILE}.pdf"]
    assert originals.path(FILE, ".pdf").read_bytes() == DATA


def test_what_is_kept_is_not_copied_again(originals: Originals, source: Path) -> None:
    originals.keep(source, FILE, ".pdf")
    first = originals.path(FILE, ".pdf").stat()
    source.unlink()
    originals.keep(source, FILE, ".pdf")  # it is not even read
    assert originals.path(FILE, ".pdf").stat() == first


def test_one_file_in_two_formats_is_kept_for_each(originals: Originals, source: Path) -> None:
    for suffix in (".md", ".txt"):
        originals.keep(source, FILE, suffix)
    originals.forget(FILE, ".md")
    assert kept(originals) == [FILE[:2], f"{FILE[:2]}/{FILE}.txt"]


def test_forgetting_leaves_no_trace_and_twice_is_no_error(originals: Originals, source: Path) -> None:
    neighbour = FILE[:2] + "0" * 62
    originals.keep(source, FILE, ".pdf")
    originals.keep(source, neighbour, ".pdf")
    originals.forget(FILE, ".pdf")
    assert kept(originals) == [FILE[:2], f"{FILE[:2]}/{neighbour}.pdf"]
    originals.forget(neighbour, ".pdf")
    assert kept(originals) == []
    originals.forget(neighbour, ".pdf")
    originals.keep(source, FILE, ".pdf")
    assert originals.path(FILE, ".pdf").read_bytes() == DATA


def test_a_source_that_is_gone_leaves_nothing(originals: Originals, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        originals.keep(tmp_path / "absent.pdf", FILE, ".pdf")
    assert not originals.path(FILE, ".pdf").exists()
    assert [name for name in kept(originals) if "." in name] == []


# The process dies when the copy is written and has not got its name yet.
KILLED = """
import os, signal, sys
from pathlib import Path
from knowledge.originals import Originals

os.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
Originals(Path(sys.argv[1])).keep(Path(sys.argv[2]), sys.argv[3], ".pdf")
"""


def test_a_kill_leaves_nothing_that_counts_and_a_half_that_is_swept(originals: Originals, source: Path) -> None:
    command = [sys.executable, "-c", KILLED, str(originals.folder), str(source), FILE]
    assert subprocess.run(command, cwd=ROOT, check=False, timeout=60).returncode == -9
    assert not originals.path(FILE, ".pdf").exists()
    halves = kept(originals)
    assert len(halves) == 2, "the folder, and in it the half of a copy"
    other = "f" * 64
    originals.keep(source, other, ".pdf")
    originals.sweep()
    assert [name for name in kept(originals) if "." in name] == [f"ff/{other}.pdf"]
    originals.keep(source, FILE, ".pdf")
    assert originals.path(FILE, ".pdf").read_bytes() == DATA


def test_sweeping_where_nothing_was_ever_kept(originals: Originals) -> None:
    originals.sweep()
    assert not originals.folder.exists()
