"""Saved web pages: the article and all of it, nothing of the page around it, nothing run, nothing fetched."""

import contextlib
import socket
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.documents import Document
from knowledge.errors import EmptySource, SourceError, UnreadableSource
from knowledge.loaders import load
from tests.same_text import Part, as_html, as_html_body, as_markdown, parts

SENTENCE = (
    "Kerja sama pertahanan Indonesia dengan negara sahabat nomor {} dibahas dalam pertemuan tahunan para menteri,"
    " dan hasilnya dicatat dalam pernyataan bersama."
)
SECTIONS = range(12)


def section(number: int) -> str:
    return (
        f"<h2>Bagian {number}</h2><p>{SENTENCE.format(number)}</p><p>Ya.</p><p>Tahapnya:</p>"
        f"<ol><li>Satu tahap {number}</li><li>Dua tahap {number}</li></ol>"
        f"<blockquote><p>Kutipan ke-{number} dari menteri.</p></blockquote>"
        f'<p>{SENTENCE.format(f"{number}b")}<sup><a href="#fn{number}">{number}</a></sup></p>'
    )


ARTICLE = (
    f"<h1>Diplomasi keamanan di kawasan</h1>{''.join(map(section, SECTIONS))}"
    "<table><tr><th>Tahun</th><th>Capaian</th></tr><tr><td>2019</td><td>63,19</td></tr></table>"
    "<p>Penutup singkat.</p><section><ol>"
    + "".join(f'<li id="fn{n}">Lihat Kron, halaman {n}. <a href="#r{n}">↩</a></li>' for n in SECTIONS)
    + "</ol></section>"
)
EXPECTED = "\n\n".join(
    [
        "Diplomasi keamanan di kawasan",
        *(
            f"Bagian {n}\n\n{SENTENCE.format(n)}\n\nYa.\n\nTahapnya:\n\n1. Satu tahap {n}\n2. Dua tahap {n}\n\n"
            f"Kutipan ke-{n} dari menteri.\n\n{SENTENCE.format(f'{n}b')}"
            for n in SECTIONS
        ),
        "Tahun | Capaian\n2019 | 63,19",
        "Penutup singkat.",
        "\n".join(f"{n + 1}. Lihat Kron, halaman {n}." for n in SECTIONS),
    ]
)


def links(name: str, count: int) -> str:
    items = (f'<li><a href="/{name}/{n}">{name} nomor {n} tentang hal lain sama sekali</a></li>' for n in range(count))
    return f"<ul>{''.join(items)}</ul>"


def site(article: str, head: str = "") -> bytes:
    """Return the page of a news site around an article."""
    return f"""<!DOCTYPE html><html lang="id-ID"><head><meta charset="utf-8">
<title>Diplomasi keamanan di kawasan - Situs Berita</title><meta property="og:site_name" content="Situs Berita">{head}
<script src="https://iklan.example/x.js"></script><style>p {{ color: red }}</style></head><body>
<header><a href="/">Situs Berita</a></header><nav>{links("Kanal", 10)}</nav>
<div class="isi"><main><article>{article}</article></main>
<div class="share">Bagikan: <a href="#">Facebook</a> <a href="#">Twitter</a></div></div>
<aside><h3>Terpopuler</h3>{links("Populer", 10)}</aside>
<div class="related"><h3>Baca juga</h3>{links("Terkait", 6)}</div>
<form action="/cari"><input name="q"><button>Cari</button></form>
<footer>Hak cipta 2024 Situs Berita. Semua hak dilindungi undang-undang.</footer></body></html>""".encode()


def read(data: bytes | str, origin: str = "file:/x/berkas.html") -> Document:
    return load(data if isinstance(data, bytes) else data.encode(), origin, suffix=".html")


def body(inside: str) -> str:
    return read(f"<html><body>{inside}</body></html>").text


def headings(document: Document) -> list[tuple[int, str]]:
    return [(each.level, document.text[each.start : each.end]) for each in document.headings]


