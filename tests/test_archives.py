"""A ZIP of sources: every file that can be read comes out, of every other it is said why, and nothing gets outside."""

from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.archives import Unpacked, unpack
from knowledge.errors import (
    EmptySource,
    LockedSource,
    SourceError,
    TooLarge,
    UnreadableSource,
    UnsupportedFormat,
)
from knowledge.loaders import SUFFIXES, SourceLimits
from tests.same_text import zipped

LIMITS = SourceLimits()
ORIGIN = "skripsi.zip"


def unpacked(folder: Path, data: bytes, limits: SourceLimits = LIMITS) -> list[Unpacked | SourceError]:
    """What comes out of an archive; its files lie in the folder "out" beside it."""
    archive, into = folder / "in.zip", folder / "out"
    archive.write_bytes(data)
    into.mkdir(exist_ok=True)
    return list(unpack(archive, ORIGIN, into, limits))


def outcome(found: Unpacked | SourceError) -> tuple[str, object]:
    """The name of a file and its bytes, or where and what is wrong."""
    if isinstance(found, Unpacked):
        return found.name, found.path.read_bytes()
    return found.origin, getattr(found, "reason", type(found))


def test_files_come_out_in_order_with_their_bytes_under_names_of_our_own(tmp_path: Path) -> None:
    data = zipped({"b/2.TXT": "dua", "b/": "", "a b/é.md": "# Satu", "b/x.pdf": b"%PDF-"})
    found = unpacked(tmp_path, data)
    assert [outcome(each) for each in found] == [("b/2.TXT", b"dua"), ("a b/é.md", b"# Satu"), ("b/x.pdf", b"%PDF-")]
    paths = [each.path for each in found if isinstance(each, Unpacked)]
    assert [path.suffix for path in paths] == [".txt", ".md", ".pdf"], "a loader goes by the suffix"
    assert sorted(paths) == sorted((tmp_path / "out").iterdir())


def test_what_cannot_be_read_costs_only_itself_and_is_named(tmp_path: Path) -> None:
    data = zipped({"a.exe": "x", "b.txt": "baik", "dalam/c.zip": zipped({"d.txt": "x"}), "../e.txt": "x", "tanpa": "x"})
    assert [outcome(each) for each in unpacked(tmp_path, data)] == [
        ("skripsi.zip/a.exe", UnsupportedFormat),
        ("b.txt", b"baik"),
        ("skripsi.zip/dalam/c.zip", "nested"),
        ("skripsi.zip/../e.txt", "unsafe_name"),
        ("skripsi.zip/tanpa", UnsupportedFormat),
    ]
    unsupported = unpacked(tmp_path, data)[0]
    assert isinstance(unsupported, UnsupportedFormat)
    assert (unsupported.suffix, unsupported.supported) == (".exe", SUFFIXES)


def test_a_locked_file_and_a_damaged_one_are_named(tmp_path: Path) -> None:
    content = bytearray(zipped({"a.txt": "rahasia " * 20, "b.txt": "terbuka " * 20, "c.txt": "utuh"}))
    content[content.index(b"PK\x01\x02") + 8] |= 1  # the flag of encryption, in the directory
    content[content.index(b"b.txt") + 7] ^= 0xFF  # in the packed bytes
    first, second, third = unpacked(tmp_path, bytes(content))
    assert isinstance(first, LockedSource)
    assert first.origin == "skripsi.zip/a.txt"
    assert outcome(second) == ("skripsi.zip/b.txt", "damaged")
    assert outcome(third) == ("c.txt", b"utuh")


@pytest.mark.parametrize(
    "name",
    ["__MACOSX/a.md", "a/__MACOSX/._b.md", ".DS_Store", "a/.hidden.md", ".git/a.md", "Thumbs.db", "a/desktop.ini"],
)
def test_what_a_system_leaves_beside_the_files_is_passed_over(tmp_path: Path, name: str) -> None:
    assert [outcome(each) for each in unpacked(tmp_path, zipped({name: "x", "a.md": "isi"}))] == [("a.md", b"isi")]


