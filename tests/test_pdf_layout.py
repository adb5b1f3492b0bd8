"""How PDF pages are laid out: columns, running lines, page numbers, paragraphs, lists, headings, turned pages."""

from collections.abc import Sequence
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, ListFlowable, PageTemplate, Paragraph, Table

from knowledge.documents import Document
from knowledge.loaders.markdown import load_markdown
from knowledge.loaders.pdf import load_pdf
from knowledge.loaders.pdf.page_numbers import bare_number, labels_of_sheets
from tests.pdf_files import BOLD, COLUMN_LINES, COLUMNS_TITLE, HEIGHT, LEFT, ROMAN, Sheets, two_columns

LINES = [
    "Indonesia dan Filipina bekerja sama menjaga Laut Sulu sejak tahun dua ribu enam belas, dan",
    "kerja sama itu diperluas kepada Malaysia. Patroli bersama dilakukan oleh angkatan laut dari",
    "ketiga negara dengan pembagian wilayah yang jelas serta saluran komunikasi yang terbuka di",
]
LAST = "antara ketiganya."
PARAGRAPH = " ".join([*LINES, LAST])
# One for each page: what stands on many pages is taken for a running line.
_NAMES = "satu dua tiga empat lima enam tujuh delapan".split()
BLOCKS = [[f"Bagian {name}. {LINES[0][:71]}", f"{name} {LINES[1][:79]}", f"{name} {LAST}"] for name in _NAMES]
PARAGRAPHS = [" ".join(block) for block in BLOCKS]


def read(sheets: Sheets) -> Document:
    return load_pdf(sheets.data(), "file:/x/esai.pdf")


def headings(document: Document) -> list[tuple[int, str]]:
    return [(each.level, document.text[each.start : each.end]) for each in document.headings]


class TestColumns:
    @pytest.mark.parametrize("interleaved", [False, True])
    def test_are_read_one_after_the_other_under_a_title_across(self, interleaved: bool) -> None:
        document = load_pdf(two_columns(interleaved=interleaved), "x:a")
        assert document.text == f"{COLUMNS_TITLE}\n\n{' '.join(COLUMN_LINES)}"
        assert headings(document) == [(1, COLUMNS_TITLE)]

    def test_a_line_across_parts_what_is_above_from_below(self) -> None:
        sheets = Sheets()
        for start in (100, 260):
            for row in range(6):
                for x, side in ((85.0, "kiri"), (305.0, "kanan")):
                    sheets.line(f"teks kolom {side} nomor {start + row} yang panjang", x, start + 14 * row, size=10)
        sheets.line(
            "Gambar satu: peta wilayah patroli bersama di Laut Sulu dan Laut Sulawesi oleh tiga negara.", 85, 220
        )
        text = read(sheets).text
        order = [text.index(f"{side} nomor {start + 3}") for start in (100, 260) for side in ("kiri", "kanan")]
        assert order == sorted(order)
        assert order[1] < text.index("Gambar satu") < order[2]

    def test_three_columns(self) -> None:
        sheets = Sheets()
        for column in range(3):
            for row in range(10):
                sheets.line(f"kolom {column} baris {row} begini", 60 + 165 * column, 100 + 14 * row, size=12)
        words = " ".join(f"kolom {column} baris {row} begini" for column in range(3) for row in range(10))
        assert " ".join(read(sheets).text.split()) == words

    def test_a_table_of_short_cells_is_no_pair_of_columns(self) -> None:
        sheets = Sheets()
        for row in range(8):
            sheets.line(f"Negara {row}", 85, 100 + 16 * row)
            sheets.line(f"{row + 2} unit kapal", 320, 100 + 16 * row)
        assert read(sheets).text == "\n".join(f"Negara {row} | {row + 2} unit kapal" for row in range(8))

    def test_cells_of_several_lines_stay_in_their_row(self) -> None:
        sheets = Sheets()
        rows = [(["Patroli", "trilateral"], ["2017"]), (["Latihan"], ["2013", "dan 2016"]), (["Dialog"], ["2020"])]
        y = 100
        for cells in rows:
            for x, cell in zip((85, 300), cells, strict=True):
                for index, text in enumerate(cell):
                    sheets.line(text, x, y + 14 * index)
            y += 40
        assert "Latihan | 2013 dan 2016\nDialog | 2020" in read(sheets).text