class TestMainText:
    def test_an_article_on_a_plain_page_is_read_whole_in_order_and_once(self) -> None:
        assert body(ARTICLE) == EXPECTED

    def test_an_article_on_the_page_of_a_site_is_read_whole_and_without_the_page(self) -> None:
        document = read(site(ARTICLE))
        assert document.text == EXPECTED
        assert headings(document)[:2] == [(1, "Diplomasi keamanan di kawasan"), (2, "Bagian 0")]

    def test_the_heading_of_the_page_may_stand_apart_from_its_text(self) -> None:
        page = site("".join(map(section, SECTIONS)), head="")
        apart = page.replace(b'<div class="isi">', b'<div class="isi"><h1>Diplomasi keamanan di kawasan</h1>')
        assert headings(read(apart))[0] == (1, "Diplomasi keamanan di kawasan")

    def test_a_page_where_nothing_is_found_gives_all_that_it_shows(self) -> None:
        page = "<html><body><nav>menu</nav><script>1</script><p>Satu.</p><p>Dua.</p><footer>kaki</footer></body></html>"
        assert read(page).text == "Satu.\n\nDua."

    def test_nothing_is_fetched(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*_: object) -> None:
            pytest.fail("something was asked of the network")

        monkeypatch.setattr(socket.socket, "connect", refuse)
        monkeypatch.setattr(socket, "getaddrinfo", refuse)
        head = '<link rel="canonical" href="https://berita.example/a"><base href="https://berita.example/">'
        pictures = '<img src="https://berita.example/a.png"><iframe src="https://berita.example/b"></iframe>'
        assert read(site(ARTICLE + pictures, head)).text == EXPECTED

    @settings(max_examples=60, deadline=None)
    @given(parts)
    def test_a_page_and_markdown_give_one_text(self, written: list[Part]) -> None:
        markdown = load(as_markdown(written), "file:/x/berkas.md", suffix=".md")
        document = read(as_html(written))
        assert (document.text, document.headings) == (markdown.text, markdown.headings)
        assert document.title == markdown.title


