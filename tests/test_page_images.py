"""The picture of a page, and the boxes around a quoted sentence."""

from bisect import bisect_right
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter

from knowledge.errors import LockedSource, UnreadableSource
from knowledge.loaders.pdf import load_pdf
from knowledge.page_images import Box, find_boxes, render_page
from knowledge.sentences import split_sentences
from tests import pdf_files
from tests.pdf_files import COLUMN_LINES, HEIGHT, LEFT, TEXT_WIDTH, WIDTH, Sheets, plain_pages, thesis, two_columns

SENTENCE = "Keamanan negara dijaga bersama."
COLUMNS = two_columns(interleaved=True)


def picture(png: bytes) -> Image.Image:
    with Image.open(BytesIO(png)) as image:
        return image.convert("L")


def ink(png: bytes, box: Box) -> float:
    """Return the share of dark pixels in a box of a picture."""
    image = picture(png)
    width, height = image.size
    part = image.crop((
        round(box.left * width), round(box.top * height),
        round((box.left + box.width) * width), round((box.top + box.height) * height),
    ))  # fmt: skip
    return sum(part.histogram()[:128]) / (part.width * part.height)


class TestBoxes:
    def test_a_line_is_where_it_was_written(self) -> None:
        (box,) = find_boxes(plain_pages(SENTENCE), 1, SENTENCE)
        assert box.left == pytest.approx(LEFT / WIDTH, abs=0.002)
        assert box.top < 100 / HEIGHT < box.top + box.height
        assert box.height == pytest.approx(1.1 * 12 / HEIGHT, abs=0.003)

    def test_one_box_for_each_line(self) -> None:
        boxes = find_boxes(thesis(), 4, pdf_files.FIRST_TEXT)
        assert len(boxes) == len(pdf_files.FIRST)
        assert [box.top for box in boxes] == sorted(box.top for box in boxes)
        assert boxes[1].left == pytest.approx(LEFT / WIDTH, abs=0.002)
        assert boxes[1].width == pytest.approx(TEXT_WIDTH / WIDTH, abs=0.01)

    def test_a_part_of_a_line_gets_a_part_of_it(self) -> None:
        boxes = find_boxes(thesis(), 4, "Setiap negara berupaya")
        assert len(boxes) == 2
        assert boxes[0].left > 0.5
        assert boxes[1].width < 0.3

    def test_a_sentence_over_two_columns(self) -> None:
        boxes = find_boxes(COLUMNS, 1, " ".join(COLUMN_LINES[9:11]))
        assert len(boxes) == 2
        assert boxes[0].top > boxes[1].top
        assert boxes[0].left < boxes[1].left

    def test_of_a_sentence_over_two_pages_each_has_its_part(self) -> None:
        before, after = (find_boxes(thesis(), number, pdf_files.RUNNING_TEXT) for number in (4, 5))
        assert (len(before), len(after)) == (4, 1)
        assert after[0].top < 0.15

    def test_only_letters_and_digits_count(self) -> None:
        data = plain_pages("Efisiensi “anggaran” pertahanan 2019–2023 naik.")
        assert find_boxes(data, 1, 'eﬁsiensi "ANGGARAN" perta-hanan 2019 - 2023')
        assert find_boxes(data, 1, "efisiensi pertahanan") == ()

    def test_equal_places_are_told_apart(self) -> None:
        sheets = Sheets()
        for y in (100, 200, 300):
            sheets.line(SENTENCE, LEFT, y)
        data = sheets.data()
        tops = [find_boxes(data, 1, SENTENCE, occurrence=index)[0].top for index in range(3)]
        assert tops == sorted(set(tops))

    @pytest.mark.parametrize("text", ["", " .-", "Kalimat ini tidak ada di halaman itu.", "Keamanan laut itu lain"])
    def test_nothing_is_found_where_nothing_is(self, text: str) -> None:
        assert find_boxes(plain_pages(SENTENCE), 1, text) == ()

    def test_every_sentence_of_a_thesis_is_found_on_its_page(self) -> None:
        data = thesis()
        document = load_pdf(data, "x:a")
        starts = [page.start for page in document.pages]
        for sentence in split_sentences(document.text):
            page = document.pages[bisect_right(starts, sentence.start) - 1]
            quote = document.text[sentence.start : sentence.end]
            assert find_boxes(data, page.number, quote), quote


def test_many_may_ask_at_once() -> None:
    pages = [(COLUMNS, 1), (thesis(), 4), (thesis(), 5)] * 6
    with ThreadPoolExecutor(6) as threads:
        images = list(threads.map(lambda page: render_page(*page, width=200).png, pages))
    assert images == images[:3] * 6


class TestPicture:
    def test_shows_the_page_with_its_words_in_the_boxes(self) -> None:
        image = render_page(thesis(), 4, pdf_files.FIRST_TEXT, width=900)
        assert picture(image.png).width == pytest.approx(900, abs=1)
        assert len(image.boxes) == len(pdf_files.FIRST)
        assert all(ink(image.png, box) > 0.05 for box in image.boxes)
        assert ink(image.png, Box(0.2, 0.6, 0.6, 0.1)) == 0

    @pytest.mark.parametrize("turn", [0, 90, 180, 270])
    def test_boxes_turn_and_move_with_the_page(self, turn: int) -> None:
        writer = PdfWriter(clone_from=PdfReader(BytesIO(plain_pages(SENTENCE))))
        writer.pages[0].rotate(turn)
        writer.pages[0].cropbox.lower_left = (50, 400)
        data = BytesIO()
        writer.write(data)
        image = render_page(data.getvalue(), 1, SENTENCE)
        (box,) = image.boxes
        assert ink(image.png, box) > 0.05
        assert (box.width > box.height) == (turn in (0, 180))

    @pytest.mark.parametrize(("asked", "width"), [(-5, 100), (300, 300), (99_999, 2937)])
    def test_its_size_is_kept_within_bounds(self, asked: int, width: int) -> None:
        image = picture(render_page(plain_pages(SENTENCE), 1, width=asked).png)
        assert image.width == pytest.approx(width, abs=30)
        assert image.width * image.height < 12_100_000

    def test_a_page_as_large_as_a_wall_is_drawn_small(self) -> None:
        sheets = Sheets((14_000, 14_000))
        sheets.line(SENTENCE, 100, 100)
        image = picture(render_page(sheets.data(), 1, width=3000).png)
        assert image.size == (3000, 3000)

    def test_a_page_as_narrow_as_a_thread_is_drawn_too(self) -> None:
        sheets = Sheets((2, 14_000))
        sheets.line(SENTENCE, 0, 100)
        image = picture(render_page(sheets.data(), 1, width=3000).png)
        assert image.width * image.height < 12_100_000

    @pytest.mark.parametrize("number", [-1, 0, 2])
    def test_a_page_that_is_not_there(self, number: int) -> None:
        with pytest.raises(ValueError, match="no page"):
            render_page(plain_pages(SENTENCE), number)

    def test_locked_and_broken_files_are_refused_as_in_loading(self) -> None:
        with pytest.raises(UnreadableSource) as caught:
            render_page(b"bukan", 1, origin="file:/x/a.pdf")
        assert (caught.value.reason, caught.value.origin) == ("not_pdf", "file:/x/a.pdf")
        writer = PdfWriter(clone_from=PdfReader(BytesIO(plain_pages(SENTENCE))))
        writer.encrypt("rahasia", algorithm="AES-256")
        data = BytesIO()
        writer.write(data)
        with pytest.raises(LockedSource):
            find_boxes(data.getvalue(), 1, SENTENCE)
