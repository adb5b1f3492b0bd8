"""EPUB books: their chapters in reading order, without what only leads through the book."""

import contextlib
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.documents import Document
from knowledge.errors import EmptySource, LockedSource, SourceError, TooLarge, UnreadableSource
from knowledge.loaders import Reading, SourceLimits, load
from tests.same_text import CONTAINER, Part, as_epub, as_html_body, as_markdown, chapter, parts, replaced, zipped

FONT = "http://www.idpf.org/2008/embedding"
ADEPT = "http://ns.adobe.com/adept/xmlenc#aes128-cbc"


def encryption(algorithm: str, target: str) -> str:
    return (
        '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"'
        ' xmlns:enc="http://www.w3.org/2001/04/xmlenc#"><enc:EncryptedData>'
        f'<enc:EncryptionMethod Algorithm="{algorithm}"/><enc:CipherData><enc:CipherReference URI="{target}"/>'
        "</enc:CipherData></enc:EncryptedData></encryption>"
    )


def read(data: bytes, reading: Reading | None = None) -> Document:
    return load(data, "file:/x/buku-saku.epub", suffix=".epub", reading=reading or Reading())


def text(*bodies: str) -> str:
    return read(as_epub(bodies)).text


def package(manifest: str, spine: str, more: str = "") -> str:
    return (
        '<package xmlns="http://www.idpf.org/2007/opf" version="2.0"><metadata/>'
        f"<manifest>{manifest}</manifest><spine>{spine}</spine>{more}</package>"
    )


def item(name: str, href: str, kind: str = "application/xhtml+xml") -> str:
    return f'<item id="{name}" href="{href}" media-type="{kind}"/>'


def headings(document: Document) -> list[tuple[int, str]]:
    return [(each.level, document.text[each.start : each.end]) for each in document.headings]


class TestChapters:
    @settings(max_examples=40, deadline=None)
    @given(parts)
    def test_a_book_and_markdown_give_one_text(self, written: list[Part]) -> None:
        markdown = load(as_markdown(written), "file:/x/buku-saku.md", suffix=".md")
        document = read(as_epub([as_html_body(written)]))
        assert (document.text, document.headings) == (markdown.text, markdown.headings)
        assert document.title == markdown.title

    def test_they_follow_the_spine_and_not_the_manifest(self) -> None:
        files = {
            "OEBPS/buku.opf": package(
                item("a", "a.xhtml") + item("b", "teks/b%20dua.xhtml") + item("css", "a.css", "text/css"),
                '<itemref idref="b"/><itemref idref="a"/><itemref idref="css"/><itemref idref="tidak-ada"/>',
            ),
            "OEBPS/a.xhtml": chapter("<p>Kedua.</p>"),
            "OEBPS/teks/b dua.xhtml": chapter("<p>Pertama.</p>"),
            "OEBPS/a.css": "p {}",
        }
        assert read(as_epub([], files=dict(files))).text == "Pertama.\n\nKedua."

    def test_what_stands_outside_the_reading_order_is_left_out(self) -> None:
        spine = '<itemref idref="a"/><itemref idref="b" linear="no"/>'
        files = {
            "OEBPS/buku.opf": package(item("a", "a.xhtml") + item("b", "b.xhtml"), spine),
            "OEBPS/a.xhtml": chapter("<p>Isi.</p>"),
            "OEBPS/b.xhtml": chapter("<p>Sampingan.</p>"),
        }
        assert read(as_epub([], files=dict(files))).text == "Isi."

    def test_navigation_and_tables_of_contents_are_left_out(self) -> None:
        contents = "<h2>Daftar isi</h2>" + "".join(f'<p><a href="{n}.xhtml">Bab yang ke-{n}</a></p>' for n in range(5))
        inner = '<section epub:type="toc"><p>Bab 1</p></section><p>Isi.</p>'
        assert text(contents, inner) == "Isi."

    def test_a_chapter_with_links_is_no_table_of_contents(self) -> None:
        body = (
            "<p>Lihat "
            + ", ".join(f'<a href="{n}.xhtml">bab {n}</a>' for n in range(5))
            + f".</p><p>{'Isi. ' * 30}</p>"
        )
        assert text(body).startswith("Lihat bab 0, bab 1")

    def test_no_heading_is_made_from_the_table_of_contents(self) -> None:
        document = read(as_epub(["<p>Tanpa judul.</p>"]))  # the navigation calls it "Bab Satu"
        assert (document.text, document.headings) == ("Tanpa judul.", ())

    def test_headers_asides_and_footers_of_a_book_are_text(self) -> None:
        body = "<header><h1>Bab</h1></header><aside><p>Kotak.</p></aside><p>Isi.</p><footer><p>Sumber.</p></footer>"
        assert text(body) == "Bab\n\nKotak.\n\nIsi.\n\nSumber."

    def test_a_note_is_a_paragraph_where_it_stands_and_its_mark_is_not_glued_to_a_word(self) -> None:
        body = (
            '<p>Menurut Kron<a epub:type="noteref" href="#n1">1</a>, begitu.</p>'
            '<aside epub:type="footnote" id="n1"><p><a href="#r1"><sup>1</sup></a> Kron, 2015.</p></aside>'
            "<p>Lanjut.</p>"
        )
        assert text(body) == "Menurut Kron, begitu.\n\n[1] Kron, 2015.\n\nLanjut."

    def test_numbers_of_printed_pages_are_not_in_the_sentence(self) -> None:
        page = '<span epub:type="pagebreak" role="doc-pagebreak" id="p12">12</span>'
        assert text(f"<p>Kalimat ini {page}berlanjut.</p>") == "Kalimat ini berlanjut."

    def test_a_list_does_not_reach_into_the_next_chapter(self) -> None:
        assert text("<ul><li>a</li></ul>", "<ul><li>b</li></ul>") == "- a\n\n- b"

    def test_named_characters_and_faulty_markup(self) -> None:
        assert text("<p>a&nbsp;b&mdash;c &amp; &eacute; &takada;</p>") == "a b—c & é &takada;"
        faulty = {"OEBPS/1.xhtml": "<html><head><title/></head><body><p>Satu<p>Dua<br>tiga</body>"}
        assert read(as_epub(["x"], files=dict(faulty))).text == "Satu\n\nDua tiga"

    def test_elements_that_close_themselves_hide_nothing(self) -> None:
        head = '<html xmlns="http://www.w3.org/1999/xhtml"><head><title/><script src="a.js"/></head>'
        files = {"OEBPS/1.xhtml": f'{head}<body><a id="x"/><p>Isi.</p></body></html>'}
        assert read(as_epub(["x"], files=dict(files))).text == "Isi."

    def test_it_says_how_far_it_is_and_can_be_stopped(self) -> None:
        class Stopped(Exception):
            pass

        heard: list[tuple[int, int]] = []

        def report(done: int, total: int) -> None:
            heard.append((done, total))
            if done == 2:
                raise Stopped

        with pytest.raises(Stopped):
            read(as_epub(["<p>a</p>", "<p>b</p>", "<p>c</p>"]), Reading(report=report))
        assert heard == [(1, 3), (2, 3)]


