"""Decoding and repair of text."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.repair import decode, normalise_spaces, repair

CURLY = "Menurut “Kron”, café – diplomasi keamanan naïve"


@pytest.mark.parametrize(
    ("damaged", "repaired"),
    [
        ("Kron, Â Diplomasi keamanan", "Kron, Diplomasi keamanan"),
        ("Kron,Â Diplomasi", "Kron, Diplomasi"),
        ("suatu negara.Â\nPerlu", "suatu negara.\nPerlu"),
        ("suatu negara.Â", "suatu negara."),
        ("suatu negaraÂ lain", "suatu negara lain"),
        ("Â Kali ini", " Kali ini"),
        ("a Â Â b", "a   b"),
        ("negara.Â\u00a0Kita", "negara. Kita"),
        ("suhu 25Â°C", "suhu 25°C"),
        ("â€œPindadâ€\u009d kata dia", "“Pindad” kata dia"),
        ("ﬁlsafat", "filsafat"),
        ("PT\u00a0PAL\u2009Indonesia", "PT PAL Indonesia"),
        ("per\u00adta\u200bha\u2060nan", "pertahanan"),
        ("\ufeffJudul", "Judul"),
        ("a\r\nb\rc\x0cd", "a\nb\nc\nd"),
        ("a\x00b", "ab"),
        ("baris  \nlain\t", "baris\nlain"),
        ("e\u0301", "é"),
    ],
)
def test_mends(damaged: str, repaired: str) -> None:
    assert repair(damaged) == repaired


@pytest.mark.parametrize(
    "text",
    ["Âge d’or", "l’Âge", "huruf (Â) besar", "HALÂ dan", "“kutip” ‘tunggal’", "R&amp;D", "a  b", "Akıncı", "TB‑2"],
)
def test_leaves_real_text_alone(text: str) -> None:
    assert repair(text) == text


# Pieces of damage, so that arbitrary text is damaged often.
PIECES = st.sampled_from([*"Ââ€œ\u009d\u00a0\u00ad\ufeff\r\n\t \x00\x85&;aZ.é", "Ã", "&amp;", "ﬁ", "\ud800", "\u0301"])
TEXTS = st.one_of(st.text(), st.lists(PIECES, max_size=30).map("".join))


@given(TEXTS)
def test_repair_twice_is_repair_once(text: str) -> None:
    assert repair(repair(text)) == repair(text)


@given(TEXTS)
def test_repaired_text_is_clean(text: str) -> None:
    repaired = repair(text)
    assert unicodedata.is_normalized("NFC", repaired)
    assert not set(repaired) & set("\r\x00\u00a0\u00ad\u200b\ufeff")
    assert all(line == line.rstrip(" \t") for line in repaired.split("\n"))
    repaired.encode("utf-8")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be", "cp1252"])
def test_decodes_what_people_save_in(encoding: str) -> None:
    assert decode(CURLY.encode(encoding)) == CURLY


def test_decodes_bytes_that_cp1252_lacks() -> None:
    assert decode(b"kata \x81\x8d \xe9") != ""


@given(st.binary(max_size=200))
def test_decoding_never_raises(data: bytes) -> None:
    assert isinstance(repair(decode(data)), str)


@pytest.mark.parametrize("mark", [b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\x00\x00"])
def test_decodes_broken_text_behind_a_mark(mark: bytes) -> None:
    assert isinstance(decode(mark + b"abc"), str)


def test_normalises_spaces_without_touching_the_rest() -> None:
    assert normalise_spaces("a\u00a0b\u200b  c\n") == "a b  c\n"
