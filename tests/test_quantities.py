"""Numbers as values: digits or words, Indonesian or English, points or commas."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.quantities import quantities, unsupported_quantities


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Rp1,2 triliun", 1.2e12),
        ("1.200 miliar rupiah", 1.2e12),
        ("1.2 trillion rupiah", 1.2e12),
        ("63,19 persen", 63.19),
        ("US$8.1 billion", 8.1e9),
        ("dua belas negara", 12),
        ("seratus dua puluh orang", 120),
        ("dua puluh lima ribu tiga ratus", 25_300),
        ("seribu lima ratus", 1500),
        ("twenty-five ships", 25),
        ("two hundred and forty", 240),
        ("sesi ke-19", 19),
        ("pertemuan kesembilan", 9),
        ("the twelfth meeting", 12),
        ("abad XXI", 21),
        ("10.000 pasukan", 10_000),
        ("10,000 troops", 10_000),
        ("satu setengah triliun", 1.5e12),
        ("setengah juta orang", 500_000),
        ("2 triliun 500 miliar", 2.5e12),
        ("dua lusin kapal", 24),
        ("selusin kapal", 12),
        ("Twenty-Five ships", 25),
    ],
)
def test_a_number_is_read_however_it_is_written(text: str, value: float) -> None:
    assert any(value in quantity.values for quantity in quantities(text))


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("Anggarannya 1.2 trillion rupiah.", "Anggaran sebesar Rp1,2 triliun disetujui."),
        ("Pertemuan itu diikuti dua belas negara.", "Pertemuan diikuti 12 negara."),
        ("It was signed on 13 November 2006.", "Ditandatangani pada 13 November 2006."),
        ("It was signed in August 2018.", "Ditandatangani pada Agustus 2018."),
        ("Kedua negara menyepakati satu hal.", "Indonesia dan Australia menyepakati perjanjian."),
        ("Ia mungkin datang; he may come.", "Tidak ada angka."),
    ],
)
def test_the_same_number_in_another_form_is_borne_out(claim: str, evidence: str) -> None:
    assert unsupported_quantities(claim, evidence) == []


@pytest.mark.parametrize(
    ("claim", "evidence", "missing"),
    [
        ("Nilainya Rp1,3 triliun.", "Nilainya Rp1,2 triliun.", ["1,3 triliun"]),
        ("Nilainya 1,2 miliar.", "Nilainya 1,2 triliun.", ["1,2 miliar"]),
        ("Pada Mei 2019.", "Pada Mei 2018.", ["2019"]),
        ("Pada 3 Juni 2018.", "Pada 3 Mei 2018.", ["Juni"]),
        ("Tiga belas negara hadir.", "Dua belas negara hadir.", ["Tiga belas"]),
        ("Sebanyak 1.500 orang.", "Sebanyak 15 orang.", ["1.500"]),
        ("Sebanyak 10.000 prajurit.", "Sebanyak 4.000 prajurit dari 10 negara.", ["10.000"]),
        ("Sebanyak 16 pesawat F-16.", "Sebanyak 24 pesawat F-16.", ["16"]),
    ],
)
def test_another_number_is_named(claim: str, evidence: str, missing: list[str]) -> None:
    assert unsupported_quantities(claim, evidence) == missing


@given(st.integers(0, 10**12))
def test_points_and_commas_of_thousands_change_nothing(number: int) -> None:
    for written in (str(number), f"{number:,}", f"{number:,}".replace(",", ".")):
        assert any(float(number) in quantity.values for quantity in quantities(f"sebanyak {written} unit"))


@given(st.text(max_size=200))
def test_any_text_bears_itself_out(text: str) -> None:
    assert unsupported_quantities(text, text) == []
