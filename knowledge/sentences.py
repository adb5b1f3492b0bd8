"""Sentence boundaries of Indonesian and English text, by rule, with exact offsets.

A blank line ends a sentence; so do the start of a list item and both ends of a table row ("a | b"). Any other
single line break is a space. Inside such a unit every full stop, question or exclamation mark in front
of white space is a candidate, and the word before it and the word after it decide.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator

from knowledge.documents import Sentence


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Always followed by what they belong to. The first list counts only with a capital: "Gen. Milley" against "satu gen."
_TITLES = _words("""
    prof drs dra ir h hj kh k.h tn ny sdr sdri bpk mr mrs ms st sta gd jl jln gg kav pt cv ud fa al-h jend letjen
    mayjen brigjen letkol kol kapt lettu letda serma serka sertu serda kopda praka pratu purn pur laksda laksma
    laksdya marsda marsma marsdya irjen komjen kombes kompol gen col lt capt cmdr adm sen rep gov
""")
_NEVER_LAST = _words("""
    dr no nos rp usd yth yg tgl a.n u.p d.a s.d c.q q.q cf e.g i.e viz vs lih mis dgn utk eds ed penerj peny kab kec
    prov
""")
# Real words, or ends, unless a number follows: "hal. 12" against "dalam segala hal. Pada".
_BEFORE_NUMBER = _words("""
    nomor hlm hal halm pp p art ps psl ay vol jilid jil ch chap fig gbr tab lamp bab bag sec sect par edisi ca km jo hrf
    thn th
""")
# Capitals without full stops are acronyms and end sentences ("TNI AL."), but for these.
_CAPITAL_ABBREVIATIONS = _words("PT CV UD KH DR DRS IR HJ PROF LTD TBK NO RP LT GEN COL")
# They close an enumeration, so whatever begins large behind them begins a sentence.
_CLOSES_LIST = _words("dll dsb dst dsbnya dlsb etc")
# They may close a sentence: only a word that opens sentences, and is no name, tells.
_MAYBE_LAST = _words("dkk tbk ltd inc corp co bros al jr sr dept univ kg cm mm tsb sda a.m p.m ybs alm almh ttd dep")
_OPENERS = _words("""
    Ada Adapun Adalah Agar Akan Akibat Akibatnya Anggota Antara Apa Apabila Atas Bagi Bagian Bahkan Bahwa Banyak
    Beberapa Begitu Berbagai Berdasarkan Bersama Berikut Biaya Bila Bukan Dalam Dan Dari Demi Demikian Dengan Di Dia
    Diplomasi Empat Hal Hanya Hasil Hasilnya Hingga Ia Indonesia Ini Isu Itu Itulah Jadi Jika Juga Jumlah Kami Kapal
    Karena Kasus Ke Kedua Keduanya Kegiatan Kemampuan Kementerian Kemudian Kendati Kepada Kerja Kerjasama Ketika
    Ketiga Khusus Kini Kita Kondisi Kontrak Lalu Langkah Latihan Lebih Maka Masing-masing Masa Melalui Memang Menurut
    Mereka Meski Meskipun Namun Negara Nilai Nilainya Oleh Pada Padahal Para Pasal Pembangunan Pemerintah Pendekatan
    Pengadaan Perjanjian Pertemuan Perusahaan Pertama Proses Produksi Program Rencana Saat Salah Sampai Satu Sayangnya
    Sebab Sebagai Sebagian Sebaliknya Sebelum Sebelumnya Sebuah Secara Sedangkan Sehingga Sejak Sejumlah Selain Selama
    Selanjutnya Seluruh Semenjak Sementara Semua Sering Seperti Serta Sesudah Sesuai Setelah Setiap Sistem Strategi
    Target Tahun Tanpa Tentu Terdapat Terhadap Tetapi KRI Kemhan Menhan Menteri PT Presiden TNI Tiap Tidak Tiga Tujuan
    Tujuannya Untuk Upaya Walau Walaupun Yaitu Yakni Yang A About According Across After All Also Although An And
    Another Any As At Because Before Besides Both But By Despite Each Even Finally First For From Furthermore Given He
    Hence Her His How However If In Instead Into It Its Later Many Meanwhile More Moreover Most Nevertheless On One
    Only Other Our Over Second She Since So Some Such That The Their Then There Therefore These They This Those Though
    Through Thus To Today Two Under Unlike Until Was We What When Where Whereas While Who With Within Without Yet You