class TestRecord:
    def record(self, metadata: str) -> Document:
        return read(as_epub(["<h1>Bab Satu</h1><p>Isi.</p>"], metadata=metadata))

    def test_reads_the_package(self) -> None:
        document = self.record(
            "<dc:title>Diplomasi Pertahanan</dc:title><dc:creator>Ana Lestari</dc:creator><dc:creator>Budi</dc:creator>"
            "<dc:publisher>Penerbit X</dc:publisher><dc:date>2015-05-01</dc:date><dc:language>en-US</dc:language>"
            "<dc:subject>ASEAN</dc:subject><dc:subject>TNI</dc:subject>"
        )
        assert (document.title, document.authors) == ("Diplomasi Pertahanan", ("Ana Lestari", "Budi"))
        assert (document.publisher, document.date, document.language) == ("Penerbit X", "2015", "en")
        assert document.keywords == ("ASEAN", "TNI")

    def test_only_authors_are_authors(self) -> None:
        old = '<dc:creator opf:role="aut">Ana</dc:creator><dc:creator opf:role="trl">Budi</dc:creator>'
        assert self.record(old).authors == ("Ana",)
        new = '<dc:creator id="c">Citra</dc:creator><meta refines="#c" property="role">ill</meta>'
        new += "<dc:creator>Dewi</dc:creator>"
        assert self.record(new).authors == ("Dewi",)

    @pytest.mark.parametrize(
        ("dates", "year"),
        [
            ("<dc:date>1998</dc:date>", "1998"),
            ('<dc:date opf:event="modification">2021-01-01</dc:date>', ""),
            ('<dc:date opf:event="creation">2020</dc:date><dc:date opf:event="publication">2012-03</dc:date>', "2012"),
            ("<dc:date>tahun lalu</dc:date>", ""),
            ("", ""),
        ],
    )
    def test_the_year_of_the_work(self, dates: str, year: str) -> None:
        assert self.record(dates).date == year

    def test_without_a_title_the_first_heading_then_the_name(self) -> None:
        assert self.record("<dc:title>Untitled</dc:title>").title == "Bab Satu"
        assert read(as_epub(["<p>Isi.</p>"])).title == "Buku saku"