class TestBlocks:
    @pytest.mark.parametrize(
        ("inside", "expected"),
        [
            ("<p>satu<br>dua<br><br>tiga", "satu dua\n\ntiga"),
            ("<p>a <b>b</b><i>c</i>&nbsp;<span>d</span> &amp; e", "a bc d & e"),
            ("lepas<div>dalam</div>lepas lagi", "lepas\n\ndalam\n\nlepas lagi"),
            ("<ul><li>a<ul><li>b<ol type=a><li>c</ol></ul><li>d</ul>", "- a\n  - b\n    a. c\n- d"),
            ("<ol start=4><li>a<li value=9>b<li>c</ol><ol type=I><li>d</ol>", "4. a\n9. b\n10. c\n\nI. d"),
            ("<ol><li><p>a</p><p>b</p></ol>", "1. a\n\nb"),
            ("<dl><dt>MEF</dt><dd>Kekuatan pokok.</dd></dl>", "MEF\n\nKekuatan pokok."),
            ("<blockquote><p>Kutipan.</p><p>Dua.</p></blockquote>", "Kutipan.\n\nDua."),
            ("<pre>\na  b\n  c\n</pre>", "a  b\n  c"),
            ("<figure><img alt=x><figcaption>Gambar 1.</figcaption></figure>", "Gambar 1."),
            ("10<sup>6</sup> m<sup>2</sup> CO<sub>2</sub> ke-1<sup>st</sup>", "10⁶ m² CO2 ke-1st"),
            ("<x-kartu>a</x-kartu><x-kartu>b</x-kartu>", "a\n\nb"),
            ("<p>ke&shy;amanan &#xFB01;lsafat", "keamanan filsafat"),
        ],
    )
    def test_text(self, inside: str, expected: str) -> None:
        assert body(inside) == expected

    @pytest.mark.parametrize(
        ("inside", "expected"),
        [
            ("<tr><th colspan=2>a<th>b<tr><td>1<td>2<td>3", "a | b\n1 | 2 | 3"),
            ("<tr><td rowspan=2>a<td>b<tr><td>c<tr><td>d<td>e", "a | b\n| c\nd | e"),
            ("<caption>Tabel 1</caption><tr><td>a<td>b", "Tabel 1\n\na | b"),
            ("<tr><td><p>a</p><p>b</p><td><ul><li>c<li>d</ul>", "a b | - c - d"),
            ("<thead><tr><td>a<td>b</thead><tbody><tr><td><td>c</tbody>", "a | b\n| c"),
            ("<tr><td>satu<tr><td>kolom", "satu\n\nkolom"),
            ("<tr><td><h2>Menu</h2><td><p>Isi.</p>", "Menu\n\nIsi."),
            ("<tr><td><table><tr><td>a<td>b</table><td>Isi.", "a | b\n\nIsi."),
            ("<tr><td>" + "<p>Alinea.</p>" * 4 + "<td>Samping.", "\n\n".join(["Alinea."] * 4 + ["Samping."])),
        ],
    )
    def test_tables(self, inside: str, expected: str) -> None:
        assert body(f"<table>{inside}</table>") == expected

    @pytest.mark.parametrize(
        "unseen",
        [
            "<div hidden>x</div>",
            '<div style="color: red; DISPLAY : none">x</div>',
            '<span aria-hidden="true">x</span>',
            '<span class="sr-only">x</span>',
            "<script>x</script>",
            "<style>x</style>",
            "<noscript>x</noscript>",
            "<template><p>x</p></template>",
            "<nav>x</nav>",
            "<aside><p>x</p></aside>",
            "<form>x <button>x</button></form>",
            "<header><p>x</p></header>",
            "<footer><p>x</p></footer>",
            "<select><option>x</select>",
            "<textarea>x</textarea>",
            "<!-- x -->",
            '<a class="headerlink" href="#a">x</a>',
        ],
    )
    def test_what_a_reader_does_not_see_is_left_out(self, unseen: str) -> None:
        assert body(f"<p>sebelum {unseen} sesudah</p>").replace("\n\n", " ") == "sebelum sesudah"

    @pytest.mark.parametrize(
        "around",
        [
            "<form>{}</form>",
            '<div aria-hidden="true">{}</div>',
            "<header>{}</header>",
            "<article><header>{}</header></article>",
        ],
    )
    def test_a_form_or_head_that_holds_the_article_is_no_furniture(self, around: str) -> None:
        inside = "<h1>Judul</h1><p>Satu.</p><p>Dua.</p><p>Tiga.</p><p>Empat.</p>"
        assert body(around.format(inside)) == "Judul\n\nSatu.\n\nDua.\n\nTiga.\n\nEmpat."

    @pytest.mark.parametrize(
        "mark",
        [
            '<sup><a href="#n">1</a></sup>',
            '<a href="#n"><sup>1</sup></a>',
            '<a href="#n" role="doc-noteref">1</a>',
            '<a href="#_ftn1" name="_ftnref1"><span class="MsoFootnoteReference">[1]</span></a>',
            '<sup class="reference"><a href="#cite_note-1">[1]</a></sup>',
        ],
    )
    def test_the_mark_of_a_note_is_not_glued_to_the_word(self, mark: str) -> None:
        assert body(f"<p>Menurut Kron{mark}, begitu.</p>") == "Menurut Kron, begitu."

    def test_a_note_keeps_its_own_number(self) -> None:
        note = '<p id="n"><a href="#asal"><sup>1</sup></a> Kron, 2015. <a href="#asal">↩</a></p>'
        assert body(f'<p>Kata<sup><a href="#n">1</a></sup>.</p>{note}') == "Kata.\n\n[1] Kron, 2015."

    def test_a_reference_in_brackets_is_text(self) -> None:
        assert body('<p>Terbukti <a href="#daftar">[3]</a>.</p>') == "Terbukti [3]."