""")
# After these a single capital letter is a number or a name of its own ("Komisi I.", "vitamin C."), not an initial.
_BEFORE_LETTER = _words("""
    komisi tahap bab bagian kelas fase golongan tipe type batch blok block tranche seri kodam koarmada grup group
    kelompok vitamin huruf dunia jilid poin butir pelita repelita skenario opsi zona plan kategori category phase
    class pasal titik
""")

_MARKER = r"(?:\(?(?:\d{1,3}|[a-z]|[ivx]{2,4})[.)]|[A-Z]\)|[-*+•·▪◦●■])"
_LIST_ITEM = re.compile(rf"[ \t]*{_MARKER}[ \t]+(?=\S)")
_OWN_MARKER = re.compile(r"\(?(?:\d{1,3}(?:\.\d{1,2})*|[A-Za-z]|[IVXivx]{1,4})")
_TABLE_ROW = re.compile(r"(?:^|[ \t])\|(?:[ \t]|$)")
_CLOSERS = "\"'”’»)]"
_CANDIDATE = re.compile(rf"(?<![.!?…])[.!?…]++[{re.escape(_CLOSERS)}]*+(?=\s|\[\d)")
_GLUED = re.compile(r"(?<=[a-z]{3})\.(?=[A-Z][a-z]+\s)")  # "selesai.Namun", a slip of many typed essays
_NEXT_WORD = re.compile(r"[\s\"'“‘«(\[|*–—-]*([^\s\"'“‘«(\[|*–—-]\S*)")
_YEAR = r"(?:(?:1[6-9]|20)\d\d[a-z]?|t\.\s?t\.|n\.\s?d\.|t\.\s?th\.)"
# A citation behind the full stop: "(Kron, 2015)", "(PT. PINDAD, 2023; Ali, 2022: 7)", "[3]", "[4, 7-9]".
_IN_PAGES = r"(?:\s*[:,]\s*(?:(?:hlm|hal|pp?)\.\s*)?\d[\d\s,–-]*)?"
_CITATION = re.compile(rf"(?:\s+\([^()]{{0,160}}?\b{_YEAR}{_IN_PAGES}\)| ?\[\d[\d ,–-]*\])\.?(?=\s|\Z)")
_DOTTED = re.compile(r"(?:[A-Za-z]{1,3}\.)+[A-Za-z]{1,4}")  # "S.I.P", "M.Si", "U.S", "Ph.D", "B.J"
_NUMBER = re.compile(r"\(?(?:\d|[IVXLC]+\b)")
_SMALL_BRAND = re.compile(r"[a-z]{1,2}-?[A-Z]")  # "e-KTP", "iPhone" begin a sentence although small
_SPACE = re.compile(r"\s*")
_MAX_BRACKET = 300  # a bracket longer than this was never closed
_LOOK_BACK = 100  # no word that decides anything is longer


def split_sentences(text: str, start: int = 0, end: int | None = None) -> list[Sentence]:
    """Return the sentences of ``text[start:end]`` in order, as offsets into ``text``.

    They do not overlap, are trimmed of white space and never empty, and hold every other character. Closing quotes
    and brackets and a citation in brackets behind the full stop belong to the sentence before them.
    """
    stop = len(text) if end is None else end
    return [sentence for unit in _units(text, start, stop) for sentence in _split_unit(text, *unit)]


def starts_list_item(line: str) -> bool:
    """Return whether a line begins with the marker of a list item: "- ", "1. ", "2) ", "a. ", "(b) "."""
    return _LIST_ITEM.match(line) is not None


def is_table_row(line: str) -> bool:
    """Return whether a line is a row of a table as the loaders write it, "cell | cell"."""
    return _TABLE_ROW.search(line) is not None


def _units(text: str, start: int, stop: int) -> Iterator[tuple[int, int]]:
    """Yield the ranges that no sentence crosses."""
    begin, line_start, in_table = start, start, False
    while line_start < stop:
        newline = text.find("\n", line_start, stop)
        line_end = stop if newline < 0 else newline
        line = text[line_start:line_end]
        row = is_table_row(line)
        if line_start > begin and (row or in_table or not line.strip() or starts_list_item(line)):
            yield begin, line_start
            begin = line_start
        in_table, line_start = row, line_end + 1
    if begin < stop:
        yield begin, stop


def _split_unit(text: str, start: int, stop: int) -> Iterator[Sentence]:
    unit = text[start:stop].rstrip()
    first = begin = len(unit) - len(unit.lstrip())
    for cut in _cuts(unit, first):
        if cut > begin:
            yield Sentence(start + begin, start + cut)
            begin = _skip_space(unit, cut)
    if begin < len(unit):
        yield Sentence(start + begin, start + len(unit))


def _skip_space(unit: str, position: int) -> int:
    match = _SPACE.match(unit, position)
    return match.end() if match else position


def _cuts(unit: str, first: int) -> Iterator[int]:
    """Yield where sentences end inside the unit; the end of the unit itself may be left out."""
    brackets = _brackets(unit)
    opened = [opening for opening, _ in brackets]
    for mark, after in sorted(match.span() for rule in (_CANDIDATE, _GLUED) for match in rule.finditer(unit)):
        inside = bisect_right(opened, mark) - 1
        if inside >= 0 and after <= brackets[inside][1]:
            continue
        end = after
        while citation := _CITATION.match(unit, end):
            end = citation.end()
        following = _NEXT_WORD.match(unit, end)
        if following and _ends_sentence(unit, (first, mark, after), following.group(1)):
            yield end


def _brackets(unit: str) -> list[tuple[int, int]]:
    """Return the outermost closed round brackets, in order, disjoint."""
    stack: list[int] = []
    found: list[tuple[int, int]] = []
    for match in re.finditer(r"[()]", unit):
        if match.group() == "(":
            stack.append(match.start())
        elif stack and match.start() - (opening := stack.pop()) <= _MAX_BRACKET:
            while found and found[-1][0] > opening:
                found.pop()
            found.append((opening, match.start()))
    return found


def _ends_sentence(unit: str, place: tuple[int, int, int], next_word: str) -> bool:
    """Decide for the mark at ``place``: (start of the unit's text, the mark, behind the mark and its closers)."""
    first, mark, after = place
    before = unit[max(first, mark - _LOOK_BACK) : mark].split()
    raw = before.pop() if before and not unit[mark - 1].isspace() else ""
    word = raw.lstrip("\"'“‘«([")
    if _GLUED.match(unit, mark):  # only a sure opener tells it from a name or an address
        return next_word in _OPENERS and not re.search(r"[/@]|www|\.", word)
    if mark - len(raw) == first and _OWN_MARKER.fullmatch(raw):
        return False
    if next_word[0].islower() and not _SMALL_BRAND.match(next_word):
        return False
    if unit[mark] != "." or unit.startswith("..", mark):
        return True
    abbreviated = _abbreviates(word, next_word, before[-1].lower() if before else "")
    return not abbreviated if ")" in unit[mark:after] else not abbreviated or _opens(word, next_word)


def _abbreviates(word: str, next_word: str, before: str) -> bool:
    """Return whether the full stop behind ``word`` belongs to it; ``before`` is the word in front of it, small."""
    small = word.lower()
    if len(word) == 1 and word.isupper():
        return before not in _BEFORE_LETTER
    if small in _BEFORE_NUMBER:
        return _NUMBER.match(next_word) is not None
    if word.isupper() and "." not in word:
        return word in _CAPITAL_ABBREVIATIONS
    if small in _NEVER_LAST or small in _CLOSES_LIST or small in _MAYBE_LAST:
        return True
    return (small in _TITLES and word[0].isupper()) or _DOTTED.fullmatch(word) is not None


def _opens(word: str, next_word: str) -> bool:
    """Return whether a sentence opens with ``next_word`` although the abbreviation ``word`` stands in front."""
    small = word.lower()
    if small in _CLOSES_LIST:
        return True
    if small in _NEVER_LAST or small in _BEFORE_NUMBER or small in _TITLES:
        return False
    return next_word.rstrip(".,:;!?\"'”’)]") in _OPENERS and not next_word.endswith(".")
