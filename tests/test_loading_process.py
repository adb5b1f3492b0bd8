"""Loading in a child: the same document, the same errors, and whatever a file does to the child harms nobody else."""

import json
import os
import signal
import subprocess
import sys
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption

from knowledge.errors import (
    BadFrontMatter,
    CannotFetch,
    EmptySource,
    LockedSource,
    NoTextLayer,
    SourceError,
    SourceNotFound,
    TooLarge,
    UnreadableSource,
    UnsupportedFormat,
)
from knowledge.loaders import Reading, SourceLimits, load
from knowledge.loading_process import LoadingCancelled, LoadingProcess, Viewing, _error
from tests.pdf_files import plain_pages, thesis
from tests.same_text import HEADING, PARAGRAPH, Part, as_docx, as_epub, as_html, as_markdown, zipped

ORIGIN = "upload:ana/berkas"
PARTS = [Part(HEADING, "Keamanan laut"), Part(PARAGRAPH, "Güvenlik “laut” Natuna dijaga. Kapal berpatroli.")]
LIMITS = SourceLimits()
SMALL = SourceLimits(most_words=50, most_pages=3, most_seconds=60)


@pytest.fixture(scope="module")
def shared() -> Iterator[LoadingProcess]:
    """One child for the tests that do it no harm."""
    with LoadingProcess(SMALL) as loading:
        yield loading


def children() -> set[int]:
    """The process ids of the children of this process that load files."""
    command = ["pgrep", "-P", str(os.getpid()), "-f", "knowledge.loading_process"]
    return {int(line) for line in subprocess.run(command, capture_output=True, check=False).stdout.split()}


