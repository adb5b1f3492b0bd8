"""Recognising text: programs of the same names stand in for `ocrmypdf` and Tesseract, and really copy and list."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge.errors import UnreadableSource
from knowledge.loading_process import LoadingCancelled
from knowledge.ocr import can_recognise_text, recognise_text

COPIES = (
    '#!/bin/sh\nfor last; do before="$target"; target="$last"; done\ncp "$before" "$target"\necho "$@" >> "$0.called"\n'
)


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}/usr/bin{os.pathsep}/bin")
    can_recognise_text.cache_clear()
    yield folder
    can_recognise_text.cache_clear()


def install(folder: Path, name: str, script: str) -> None:
    (folder / name).write_text(script)
    (folder / name).chmod(0o755)


@pytest.mark.parametrize(
    ("languages", "with_ocrmypdf", "expected"),
    [("eng ind osd", True, True), ("eng osd", True, False), ("eng ind", False, False), (None, True, False)],
)
def test_it_is_offered_only_where_both_programs_and_the_indonesian_data_are(
    programs: Path, languages: str | None, with_ocrmypdf: bool, expected: bool
) -> None:
    if languages is not None:
        install(programs, "tesseract", f"#!/bin/sh\nprintf '%s\\n' {languages}\n")
    if with_ocrmypdf:
        install(programs, "ocrmypdf", COPIES)
    assert can_recognise_text() is expected


def test_the_program_is_asked_for_indonesian_and_to_leave_pages_with_text_alone(programs: Path, tmp_path: Path) -> None:
    install(programs, "ocrmypdf", COPIES)
    scanned, target = tmp_path / "pindai -x.pdf", tmp_path / "teks.pdf"
    scanned.write_bytes(b"%PDF-1.7 gambar")
    recognise_text(scanned, target, "file:/pindai.pdf")
    assert target.read_bytes() == scanned.read_bytes()
    called = (programs / "ocrmypdf.called").read_text()
    assert "-l ind --skip-text" in called


@pytest.mark.parametrize(
    "script", ["#!/bin/sh\nexit 3\n", "#!/bin/sh\nexit 0\n", None], ids=["fails", "no file", "absent"]
)
def test_what_it_cannot_do_is_a_source_error(programs: Path, tmp_path: Path, script: str | None) -> None:
    if script:
        install(programs, "ocrmypdf", script)
    with pytest.raises(UnreadableSource, match=r"pindai\.pdf"):
        recognise_text(tmp_path / "a.pdf", tmp_path / "b.pdf", "file:/pindai.pdf")


def test_it_ends_when_the_person_cancels(programs: Path, tmp_path: Path) -> None:
    install(programs, "ocrmypdf", "#!/bin/sh\nexec sleep 60\n")
    wish = threading.Event()
    threading.Timer(0.3, wish.set).start()
    with pytest.raises(LoadingCancelled):
        recognise_text(tmp_path / "a.pdf", tmp_path / "b.pdf", "file:/pindai.pdf", cancelled=wish.is_set)
