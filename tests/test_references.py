"""Bibliographic records: BibTeX in, one Indonesian line out."""

import pytest

from knowledge.documents import Reference
from knowledge.errors import BadReferences, DuplicateReference, UnknownReference
from knowledge.references import format_reference, read_references, resolve

BIBTEX = r"""
@comment{anything}
@string{dp = "Defence Publishing"}
@article{kron2015,
  author = {Kron, Nicholas D. and M{\"u}ller, Fran{\c{c}}ois},
  title = {Security {Diplomacy}: Beyond Defence \& More},
  journaltitle = {Journal of R&D 100%},
  year = 2015, month = may,
  publisher = dp,
  url = {https://example.org/a_b?c=1&d=%20e~f},
}
@online{kemhan2023,
  author = {{Kementerian Pertahanan} and {Komisi I, DPR RI} and others},
  title = {Apa itu {MEF}?},
  date = {2023-01-04},
  urldate = {2026-11-22},
  langid = {indonesian},
  note = {Dibaca daring},
}
@misc{gov, author = {{PT PAL Indonesia}}, title = {Profil}, howpublished = {\url{https://pal.example/x_y}}}
"""


def test_reads_every_field() -> None:
    assert read_references(BIBTEX)["kron2015"] == Reference(
        key="kron2015",
        title="Security Diplomacy: Beyond Defence & More",
        entry_type="article",
        authors=("Kron, Nicholas D.", "Müller, François"),
        date="2015-05",
        container="Journal of R&D 100%",
        publisher="Defence Publishing",
        url="https://example.org/a_b?c=1&d=%20e~f",
    )


def test_keeps_institutions_whole() -> None:
    found = read_references(BIBTEX)
    assert found["kemhan2023"].authors == ("Kementerian Pertahanan", "{Komisi I, DPR RI}", "others")
    assert found["gov"].authors == ("PT PAL Indonesia",)


def test_reads_dates_language_note_and_access() -> None:
    record = read_references(BIBTEX)["kemhan2023"]
    assert (record.date, record.accessed, record.language, record.note) == (
        "2023-01-04",
        "2026-11-22",
        "indonesian",
        "Dibaca daring",
    )


def test_finds_an_address_in_howpublished_and_does_not_repeat_it() -> None:
    record = read_references(BIBTEX)["gov"]
    assert (record.url, record.container, record.date) == ("https://pal.example/x_y", "", "")


@pytest.mark.parametrize(
    ("fields", "date"),
    [
        ("year = {2015}", "2015"),
        ("year = {2015}, month = {Mei}", "2015-05"),
        ("year = {2015}, month = 12, day = 3", "2015-12-03"),
        ("year = {2015}, month = {Agustus}", "2015-08"),
        ("year = {2015}, month = {entah}", "2015"),
        ("date = {2015-05/2015-06}", "2015-05"),
        ("year = {tanpa tahun}", ""),
        ("note = {x}", ""),
    ],
)
def test_reads_dates(fields: str, date: str) -> None:
    assert read_references(f"@misc{{k, title = {{T}}, {fields}}}")["k"].date == date


def test_no_text_gives_no_records() -> None:
    assert read_references("") == {}


def test_refuses_a_key_used_twice() -> None:
    with pytest.raises(DuplicateReference) as caught:
        read_references("@misc{a, title={X}}\n@misc{a, title={Y}}", origin="r.bib")
    assert (caught.value.key, caught.value.origin) == ("a", "r.bib")


def test_refuses_a_record_that_is_not_closed() -> None:
    with pytest.raises(BadReferences, match="line 2"):
        read_references("@misc{a, title={X}}\n@misc{b, title={Y\n")


def test_resolves_keys_in_order_and_once() -> None:
    records = read_references(BIBTEX)
    assert resolve(["gov", "kron2015", "gov"], records) == (records["gov"], records["kron2015"])


def test_an_unknown_key_names_its_likeness() -> None:
    with pytest.raises(UnknownReference, match="kron2015") as caught:
        resolve(["kron2016"], read_references(BIBTEX))
    assert (caught.value.key, caught.value.known[0]) == ("kron2016", "kron2015")


def record(title: str = "Judul", **fields: object) -> Reference:
    return Reference(key="k", title=title, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("reference", "line"),
    [
        (
            record("Security Diplomacy", authors=("Kron, Nicholas D.",), date="2015-05", url="https://x.org/a"),
            "Kron, N. D. (2015, Mei). Security Diplomacy. https://x.org/a",
        ),
        (
            record(authors=("Ali, Yusuf", "Sianturi, Dohar"), date="2022", container="Jurnal X", publisher="Unhan"),
            "Ali, Y., & Sianturi, D. (2022). Judul. Jurnal X. Unhan.",
        ),
        (
            record("Apa itu MEF?", authors=("Kemhan",), date="2023-01-04", container="Kemhan", publisher="Kemhan"),
            "Kemhan. (2023, 4 Januari). Apa itu MEF?",
        ),
        (record(authors=("{Komisi I, DPR RI}", "others")), "Komisi I, DPR RI, dkk. (t.t.). Judul."),
        (record(authors=("Cottey, A.", "Forster, Jean-Luc")), "Cottey, A., & Forster, J.-L. (t.t.). Judul."),
        (record(authors=("Prabowo Subianto",), date="2024"), "Prabowo Subianto. (2024). Judul."),
        (
            record(url="https://x.org", accessed="2026-11-22"),
            "Judul. (t.t.). Diakses 22 November 2026, dari https://x.org",
        ),
        (
            record(date="2020", url="https://x.org", accessed="2026-11-22", container="Antara"),
            "Judul. (2020). Antara. https://x.org",
        ),
        (record(date="sekitar 2020"), "Judul. (sekitar 2020)."),
        (record(date="2020-13-40"), "Judul. (2020)."),
    ],
)
def test_formats_one_line(reference: Reference, line: str) -> None:
    assert format_reference(reference) == line


def test_shortens_a_very_long_list_of_authors() -> None:
    line = format_reference(record(authors=tuple(f"Nama{n}, Ali" for n in range(1, 26)), date="2020"))
    assert line.startswith("Nama1, A., Nama2, A., ")
    assert "Nama19, A., … Nama25, A. (2020)." in line
