"""Bytes to documents: Markdown, plain text, and what is refused."""

import contextlib
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.documents import Document, Mention
from knowledge.errors import (
    BadFrontMatter,
    EmptySource,
    SourceError,
    UnreadableSource,
    UnsupportedFormat,
)
from knowledge.loaders import LOADERS, load
from knowledge.loaders.plain_text import title_from_origin
from knowledge.repair import repair

ESSAY = """Indonesia menjadikan 'keamanan negara' faktor terpenting. Setiap negara berupaya menciptakannya.
Menurut Nicholas D. Kron, \u00c2 diplomasi keamanan tidak menggantikan diplomasi pertahanan. (Kron, 2015)
Industri ini terlibat dalam penelitian dan  produksi.\u00c2
Berikut beberapa daftar kerja sama:
1. Dukungan bagi industri pertahanan pada pameran di Abu Dhabi.
2. Pengembangan pesawat tempur."""

ARTICLE = """---
title: "Minimum Essential Force"
slug: mef
group: industri
keywords: [MEF, kekuatan pokok minimum]
facts_as_of: 2026-11-22
authors: [Ana, Budi]
licence: CC-BY-4.0
related: pt-pal, pt-pindad
abstract: >
  Batas terendah
  kekuatan.
unknown: 1
---
# Minimum *Essential* Force

MEF adalah **kekuatan pokok** [minimum](https://x.org) dan `MEF`
ditetapkan 2007 [@antara2018; @downer2006, hlm. 3]. Surel ana@example.org tetap; [ana@example.org] juga. [@kron2015]

## Tahap

Tahapnya [lihat @x_y:z]:

3. satu &amp; dua
4. tiga
   - rinci [-@q]

| Tahun | Capaian |
|---|---|
| 2019 | 63,19 [@g] |

> Kutipan blok.

```
kode  [@bukan]
```

---
<!-- catatan -->
"""


def markdown(text: str, origin: str = "file:/x/sebuah-teks.md") -> Document:
    return load(text.encode(), origin, suffix=".md")


def plain(text: str, origin: str = "file:/x/sebuah-teks.txt") -> Document:
    return load(text.encode(), origin, suffix=".txt")


def headings(document: Document) -> list[tuple[int, str]]:
    return [(each.level, document.text[each.start : each.end]) for each in document.headings]