class TestRecord:
    def record(self, head: str, inside: str = "<h1>Judul Artikel</h1><p>Isi.</p>", attributes: str = "") -> Document:
        return read(f"<html {attributes}><head>{head}</head><body>{inside}</body></html>")

    @pytest.mark.parametrize(
        ("head", "title"),
        [
            ("<title>Judul Artikel - Situs Berita</title>", "Judul Artikel"),
            ("<title>Situs | Judul Artikel</title>", "Judul Artikel"),
            ("<title>Judul Artikel</title>", "Judul Artikel"),
            ("<title>Judul lain - Situs</title>", "Judul lain - Situs"),
            ('<title>Judul lain - Situs</title><meta property="og:site_name" content="Situs">', "Judul lain"),
            ('<title>x</title><meta property="og:title" content="Judul OG">', "Judul OG"),
            (
                '<meta property="og:title" content="b"><meta name="citation_title" content="Judul Jurnal">',
                "Judul Jurnal",
            ),
            ("<title>Untitled</title>", "Judul Artikel"),
            ("", "Judul Artikel"),
        ],
    )
    def test_title(self, head: str, title: str) -> None:
        assert self.record(head).title == title

    def test_without_any_title_the_name_of_the_file(self) -> None:
        assert read("<p>Isi.</p>", "file:/x/esai-keamanan.html").title == "Esai keamanan"

    @pytest.mark.parametrize(
        ("head", "authors"),
        [
            (
                '<meta name="citation_author" content="Kron, N."><meta name="citation_author" content="Ali, B.">',
                ("Kron, N.", "Ali, B."),
            ),
            ('<meta name="author" content="Ana Lestari; Budi">', ("Ana Lestari", "Budi")),
            ('<meta property="article:author" content="https://facebook.com/ana">', ()),
            ('<meta property="article:author" content="Ana Lestari">', ("Ana Lestari",)),
            ('<meta name="author" content="admin">', ()),
            ('<meta name="author" content="Situs"><meta property="og:site_name" content="Situs">', ()),
            ("", ()),
        ],
    )
    def test_authors(self, head: str, authors: tuple[str, ...]) -> None:
        assert self.record(head).authors == authors

    @pytest.mark.parametrize(
        ("head", "date"),
        [
            ('<meta name="citation_publication_date" content="2015/05/01">', "2015-05-01"),
            ('<meta name="citation_publication_date" content="2015/5">', "2015-05"),
            ('<meta name="citation_date" content="2015">', "2015"),
            ('<meta property="article:published_time" content="2023-11-09T10:15:00+07:00">', "2023-11-09"),
            ('<meta property="article:modified_time" content="2023-11-09">', ""),
            ('<meta name="date" content="kemarin">', ""),
            ('<meta name="date" content="2023-13-45">', "2023"),
            ("", ""),
        ],
    )
    def test_date(self, head: str, date: str) -> None:
        assert self.record(head).date == date

    def test_no_date_is_guessed_from_text_or_address(self) -> None:
        page = site(f"<p>Jakarta, 17 Agustus 2021</p><time>2021-08-17</time>{ARTICLE}")
        address = b'<link rel="canonical" href="https://berita.example/2021/08/17/a">'
        assert read(page.replace(b"<script", address + b"<script", 1)).date == ""

    def test_publisher_language_and_address(self) -> None:
        head = (
            '<meta property="og:site_name" content="Situs Berita">'
            '<link rel="canonical" href="https://berita.example/a"><meta property="og:url" content="https://lain.example">'
        )
        document = self.record(head, attributes='lang="en-GB"')
        assert (document.publisher, document.language) == ("Situs Berita", "en")
        assert document.url == "https://berita.example/a"
        silent = self.record('<link rel="canonical" href="/a">')
        assert (silent.publisher, silent.language, silent.url) == ("", "id", "")

    def test_linked_data(self) -> None:
        data = (
            '{"@context": "https://schema.org", "@graph": [{"@type": "WebSite", "name": "x"}, {"@type": "NewsArticle",'
            ' "headline": "Judul Artikel", "datePublished": "2024-01-02T03:04:05Z",'
            ' "author": [{"name": "Ana"}, "Budi"], "publisher": {"name": "Situs"}}]}'
        )
        document = self.record(f'<script type="application/ld+json">{data}</script>')
        assert (document.date, document.authors, document.publisher) == ("2024-01-02", ("Ana", "Budi"), "Situs")
        for broken in ("{", "[" * 100_000, '{"@type": "Article", "author": 3, "headline": {"name": []}}', "null"):
            assert self.record(f'<script type="application/ld+json">{broken}</script>').title == "Judul Artikel"


