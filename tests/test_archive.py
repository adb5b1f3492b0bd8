"""ZIP archives from strangers: bounded, and every fault named."""

import contextlib
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.errors import EmptySource, LockedSource, SourceError, TooLarge, UnreadableSource
from knowledge.loaders.archive import Member, open_archive
from knowledge.loaders.contract import SourceLimits
from tests.same_text import zipped

LIMITS = SourceLimits()
SMALL = SourceLimits(most_unpacked_megabytes=1)
ORIGIN = "file:/x/a.zip"


def reason(error: SourceError) -> str:
    assert isinstance(error, UnreadableSource)
    return error.reason


def test_lists_the_files_and_reads_them() -> None:
    with open_archive(zipped({"folder/": "", "folder/a.txt": "halo", "b.txt": ""}), ORIGIN, LIMITS) as archive:
        assert [(each.name, each.size) for each in archive.members] == [("folder/a.txt", 4), ("b.txt", 0)]
        assert archive.read("folder/a.txt") == b"halo"
        assert archive.read("b.txt") == b""
        assert "folder/a.txt" in archive
        assert "folder/" not in archive


def test_reads_piece_by_piece() -> None:
    data = bytes(range(256)) * 5000
    with open_archive(zipped({"a": data}), ORIGIN, LIMITS) as archive, archive.open("a") as stream:
        pieces = [stream.read(7), stream.read(300_000), stream.read(), stream.read(5)]
    assert b"".join(pieces) == data
    assert [len(piece) for piece in pieces[:2]] == [7, 300_000]
    assert pieces[3] == b""


@pytest.mark.parametrize(
    "name",
    ["../a.txt", "a/../../b.txt", "/etc/passwd", "C:/a.txt", "c:a.txt", "a\\..\\b.txt", "a.txt\0.exe", "a/.."],
)
def test_a_name_that_leads_out_costs_only_its_file(name: str) -> None:
    placeholder = "X" * len(name)
    data = zipped({placeholder: "jahat", "baik.txt": "baik"}).replace(placeholder.encode(), name.encode())
    with open_archive(data, ORIGIN, LIMITS) as archive:
        assert [each.is_safe for each in archive.members] == [False, True]
        with pytest.raises(SourceError) as caught:
            archive.read(name)
        assert reason(caught.value) == "unsafe_name"
        assert archive.read("baik.txt") == b"baik"


@pytest.mark.parametrize("name", ["a.txt", "a/b..c/d.txt", "..a", "bab 1/é.md", "ab:c"])
def test_usual_names_are_safe(name: str) -> None:
    assert Member(name, 1).is_safe


def test_a_locked_file_costs_only_itself() -> None:
    data = bytearray(zipped({"a.txt": "rahasia", "b.txt": "terbuka"}))
    entry = data.index(b"PK\x01\x02")
    data[entry + 8] |= 1  # the flag of encryption, in the directory
    with open_archive(bytes(data), ORIGIN, LIMITS) as archive:
        with pytest.raises(LockedSource):
            archive.read("a.txt")
        assert archive.read("b.txt") == b"terbuka"


def test_more_than_the_limit_by_the_declared_sizes() -> None:
    data = zipped({"a": bytes(600_000), "b": bytes(600_000)})
    with pytest.raises(TooLarge) as caught, open_archive(data, ORIGIN, SMALL):
        pass
    assert (caught.value.what, caught.value.limit) == ("unpacked", 1)
    assert caught.value.key == "TANYA_SOURCES__MOST_UNPACKED_MEGABYTES"


def test_more_than_the_limit_while_reading() -> None:
    with open_archive(zipped({"a": bytes(600_000)}), ORIGIN, SMALL) as archive:
        archive.read("a")
        with pytest.raises(TooLarge):
            archive.read("a")


@pytest.mark.parametrize("declared", [0, 10, 400_000])
def test_a_size_that_lies(declared: int) -> None:
    data = bytearray(zipped({"a": bytes(900_000)}))
    for mark, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = data.index(mark) + place
        data[at : at + 4] = struct.pack("<I", declared)
    with open_archive(bytes(data), ORIGIN, SMALL) as archive, pytest.raises(SourceError) as caught:
        archive.read("a")
    assert reason(caught.value) == "damaged"


def test_a_directory_that_would_fill_the_memory() -> None:
    data = zipped({"a": ""})
    entry = data[data.index(b"PK\x01\x02") : data.index(b"PK\x05\x06")]
    limits = SourceLimits(most_files=100)
    with pytest.raises(TooLarge) as caught, open_archive(data + entry * 3000, ORIGIN, limits):
        pass
    assert (caught.value.what, caught.value.limit, caught.value.key) == ("files", 100, "TANYA_SOURCES__MOST_FILES")


@pytest.mark.parametrize("compression", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_a_compression_that_is_not_read(compression: int) -> None:
    with (
        open_archive(zipped({"a": "halo"}, compression=compression), ORIGIN, LIMITS) as archive,
        pytest.raises(SourceError) as caught,
    ):
        archive.read("a")
    assert reason(caught.value) == "is_archive"


def test_what_is_no_archive() -> None:
    for data, otherwise, expected in ((b"halo", "not_zip", "not_zip"), (b"halo", "not_epub", "not_epub")):
        with pytest.raises(SourceError) as caught, open_archive(data, ORIGIN, LIMITS, otherwise=otherwise):
            pass
        assert reason(caught.value) == expected
    with pytest.raises(EmptySource), open_archive(b"", ORIGIN, LIMITS):
        pass


def test_a_missing_member_is_damage() -> None:
    with open_archive(zipped({"a": "b"}), ORIGIN, LIMITS) as archive, pytest.raises(SourceError) as caught:
        archive.read("c")
    assert reason(caught.value) == "damaged"


@given(st.data())
def test_any_change_is_read_or_refused(data: st.DataObject) -> None:
    content = zipped({"a.txt": "halo dunia " * 20, "b/c.txt": "isi", "d": b"\x00\x01"})
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, len(content)))
    changed = content[:start] + data.draw(st.binary(max_size=30)) + content[end:]
    with contextlib.suppress(SourceError), open_archive(changed, ORIGIN, SMALL) as archive:
        for member in archive.members:
            with contextlib.suppress(SourceError):
                assert len(archive.read(member.name)) <= 1_000_000