class TestMarkdown:
    def test_reads_the_front_matter(self) -> None:
        document = markdown(ARTICLE)
        assert (document.title, document.slug, document.group) == ("Minimum Essential Force", "mef", "industri")
        assert (document.date, document.licence, document.abstract) == (
            "2026-11-22",
            "CC-BY-4.0",
            "Batas terendah kekuatan.",
        )
        assert document.keywords == ("MEF", "kekuatan pokok minimum")
        assert document.related == ("pt-pal", "pt-pindad")
        assert document.authors == ("Ana", "Budi")

    def test_writes_reading_text(self) -> None:
        assert markdown(ARTICLE).text.split("\n") == [
            "Minimum Essential Force",
            "",
            "MEF adalah kekuatan pokok minimum dan MEF ditetapkan 2007."
            " Surel ana@example.org tetap; [ana@example.org] juga.",
            "",
            "Tahap",
            "",
            "Tahapnya:",
            "",
            "3. satu & dua",
            "4. tiga",
            "  - rinci",
            "",
            "Tahun | Capaian",
            "2019 | 63,19",
            "",
            "Kutipan blok.",
            "",
            "kode  [@bukan]",
        ]

    def test_records_headings_exactly(self) -> None:
        assert headings(markdown(ARTICLE)) == [(1, "Minimum Essential Force"), (2, "Tahap")]

    def test_records_where_works_are_cited(self) -> None:
        document = markdown(ARTICLE)
        before = [(document.text[: each.position].rsplit(maxsplit=1)[-1], each.keys) for each in document.mentions]
        assert before == [
            ("2007", ("antara2018", "downer2006")),
            ("juga.", ("kron2015",)),
            ("Tahapnya", ("x_y:z",)),
            ("rinci", ("q",)),
            ("63,19", ("g",)),
        ]

    def test_a_citation_stands_before_the_full_stop(self) -> None:
        document = markdown("Terbit pada 2015 [@kron2015].")
        assert (document.text, document.mentions) == ("Terbit pada 2015.", (Mention(16, ("kron2015",)),))

    @pytest.mark.parametrize(
        "text",
        ["Kata @kron2015 begitu.", "`[@kode]`", r"\[@lepas]", "[@a](https://x.org)", "[a@b.id; @c]", "[tanpa kunci]"],
    )
    def test_what_is_no_citation_stays(self, text: str) -> None:
        assert markdown(text).mentions == ()

    def test_a_paragraph_of_citations_leaves_only_its_mentions(self) -> None:
        document = markdown("Isi.\n\n[@a]\n\nLagi.")
        assert (document.text, document.mentions) == ("Isi.\n\nLagi.", (Mention(4, ("a",)),))

    def test_title_falls_back_to_the_first_heading_then_to_the_name(self) -> None:
        assert markdown("## Bagian\n\n# Judul\n\nIsi.").title == "Judul"
        assert markdown("## Bagian\n\nIsi.").title == "Sebuah teks"

    def test_an_item_may_hold_more_than_a_paragraph(self) -> None:
        document = markdown("1) satu\n\n   lanjutan\n\n2) dua\n\n   ```\n   kode\n   ```")
        assert document.text == "1) satu\n\nlanjutan\n2) dua\n\nkode"

    def test_html_leaves_its_text(self) -> None:
        document = markdown(
            "<div class='x'>Halo &lt;b&gt;<br>dunia</div>\n\n<script>\nalert(1)\n</script>\n\na<br>b <b>c</b>&nbsp;d"
        )
        assert document.text == "Halo <b> dunia\n\na b c d"

    def test_the_rows_of_one_column_stand_apart(self) -> None:
        assert markdown("| A |\n|---|\n| b |").text == "A\n\nb"

    def test_two_rulers_are_no_front_matter(self) -> None:
        assert markdown("---\nHalo dunia\n---\n\nIsi.").text == "Halo dunia\n\nIsi."
        assert markdown("---\n\nIsi saja.").text == "Isi saja."

    def test_an_empty_block_is_front_matter(self) -> None:
        assert markdown("---\n---\nIsi.").text == "Isi."

    @pytest.mark.parametrize(
        "block",
        ["title: [a", "title: [a]", "keywords: {a: b}", "language: no", "facts_as_of: 2025-13-45", "a: &x\n b: *y"],
    )
    def test_refuses_bad_front_matter(self, block: str) -> None:
        with pytest.raises(BadFrontMatter):
            markdown(f"---\n{block}\n---\nIsi.")

    def test_bad_front_matter_names_the_line(self) -> None:
        with pytest.raises(BadFrontMatter, match=r"line \d") as caught:
            markdown("---\ntitle: a\nslug: 'b\n---\nIsi.")
        assert caught.value.line in (3, 4)

    @given(st.text())
    def test_headings_and_mentions_fit_the_text(self, text: str) -> None:
        try:
            document = markdown(f"# {text}\n\n{text} [@a].")
        except SourceError:
            return
        assert all(0 <= each.position <= len(document.text) for each in document.mentions)
        for _, heading in headings(document):
            assert heading == heading.strip() != ""
            assert "\n" not in heading


