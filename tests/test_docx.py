"""Word files: what a reader sees becomes the text, and what harms becomes a stated refusal."""

import contextlib
import io
import zipfile
from itertools import pairwise

import docx
import pytest
from docx.shared import Pt
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.documents import Document
from knowledge.errors import EmptySource, LockedSource, SourceError, TooLarge, UnreadableSource
from knowledge.loaders import Reading, SourceLimits, load
from knowledge.loaders.archive import OLE_SIGNATURE
from tests.same_text import Part, as_docx, as_markdown, parts, replaced, saved, zipped

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAMES = (
    f'xmlns:w="{W}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    ' xmlns:v="urn:schemas-microsoft-com:vml"'
)
SHOWN, RAISED = '<w:vanish w:val="0"/>', '<w:vertAlign w:val="superscript"/>'
IN_HIDDEN_STYLE = '<w:rStyle w:val="Tersembunyi"/>'


def relations(**targets: str) -> str:
    lines = [f'<Relationship Id="{n}" Type="{OFFICE}/{n}" Target="{target}"/>' for n, target in targets.items()]
    return (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f"{''.join(lines)}</Relationships>"
    )


def word(body: str, **others: str) -> bytes:
    """Return a file with this body; ``others`` are the insides of its styles, numbering, footnotes, endnotes."""
    roots = {"styles": "styles", "numbering": "numbering", "footnotes": "footnotes", "endnotes": "endnotes"}
    files: dict[str, str | bytes] = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": relations(officeDocument="word/document.xml"),
        "word/document.xml": f"<w:document {NAMES}><w:body>{body}</w:body></w:document>",
        "word/_rels/document.xml.rels": relations(**{name: f"{name}.xml" for name in others}),
    }
    for name, inside in others.items():
        files[f"word/{name}.xml"] = f"<w:{roots[name]} {NAMES}>{inside}</w:{roots[name]}>"
    return zipped(files)