class TestRefusals:
    def refused(self, data: bytes, reading: Reading | None = None) -> SourceError:
        with pytest.raises(SourceError) as caught:
            read(data, reading)
        assert caught.value.origin == "file:/x/buku-saku.epub"
        return caught.value

    def reason(self, data: bytes) -> str:
        error = self.refused(data)
        assert isinstance(error, UnreadableSource)
        return error.reason

    def test_a_book_with_encrypted_chapters_is_locked(self) -> None:
        locked = {"META-INF/encryption.xml": encryption(ADEPT, "OEBPS/1.xhtml")}
        assert isinstance(self.refused(as_epub(["<p>x</p>"], files=dict(locked))), LockedSource)

    def test_garbled_fonts_lock_nothing(self) -> None:
        fonts = {"META-INF/encryption.xml": encryption(FONT, "OEBPS/a.otf")}
        assert read(as_epub(["<p>Isi.</p>"], files=dict(fonts))).text == "Isi."

    def test_what_is_no_book(self) -> None:
        assert self.reason(b"halo") == "not_epub"
        assert self.reason(zipped({"a.txt": "halo"})) == "not_epub"
        assert self.reason(zipped({"META-INF/container.xml": CONTAINER})) == "not_epub"

    def test_damage(self) -> None:
        book = as_epub(["<p>Isi.</p>"])
        assert self.reason(book[: len(book) // 2]) == "damaged"
        assert self.reason(replaced(book, {"OEBPS/buku.opf": "<package"})) == "damaged"
        nothing_there = package(item("a", "a.xhtml"), '<itemref idref="a"/>')
        assert self.reason(replaced(book, {"OEBPS/buku.opf": nothing_there})) == "damaged"

    def test_an_address_that_leads_out_names_no_chapter(self) -> None:
        outside = package(item("a", "../../../etc/passwd"), '<itemref idref="a"/>')
        assert self.reason(as_epub(["x"], files={"OEBPS/buku.opf": outside, "../etc/passwd": "rahasia"})) == "damaged"

    @pytest.mark.parametrize("name", ["META-INF/container.xml", "OEBPS/buku.opf", "OEBPS/1.xhtml"])
    def test_entities(self, name: str) -> None:
        bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>'
        assert self.reason(as_epub(["<p>x</p>"], files={name: bomb})) == "entities"

    def test_emptiness(self) -> None:
        for data in (b"", as_epub([""]), as_epub(["<p>&#160;</p>", "<img src='a.png'/>"])):
            assert isinstance(self.refused(data), EmptySource)

    def test_more_than_may_be_unpacked(self) -> None:
        book = as_epub(["<p>x</p>"], files={"OEBPS/a.png": bytes(2_000_000)})
        error = self.refused(book, Reading(SourceLimits(most_unpacked_megabytes=1)))
        assert isinstance(error, TooLarge)
        assert error.what == "unpacked"

    def test_deep_nesting_is_read_or_refused(self) -> None:
        with contextlib.suppress(SourceError):
            assert text("<div>" * 1000 + "dalam" + "</div>" * 1000) == "dalam"
        assert self.reason(as_epub(["<div>" * 100_000 + "x" + "</div>" * 100_000])) == "damaged"

    @settings(max_examples=100, deadline=None)
    @given(st.data())
    def test_any_change_gives_a_document_or_a_stated_refusal(self, data: st.DataObject) -> None:
        files = {"META-INF/container.xml": CONTAINER, "OEBPS/1.xhtml": chapter("<h1>Bab</h1><p>Isi.</p>")}
        files["OEBPS/buku.opf"] = package(item("a", "1.xhtml"), '<itemref idref="a"/>')
        name = data.draw(st.sampled_from([*files, ""]))
        content = files[name].encode() if name else zipped(dict(files))
        start = data.draw(st.integers(0, len(content)))
        end = data.draw(st.integers(start, min(len(content), start + 40)))
        changed = content[:start] + data.draw(st.binary(max_size=20)) + content[end:]
        with contextlib.suppress(SourceError):
            document = read(zipped({**files, name: changed}) if name else changed)
            assert document.text.strip()
            for one, two in pairwise(document.headings):
                assert one.end <= two.start
