"""Bad and odd files through the whole way in: a word on each in Indonesian, and nothing else comes of them."""

import os
import re
import tempfile
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from assistant.adding import Added, add_all
from assistant.intake_board import Progress
from assistant.intake_lines import render_progress
from assistant.opening import Workplace
from assistant.terminal import print_added, print_sources
from assistant.wording import explain
from knowledge.documents import Document
from knowledge.errors import SourceError
from knowledge.loaders import SourceLimits
from knowledge.loading_process import LoadingProcess
from knowledge.waiting_list import WaitingItem
from tests.bad_files import LIMITS, OVERRIDE, Clean, Either, Expected, Refused, Row, table
from tests.small_workplace import Kept, kept, small_workplace

ROWS = table()
REMEDY = re.compile(r"\b(?:Periksa|[Ss]impan|Pecahlah|Ubah|Kenali|Isi dulu|Perbaiki|Tambahkan|naikkan)\b")
ENGLISH = re.compile(r"\b(?:the|is|are|file|with|cannot|damaged|empty|Check|Save)\b")
NO_TEXT = {"Cc", "Cf", "Cs"}  # control characters, marks nobody sees, halves of characters
GIVEN_UP = {"crashed", "too_slow"}
ORDINARY = "Laksamana Hang Tuah berpidato di galangan Surabaya."


@dataclass(frozen=True)
class Found:
    """What one file came to, and its document where there is one."""

    added: Added
    document: Document | None


@dataclass
class Taken:
    """What the table came to: by row, what was kept before and after, and the memory in bytes that it took."""

    found: dict[str, list[Found]] = field(default_factory=lambda: defaultdict(list))
    before: Kept | None = None
    between: Kept | None = None
    after: Kept | None = None
    children: set[int] = field(default_factory=set)
    left: list[str] = field(default_factory=list)
    grown: int = 0
    peaks: dict[str, int] = field(default_factory=dict)
    answer: str = ""


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> Taken:
    """The whole table, taken in one after another under three kinds of settings, and an ordinary file at the end."""
    files, temporary = tmp_path_factory.mktemp("berkas"), tmp_path_factory.mktemp("sementara")
    home = tmp_path_factory.mktemp("kept") / "home"
    result = Taken()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(temporary))
        for kind, chosen in LIMITS.items():
            rows = [row for row in ROWS if row.limits == kind]
            with small_workplace(home, sources=chosen) as workplace:
                workplace.update()
                result.before = result.before or kept(workplace)
                _take_in(workplace, [(row, _made(files, row)) for row in rows], result)
                workplace.update()
                result.after = kept(workplace)
        result.left = [path.name for path in temporary.rglob("*")]
        result.children = set(_readers())
        with small_workplace(home) as workplace:
            result.answer = _ordinary(workplace, files / "biasa.md")
    return result


def _made(folder: Path, row: Row) -> str:
    place = folder / re.sub(r"\W+", "-", row.label)
    place.mkdir()
    path = f"{place}/{row.name}"
    row.make(Path(path))
    return path


def _take_in(workplace: Workplace, rows: list[tuple[Row, str]], result: Taken) -> None:
    """Take files in, look at what each came to and at the memory, and remove what was added."""
    now = rows[0][0]
    peak, start = 0, _start_counting()

    def places() -> Iterator[str]:
        nonlocal now
        for row, path in rows:
            now = row
            yield path

    try:
        for added in add_all(workplace, places(), choose=lambda added: "keep", tell=lambda *_: None):
            identity = added.outcome.document_id
            document = workplace.library.document(identity) if identity else None
            result.found[now.label].append(Found(added, document))
            peak = max(peak, *_readers().values(), 0)
    except BaseException as error:
        error.add_note(f"in the row {now.label!r}")
        raise
    result.grown = max(result.grown, _memory(os.getpid(), "VmHWM") - start)
    result.peaks[now.limits] = peak
    with LoadingProcess(workplace.settings.sources) as loading:
        ingestion = workplace.ingestion(loading)
        for document_id in {each.added.outcome.document_id for label in result.found for each in result.found[label]}:
            if document_id and any(mark.document_id == document_id for mark in workplace.library.marks()):
                ingestion.keeping.remove(document_id)


def _ordinary(workplace: Workplace, path: Path) -> str:
    path.write_text(f"# Pidato\n\n{ORDINARY}\n")
    (added,) = add_all(workplace, [str(path)], choose=lambda added: "keep", tell=lambda *_: None)
    assert added.outcome.status == "added"
    workplace.update()
    answer = workplace.assistant().answer("Di mana Laksamana Hang Tuah berpidato?")
    return answer.citations[0].quote


def _start_counting() -> int:
    """Forget the highest memory that this process has had, and return what it has, in bytes."""
    Path("/proc/self/clear_refs").write_text("5")
    return _memory(os.getpid(), "VmRSS")