def write(folder: Path, name: str, data: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def assert_works(loading: LoadingProcess, folder: Path) -> None:
    """The next file is loaded as if nothing had happened."""
    path = write(folder, "berikut.txt", "Berkas berikut.")
    assert loading.load(path, ORIGIN, suffix=".txt").text == "Berkas berikut."


# --- documents


@pytest.mark.parametrize(
    ("suffix", "data"),
    [
        (".md", b"---\ntitle: A\nauthors: [Ana]\n---\n\n" + as_markdown(PARTS) + b" [@kron2015]"),
        (".txt", "Satu baris é\u2028dan “baris” kedua.".encode()),
        (".html", as_html(PARTS)),
        (".docx", as_docx(PARTS)),
        (".epub", as_epub(["<h1>Satu</h1><p>Isi bab satu.</p>"])),
        (".PDF", plain_pages("Halaman pertama memuat teks.", "Halaman kedua memuat teks.")),
    ],
)
def test_a_document_comes_out_equal(shared: LoadingProcess, tmp_path: Path, suffix: str, data: bytes) -> None:
    path = write(tmp_path, f"berkas{suffix}", data)
    assert shared.load(path, ORIGIN, suffix=suffix) == load(data, ORIGIN, suffix=suffix)


def test_a_document_with_headings_notes_and_page_labels_comes_out_equal(tmp_path: Path) -> None:
    data = thesis(labels=True)
    with LoadingProcess(LIMITS) as loading:
        document = loading.load(write(tmp_path, "skripsi.pdf", data), ORIGIN, suffix=".pdf")
    assert document == load(data, ORIGIN, suffix=".pdf")
    assert document.headings
    assert {page.label for page in document.pages} >= {"ii", "A-1"}


def test_one_child_loads_file_after_file(shared: LoadingProcess, tmp_path: Path) -> None:
    assert_works(shared, tmp_path)
    before = children()
    for number in range(3):
        path = write(tmp_path, f"{number}.txt", f"Berkas nomor {number}.")
        assert shared.load(path, ORIGIN, suffix=".txt").text == f"Berkas nomor {number}."
    assert children() == before


def test_pages_are_reported_as_they_are_read(shared: LoadingProcess, tmp_path: Path) -> None:
    data = plain_pages("Satu lembar.", "Dua lembar.", "Tiga lembar.")
    told: list[tuple[int, int]] = []
    expected: list[tuple[int, int]] = []
    path = write(tmp_path, "a.pdf", data)
    shared.load(path, ORIGIN, suffix=".pdf", report=lambda done, total: told.append((done, total)))
    load(data, ORIGIN, suffix=".pdf", reading=Reading(report=lambda done, total: expected.append((done, total))))
    assert told == expected
    assert told[-1] == (3, 3)


# --- errors


CASES: list[tuple[str, bytes, type[SourceError]]] = [
    (".mp4", b"x", UnsupportedFormat),
    (".md", b"\x00\x01\x02\x03" * 50, UnreadableSource),
    (".pdf", b"%PDF-1.7 rusak", UnreadableSource),
    (".docx", zipped({"a.txt": "x"}), UnreadableSource),
    (".txt", b" \n", EmptySource),
    (".pdf", plain_pages("", ""), NoTextLayer),
    (".pdf", plain_pages("Rahasia.", encrypt=StandardEncryption("sandi")), LockedSource),
    (".txt", b"kata " * 60, TooLarge),
    (".pdf", plain_pages(*["Lembar."] * 4), TooLarge),
    (".md", b"---\ntitle: [a\n---\n\nIsi.", BadFrontMatter),
]


@pytest.mark.parametrize(("suffix", "data", "kind"), CASES)
def test_an_error_comes_out_equal(
    shared: LoadingProcess, tmp_path: Path, suffix: str, data: bytes, kind: type[SourceError]
) -> None:
    with pytest.raises(kind) as expected:
        load(data, ORIGIN, suffix=suffix, reading=Reading(SMALL))
    with pytest.raises(kind) as caught:
        shared.load(write(tmp_path, f"a{suffix}", data), ORIGIN, suffix=suffix)
    assert (str(caught.value), vars(caught.value)) == (str(expected.value), vars(expected.value))
    assert_works(shared, tmp_path)


EVERY_ERROR = [
    SourceNotFound(ORIGIN),
    UnsupportedFormat(ORIGIN, suffix=".mp4", supported=(".md", ".pdf")),
    UnreadableSource(ORIGIN, reason="damaged"),
    UnreadableSource(ORIGIN, reason="what the system said: é"),
    EmptySource(ORIGIN),
    NoTextLayer(ORIGIN, pages=7),
    LockedSource(ORIGIN),
    TooLarge(ORIGIN, what="pages", limit=7, key="TANYA_SOURCES__MOST_PAGES"),
    CannotFetch(ORIGIN, reason="status", detail="404"),
    BadFrontMatter(ORIGIN, detail="mapping values", line=3),
    BadFrontMatter(ORIGIN, detail="no mapping"),
]


@pytest.mark.parametrize("error", EVERY_ERROR, ids=lambda error: type(error).__name__)
def test_every_error_is_made_again_from_what_is_sent(error: SourceError) -> None:
    sent = json.loads(json.dumps({"error": type(error).__name__, "values": vars(error)}))
    made = _error(sent["error"], sent["values"])
    assert (type(made), str(made), vars(made)) == (type(error), str(error), vars(error))


def test_no_error_is_left_out_above() -> None:
    assert {type(error) for error in EVERY_ERROR} == set(SourceError.__subclasses__())


@pytest.mark.parametrize("name", ["absent.txt", "folder.txt"])
def test_what_cannot_be_opened_is_an_error_with_the_reason_of_the_system(
    shared: LoadingProcess, tmp_path: Path, name: str
) -> None:
    (tmp_path / "folder.txt").mkdir()
    with pytest.raises(OSError, match=name) as expected:
        (tmp_path / name).read_bytes()
    with pytest.raises(UnreadableSource) as caught:
        shared.load(tmp_path / name, ORIGIN, suffix=".txt")
    assert (caught.value.origin, caught.value.reason) == (ORIGIN, expected.value.strerror)
    assert_works(shared, tmp_path)


# --- harm


@contextmanager
def hanging_file(folder: Path, *, then: Callable[[], None] = lambda: None) -> Iterator[Path]:
    """A file whose reading never ends; ``then`` is done when the child has begun to read it."""
    path, opened = folder / "pipa.txt", threading.Event()
    os.mkfifo(path)

    def hold() -> None:
        with path.open("wb"):  # waits for the reader
            then()
            opened.wait(60)

    holder = threading.Thread(target=hold)
    holder.start()
    try:
        yield path
    finally:
        opened.set()
        if holder.is_alive():
            os.close(os.open(path, os.O_RDONLY | os.O_NONBLOCK))  # if nobody ever came
        holder.join()
        path.unlink()


def test_a_child_that_is_killed_while_it_loads_costs_that_file_only(tmp_path: Path) -> None:
    before = children()

    def kill() -> None:
        for child in children() - before:
            os.kill(child, signal.SIGKILL)

    with LoadingProcess(LIMITS) as loading:
        with hanging_file(tmp_path, then=kill) as path, pytest.raises(UnreadableSource) as caught:
            loading.load(path, ORIGIN, suffix=".txt")
        assert (caught.value.origin, caught.value.reason) == (ORIGIN, "crashed")
        assert_works(loading, tmp_path)
        for child in children() - before:  # and one that is killed while it waits costs nothing
            os.kill(child, signal.SIGKILL)
            os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
        assert_works(loading, tmp_path)
    assert children() == before


def test_a_file_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    before = children()
    with LoadingProcess(SourceLimits(most_seconds=1)) as loading:
        with hanging_file(tmp_path) as path, pytest.raises(UnreadableSource) as caught:
            loading.load(path, ORIGIN, suffix=".txt")
        assert (caught.value.origin, caught.value.reason) == (ORIGIN, "too_slow")
        assert children() == before, "what hangs does not go on in the background"


def test_a_file_that_a_person_cancels_is_given_up(tmp_path: Path) -> None:
    before, reading = children(), threading.Event()
    with LoadingProcess(LIMITS) as loading:
        with hanging_file(tmp_path, then=reading.set) as path, pytest.raises(LoadingCancelled):
            loading.load(path, ORIGIN, suffix=".txt", cancelled=reading.is_set)
        assert children() == before
        assert_works(loading, tmp_path)


class Stopped(Exception):
    """Raised by whoever is told of the progress."""


def test_after_a_report_that_fails_the_next_file_is_not_taken_for_this_one(tmp_path: Path) -> None:
    def stop(done: int, total: int) -> None:
        raise Stopped

    path = write(tmp_path, "a.pdf", plain_pages("Berkas yang dihentikan.", "Lembar kedua."))
    with LoadingProcess(LIMITS) as loading:
        with pytest.raises(Stopped):
            loading.load(path, ORIGIN, suffix=".pdf", report=stop)
        assert_works(loading, tmp_path)


@pytest.mark.skipif(sys.platform != "linux", reason="the memory of a process is bounded by Linux")
def test_a_file_that_needs_too_much_memory_is_refused_and_the_next_one_is_loaded(tmp_path: Path) -> None:
    large = write(tmp_path, "besar.txt", b"kata diplomasi " * 6_000_000)
    small = write(tmp_path, "kecil.pdf", pdf_that_unfolds())
    assert small.stat().st_size < 5000
    with LoadingProcess(SourceLimits(reader_megabytes=200, most_words=10**9)) as loading:
        for path, reason in ((large, "too_hungry"), (small, "crashed")):  # PDFium ends the process
            with pytest.raises(UnreadableSource) as caught:
                loading.load(path, ORIGIN, suffix=path.suffix)
            assert (caught.value.origin, caught.value.reason) == (ORIGIN, reason)
            assert_works(loading, tmp_path)


def pdf_that_unfolds() -> bytes:
    """A PDF of four kilobytes whose page is packed twice and a stream of 300 megabytes when it is unpacked."""
    packed = zlib.compress(zlib.compress(bytes(300_000_000), 1), 9)
    head = f"<< /Length {len(packed)} /Filter [/FlateDecode /FlateDecode] >>".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R >>",
        head + b"\nstream\n" + packed + b"\nendstream",
    ]
    data, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer << /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % len(data)
    return data + b"xref\n0 5\n0000000000 65535 f \n" + table + trailer