class TestRunningLines:
    def test_alternate_left_and_right(self) -> None:
        sheets = Sheets()
        for page, block in enumerate(BLOCKS, 1):
            sheets.line("Ana Putri" if page % 2 else "Jurnal Pertahanan", LEFT if page % 2 else 380, 40, size=9)
            sheets.line(f"{page + 100}", 500 if page % 2 else LEFT, 41, size=9)
            sheets.block(block, 100)
            sheets.next()
        document = read(sheets)
        assert document.text == "\n\n".join(PARAGRAPHS[:8])
        assert [page.label for page in document.pages] == [str(page + 100) for page in range(1, 9)]

    def test_a_header_of_few_pages_stands_where_the_others_do(self) -> None:
        sheets = Sheets()
        for header, block in zip(["Pendahuluan"] * 4 + ["Penutup"] * 2, BLOCKS[:6], strict=True):
            sheets.line(header, LEFT, 40, size=9)
            sheets.block(block, 100)
            sheets.next()
        assert read(sheets).text == "\n\n".join(PARAGRAPHS[:6])

    def test_a_header_of_two_rows(self) -> None:
        sheets = Sheets()
        for block in BLOCKS[:5]:
            sheets.line("Universitas Pertahanan", LEFT, 40, size=9)
            sheets.line("Program Studi Diplomasi", LEFT, 52, size=9)
            sheets.block(block, 100)
            sheets.next()
        assert read(sheets).text == "\n\n".join(PARAGRAPHS[:5])

    def test_a_sentence_that_stands_on_two_pages_is_text(self) -> None:
        sheets = Sheets()
        for page, block in enumerate(BLOCKS[:6]):
            y = sheets.block(
                ["Keamanan adalah hak."] if page < 2 else [f"Halaman ini lain, yakni bagian {_NAMES[page]}."], 80
            )
            sheets.block(block, y + 30)
            sheets.next()
        assert read(sheets).text.count("Keamanan adalah hak.") == 2

    def test_a_document_of_two_pages_keeps_all_but_its_numbers(self) -> None:
        sheets = Sheets()
        for page, block in enumerate(BLOCKS[:2], 1):
            sheets.line("Kementerian Pertahanan", LEFT, 40, size=9)
            sheets.block(block, 100)
            sheets.centred(f"- {page} -", HEIGHT - 40)
            sheets.next()
        document = read(sheets)
        assert document.text.count("Kementerian Pertahanan") == 2
        assert "- 1 -" not in document.text
        assert [page.label for page in document.pages] == ["1", "2"]

    def test_numbers_that_do_not_count_on_are_text(self) -> None:
        sheets = Sheets()
        for year, block in zip((1945, 1998, 2014, 2019), BLOCKS[:4], strict=True):
            sheets.block(block, 100)
            sheets.centred(str(year), 170)
            sheets.next()
        document = read(sheets)
        assert [page.label for page in document.pages] == ["1", "2", "3", "4"]
        assert "1998" in document.text

    def test_text_in_another_direction_is_left_out(self) -> None:
        sheets = Sheets()
        sheets.block([*LINES, LAST], 100)
        sheets.canvas.rotate(90)
        sheets.canvas.drawString(200, -30, "arsip daring 12345")
        assert read(sheets).text == PARAGRAPH


class TestPageNumbers:
    @pytest.mark.parametrize(
        ("line", "value"),
        [
            ("12", 12),
            ("- 12 -", 12),
            ("xiv", 14),
            ("Halaman 3 dari 10", 3),
            ("Page 3 of 10", 3),
            ("12 | Page", 12),
            ("IV", 4),
            ("[7]", 7),
            ("Su-30", None),
            ("civil", None),
            ("12 unit", None),
            ("20195", None),
            ("", None),
        ],
    )
    def test_what_is_one(self, line: str, value: int | None) -> None:
        number = bare_number(line)
        assert (number.value if number else None) == value

    def test_a_page_between_gets_the_number_it_would_have(self) -> None:
        found = {sheet: [number] for sheet in (2, 3, 5, 6) if (number := bare_number(str(sheet + 10)))}
        assert labels_of_sheets(found, 7) == {2: "12", 3: "13", 4: "14", 5: "15", 6: "16"}

    @given(st.integers(0, 30), st.integers(1, 60))
    def test_a_sequence_is_found_wherever_it_begins(self, skipped: int, pages: int) -> None:
        found = {skipped + at: [number] for at in range(1, pages + 1) if (number := bare_number(str(at)))}
        expected = {skipped + at: str(at) for at in range(1, pages + 1)} if pages > 1 else {}
        assert labels_of_sheets(found, skipped + pages) == expected