def _readers() -> dict[int, int]:
    """The children of this process that read files, and the most memory that each has had, in bytes."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            status, command = (folder / "status").read_text(), (folder / "cmdline").read_bytes()
        except OSError:  # it has ended meanwhile
            continue
        if f"PPid:\t{os.getpid()}\n" in status and b"knowledge.loading_process" in command:
            found[int(folder.name)] = _memory(int(folder.name), "VmHWM")
    return found


def _memory(process: int, kind: str) -> int:
    try:
        match = re.search(rf"{kind}:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text())
    except OSError:
        return 0
    return 1024 * int(match.group(1)) if match else 0


# --- each file


def test_the_table_is_as_long_as_it_should_be() -> None:
    assert len({row.label for row in ROWS}) == len(ROWS) >= 65


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.label)
def test_a_bad_file_comes_to_what_it_should(row: Row, taken: Taken) -> None:
    if row.label.startswith("closed") and os.geteuid() == 0:
        pytest.skip("nothing is closed to this user")
    found = taken.found[row.label]
    expected = row.expected * len(found) if len(row.expected) == 1 and found else row.expected
    assert len(found) == len(expected), found
    for each, one in zip(found, expected, strict=True):
        _check(each, one, row)


def _check(found: Found, expected: Expected, row: Row) -> None:
    error, document = found.added.outcome.error, found.document
    if document is None:
        assert isinstance(error, SourceError), found
        _check_message(explain(error, "id"), row.name)
        assert getattr(error, "reason", "") not in GIVEN_UP or row.label == "pdf bomb"
    else:
        _check_clean(document)
    match expected:
        case Refused(kind, why):
            assert isinstance(error, kind), document or error
            code = getattr(error, "reason", "") or getattr(error, "what", "")
            assert not why or code in why
        case Clean(words, without):
            assert document is not None, error
            assert words in document.text
            assert not [each for each in without if each in f"{document.title} {document.text}".lower()]
        case Either():
            pass


def _check_message(message: str, name: str) -> None:
    """One line that names the file, says what to do, and is Indonesian; nothing in it plays tricks on a screen."""
    assert _no_text(message) == []
    # Bytes that are no text are shown by their numbers or as signs that cannot be shown.
    plain = Path(name).name.replace("\n", "\0")
    spelt = plain.encode(errors="backslashreplace").decode()
    names = ["".join("\ufffd" if _no_text(each) else each for each in one)[-100:] for one in (plain, spelt)]
    assert any(one in message for one in names), message
    assert REMEDY.search(message), message
    # What the system or YAML said is quoted as it was.
    words = re.sub(r"(di baris \d+|isinya tidak dapat dipakai) \(.*\)|\S*/\S*|\([A-Z][A-Za-z/ ]+\)", "", message)
    assert not ENGLISH.search(words), message
    assert len(message) < 1000


def _check_clean(document: Document) -> None:
    for text in (document.title, *document.authors, document.publisher, document.licence, document.date):
        assert _no_text(text) == [], text
        assert len(text) <= 300
    assert document.title
    assert _no_text(document.text.replace("\n", " ")) == []
    assert document.text == unicodedata.normalize("NFC", document.text).strip()
    document.text.encode()


def _no_text(text: str) -> list[str]:
    return [each for each in text if unicodedata.category(each) in NO_TEXT]


# --- all of them


def test_nothing_is_changed_and_nothing_left_behind(taken: Taken) -> None:
    assert taken.after == taken.before
    assert taken.left == []
    assert taken.children == set()


def test_an_ordinary_file_is_added_and_found_all_the_same(taken: Taken) -> None:
    assert taken.answer == ORDINARY


def test_memory_stays_bounded(taken: Taken) -> None:
    assert taken.grown < 150_000_000, "the process that asks reads no file whole but an archive"
    assert taken.peaks.keys() == LIMITS.keys()
    for kind, peak in taken.peaks.items():
        # The limit is of data; the program itself is mapped from its files.
        limit = SourceLimits.model_validate(LIMITS[kind]).reader_megabytes * 1_000_000
        assert 0 < peak < limit + 100_000_000


def test_a_list_shows_titles_as_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "250")
    files = {"tanda.md": "# Kapal [bold]besar[/red]\n\nKapal itu besar.", f"a{OVERRIDE}fdp.md": "Kapal itu kecil."}
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    places = [str(tmp_path / name) for name in files]
    with small_workplace(tmp_path / "kept" / "home") as workplace:
        added = list(add_all(workplace, places, choose=lambda added: "keep", tell=lambda *_: None))
        assert [one.outcome.status for one in added] == ["added", "added"]
        assert {one.outcome.title for one in added} == {"Kapal [bold]besar[/red]", "Afdp"}
        print_sources(workplace.library.summaries())
    out = capsys.readouterr().out
    assert all(part in out for part in ("[bold]", "[/red]", "Afdp"))
    assert _no_text(out.replace("\n", " ")) == []


def test_no_line_on_a_screen_shows_a_raw_override(taken: Taken, capsys: pytest.CaptureFixture[str]) -> None:
    found = [each.added for label in taken.found for each in taken.found[label]]
    print_added(found)
    assert _no_text(capsys.readouterr().out.replace("\n", " ")) == []
    for one in found:
        item = WaitingItem("x", "ana", one.origin, "2026-01-01T00:00:00", path="", suffix="")
        assert _no_text(str(render_progress([Progress(item, one.outcome.status, outcome=one.outcome)], "id"))) == []
