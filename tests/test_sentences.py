"""Sentence boundaries: a table of real cases, and the properties that hold for any text."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.sentences import is_table_row, split_sentences, starts_list_item

# "¦" stands where a sentence ends and the next begins; white space around it is not part of either.
CASES = {
    # full stops that end nothing: firms, titles, ranks, names
    "firm": "Di Indonesia industri pertahanan dipegang PT. Pindad, PT. Dirgantara Indonesia, dan PT. PAL.",
    "limited partnership": "Bahan itu dipasok CV. Maju Jaya dari Malang.",
    "author initial": "Menurut Nicholas D. Kron diplomasi itu melampaui pertahanan. ¦ Ia menulisnya pada 2015.",
    "initial before surname": "Menurut Direktur Utama Sigit P. Santosa kontrak itu berjalan.",
    "two initials": "Industri itu dirintis B. J. Habibie sejak 1976.",
    "joined initials": "Pabrik pesawat dibangun B.J. Habibie di Bandung. ¦ Namanya berubah pada 1985.",
    "initials open": "J. B. Sumarlin menjabat menteri. ¦ Anggarannya kecil.",
    "academic titles": "Prof. Dr. Ir. H. Purnomo Yusgiantoro memimpin KKIP. ¦ Ia menteri saat itu.",
    "doctor on a ship": "Kapal rumah sakit KRI dr. Radjiman Wedyodiningrat tiba. ¦ Ia membawa obat.",
    "degrees": "Ceramah diberikan oleh Siti Aminah, S.I.P., M.Si. di Jakarta.",
    "degree before name": "Penelitinya Dra. Hj. Nur Laila, M.Pd. dan Drs. Budi.",
    "degree ends": "Ketua panitia adalah Andi Rahman, S.H. ¦ Pada hari itu ia berpidato.",
    "ph.d.": "Andi Widjajanto, Ph.D. menulis buku itu.",
    "kyai": "Pertemuan dipimpin K.H. Ahmad Dahlan di Yogyakarta.",
    "retired general": "Menteri itu Letjen TNI (Purn.) Prabowo Subianto dan wakilnya Letjen TNI (Purn.) Sakti.",
    "brigadier": "Hal itu dijelaskan Brigjen. Frega Wenas dan Kol. Laut Agus. ¦ Targetnya jelas.",
    "navy ranks": "Laksda. Andi dan Laksma. Budi hadir bersama Kapt. Chandra.",
    "marine": "Rapat dijelaskan Brigjen TNI (Mar) Kresno Pratowo. ¦ Rapat lain menyusul.",
    "mister": "Mr. Smith and Mrs. Jones met Gen. Milley. ¦ They agreed.",
    "address": "Kantornya di Jl. Gatot Subroto, Gd. A, St. Petersburg Street.",
    "addressee": "Kepada Yth. Bapak Menteri Pertahanan.",
    # numbers, law, pages
    "law number": "UU No. 16 Tahun 2012 mengatur industri pertahanan. ¦ Aturan itu berlaku.",
    "article and clause": "Menurut Pasal 12 ayat (1) UU Nomor 34 Tahun 2004 tugas itu sah. ¦ Ayat (2) menambahkan.",
    "short article": "Lihat art. 51 Piagam PBB dan ps. 43 ay. (5) UU itu.",
    "rupiah": "Anggarannya Rp17,3 triliun atau Rp. 17.300.000.000.000. ¦ Angka itu naik.",
    "thousands and decimals": "Nilainya 1.500,00 dolar dan 63.19 persen. ¦ Tahun berikutnya turun.",
    "year ends": "Pada 2019 capaian hanya 63,19 persen dari target 2024. ¦ Target itu bergeser.",
    "year then number": "Realisasinya rendah pada 2023. ¦ 2024 menjadi tahun penutup.",
    "time": "Upacara dimulai pukul 10.30 WIB. ¦ Presiden hadir.",
    "date": "Perjanjian diteken tgl. 17 Agustus 2021 di Jakarta.",
    "page": "Kron (2015, hlm. 12) menyebutnya pilihan baru.",
    "page or matter": "Indonesia unggul dalam segala hal. ¦ Pada 2015 keadaannya lain.",
    "page number": "Lihat hal. 14 buku putih itu.",
    "volume": "Jurnal Pertahanan vol. 3 no. 2 memuatnya. ¦ Isinya ringkas.",
    "volumes as a word": "Buku itu terdiri atas tiga jilid. ¦ Pada jilid pertama ada peta.",
    "roman numeral": "Bab II. ¦ Tinjauan pustaka dimulai.",
    "commission": "Rapat dipimpin Ketua Komisi I. ¦ Rapat itu tertutup.",
    "world war": "Wilayah itu diperebutkan pada Perang Dunia I. ¦ Kapal karam masih ada.",
    "distance": "Batas itu sejauh 30 km. ¦ Pada titik itu kapal berhenti.",
    # abbreviations that may close a sentence
    "dll. closes": "Pembeli meliputi Filipina, Senegal, dll. ¦ Indonesia kemudian menambah kapasitas.",
    "dll. goes on": "Produk senjata, amunisi, dll. dibuat di Bandung.",
    "dsb. closes": "Latihan mencakup patroli, navigasi, dsb. ¦ PT PAL mendukungnya.",
    "dst. in brackets": "Kapal patroli (KCR, PC, dst.) dibeli lagi.",
    "dkk. closes": "Kapal itu dirancang PT PAL dkk. ¦ Pada 2015 kapal pertama selesai.",
    "dkk. before year": "Menurut Kron dkk. (2015) konsep itu baru. ¦ Konsep lain lebih tua.",
    "dkk. goes on": "Habibie dkk. membangun pabrik itu.",
    "et al.": "Kron et al. (2015) argue that it differs. ¦ Others disagree.",
    "tbk. goes on": "PT Garuda Indonesia Tbk. Cabang Medan ditutup.",
    "tbk. closes": "Sahamnya dimiliki PT Krakatau Steel Tbk. ¦ Perusahaan itu memasok baja.",
    "limited": "The tank was built with FNSS Ltd. in Turkey.",
    "united states": "The U.S. Navy joined the exercise. ¦ The U.K. Royal Navy did not.",
    "united states closes": "The jets came from the U.S. ¦ However, parts did not.",
    "versus, e.g.": "It compares Army vs. Navy, e.g. budgets, i.e. money.",
    "small abbreviations": "Menteri a.n. Presiden, u.p. Sekjen, s.d. tgl. 5, yg. hadir d.a. Kemhan.",
    "editors": "Dimuat dalam Cottey & Forster (eds.) Reshaping Defence Diplomacy. ¦ Buku itu terbit 2004.",
    "acronym ends": "Alutsista itu milik TNI AL. ¦ KRI Nagapasa termasuk di dalamnya.",
    # other marks
    "question": "Apa itu MEF? ¦ MEF adalah kekuatan pokok minimum.",
    "exclamation": "Bersiaplah! ¦ Kapal datang.",
    "mark inside a name": "Layanan Yahoo! dipakai juga.",
    "quoted question": "“Apa targetnya?” tanya wartawan. ¦ Ia tidak menjawab.",
    "quotation ends": 'Ia berkata, "Kita siap." ¦ Rapat pun selesai.',
    "curly quotation ends": "Prabowo menegaskan, “Kita bersahabat dengan semua.” ¦ Pernyataan itu dikutip.",
    "bracket ends": "(Lihat Tabel 1.) ¦ Angka itu resmi.",
    "sentences in brackets stay": "Kapal itu (dibuat PT PAL. Lihat Tabel 2) dijual.",
    "ellipsis goes on": "Industri itu ... belum mandiri.",
    "ellipsis ends": "Industri itu belum mandiri… ¦ Pemerintah membantu.",
    "small letter after a stop": "Nilainya 3 juta USD. lalu naik.",
    "small brand": "Sistem diperbarui. ¦ e-Katalog dipakai sejak 2021.",
    "address of a page": "Data ada di https://www.kemhan.go.id/ind/a.html?x=1. ¦ Pada laman itu ada tabel.",
    "file name": "Naskah tersimpan sebagai buku.putih.2015.pdf di laman itu.",
    "media name": "Berita itu dimuat Kompas.com dan Alinea.id. ¦ Keduanya sama.",
    "missing space": "Industri itu masih belia.Namun penguasaan teknologinya naik.".replace("belia.", "belia.¦"),
    "no missing space in names": "Ia membaca Pemerintah.Bentuk dan kemhan.Pada/x di laman.",
    # citations behind the full stop
    "citation attached": "Targetnya kemandirian pada 2029. (PT. PINDAD, 2023) ¦ Penguatan perlu dilaksanakan.",
    "citation with page": "Itu pilihan bagi pembuat kebijakan. (Kron, 2015: 7; Ali, 2022, hlm. 3) ¦ Kali ini lain.",
    "citation at the end": "Diplomasi itu melampaui pertahanan. (Kron, 2015)",
    "citation closed by a stop": "Diplomasi itu melampaui pertahanan. (Kron, 2015). ¦ Konsep ini baru.",
    "numbered citation": "Ekspor naik. [3] ¦ Impor turun.[4, 7-9] ¦ Neraca membaik.",
    "undated citation": "Ekspor naik. (Kemhan, t.t.) ¦ Impor turun.",
    "citation before the stop": "Kedua target bisa dicapai (Ali, 2022). ¦ Industri masih belia.",
    "trap": (
        "Indonesia menargetkan tercapainya MEF (Minimum Essential Force) pada tahun 2024 dan kemandirian di tahun"
        " 2029. ¦ Kedua target itu bisa dicapai. (PT. PINDAD, 2023)"
    ),
    # layout
    "blank line": "Industri Pertahanan\n\n¦ Industri itu masih belia",
    "wrapped line": "Industri pertahanan Indonesia masih\nbelia. ¦ Namun ia\ntumbuh.",
    "numbered list": "Berikut daftarnya:\n¦ 1. Dukungan di IDEX. ¦ Pameran itu di Abu Dhabi.\n¦ 2. Kerja sama KFX",
    "lettered list": "Tiga hal:\n¦ a. gelar\n¦ b. kemampuan; dan\n¦ c) kekuatan",
    "bullets": "- rematerialisasi\n¦ - revitalisasi\n  lanjutan\n¦ • relokasi",
    "number in a list item": "1.2 Kerja sama industri tumbuh. ¦ Itu penting.",
    "table": "Capaian per tahun.\n¦ Tahun | Capaian\n¦ 2019 | 63,19 persen\n¦ 2020 | 62,3 persen\n¦ Angka itu resmi.",
}  # fmt: skip


@pytest.mark.parametrize("marked", CASES.values(), ids=CASES.keys())
def test_splits_where_the_table_says(marked: str) -> None:
    wanted = [part.strip() for part in marked.split("¦")]
    text = marked.replace(" ¦ ", " ").replace("\n¦ ", "\n").replace("¦", "")
    assert [text[each.start : each.end] for each in split_sentences(text)] == wanted


def test_the_table_is_large() -> None:
    assert len(CASES) >= 60


# Letters and marks that the rules look at, so that arbitrary text reaches them.
PIECES = st.sampled_from(
    [*"aZ .!?…()[]|\n\t-\"”'1é\u2003", ". ", "\n\n", "\n- ", "\n1. ", "dll.", "PT. ", "(Kron, 2015)", " Pada ", "B. "]
)
TEXTS = st.one_of(st.text(), st.lists(PIECES, max_size=60).map("".join))


@given(TEXTS)
def test_sentences_are_trimmed_ordered_and_cover_everything(text: str) -> None:
    sentences = split_sentences(text)
    behind, kept = 0, ""
    for each in sentences:
        piece = text[each.start : each.end]
        assert behind <= each.start < each.end <= len(text)
        assert piece == piece.strip() != ""
        behind, kept = each.end, kept + piece
    assert "".join(kept.split()) == "".join(text.split())


@given(TEXTS, st.data())
def test_a_range_is_split_as_if_it_stood_alone(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    alone = [(start + each.start, start + each.end) for each in split_sentences(text[start:end])]
    assert [(each.start, each.end) for each in split_sentences(text, start, end)] == alone


@given(TEXTS)
def test_no_sentence_crosses_a_blank_line(text: str) -> None:
    assert all("\n\n" not in text[each.start : each.end] for each in split_sentences(text))


def test_empty_text_has_no_sentences() -> None:
    assert split_sentences("") == split_sentences(" \n\t ") == []


@pytest.mark.parametrize("line", ["- a", "  • a", "1. a", "12) a", "(b) a", "a. b", "iv. a"])
def test_knows_list_items(line: str) -> None:
    assert starts_list_item(line)


@pytest.mark.parametrize("line", ["2024. a", "-a", "1.5 a", "B. Habibie", "PT. PAL", "", "1.", "– a"])
def test_knows_what_is_no_list_item(line: str) -> None:
    assert not starts_list_item(line)


def test_knows_table_rows() -> None:
    assert is_table_row("2019 | 63,19")
    assert is_table_row("| kosong")
    assert not is_table_row("a|b atau c||d")


@pytest.mark.parametrize("piece", ["Kapal itu tiba. ", "( ", ". (", "a", "[1] ", ".", "? ( ) "])
def test_time_grows_with_the_length_and_not_with_its_square(piece: str) -> None:
    text = piece * (200_000 // len(piece))
    began = time.perf_counter()
    split_sentences(text)
    assert time.perf_counter() - began < 5
