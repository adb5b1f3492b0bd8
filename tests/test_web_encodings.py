"""Character sets that only a header names, and compression."""

import gzip
import hashlib
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.repair import decode
from knowledge.web.encodings import Inflater, as_utf8

TEXT = "Nota – “kesepahaman” é"


@pytest.mark.parametrize(
    ("header", "encoding"),
    [
        ("text/html; charset=iso-8859-1", "cp1252"),
        ("text/html;charset = 'US-ASCII'", "cp1252"),
        ('text/html; charset="Windows-1252"; x=y', "cp1252"),
        ("text/plain; charset=utf-16le", "utf-16-le"),
        ("text/plain; charset=UTF-16BE", "utf-16-be"),
        ("text/html; charset=gb18030", "gb18030"),
    ],
)
def test_a_text_in_the_set_of_the_header_comes_out_right(header: str, encoding: str) -> None:
    mended = as_utf8(TEXT.encode(encoding), header)
    assert mended.startswith(b"\xef\xbb\xbf")
    assert decode(mended) == TEXT


def test_a_set_in_which_the_bytes_make_other_letters() -> None:
    assert decode(as_utf8("Дипломатия".encode("koi8-r"), "text/plain; charset=koi8-r")) == "Дипломатия"


@pytest.mark.parametrize(
    "header",
    ["text/html", "text/html; charset=", "text/html; charset=utf-8", "text/html; charset=x-nobody"]
    + [f"text/html; charset={name}" for name in ("base64", "rot13", "idna", "unicode_escape", "utf-7", "undefined")],
)
@pytest.mark.parametrize("data", [b"", TEXT.encode("cp1252"), TEXT.encode()])
def test_without_a_set_that_can_be_used_nothing_changes(header: str, data: bytes) -> None:
    assert as_utf8(data, header) == data


@pytest.mark.parametrize("data", [TEXT.encode(), TEXT.encode("utf-8-sig"), TEXT.encode("utf-16")])
def test_the_bytes_know_better_than_the_header(data: bytes) -> None:
    assert as_utf8(data, "text/html; charset=iso-8859-1") == data


@given(st.binary(max_size=50), st.text(max_size=30))
def test_any_bytes_and_any_header_end_in_bytes_and_twice_is_once(data: bytes, name: str) -> None:
    for header in (name, f"text/html; charset={name}", "a; charset=utf-16", "a; charset=big5", "a; charset=tis-620"):
        once = as_utf8(data, header)
        if once != data:
            once.decode("utf-8-sig")
        assert as_utf8(once, header) == once


def _unpack(packed: bytes, step: int) -> bytes:
    inflater = Inflater()
    pieces = [piece for at in range(0, len(packed), step) for piece in inflater.feed(packed[at : at + step])]
    assert max(map(len, pieces), default=0) <= 1 << 16
    return b"".join(pieces) + inflater.finish()


@given(
    parts=st.lists(st.binary(max_size=200) | st.just(b"a" * 200_000), min_size=1, max_size=3), step=st.integers(1, 99)
)
def test_what_was_packed_comes_out_however_it_arrives(parts: list[bytes], step: int) -> None:
    whole = b"".join(parts)
    assert _unpack(b"".join(map(gzip.compress, parts)), step) == whole
    assert _unpack(zlib.compress(whole), step) == whole


@pytest.mark.parametrize("size", [65_535, 65_536, 65_537, 131_072, 300_000])
@pytest.mark.parametrize("step", [1000, 10**9])
def test_no_byte_is_lost_at_the_edge_of_a_piece(size: int, step: int) -> None:
    for whole in (hashlib.shake_256(b"halo").digest(size), b"ab" * size):
        assert _unpack(gzip.compress(whole), step) == whole


def test_padding_behind_the_last_member_is_passed_over() -> None:
    assert _unpack(gzip.compress(b"halo") + b"\0" * 99, 7) == b"halo"


def test_nothing_at_all_is_nothing() -> None:
    assert _unpack(b"", 1) == b""


_WHOLE = gzip.compress(b"halo", mtime=0)


@pytest.mark.parametrize("packed", [_WHOLE[:-1], _WHOLE[:4], b"halo", b"\x1f"])
def test_what_is_cut_off_or_no_such_stream_is_an_error(packed: bytes) -> None:
    with pytest.raises(zlib.error):
        _unpack(packed, 3)