def test_an_archive_of_nothing_that_counts_is_empty(tmp_path: Path) -> None:
    for files in ({}, {"folder/": ""}, {".DS_Store": "x", "__MACOSX/a": "x"}):
        with pytest.raises(EmptySource) as caught:
            unpacked(tmp_path, zipped(dict(files)))
        assert caught.value.origin == ORIGIN


def test_as_many_files_as_the_limit_and_one_more(tmp_path: Path) -> None:
    limits = SourceLimits(most_files=3)
    files: dict[str, str | bytes] = {f"{number}.txt": "x" for number in range(3)} | {".DS_Store": "x"}
    assert len(unpacked(tmp_path, zipped(files), limits)) == 3
    with pytest.raises(TooLarge) as caught:
        unpacked(tmp_path, zipped({**files, "4.txt": "x"}), limits)
    assert (caught.value.what, caught.value.limit, caught.value.key) == ("files", 3, "TANYA_SOURCES__MOST_FILES")
    assert len(list((tmp_path / "out").iterdir())) == 3, "nothing of it was written"


def test_what_unfolds_beyond_the_limit_is_refused(tmp_path: Path) -> None:
    bomb = zipped({f"{number}.txt": bytes(600_000) for number in range(4)})
    with pytest.raises(TooLarge) as caught:
        unpacked(tmp_path, bomb, SourceLimits(most_unpacked_megabytes=2))
    assert (caught.value.origin, caught.value.what) == (ORIGIN, "unpacked")
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize(
    ("data", "reason"), [(b"halo", "not_zip"), (b"%PDF-1.7", "not_zip"), (zipped({"a.md": "x"})[:-9], "damaged")]
)
def test_what_is_no_archive(tmp_path: Path, data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableSource) as caught:
        unpacked(tmp_path, data)
    assert (caught.value.origin, caught.value.reason) == (ORIGIN, reason)


def test_two_files_of_one_name_lie_apart(tmp_path: Path) -> None:
    data = zipped({"a.txt": "lama", "b.txt": "baru"}).replace(b"b.txt", b"a.txt")
    found = [each for each in unpacked(tmp_path, data) if isinstance(each, Unpacked)]
    assert len({each.path for each in found}) == 2
    assert {each.path.read_bytes() for each in found} == {b"baru"}, "as everything that opens archives reads them"


PIECES = st.sampled_from(["..", ".", "", "a", "C:", "~", "b.md", "\\..\\c.txt", "CON", "x" * 300, "OUTSIDE", "é\n"])
NAMES = st.builds(
    lambda pieces, suffix: "/".join(pieces) + suffix,
    st.lists(PIECES, min_size=1, max_size=5),
    st.sampled_from(["", ".md", ".TXT", ".txt/..", ".md\\", "/.pdf"]),
) | st.text(max_size=30).map(lambda name: name.replace("\0", ""))  # the writer of ZIP cuts a name there
NAMES = NAMES.filter(bool)


@settings(max_examples=60, deadline=None)
@given(names=st.lists(NAMES, min_size=1, max_size=6, unique=True))
def test_nothing_is_written_outside_the_folder_whatever_the_names(names: list[str]) -> None:
    with TemporaryDirectory() as place:
        folder = Path(place) / "a" / "b"
        folder.mkdir(parents=True)
        (folder / "b.md").write_text("di luar")
        data = zipped({name.replace("OUTSIDE", f"{folder}/luar"): f"isi {name}" for name in names})
        found: list[Unpacked | SourceError] = []
        with suppress(EmptySource):
            found = unpacked(folder, data)
        outside = [path for path in Path(place).rglob("*") if folder / "out" not in path.parents]
        assert {path.name for path in outside} == {"a", "b", "b.md", "in.zip", "out"}
        assert len(outside) == 5
        assert (folder / "b.md").read_text() == "di luar"
        paths = [each.path for each in found if isinstance(each, Unpacked)]
        assert len(found) <= len(names)
        assert sorted((folder / "out").rglob("*")) == sorted(paths)
        assert all(path.parent == folder / "out" and path.is_file() for path in paths)
        for each in found:
            if isinstance(each, Unpacked):
                assert each.path.suffix in SUFFIXES