class TestPlainText:
    def test_an_essay_with_a_paragraph_a_line(self) -> None:
        document = plain(ESSAY, "file:/x/esai-diplomasi-keamanan.txt")
        assert document.title == "Esai diplomasi keamanan"
        assert document.headings == ()
        assert "\u00c2" not in document.text
        blocks = document.text.split("\n\n")
        assert len(blocks) == 5
        assert blocks[1].startswith("Menurut Nicholas D. Kron, diplomasi keamanan")
        assert blocks[2] == "Industri ini terlibat dalam penelitian dan produksi."
        assert blocks[4].split("\n")[1] == "2. Pengembangan pesawat tempur."

    def test_joins_wrapped_lines(self) -> None:
        document = plain(
            "Diplomasi Keamanan\n\nDiplomasi keamanan ialah praktik diplomasi yang\nmelampaui pertahanan. Ia"
            "\nmemakai lembaga keamanan:\n- polisi dan\n  penjaga pantai\n- imigrasi\n\nItu saja."
        )
        assert document.title == "Diplomasi Keamanan"
        assert headings(document) == [(1, "Diplomasi Keamanan")]
        assert document.text.split("\n\n")[1:] == [
            "Diplomasi keamanan ialah praktik diplomasi yang melampaui pertahanan. Ia memakai lembaga keamanan:",
            "- polisi dan penjaga pantai\n- imigrasi",
            "Itu saja.",
        ]

    def test_finds_headings_that_stand_alone(self) -> None:
        long = "Industri pertahanan Indonesia tumbuh pesat."
        document = plain(f"{long}\n\nMEF dan OEF\n\n{long}\n\n- butir\n\nPenutup\n\n{long}\n\nJakarta, Mei 2023")
        assert headings(document) == [(2, "MEF dan OEF"), (2, "Penutup")]

    def test_short_lines_are_not_all_headings(self) -> None:
        assert len(plain("Daftar\n\nAna\n\nBudi\n\nCitra").headings) == 1

    def test_one_short_line_is_text_and_not_a_title(self) -> None:
        document = plain("Diplomasi keamanan")
        assert (document.title, document.headings) == ("Sebuah teks", ())

    def test_reads_entities_copied_from_a_page(self) -> None:
        assert plain("R&amp;D&nbsp;pertahanan.").text == "R&D pertahanan."
        assert plain("<b>R&amp;D</b>.").text == "<b>R&amp;D</b>."

    @given(st.text())
    def test_keeps_every_character_that_repair_keeps(self, text: str) -> None:
        source = f"Isi {text.replace('&', '')}."
        try:
            document = plain(source)
        except UnreadableSource:
            return
        assert "".join(document.text.split()) == "".join(repair(source).split())
        assert all(heading == heading.strip() != "" for _, heading in headings(document))


class TestLoad:
    def test_one_suffix_one_loader(self) -> None:
        assert set(LOADERS) >= {".md", ".markdown", ".txt"}
        assert load(b"# A\n\nisi", "x:a.MD", suffix=".MD").title == "A"

    def test_names_what_is_supported(self) -> None:
        with pytest.raises(UnsupportedFormat, match=r"\.txt") as caught:
            load(b"x", "file:/x/a.xyz", suffix=".xyz")
        assert (caught.value.suffix, caught.value.origin) == (".xyz", "file:/x/a.xyz")
        assert ".md" in caught.value.supported

    @pytest.mark.parametrize("suffix", [".md", ".txt"])
    @pytest.mark.parametrize("data", [b"", b" \n\t\r\n", b"\xef\xbb\xbf", "\u200b\u00a0".encode(), b"&nbsp;"])
    def test_refuses_emptiness(self, suffix: str, data: bytes) -> None:
        with pytest.raises(EmptySource):
            load(data, "x:a", suffix=suffix)

    @pytest.mark.parametrize("data", [b"%PDF-1.7 abc", b"PK\x03\x04abc", bytes(range(256)) * 4, b"\x00\x01\x02" * 50])
    def test_refuses_what_is_not_text(self, data: bytes) -> None:
        with pytest.raises(UnreadableSource) as caught:
            load(data, "x:a.txt", suffix=".txt")
        assert caught.value.reason

    @given(st.binary(max_size=300), st.sampled_from(sorted({".md", ".txt"})))
    def test_any_bytes_are_a_document_or_a_stated_refusal(self, data: bytes, suffix: str) -> None:
        with contextlib.suppress(SourceError):
            assert load(data, "x:a", suffix=suffix).text.strip()


def test_a_text_that_is_clearly_english_is_said_to_be() -> None:
    english = b"# Treaty\n\n" + b"The parties to this treaty agree that they will not be a threat to each other. " * 3
    assert load(english, "x:treaty.md", suffix=".md").language == "en"
    assert load(ESSAY.encode(), "x:esai.txt", suffix=".txt").language == "id"


@pytest.mark.parametrize(
    ("origin", "title"),
    [
        ("file:/x/esai-diplomasi-keamanan.txt", "Esai diplomasi keamanan"),
        ("corpus:mef.md", "Mef"),
        ("file:C:\\Ana\\tesis_bab 2.txt", "Tesis bab 2"),
        ("catatan.txt", "Catatan"),
        ("", "Tanpa judul"),
        ("file:/x/---.md", "Tanpa judul"),
    ],
)
def test_titles_come_from_file_names(origin: str, title: str) -> None:
    assert title_from_origin(origin) == title


def test_the_same_bytes_give_the_same_document() -> None:
    for one, two in itertools.pairwise([markdown(ARTICLE) for _ in range(2)]):
        assert one == two
        assert one.id == two.id