class TestParagraphs:
    def test_a_gap_begins_one(self) -> None:
        sheets = Sheets()
        y = sheets.block(LINES, 100, ends=False)
        sheets.block([*LINES, LAST], y + 8)
        assert read(sheets).text == f"{' '.join(LINES)}\n\n{PARAGRAPH}"

    def test_an_indentation_begins_one(self) -> None:
        sheets = Sheets()
        y = sheets.block(LINES, 100, ends=False, indent=30)
        sheets.block([*LINES, LAST], y, indent=30)
        assert read(sheets).text == f"{' '.join(LINES)}\n\n{PARAGRAPH}"

    def test_a_hanging_indentation_holds_one_together(self) -> None:
        sheets = Sheets()
        y = 100.0
        for _ in range(3):
            y = sheets.block([LINES[0]], y, ends=False)
            y = sheets.block([*LINES[1:], LAST], y, x=LEFT + 30, width=395)
        assert read(sheets).text == "\n\n".join([PARAGRAPH] * 3)

    def test_a_short_last_line_ends_one(self) -> None:
        sheets = Sheets()
        y = sheets.block([*LINES, LAST], 100)
        sheets.block([*LINES, LAST], y)
        assert read(sheets).text == f"{PARAGRAPH}\n\n{PARAGRAPH}"

    @pytest.mark.parametrize("leading", [12, 14, 24])
    def test_the_distance_of_lines_does_not_matter(self, leading: int) -> None:
        sheets = Sheets()
        for index, line in enumerate([*LINES, LAST]):
            sheets.block([line], 100 + leading * index, ends=line == LAST)
        assert read(sheets).text == PARAGRAPH

    def test_one_that_ends_with_a_short_line_does_not_run_over_the_page(self) -> None:
        sheets = Sheets()
        sheets.block([*LINES, LAST], 700)
        sheets.next()
        sheets.block([*LINES, LAST], 80)
        assert read(sheets).text == f"{PARAGRAPH}\n\n{PARAGRAPH}"

    def test_one_that_ends_the_page_with_a_full_line_runs_on(self) -> None:
        sheets = Sheets()
        sheets.block(LINES, 700, ends=False)
        sheets.next()
        sheets.block(
            [
                LAST,
            ],
            80,
        )
        document = read(sheets)
        assert document.text == PARAGRAPH
        assert [(page.number, document.text[page.start :][:6]) for page in document.pages] == [
            (1, "Indone"),
            (2, "antara"),
        ]

    def test_a_word_broken_over_the_page_is_mended(self) -> None:
        sheets = Sheets()
        sheets.block([*LINES[:2], LINES[2][:-2] + "sepan-"], 700, ends=False)
        sheets.next()
        sheets.block(["jang tahun itu."], 80)
        document = read(sheets)
        assert "yang terbuka sepanjang tahun itu." in document.text
        assert document.text[document.pages[1].start :] == "jang tahun itu."

    def test_raised_figures_that_refer_to_notes_go_and_exponents_stay(self) -> None:
        sheets = Sheets()
        writer = sheets.canvas.beginText(LEFT, HEIGHT - 100)
        for text, raised in (("Laut seluas 90 km", "2"), (" dijaga", "12"), (" sejak lama.", "3"), (" Itu 10", "6")):
            writer.setFont(ROMAN, 12)
            writer.setRise(0)
            writer.textOut(text)
            writer.setFont(ROMAN, 7)
            writer.setRise(5)
            writer.textOut(raised)
        sheets.canvas.drawText(writer)
        assert read(sheets).text == "Laut seluas 90 km² dijaga sejak lama. Itu 10⁶"

    def test_lines_of_a_table_of_contents_stand_apart(self) -> None:
        sheets = Sheets()
        for index, (entry, page) in enumerate((("BAB I PENDAHULUAN", "1"), ("Latar Belakang", "2"), ("Teori", "ix"))):
            sheets.line(f"{entry} {'.' * 60} {page}", LEFT, 100 + 16 * index)
        assert read(sheets).text == "BAB I PENDAHULUAN .... 1\n\nLatar Belakang .... 2\n\nTeori .... ix"

    def test_a_year_at_the_beginning_of_a_line_is_no_item(self) -> None:
        sheets = Sheets()
        sheets.block([f"{LINES[0][:-4]} pada tahun", "19. Hal itu jarang terjadi, kata mereka."], 100, ends=True)
        assert "pada tahun 19. Hal itu" in read(sheets).text


