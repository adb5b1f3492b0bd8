"""A hyphen at the end of a line: a broken word, a reduplication, a compound, or punctuation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.loaders.pdf.hyphens import Vocabulary, is_reduplication, join_lines
from knowledge.loaders.pdf.lines import TextLine

REDUPLICATIONS = """
    negara-negara undang-undangan sebaik-baiknya tolong-menolong surat-menyurat pukul-memukul bantu-membantu gerak-gerik
    sayur-mayur berulang-ulang seluas-luasnya kapal-kapalnya ganti-mengganti warna-warni tembak-menembak anak-anak
""".split()
BROKEN = """
    keaman-an kemen-terian pemerin-tah perta-hanan kerja-sama per-alatan me-menangkan kebijak-sanaan inter-nasional
    ter-tentu ber-sama pelak-sanaan dip-lomasi mem-pertahankan
""".split()


def vocabulary(*texts: str) -> Vocabulary:
    words = Vocabulary()
    words.read([TextLine(text=text, left=0, right=1, y=0, size=10, bold=0, page=1) for text in texts])
    return words


def join(*lines: str, elsewhere: str = "") -> str:
    return join_lines(lines, vocabulary(*elsewhere.split("\n")))[0]


@pytest.mark.parametrize("word", REDUPLICATIONS)
def test_a_reduplication_keeps_its_hyphen(word: str) -> None:
    first, _, second = word.partition("-")
    assert is_reduplication(first, second)
    assert join(f"para {first}-", f"{second} itu") == f"para {word} itu"


@pytest.mark.parametrize("word", BROKEN)
def test_a_broken_word_is_mended(word: str) -> None:
    first, _, second = word.partition("-")
    assert not is_reduplication(first, second)
    assert join(f"para {first}-", f"{second} itu") == f"para {first}{second} itu"


@pytest.mark.parametrize(
    ("before", "after", "joined"),
    [
        ("kawasan Asia-", "Pasifik dan", "kawasan Asia-Pasifik dan"),
        ("pesawat Su-", "30 itu", "pesawat Su-30 itu"),
        ("pada abad ke-", "20 itu", "pada abad ke-20 itu"),
        ("antara TNI-", "POLRI dan", "antara TNI-POLRI dan"),
        ("anggota ASEAN-", "nya itu", "anggota ASEAN-nya itu"),
        ("tahun 2015–", "2019 itu", "tahun 2015–2019 itu"),
        ("itu penting —", "kata dia", "itu penting — kata dia"),
        ("itu penting -", "kata dia", "itu penting - kata dia"),
        ("dan/", "atau itu", "dan/atau itu"),
        ("ancaman non-", "militer itu", "ancaman non-militer itu"),
        ("lihat https://kemhan.go.id/buku-", "putih.pdf itu", "lihat https://kemhan.go.id/buku-putih.pdf itu"),
        ("yang disebut pra-", "“perang” itu", "yang disebut pra-“perang” itu"),
        ("secara be-", "rulang-ulang itu", "secara berulang-ulang itu"),
    ],
)
def test_other_hyphens(before: str, after: str, joined: str) -> None:
    assert join(before, after) == joined


def test_the_rest_of_the_document_decides() -> None:
    assert join("politik-", "ekonomi itu") == "politikekonomi itu"
    assert join("politik-", "ekonomi itu", elsewhere="Masalah politik-ekonomi lama.") == "politik-ekonomi itu"
    assert join("politik-", "ekonomi itu", elsewhere="Ada politik dan ada ekonomi.") == "politik-ekonomi itu"
    assert join("anti-", "kapal itu", elsewhere="Rudal antikapal lain.\nKapal anti kapal") == "antikapal itu"
    assert join("bolak-", "balik itu", elsewhere="Ia bolakbalik dan bolakbalik.") == "bolakbalik itu"
    assert join("KEAMAN-", "AN NEGARA", elsewhere="Soal keamanan itu.") == "KEAMANAN NEGARA"


def test_a_broken_word_is_no_evidence() -> None:
    assert vocabulary("kapal pe-", "rang itu").words == {"kapal": 1, "itu": 1}


@given(st.lists(st.text("abc ABC-–/.12", min_size=1, max_size=12).map(str.strip).filter(bool), min_size=1, max_size=6))
def test_no_letter_is_lost_and_every_line_is_where_it_says(lines: list[str]) -> None:
    joined, starts = join_lines(lines, vocabulary(*lines))
    for line, start in zip(lines, starts, strict=True):
        assert joined.startswith(line.removesuffix("-"), start)
    assert "".join(filter(str.isalnum, joined)) == "".join(filter(str.isalnum, "".join(lines)))