def test_modules_that_lie_in_the_current_folder_are_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("json.py", "docx.py", "knowledge.py"):
        write(tmp_path, name, "import pathlib; pathlib.Path('ran').touch(); raise SystemExit(1)")
    monkeypatch.chdir(tmp_path)
    with LoadingProcess(LIMITS) as loading:
        path = write(tmp_path, "a.docx", as_docx(PARTS))
        assert loading.load(path, ORIGIN, suffix=".docx").title == "Keamanan laut"
    assert not (tmp_path / "ran").exists()


def test_nothing_is_started_before_the_first_file(tmp_path: Path) -> None:
    before = children()
    with LoadingProcess(LIMITS):
        assert children() == before


# --- pages as pictures


FIRST, SECOND = "Kapal patroli berlayar ke Natuna.", "Pesawat tempur terbang ke Biak."


@pytest.fixture(scope="module")
def viewing() -> Iterator[Viewing]:
    viewing = Viewing(LIMITS)
    yield viewing
    viewing.close()


@pytest.fixture
def two_sheets(tmp_path: Path) -> Path:
    return write(tmp_path, "dua.pdf", plain_pages(FIRST, SECOND))


def test_a_page_is_a_picture_with_a_box_around_the_quote(viewing: Viewing, two_sheets: Path) -> None:
    image = viewing.render_page(two_sheets, 2, SECOND)
    assert image.png.startswith(b"\x89PNG\r\n")
    (box,) = image.boxes
    assert 0 < box.left < box.left + box.width < 1
    assert 0 < box.top < box.top + box.height < 0.2, "the line stands near the top"
    other = viewing.render_page(two_sheets, 1, SECOND)
    assert other.boxes == ()
    assert other.png != image.png