class TestLists:
    @pytest.mark.parametrize("bullet", ["•", "-", "–", "o", "*"])
    def test_every_bullet_is_the_same(self, bullet: str) -> None:
        sheets = Sheets()
        y = sheets.block(["Bentuknya ada tiga:"], 100)
        for item in ("patroli bersama", "latihan bersama", "dialog para menteri"):
            sheets.line(bullet, LEFT + 18, y)
            sheets.line(item, LEFT + 36, y)
            y += 16
        assert read(sheets).text == "Bentuknya ada tiga:\n\n- patroli bersama\n- latihan bersama\n- dialog para menteri"

    def test_numbers_and_letters_are_kept_and_lists_lie_in_lists(self) -> None:
        sheets = Sheets()
        for index, (x, text) in enumerate([(100, "1) satu"), (130, "a. huruf"), (130, "b. lain"), (100, "2) dua")]):
            sheets.line(text, x, 100 + 16 * index)
        assert read(sheets).text == "1) satu\n  a. huruf\n  b. lain\n2) dua"

    def test_an_item_may_have_several_lines(self) -> None:
        sheets = Sheets()
        y = 100.0
        for number in (1, 2):
            sheets.line(f"{number}.", LEFT + 10, y)
            y = sheets.block([*LINES, LAST], y, x=LEFT + 30, width=395)
        sheets.block([*LINES, LAST], y)
        assert read(sheets).text == f"1. {PARAGRAPH}\n2. {PARAGRAPH}\n\n{PARAGRAPH}"


class TestHeadings:
    def test_bold_lines_over_paragraphs(self) -> None:
        sheets = Sheets()
        y = 100.0
        for name in ("Latar Belakang", "Penutup"):
            sheets.line(name, LEFT, y, font=BOLD)
            y = sheets.block([*LINES, LAST], y + 20, indent=30) + 10
        assert headings(read(sheets)) == [(1, "Latar Belakang"), (1, "Penutup")]

    def test_a_law(self) -> None:
        sheets = Sheets()
        y = 100.0
        for text in ("BAB I", "KETENTUAN UMUM", "Pasal 1"):
            sheets.centred(text, y)
            y += 16
        y = sheets.block([*LINES, LAST], y + 6)
        sheets.centred("Pasal 2", y + 10)
        sheets.block([*LINES, LAST], y + 32)
        assert headings(read(sheets)) == [(1, "BAB I KETENTUAN UMUM"), (2, "Pasal 1"), (2, "Pasal 2")]

    def test_when_in_doubt_it_is_text(self) -> None:
        sheets = Sheets()
        sheets.line("Gambar 1. Peta Laut Sulu", LEFT, 100, font=BOLD)
        sheets.line("Ini kalimat tebal yang lengkap.", LEFT, 130, font=BOLD)
        for x, head in ((LEFT, "Tahun"), (LEFT + 100, "Negara"), (LEFT + 200, "Alutsista")):
            sheets.line(head, x, 145, font=BOLD)
        y = sheets.block([*LINES, LAST], 160)
        sheets.line("Ana Putri", LEFT, y + 20, font=BOLD)
        sheets.line("Jakarta", LEFT, y + 50)
        assert headings(read(sheets)) == []

    def test_a_whole_text_in_bold_has_none(self) -> None:
        sheets = Sheets()
        for index in range(12):
            sheets.line(
                "Baris tebal yang pendek sekali" if index % 4 == 0 else LINES[0], LEFT, 100 + 20 * index, font=BOLD
            )
        assert headings(read(sheets)) == []


class TestTurnedAndCropped:
    @pytest.mark.parametrize("turn", [0, 90, 180, 270])
    def test_a_turned_page_reads_the_same(self, turn: int) -> None:
        sheets = Sheets()
        sheets.block([*LINES, LAST], 100)
        writer = PdfWriter(clone_from=PdfReader(BytesIO(sheets.data())))
        writer.pages[0].rotate(turn)
        assert load_pdf(_written(writer), "x:a").text == PARAGRAPH

    @pytest.mark.parametrize("turn", [90, 180, 270])
    def test_text_that_was_written_turned_reads_the_same(self, turn: int) -> None:
        sheets = Sheets(landscape(A4))
        sheets.canvas.translate(420, 300)
        sheets.canvas.rotate(turn)
        sheets.canvas.translate(-220, -sheets.height + 80)
        sheets.block([*LINES, LAST], 50, x=0)
        assert read(sheets).text == PARAGRAPH

    def test_what_is_cut_off_is_not_read(self) -> None:
        sheets = Sheets()
        sheets.block([*LINES, LAST], 300)
        sheets.line("Tanda potong", LEFT, 20)
        writer = PdfWriter(clone_from=PdfReader(BytesIO(sheets.data())))
        writer.pages[0].cropbox.upper_right = (595, 700)
        assert load_pdf(_written(writer), "x:a").text == PARAGRAPH


