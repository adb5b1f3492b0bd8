"""Files of this machine into the library: added once, replaced when they changed, found in their folders."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge.chunking import ChunkingSettings
from knowledge.errors import EmptySource, SourceNotFound, UnsupportedFormat
from knowledge.library import Library
from knowledge.sources import files_to_add
from tests.small_index import add_source
from tests.small_library import small_library, titles, write

WIDE = ChunkingSettings()


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with small_library(tmp_path / "home") as library:
        yield library


def test_a_file_is_added_once_and_replaced_when_it_changed(library: Library, tmp_path: Path) -> None:
    path = write(tmp_path / "catatan.md", "Catatan")
    first = add_source(library, path, WIDE)
    assert (first.status, first.document.origin) == ("added", f"file:{path.resolve()}")
    again = add_source(library, tmp_path / "." / "catatan.md", WIDE)
    assert (again.status, again.document) == ("unchanged", first.document)
    write(path, "Catatan", "Versi kedua.")
    second = add_source(library, path, WIDE)
    assert second.status == "changed"
    assert second.document.id == first.document.id, "a replaced file keeps its identity"
    assert [summary.id for summary in library.summaries()] == [second.document.id]
    kept = library.passages(second.document.id)
    assert [library.document(second.document.id).text[each.start : each.end] for each in kept] == ["Versi kedua."]


def test_the_same_text_under_two_names_is_one_document(library: Library, tmp_path: Path) -> None:
    one, other = write(tmp_path / "satu.md", "Sama"), write(tmp_path / "dua.md", "Sama")
    first = add_source(library, one, WIDE)
    assert (add_source(library, other, WIDE).status, titles(library)) == ("unchanged", ["Sama"])
    assert library.find(f"file:{one}") == first.document


def test_a_file_that_becomes_the_copy_of_another_leaves_no_old_version(library: Library, tmp_path: Path) -> None:
    one, other = write(tmp_path / "satu.md", "Satu"), write(tmp_path / "dua.md", "Dua")
    for path in (one, other):
        add_source(library, path, WIDE)
    write(other, "Satu")
    add_source(library, other, WIDE)
    assert titles(library) == ["Satu"]


def test_two_files_that_change_places_are_both_there(library: Library, tmp_path: Path) -> None:
    one, other = write(tmp_path / "satu.md", "Satu"), write(tmp_path / "dua.md", "Dua")
    for path in (one, other):
        add_source(library, path, WIDE)
    write(one, "Dua")
    write(other, "Satu")
    for path in (one, other):
        add_source(library, path, WIDE)
    assert titles(library) == ["Dua", "Satu"]


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("absent.md", None, SourceNotFound),
        ("film.mp4", b"x", UnsupportedFormat),
        ("tanpa", b"x", UnsupportedFormat),
        ("kosong.txt", b" \n", EmptySource),
    ],
)
def test_what_cannot_be_added_is_said_and_changes_nothing(
    library: Library, tmp_path: Path, name: str, content: bytes | None, error: type[Exception]
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(error, match=name):
        add_source(library, path, WIDE)
    assert library.summaries() == ()


def test_a_folder_is_no_file(library: Library, tmp_path: Path) -> None:
    with pytest.raises(SourceNotFound):
        add_source(library, tmp_path, WIDE)


def test_folders_give_their_supported_files_in_order(tmp_path: Path) -> None:
    for name in ("b.md", "a/c.TXT", "a/d.mp4", "e"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    (tmp_path / "folder.md").mkdir()
    named = [tmp_path / "e", tmp_path, tmp_path / "absent.txt"]
    assert list(files_to_add(named)) == [
        tmp_path / "e",
        tmp_path / "a" / "c.TXT",
        tmp_path / "b.md",
        tmp_path / "absent.txt",
    ]