def p(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{r(text)}</w:p>"


def r(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def numbered(text: str, level: int = 0, number: int = 1) -> str:
    return p(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')


def level(place: int, style: str, text: str, more: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{place}"><w:start w:val="1"/><w:numFmt w:val="{style}"/>{more}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def style(name: str, inside: str = "", *, parent: str = "", identity: str = "") -> str:
    based = f'<w:basedOn w:val="{parent}"/>' if parent else ""
    identity = identity or name.replace(" ", "")
    return f'<w:style w:type="paragraph" w:styleId="{identity}"><w:name w:val="{name}"/>{based}{inside}</w:style>'


def styled(text: str, name: str) -> str:
    return p(text, f'<w:pStyle w:val="{name}"/>')


def read(data: bytes, origin: str = "file:/x/berkas.docx", limits: SourceLimits | None = None) -> Document:
    return load(data, origin, suffix=".docx", reading=Reading(limits or SourceLimits()))


def text(body: str, **others: str) -> str:
    return read(word(body, **others)).text


def headings(document: Document) -> list[tuple[int, str]]:
    return [(each.level, document.text[each.start : each.end]) for each in document.headings]


THREE_LEVELS = (
    f'<w:abstractNum w:abstractNumId="7">{level(0, "decimal", "%1.")}{level(1, "lowerLetter", "%2)")}'
    f"{level(2, 'lowerRoman', '(%3)')}</w:abstractNum>"
    f'<w:abstractNum w:abstractNumId="8">{level(0, "bullet", "&#xF0B7;")}{level(1, "bullet", "o")}</w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/>'
    "</w:lvlOverride></w:num>"
    '<w:num w:numId="3"><w:abstractNumId w:val="8"/></w:num>'
)


class TestSameText:
    @settings(max_examples=40, deadline=None)
    @given(parts)
    def test_a_word_file_and_markdown_give_one_text(self, written: list[Part]) -> None:
        markdown = load(as_markdown(written), "file:/x/berkas.md", suffix=".md")
        document = read(as_docx(written))
        assert document.text == markdown.text
        assert document.headings == markdown.headings
        assert document.title == markdown.title


class TestRecord:
    def test_reads_the_properties(self) -> None:
        document = docx.Document()
        document.add_paragraph("Isi.")
        properties = document.core_properties
        properties.title, properties.author = "Diplomasi Pertahanan", "Ana Lestari; Budi Santoso"
        properties.keywords, properties.language = "MEF, ASEAN; TNI", "en-GB"
        read_back = read(saved(document))
        assert (read_back.title, read_back.authors) == ("Diplomasi Pertahanan", ("Ana Lestari", "Budi Santoso"))
        assert (read_back.keywords, read_back.language) == (("MEF", "ASEAN", "TNI"), "en")

    def test_the_day_on_which_the_file_was_made_is_no_date_of_the_work(self) -> None:
        assert read(as_docx([Part("paragraph", "Isi.")])).date == ""

    @pytest.mark.parametrize(
        "title", ["Word Document", "Microsoft Word - tesis.doc", "tesis_final.docx", "berkas", "Untitled", "  ", "1"]
    )
    def test_a_title_that_a_program_gave_is_none(self, title: str) -> None:
        document = docx.Document()
        document.add_paragraph("Judul Sebenarnya", "Title")
        document.add_paragraph("Isi.")
        document.core_properties.title = title
        assert read(saved(document)).title == "Judul Sebenarnya"

    @pytest.mark.parametrize("author", ["python-docx", "ASUS", "Windows User", "user", ""])
    def test_an_author_that_a_machine_gave_is_none(self, author: str) -> None:
        document = docx.Document()
        document.add_paragraph("Isi.")
        document.core_properties.author = author
        assert read(saved(document)).authors == ()

    def test_the_title_falls_back_to_the_first_heading_then_to_the_name(self) -> None:
        body = styled("Bagian", "heading2") + styled("Bab", "heading1")
        assert read(word(body, styles=style("heading 1") + style("heading 2"))).title == "Bab"
        assert read(word(p("Isi.")), "file:/x/tesis-bab 2.docx").title == "Tesis bab 2"


class TestHeadings:
    def test_by_the_names_of_styles(self) -> None:
        styles = style("Title") + style("Subtitle", parent="Title") + style("Judul 1") + style("heading 3")
        styles += style("Anak judul", parent="heading3")
        body = "".join(styled(each, each) for each in ("Title", "Subtitle", "Judul1", "heading3", "Anakjudul", "Tidak"))
        assert headings(read(word(body, styles=styles))) == [
            (1, "Title"),
            (1, "Judul1"),
            (3, "heading3"),
            (3, "Anakjudul"),
        ]

    def test_by_outline_level_of_style_or_paragraph(self) -> None:
        styles = style("Subbab", '<w:pPr><w:outlineLvl w:val="1"/></w:pPr>')
        styles += style("heading 1") + style(
            "Seperti teks", '<w:pPr><w:outlineLvl w:val="9"/></w:pPr>', parent="heading1"
        )
        body = styled("Dari gaya", "Subbab") + p("Dari paragraf", '<w:outlineLvl w:val="0"/>')
        body += styled("Teks", "Sepertiteks") + p("Bukan", '<w:pStyle w:val="heading1"/><w:outlineLvl w:val="9"/>')
        assert headings(read(word(body, styles=styles))) == [(2, "Dari gaya"), (1, "Dari paragraf")]

    def test_their_numbers_belong_to_them(self) -> None:
        chapters = level(0, "upperRoman", "BAB %1", '<w:pStyle w:val="heading1"/>')
        sections = level(1, "decimal", "%1.%2", '<w:isLgl/><w:pStyle w:val="heading2"/>')
        numbering = (
            f'<w:abstractNum w:abstractNumId="0">{chapters}{sections}</w:abstractNum>'
            '<w:num w:numId="4"><w:abstractNumId w:val="0"/></w:num>'
        )
        in_list = '<w:pPr><w:numPr><w:numId w:val="4"/></w:numPr></w:pPr>'
        body = "".join(styled(name, f"heading{n}") for name, n in [("A", 1), ("b", 2), ("c", 2), ("D", 1), ("e", 2)])
        found = read(word(body, styles=style("heading 1", in_list) + style("heading 2", in_list), numbering=numbering))
        assert [each for _, each in headings(found)] == ["BAB I A", "1.1 b", "1.2 c", "BAB II D", "2.1 e"]

    def test_the_table_of_contents_is_left_out(self) -> None:
        gallery = '<w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
        body = f"<w:sdt>{gallery}<w:sdtContent>{p('Daftar Isi')}{p('Bab Satu 1')}</w:sdtContent></w:sdt>"
        body += styled("Bab Satu 1", "TOC1") + styled("Bab Satu", "heading1") + p("Isi.")
        assert text(body, styles=style("toc 1", identity="TOC1") + style("heading 1")) == "Bab Satu\n\nIsi."


class TestLists:
    def test_numbers_are_counted_by_level_and_begin_again_under_a_new_item(self) -> None:
        levels = [0, 1, 1, 2, 2, 0, 1]
        body = "".join(numbered(f"butir{i}", each) for i, each in enumerate(levels))
        assert text(body, numbering=THREE_LEVELS).split("\n") == [
            "1. butir0",
            "  a) butir1",
            "  b) butir2",
            "    (i) butir3",
            "    (ii) butir4",
            "2. butir5",
            "  a) butir6",
        ]

    def test_a_list_goes_on_behind_a_paragraph(self) -> None:
        body = numbered("satu") + p("Sela.") + numbered("dua")
        assert text(body, numbering=THREE_LEVELS) == "1. satu\n\nSela.\n\n2. dua"

    def test_a_list_that_starts_elsewhere_is_another(self) -> None:
        body = numbered("satu") + numbered("lima", number=2) + numbered("enam", number=2) + numbered("x", number=3)
        assert text(body, numbering=THREE_LEVELS) == "1. satu\n\n5. lima\n6. enam\n\n- x"

    def test_number_zero_takes_a_paragraph_out_of_the_list_of_its_style(self) -> None:
        styles = style("Butir", '<w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr>')
        out = p("Bukan butir.", '<w:pStyle w:val="Butir"/><w:numPr><w:numId w:val="0"/></w:numPr>')
        assert text(styled("butir", "Butir") + out, styles=styles, numbering=THREE_LEVELS) == "- butir\n\nBukan butir."

    @pytest.mark.parametrize(
        ("style_of_number", "markers"),
        [
            ("decimal", ["1.", "2.", "3."]),
            ("decimalZero", ["01.", "02.", "03."]),
            ("upperLetter", ["A.", "B.", "C."]),
            ("lowerRoman", ["i.", "ii.", "iii."]),
            ("cardinalText", ["1.", "2.", "3."]),
            ("bullet", ["-", "-", "-"]),
        ],
    )
    def test_styles_of_numbers(self, style_of_number: str, markers: list[str]) -> None:
        numbering = f'<w:abstractNum w:abstractNumId="0">{level(0, style_of_number, "%1.")}</w:abstractNum>'
        numbering += '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        found = text("".join(numbered("x") for _ in markers), numbering=numbering)
        assert [line.split()[0] for line in found.split("\n") if line] == markers

    def test_a_list_may_point_to_the_list_of_a_style(self) -> None:
        numbering = (
            '<w:abstractNum w:abstractNumId="1"><w:numStyleLink w:val="Daftar"/></w:abstractNum>'
            f'<w:abstractNum w:abstractNumId="2">{level(0, "lowerLetter", "%1.")}</w:abstractNum>'
            '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
            '<w:num w:numId="9"><w:abstractNumId w:val="2"/></w:num>'
        )
        styles = style("Daftar", '<w:pPr><w:numPr><w:numId w:val="9"/></w:numPr></w:pPr>')
        assert text(numbered("x") + numbered("y"), numbering=numbering, styles=styles) == "a. x\nb. y"

    def test_an_unusual_number_keeps_its_item_a_sentence_of_its_own(self) -> None:
        numbering = f'<w:abstractNum w:abstractNumId="0">{level(0, "decimal", "Pasal %1")}</w:abstractNum>'
        numbering += '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        assert text(numbered("x") + numbered("y"), numbering=numbering) == "Pasal 1 x\n\nPasal 2 y"


class TestTables:
    def test_merged_cells_stand_once(self) -> None:
        document = docx.Document()
        table = document.add_table(3, 3)
        for row in range(3):
            for column in range(3):
                table.cell(row, column).text = f"{row}{column}"
        table.cell(0, 0).merge(table.cell(0, 1)).text = "lebar"
        table.cell(1, 0).merge(table.cell(2, 0)).text = "tinggi"
        assert read(saved(document)).text == "lebar | 02\ntinggi | 11 | 12\n| 21 | 22"

    def test_what_stands_in_a_cell_becomes_one_line(self) -> None:
        document = docx.Document()
        table = document.add_table(2, 2)
        table.cell(0, 0).text = "satu\ndua"
        table.cell(0, 0).add_paragraph("tiga")
        inner = table.cell(1, 1).add_table(2, 2)
        for number, cell in enumerate(each for row in inner.rows for each in row.cells):
            cell.text = str(number)
        table.cell(1, 0).paragraphs[0].style = "List Bullet"
        table.cell(1, 0).paragraphs[0].add_run("butir")
        assert read(saved(document)).text == "satu dua tiga |\n- butir | 0 1 2 3"

    def test_tables_that_touch_stay_two(self) -> None:
        tables = [Part("table", rows=(("a", "b"), ("c", "d")))] * 2
        assert read(as_docx(tables)).text == "a | b\nc | d\n\na | b\nc | d"

    def test_a_frame_of_one_column_holds_paragraphs(self) -> None:
        document = docx.Document()
        cell = document.add_table(1, 1).cell(0, 0)
        cell.text = "Catatan."
        cell.add_paragraph("satu", "List Bullet")
        assert read(saved(document)).text == "Catatan.\n\n- satu"

    def test_a_table_that_places_a_text_on_the_page_holds_paragraphs(self) -> None:
        document = docx.Document()
        table = document.add_table(1, 2)
        for number in range(5):
            table.cell(0, 0).add_paragraph(f"Alinea {number}.")
        table.cell(0, 1).text = "Samping."
        assert read(saved(document)).text.split("\n\n") == [*(f"Alinea {n}." for n in range(5)), "Samping."]

    def test_a_deleted_row_is_gone(self) -> None:
        def row(cells: str, properties: str = "") -> str:
            return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(f'<w:tc>{p(each)}</w:tc>' for each in cells)}</w:tr>"

        assert text(f"<w:tbl>{row('ab')}{row('cd', '<w:del/>')}{row('ef')}</w:tbl>") == "a | b\ne | f"


class TestNotes:
    NOTES = (
        f'<w:footnote w:id="-1" w:type="separator">{p("garis")}</w:footnote>'
        f'<w:footnote w:id="2"><w:p><w:r><w:footnoteRef/></w:r>{r(" Kron, 2015.")}</w:p></w:footnote>'
        f'<w:footnote w:id="5">{p("Downer, 2006.")}{p("Lihat juga Ali.")}</w:footnote>'
    )

    def mark(self, number: int, kind: str = "footnote", more: str = "") -> str:
        return f'<w:r><w:{kind}Reference w:id="{number}"{more}/></w:r>'

    def test_a_note_stands_behind_the_paragraph_that_refers_to_it(self) -> None:
        body = f"<w:p>{r('Menurut Kron')}{self.mark(2)}{r(', begitu')}{self.mark(5)}{r('.')}</w:p>{p('Lanjut.')}"
        assert text(body, footnotes=self.NOTES).split("\n\n") == [
            "Menurut Kron, begitu.",
            "[1] Kron, 2015.",
            "[2] Downer, 2006.",
            "Lihat juga Ali.",
            "Lanjut.",
        ]

    def test_a_note_of_a_table_stands_behind_the_table(self) -> None:
        cells = f"<w:tc><w:p>{r('a')}{self.mark(5)}</w:p></w:tc><w:tc>{p('b')}</w:tc>"
        body = f"<w:tbl><w:tr>{cells}</w:tr><w:tr><w:tc>{p('c')}</w:tc><w:tc>{p('d')}</w:tc></w:tr></w:tbl>{p('Teks.')}"
        assert text(body, footnotes=self.NOTES).startswith("a | b\nc | d\n\n[1] Downer, 2006.")

    def test_a_note_may_have_a_mark_of_its_own(self) -> None:
        own = '<w:r><w:footnoteReference w:id="2" w:customMarkFollows="1"/><w:t>*</w:t></w:r>'
        body = f"<w:p>{r('Ana')}{own}{r(' dan Budi')}{self.mark(5)}</w:p>"
        assert text(body, footnotes=self.NOTES).split("\n\n")[:3] == [
            "Ana dan Budi",
            "[*] Kron, 2015.",
            "[1] Downer, 2006.",
        ]

    def test_endnotes_are_told_from_footnotes(self) -> None:
        ends = f'<w:endnote w:id="2">{p("Akhir.")}</w:endnote>'
        body = f"<w:p>{r('Kata')}{self.mark(2)}{self.mark(2, 'endnote')}</w:p>"
        both = text(body, footnotes=self.NOTES, endnotes=ends)
        assert both.split("\n\n") == ["Kata", "[1] Kron, 2015.", "[i] Akhir."]
        assert text(f"<w:p>{r('Kata')}{self.mark(2, 'endnote')}</w:p>", endnotes=ends) == "Kata\n\n[1] Akhir."

    def test_a_note_without_a_text_leaves_nothing(self) -> None:
        assert text(f"<w:p>{r('Kata')}{self.mark(99)}</w:p>", footnotes=self.NOTES) == "Kata"
        assert text(f"<w:p>{r('Kata')}{self.mark(2)}</w:p>") == "Kata"


class TestWhatAReaderSees:
    @pytest.mark.parametrize(
        ("inside", "seen"),
        [
            (f"{r('tetap ')}<w:del>{r('hapus')}<w:r><w:delText>hapus</w:delText></w:r></w:del>", "tetap"),
            (f"{r('tetap')}<w:ins>{r(' baru')}</w:ins>", "tetap baru"),
            (f"{r('a')}<w:moveFrom>{r('pergi')}</w:moveFrom><w:moveTo>{r('b')}</w:moveTo>", "ab"),
            (f"{r('lihat ')}<w:hyperlink>{r('di sini')}</w:hyperlink>{r('.')}", "lihat di sini."),
            ("<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t><w:cr/><w:t>d</w:t></w:r>", "a b c d"),
            (
                "<w:r><w:t>negara</w:t><w:noBreakHyphen/><w:t>nega</w:t><w:softHyphen/><w:t>ra</w:t></w:r>",
                "negara-negara",
            ),
            (f"{r('a')}{r('rahasia', '<w:vanish/>')}{r('b', SHOWN)}", "ab"),
            (f"{r('10')}{r('6', RAISED)}{r(' H')}{r('2')}{r('O')}", "10⁶ H2O"),
            (f"{r('diplomasi')}<w:smartTag>{r(' Indonesia')}</w:smartTag>", "diplomasi Indonesia"),
            ("<w:r><w:t>a</w:t><w:sym w:font='Wingdings' w:char='F0E0'/><w:sym w:char='2192'/></w:r>", "a→"),
            (f"{r('a')}<w:r><w:commentReference w:id='0'/><w:annotationRef/></w:r>{r('b')}", "ab"),
        ],
    )
    def test_runs(self, inside: str, seen: str) -> None:
        assert text(f"<w:p>{inside}</w:p>") == seen

    def test_the_result_of_a_field_and_not_its_instruction(self) -> None:
        def field(kind: str) -> str:
            return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

        code = f"<w:r><w:instrText>REF x</w:instrText></w:r>{r('kode')}"
        whole = f"{r('lihat ')}{field('begin')}{code}{field('separate')}{r('Bab 2')}{field('end')}{r('.')}"
        assert text(f"<w:p>{whole}</w:p>") == "lihat Bab 2."
        never_ended = f"<w:p>{field('begin')}{code}</w:p>{p('Alinea berikut tetap ada.')}"
        assert text(never_ended) == "Alinea berikut tetap ada."
        assert text(f"<w:p><w:fldSimple>{r('7')}</w:fldSimple></w:p>") == "7"

    def test_text_hidden_by_its_style_is_left_out(self) -> None:
        hidden = style("Tersembunyi", "<w:rPr><w:vanish/></w:rPr>")
        assert text(styled("rahasia", "Tersembunyi") + p("Isi."), styles=hidden) == "Isi."
        assert text(f"<w:p>{r('a')}{r('x', IN_HIDDEN_STYLE)}</w:p>", styles=hidden) == "a"

    def test_a_paragraph_whose_end_was_deleted_goes_on(self) -> None:
        assert text(p("Kalimat ini ", "<w:rPr><w:del/></w:rPr>") + p("berlanjut.")) == "Kalimat ini berlanjut."
        assert text(p("Terakhir.", "<w:rPr><w:del/></w:rPr>")) == "Terakhir."

    def test_a_large_first_letter_belongs_to_its_word(self) -> None:
        assert text(p("D", '<w:framePr w:dropCap="drop"/>') + p("iplomasi.")) == "Diplomasi."

    def test_a_text_box_stands_once(self) -> None:
        box = f"<w:txbxContent>{p('Dalam kotak.')}{p('Dua.')}</w:txbxContent>"
        both = (
            f"<mc:AlternateContent><mc:Choice><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>"
            f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent>"
        )
        assert text(f"<w:p>{r('Teks.')}<w:r>{both}</w:r></w:p>{p('Akhir.')}").split("\n\n") == [
            "Teks.",
            "Dalam kotak.",
            "Dua.",
            "Akhir.",
        ]
        only_old = f"<w:p><w:r><w:pict><v:textbox>{box}</v:textbox></w:pict></w:r></w:p>"
        assert text(only_old) == "Dalam kotak.\n\nDua."

    def test_content_controls_show_what_was_put_in_and_not_what_they_ask_for(self) -> None:
        filled = f"<w:sdt><w:sdtPr/><w:sdtContent>{p('Terisi.')}</w:sdtContent></w:sdt>"
        asks = f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{p('Klik di sini')}</w:sdtContent></w:sdt>"
        assert text(filled + asks + p("Isi.")) == "Terisi.\n\nIsi."

    def test_headers_footers_and_comments_are_left_out(self) -> None:
        document = docx.Document()
        document.sections[0].header.paragraphs[0].text = "Kepala halaman"
        document.sections[0].footer.paragraphs[0].text = "Kaki halaman"
        run = document.add_paragraph("Isi ").add_run("penting")
        run.font.size = Pt(20)
        document.add_comment(run, "Catatan pembimbing")
        assert read(saved(document)).text == "Isi penting"

    def test_damaged_letters_are_mended_before_offsets_are_taken(self) -> None:
        document = read(
            word(styled("Kea\u00admanan ﬁlsafat", "heading1") + p("â€œKataâ€\u009d"), styles=style("heading 1"))
        )
        assert document.text == "Keamanan filsafat\n\n“Kata”"
        assert headings(document) == [(1, "Keamanan filsafat")]

    def test_files_of_the_strict_standard(self) -> None:
        data = word(styled("Bab", "heading1") + p("Isi."), styles=style("heading 1"))
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            strict = {name: archive.read(name).decode().replace(W, STRICT) for name in archive.namelist()}
        strict["_rels/.rels"] = strict["_rels/.rels"].replace(
            OFFICE, "http://purl.oclc.org/ooxml/officeDocument/relationships"
        )
        assert headings(read(zipped(dict(strict)))) == [(1, "Bab")]

    def test_the_text_may_lie_elsewhere_in_the_file(self) -> None:
        files: dict[str, str | bytes] = {
            "_rels/.rels": relations(officeDocument="/teks/utama.xml"),
            "teks/utama.xml": f"<w:document {NAMES}><w:body>{p('Isi.')}</w:body></w:document>",
        }
        assert read(zipped(files)).text == "Isi."

    def test_a_style_that_inherits_from_itself_is_no_trap(self) -> None:
        assert text(styled("Isi.", "A"), styles=style("A", parent="B") + style("B", parent="A")) == "Isi."


PARTS = ["word/document.xml", "word/styles.xml", "word/numbering.xml", "word/footnotes.xml", "_rels/.rels"]
WHOLE = word(numbered("Isi."), styles=style("A"), numbering=THREE_LEVELS, footnotes=TestNotes.NOTES)


class TestRefusals:
    def refused(self, data: bytes, limits: SourceLimits | None = None) -> SourceError:
        with pytest.raises(SourceError) as caught:
            read(data, limits=limits)
        assert caught.value.origin == "file:/x/berkas.docx"
        return caught.value

    def reason(self, data: bytes) -> str:
        error = self.refused(data)
        assert isinstance(error, UnreadableSource)
        return error.reason

    @pytest.mark.parametrize("name", PARTS)
    @pytest.mark.parametrize(
        "declaration", ['<!DOCTYPE x [<!ENTITY a "b">]>', '<!DOCTYPE x SYSTEM "file:///etc/passwd">', "BOM"]
    )
    def test_document_types_and_entities(self, name: str, declaration: str) -> None:
        with zipfile.ZipFile(io.BytesIO(WHOLE)) as archive:
            part = archive.read(name).decode()
        used = part.replace(">", ' q="&b;">', 1)
        bomb = f"<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '{'&a;' * 1000}'>]>{used}"
        changed = bomb.encode("utf-16") if declaration == "BOM" else (declaration + part).encode()
        assert self.reason(replaced(WHOLE, {name: changed})) == "entities"

    @pytest.mark.parametrize("name", PARTS)
    def test_broken_parts(self, name: str) -> None:
        with zipfile.ZipFile(io.BytesIO(WHOLE)) as archive:
            part = archive.read(name)
        assert self.reason(replaced(WHOLE, {name: part[: len(part) * 9 // 10]})) == "damaged"

    def test_what_is_no_word_file(self) -> None:
        assert self.reason(zipped({"a.txt": "halo"})) == "not_docx"
        assert self.reason(b"Teks biasa yang bernama .docx") == "not_docx"
        workbook = zipped(
            {"_rels/.rels": relations(officeDocument="xl/workbook.xml"), "xl/workbook.xml": "<workbook/>"}
        )
        assert self.reason(workbook) == "not_docx"
        assert self.reason(zipped({"_rels/.rels": relations(officeDocument="word/document.xml")})) == "not_docx"

    def test_old_and_locked_office_files(self) -> None:
        assert self.reason(OLE_SIGNATURE + bytes(512)) == "is_old_office"
        locked = OLE_SIGNATURE + bytes(512) + "EncryptedPackage".encode("utf-16-le") + bytes(64)
        assert isinstance(self.refused(locked), LockedSource)

    def test_an_empty_one(self) -> None:
        for data in (b"", word(""), word(p("  \u00ad "))):
            assert isinstance(self.refused(data), EmptySource)

    def test_a_file_that_is_cut_off(self) -> None:
        for share in (0.1, 0.5, 0.99):
            assert self.reason(WHOLE[: int(len(WHOLE) * share)]) == "damaged"

    def test_more_than_may_be_unpacked(self) -> None:
        error = self.refused(
            replaced(WHOLE, {"word/media/a.bin": bytes(2_000_000)}), SourceLimits(most_unpacked_megabytes=1)
        )
        assert isinstance(error, TooLarge)
        assert (error.what, error.limit, error.key) == ("unpacked", 1, "TANYA_SOURCES__MOST_UNPACKED_MEGABYTES")

    @pytest.mark.parametrize(
        "body",
        [
            "<w:sdt><w:sdtContent>" * 120 + "</w:sdtContent></w:sdt>" * 120,
            "<w:tbl><w:tr><w:tc>" * 80 + p("dalam") + "</w:tc></w:tr></w:tbl>" * 80,
            f"<w:p>{'<w:ins>' * 240}{r('dalam')}{'</w:ins>' * 240}</w:p>",
        ],
    )
    def test_deep_nesting_is_read_or_refused(self, body: str) -> None:
        with contextlib.suppress(SourceError):
            assert "dalam" in read(word(body)).text

    def test_nonsense_in_numbers_is_no_trap(self) -> None:
        numbering = THREE_LEVELS.replace('w:val="1"', 'w:val="99999999999999999999"').replace('ilvl="1"', 'ilvl="x"')
        assert "Isi." in text(numbered("Isi.", level=12) + numbered("Isi."), numbering=numbering)

    @settings(max_examples=150, deadline=None)
    @given(st.data())
    def test_any_change_gives_a_document_or_a_stated_refusal(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from([*PARTS, ""]))
        if name:
            with zipfile.ZipFile(io.BytesIO(WHOLE)) as archive:
                changed = replaced(WHOLE, {name: _changed(archive.read(name), data)})
        else:
            changed = _changed(WHOLE, data)
        with contextlib.suppress(SourceError):
            document = read(changed)
            assert document.text.strip()
            for one, two in pairwise(document.headings):
                assert one.end <= two.start


def _changed(content: bytes, data: st.DataObject) -> bytes:
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, min(len(content), start + 40)))
    return content[:start] + data.draw(st.binary(max_size=20)) + content[end:]