WORDS = st.lists(
    st.sampled_from("keamanan kerja sama dan patroli laut yang bersama negara".split()), min_size=4, max_size=30
)
SENTENCE = WORDS.map(lambda words: f"{' '.join(words).capitalize()} selesai.")
NAME = st.lists(st.sampled_from("Keamanan Patroli Laut Negara Bersama".split()), min_size=2, max_size=4).map(" ".join)
SECTION = st.tuples(
    NAME,
    st.lists(SENTENCE, min_size=1, max_size=3),
    st.lists(SENTENCE, max_size=3),
    st.booleans(),
    st.lists(st.tuples(*[st.sampled_from(["Rusia", "2019", "Su-35", "Turki"])] * 3), max_size=1),
)
BODY = ParagraphStyle("body", fontName=ROMAN, fontSize=11, leading=14, spaceAfter=7)
NAMES = {
    level: ParagraphStyle(str(level), fontName=BOLD, fontSize=20 - 3 * level, leading=24, spaceBefore=8)
    for level in (1, 2)
}


@given(st.lists(SECTION, min_size=1, max_size=4))
@settings(max_examples=30, deadline=None)
def test_the_same_text_as_markdown_gives_the_same_document(sections: Sequence[tuple]) -> None:
    title = "Diplomasi Keamanan di Kawasan"
    story: list[Flowable] = [Paragraph(title, NAMES[1])]
    markdown = [f"# {title}"]
    for name, paragraphs, items, numbered, rows in sections:
        story.append(Paragraph(name, NAMES[2]))
        markdown.append(f"## {name}")
        for text in paragraphs:
            story.append(Paragraph(text, BODY))
            markdown.append(text)
        if items:
            story.append(
                ListFlowable(
                    [Paragraph(item, BODY) for item in items],
                    bulletType="1" if numbered else "bullet",
                    bulletFormat="%s." if numbered else None,
                    start=None if numbered else "•",
                )
            )
            markdown.append("\n".join(f"{f'{at}.' if numbered else '-'} {item}" for at, item in enumerate(items, 1)))
        if rows:
            story.append(Table([["Negara", "Tahun", "Alutsista"], *[rows[0]] * 3], colWidths=120))
            markdown.append(
                "\n".join(["| Negara | Tahun | Alutsista |", "|---|---|---|", *[f"| {' | '.join(rows[0])} |"] * 3])
            )
        story.append(Paragraph("Begitulah keadaannya menurut laporan yang diterbitkan pada tahun itu.", BODY))
        markdown.append("Begitulah keadaannya menurut laporan yang diterbitkan pada tahun itu.")
    data = BytesIO()
    template = BaseDocTemplate(data, pagesize=A4)
    template.addPageTemplates(PageTemplate("page", Frame(72, 72, 450, 700)))
    template.build(story)
    expected = load_markdown("\n\n".join(markdown).encode(), "x:a")
    found = load_pdf(data.getvalue(), "x:a")
    assert (found.title, found.text) == (expected.title, expected.text)
    assert headings(found) == headings(expected)


def _written(writer: PdfWriter) -> bytes:
    data = BytesIO()
    writer.write(data)
    return data.getvalue()


PIECE = st.lists(
    st.sampled_from("keamanan Negara kerja-sama (2019) patroli, laut. “dan” BAB I ASEAN".split()),
    min_size=2,
    max_size=6,
)


@given(st.lists(st.tuples(PIECE, st.integers(30, 200), st.sampled_from([8, 10, 12])), min_size=1, max_size=30))
@settings(max_examples=60, deadline=None)
def test_no_letter_of_a_page_is_lost_wherever_it_stands(pieces: Sequence[tuple[list[str], int, int]]) -> None:
    sheets = Sheets()
    for index, (words, x, size) in enumerate(pieces):
        sheets.line(" ".join(words), x, 60 + 24 * index, size=size)
    text = read(sheets).text
    written = "".join(word for words, _, _ in pieces for word in words)
    assert sorted(filter(str.isalnum, text)) == sorted(filter(str.isalnum, written))