class TestEncodings:
    TEXT = "Kata “kutipan” – café"

    @pytest.mark.parametrize(
        ("declared", "encoding"),
        [
            ('<meta charset="utf-8">', "utf-8"),
            ("", "utf-8"),
            ("", "utf-8-sig"),
            ("", "utf-16"),
            ("", "cp1252"),
            ('<meta charset="windows-1252">', "cp1252"),
            ('<meta charset="iso-8859-1">', "cp1252"),
            ('<meta http-equiv="Content-Type" content="text/html; charset=mac_roman">', "mac_roman"),
            ('<meta charset="iso-8859-1">', "utf-8"),
            ('<meta charset="tidak-ada">', "utf-8"),
            ('<meta charset="tidak-ada">', "cp1252"),
            ('<meta charset="utf-8">', "cp1252"),
        ],
    )
    def test_text_survives(self, declared: str, encoding: str) -> None:
        page = f"<html><head>{declared}</head><body><p>{self.TEXT}</p></body></html>"
        assert read(page.encode(encoding)).text == self.TEXT


class TestRefusals:
    @pytest.mark.parametrize(
        "data", [b"", b" \n ", b"<html></html>", b"<!-- x -->", b"<script>x</script>", b"<p>&nbsp;"]
    )
    def test_emptiness(self, data: bytes) -> None:
        with pytest.raises(EmptySource):
            read(data)

    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            (b"%PDF-1.7 x", "is_pdf"),
            (b"PK\x03\x04x", "is_zip"),
            (bytes(range(256)) * 8, "binary"),
            (b'<!DOCTYPE html [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><p>&c;', "entities"),
            (b"<div>" * 100_000 + b"x", "damaged"),
            (b"<p>x" * 3_000_001, "too_hungry"),
        ],
    )
    def test_what_cannot_be_read(self, data: bytes, reason: str) -> None:
        with pytest.raises(UnreadableSource) as caught:
            read(data)
        assert caught.value.reason == reason

    @pytest.mark.parametrize(
        "data",
        [
            b"<div>" * 1000 + b"dalam sekali" + b"</div>" * 1000,
            b"<p title='" + b"x" * 3_000_000 + b"'>dalam sekali",
            b"<title>" + b"x" * 3_000_000 + b"</title>dalam sekali",
            b"<p>dalam\0 sekali dan lebih jauh lagi di bawah sana" + b" ya" * 100,
            b"<table><tr><td>" * 300 + b"dalam sekali",
            b"<ul><li>" * 300 + b"dalam sekali",
            b"<a href='#x'>" * 500 + b"dalam sekali",
            b"<font>" * 1500 + b"dalam sekali",
            b"<div aria-hidden=true>" * 300 + b"x" + b"</div>" * 300 + b"dalam sekali",
        ],
    )
    def test_odd_pages_are_read(self, data: bytes) -> None:
        assert "dalam sekali" in read(data).text

    def test_tables_and_lists_do_not_outgrow_their_text(self) -> None:
        tables = b"<table>" + b"<tr><td rowspan=9999>a<td>b" * 2000
        lists = b"<ul><li>a" * 600
        assert len(read(tables).text) < 20 * len(tables)
        assert len(read(lists).text) < 20 * len(lists)

    @settings(max_examples=150, deadline=None)
    @given(st.data())
    def test_any_change_gives_a_document_or_a_stated_refusal(self, data: st.DataObject) -> None:
        page = site(section(1) + as_html_body([Part("table", rows=(("a", "b"), ("c", "d")))]))
        start = data.draw(st.integers(0, len(page)))
        end = data.draw(st.integers(start, min(len(page), start + 60)))
        noise = data.draw(
            st.one_of(st.binary(max_size=20), st.sampled_from([b"<p>", b"</table>", b"<!--", b"<a href=#x>"]))
        )
        with contextlib.suppress(SourceError):
            document = read(page[:start] + noise + page[end:])
            assert document.text.strip()
            for one, two in pairwise(document.headings):
                assert one.end <= two.start

    @given(st.text(max_size=200))
    def test_any_text_is_a_page_or_a_stated_refusal(self, text: str) -> None:
        with contextlib.suppress(SourceError):
            assert read(text.encode(errors="surrogatepass")).text.strip()