def test_of_several_places_the_one_that_is_meant(viewing: Viewing, tmp_path: Path) -> None:
    path = write(tmp_path, "sama.pdf", thesis())
    first, second = (viewing.render_page(path, 4, "negara", occurrence=number).boxes for number in (0, 1))
    assert first
    assert second
    assert first != second


def test_several_people_each_get_their_page(viewing: Viewing, two_sheets: Path) -> None:
    found: dict[int, bool] = {}

    def look(number: int) -> None:
        sheet = 1 + number % 2
        image = viewing.render_page(two_sheets, sheet, (FIRST, SECOND)[sheet - 1])
        found[number] = len(image.boxes) == 1

    threads = [threading.Thread(target=look, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == dict.fromkeys(range(6), True)


def test_a_page_that_cannot_be_shown_is_an_error_and_the_next_one_is_shown(
    viewing: Viewing, two_sheets: Path, tmp_path: Path
) -> None:
    damaged = write(tmp_path, "rusak.pdf", b"%PDF-1.7 rusak")
    for path, number in ((damaged, 1), (two_sheets, 3), (two_sheets, 0), (tmp_path / "absent.pdf", 1)):
        with pytest.raises(UnreadableSource) as caught:
            viewing.render_page(path, number, FIRST)
        assert caught.value.origin == path.name
        assert caught.value.reason != "crashed"
        assert len(viewing.render_page(two_sheets, 1, FIRST).boxes) == 1


def test_a_closed_view_leaves_no_child_and_opens_again(two_sheets: Path) -> None:
    before = children()
    viewing = Viewing(LIMITS)
    viewing.close()
    for _ in range(2):
        assert len(viewing.render_page(two_sheets, 1, FIRST).boxes) == 1
        viewing.close()
        assert children() == before
