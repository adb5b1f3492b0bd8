"""What is handed in through the browser: every file gets its last word, each person their own, and none is lost."""

import os
import threading
import uuid
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path

import pytest

from assistant.ingestion import Outcome
from assistant.intake import Intake
from assistant.intake_board import FINAL, INDEXING, SCANNED, SIMILAR, WAITING, Board, Progress, renewed
from assistant.opening import Workplace
from index.embedding import Vectors
from index.manifest import IndexMismatch, read_manifest, write_manifest
from knowledge.errors import (
    CannotFetch,
    EmptySource,
    SourceError,
    TooLarge,
    UnreadableSource,
    UnsupportedFormat,
)
from knowledge.waiting_list import WaitingItem, WaitingList
from tests.fakes import HashEmbedder
from tests.small_workplace import kept, small_workplace
from tests.web_server import Site, serve

PATIENCE = 60  # seconds; nothing here takes longer than a moment
EXPLOSIVE = "meledak"


def about(topic: str, sentences: int = 12, *, title: str = "") -> bytes:
    lines = [f"Kalimat nomor {number} berbicara tentang {topic} di Natuna." for number in range(sentences)]
    return f"# {title or topic.capitalize()}\n\n{' '.join(lines)}\n".encode()


@dataclass
class GatedEmbedder:
    """A `HashEmbedder` that waits at its gate, and fails at a text about EXPLOSIVE things."""

    gate: threading.Event = field(default_factory=threading.Event)
    reached: threading.Event = field(default_factory=threading.Event)
    embedded: list[str] = field(default_factory=list)
    identity: str = "gated"
    dimension: int = 64

    def __post_init__(self) -> None:
        self.gate.set()

    def embed_passages(self, texts: list[str]) -> Vectors:
        self.reached.set()
        assert self.gate.wait(PATIENCE)
        if any(EXPLOSIVE in text for text in texts):
            raise ZeroDivisionError(EXPLOSIVE)
        self.embedded += texts
        return HashEmbedder().embed_passages(texts)

    def embed_query(self, text: str) -> Vectors:
        return HashEmbedder().embed_query(text)


@dataclass(frozen=True)
class Person:
    """Somebody at a browser."""

    intake: Intake
    name: str

    def upload(self, name: str, content: bytes) -> WaitingItem:
        item = self.intake.open_upload(name, len(content), self.name)
        Path(item.path).write_bytes(content)
        self.intake.submit(item)
        return item

    def hand_in(self, name: str, content: bytes) -> Progress:
        """Upload a file and wait until it is done or asks something."""
        return self.last_word(self.upload(name, content))

    def last_word(self, item: WaitingItem) -> Progress:
        assert self.intake.wait_until_idle(PATIENCE)
        progress = self.intake.board.find(item.id, self.name)
        assert progress is not None
        return progress

    @property
    def lines(self) -> list[tuple[str, str]]:
        return [(progress.item.name, progress.stage) for progress in self.intake.board.of(self.name)]

    @property
    def titles(self) -> list[str]:
        """The titles of the person's own sources."""
        summaries = self.intake.workplace.library.summaries(self.name)
        return [each.title for each in summaries if each.holding.owner == self.name]


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with serve() as opened:
        yield opened


@pytest.fixture(scope="module")
def intake(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    """An intake at work, which the tests of this module share as people do; each test is a person of its own."""
    home = tmp_path_factory.mktemp("served") / "home"
    limits = {"most_files": 5, "most_megabytes": 1}
    with small_workplace(home, GatedEmbedder(), sources=limits, fetch=site.settings()) as workplace:
        workplace.update()
        started = Intake(workplace)
        started.start()
        yield started
        started.stop()


@pytest.fixture
def person(intake: Intake) -> Person:
    return Person(intake, f"browser-{uuid.uuid4().hex}")


@pytest.fixture
def stranger(intake: Intake) -> Person:
    return Person(intake, f"browser-{uuid.uuid4().hex}")


@pytest.fixture
def embedder(intake: Intake) -> Iterator[GatedEmbedder]:
    """The model of the shared intake; its gate is open again after the test."""
    inner = intake.workplace.embedder
    assert isinstance(inner, GatedEmbedder)
    inner.reached.clear()
    yield inner
    inner.gate.set()


@pytest.fixture(autouse=True)
def nothing_is_left(intake: Intake) -> Iterator[None]:
    """After every test nothing lies in the folder of what comes in, and nothing waits."""
    yield
    for progress in [*intake.board.at(SIMILAR), *intake.board.at(SCANNED)]:
        intake.cancel(progress.item.id, progress.item.owner)
    assert intake.wait_until_idle(PATIENCE)
    assert list((intake.workplace.settings.home / "incoming").iterdir()) == []
    assert WaitingList(intake.workplace.library.engine).items() == ()
    assert intake.workplace.problems() == []


def zipped(files: Mapping[str, bytes]) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


# --- what becomes of a file


def test_a_file_is_taken_in_and_can_be_asked_at_once(person: Person) -> None:
    progress = person.hand_in("fregat.md", about("fregat"))
    assert progress.stage == "added"
    assert progress.outcome
    library = person.intake.workplace.library
    summary = next(each for each in library.summaries(person.name) if each.id == progress.outcome.document_id)
    assert (summary.title, summary.holding.owner) == ("Fregat", person.name)
    found = person.intake.workplace.assistant().search("fregat di Natuna", 1, library.scope(person.name))
    assert found[0].document_id == summary.id


def test_files_are_taken_in_one_after_another_each_with_its_last_word(person: Person) -> None:
    person.upload("korvet.md", about("korvet"))
    person.upload("kosong.txt", b"  \n")
    person.upload("sama.md", about("korvet"))
    person.upload("rusak.pdf", b"%PDF-1.7 tetapi bukan")
    assert person.intake.wait_until_idle(PATIENCE)
    assert person.lines == [
        ("korvet.md", "added"),
        ("kosong.txt", "refused"),
        ("sama.md", "unchanged"),
        ("rusak.pdf", "refused"),
    ]
    errors = [progress.outcome.error for progress in person.intake.board.of(person.name) if progress.outcome]
    assert [type(error) for error in errors] == [type(None), EmptySource, type(None), UnreadableSource]
    assert person.titles == ["Korvet"]


def test_what_is_handed_in_again_changed_is_the_same_source(person: Person, embedder: GatedEmbedder) -> None:
    first = person.hand_in("radar.md", about("radar", 12))
    second = person.hand_in("radar.md", about("radar", 14))
    assert first.outcome
    assert second.outcome
    assert (second.stage, second.outcome.document_id) == ("changed", first.outcome.document_id)
    asked = len(embedder.embedded)
    assert person.hand_in("lain.md", about("radar", 14)).stage == "unchanged"
    assert len(embedder.embedded) == asked, "what is known is not embedded again"


def test_a_failure_in_one_file_does_not_end_the_queue(person: Person, caplog: pytest.LogCaptureFixture) -> None:
    failed = person.upload("mercon.md", about(EXPLOSIVE))
    assert person.hand_in("tenang.md", about("kapal tenang")).stage == "added"
    progress = person.last_word(failed)
    assert progress.stage == "refused"
    assert progress.outcome
    assert isinstance(progress.outcome.error, ZeroDivisionError)
    assert "Traceback" in caplog.text, "whoever runs the server sees what it was"
    assert person.titles == ["Kapal tenang"]


def test_an_index_that_cannot_be_updated_does_not_end_the_queue(
    person: Person, caplog: pytest.LogCaptureFixture
) -> None:
    root = person.intake.workplace.folder.root
    manifest = read_manifest(root)
    assert manifest
    write_manifest(root, replace(manifest, model="another"))
    progress = person.hand_in("suar.md", about("mercusuar"))
    write_manifest(root, manifest)
    assert progress.outcome
    assert (progress.stage, type(progress.outcome.error)) == ("refused", IndexMismatch)
    assert person.hand_in("pelampung.md", about("pelampung")).stage == "added"


# --- another version of a text


@pytest.fixture
def similar(person: Person) -> Progress:
    """A file that is like one that the person has handed in before."""
    assert person.hand_in("skripsi.md", about(f"rudal {person.name}", 30, title="Skripsi")).stage == "added"
    progress = person.hand_in("skripsi-final.md", about(f"rudal {person.name}", 34, title="Skripsi final"))
    assert progress.stage == SIMILAR
    assert progress.outcome
    assert (progress.outcome.title, progress.outcome.replaceable) == ("Skripsi", True)
    assert person.titles == ["Skripsi"]
    return progress


def test_keep_has_both(person: Person, similar: Progress) -> None:
    person.intake.choose(similar.item.id, person.name, "keep")
    assert person.last_word(similar.item).stage == "added"
    assert person.titles == ["Skripsi", "Skripsi final"]


def test_replace_puts_it_in_the_place_of_the_old_one(person: Person, similar: Progress) -> None:
    assert similar.outcome
    workplace, old = person.intake.workplace, similar.outcome.document_id
    workplace.edit_source(old, person.name, {"title": "Skripsi saya", "date": "2020"})
    added = workplace.library.holding(old).added
    person.intake.choose(similar.item.id, person.name, "replace")
    progress = person.last_word(similar.item)
    assert progress.stage == "changed"
    assert person.titles == ["Skripsi saya"]
    document, holding = workplace.library.document(old), workplace.library.holding(old)
    assert "Kalimat nomor 33" in document.text
    assert (document.date, holding.added) == ("2020", added)


def test_skip_leaves_it_out(person: Person, similar: Progress) -> None:
    person.intake.choose(similar.item.id, person.name, "skip")
    assert person.last_word(similar.item).stage == "cancelled"
    assert person.titles == ["Skripsi"]


def test_only_who_handed_it_in_may_choose(person: Person, stranger: Person, similar: Progress) -> None:
    for choice in ("keep", "replace", "skip"):
        person.intake.choose(similar.item.id, stranger.name, choice)
    person.intake.choose(similar.item.id, person.name, "ocr")  # an answer to another question
    assert person.last_word(similar.item).stage == SIMILAR


def test_a_text_of_everyones_is_not_replaced(person: Person) -> None:
    workplace = person.intake.workplace
    words = (workplace.study_texts / "mef.md").read_text(encoding="utf-8").partition("##")[2]
    progress = person.hand_in("mef-saya.md", f"# MEF\n\n## {words}\n\nDan satu kalimat lagi.".encode())
    assert progress.outcome
    assert (progress.stage, progress.outcome.replaceable) == (SIMILAR, False)
    person.intake.choose(progress.item.id, person.name, "replace")
    assert person.last_word(progress.item).stage == SIMILAR
    assert workplace.library.find("mef").title == "Minimum Essential Force"


# --- archives


def test_an_archive_stands_for_its_files(person: Person) -> None:
    files = {
        "bab/satu.md": about("meriam"),
        "bab/foto.png": b"\x89PNG",
        "kosong.txt": b"",
        "__MACOSX/x.md": b"sampah",
        "dua.txt": b"Torpedo diluncurkan dari haluan kapal selam.",
    }
    person.upload("arsip.zip", zipped(files))
    assert person.intake.wait_until_idle(PATIENCE)
    assert person.lines == [
        ("arsip.zip/bab/satu.md", "added"),
        ("arsip.zip/bab/foto.png", "refused"),
        ("arsip.zip/kosong.txt", "refused"),
        ("arsip.zip/dua.txt", "added"),
    ]
    picture = person.intake.board.of(person.name)[1].outcome
    assert picture
    assert isinstance(picture.error, UnsupportedFormat)


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"PK\x03\x04 bukan arsip", UnreadableSource),
        (zipped({}), EmptySource),
        (zipped({f"{number}.md": b"Teks." for number in range(6)}), TooLarge),
    ],
    ids=["damaged", "empty", "too many files"],
)
def test_an_archive_that_cannot_be_opened_is_refused_whole(
    content: bytes, error: type[SourceError], person: Person
) -> None:
    progress = person.hand_in("arsip.zip", content)
    assert progress.outcome
    assert (progress.stage, type(progress.outcome.error)) == ("refused", error)
    assert person.titles == []


# --- web addresses


def test_a_web_page_is_fetched_when_its_turn_comes(person: Person, site: Site) -> None:
    site.put("/lama", status=302, location=site.put("/baru.txt", b"Laksamana berpidato di Surabaya."))
    item = person.intake.submit_address(site.url("/lama"), person.name)
    progress = person.last_word(item)
    assert progress.stage == "added"
    assert progress.outcome
    document = person.intake.workplace.library.document(progress.outcome.document_id)
    assert document.text == "Laksamana berpidato di Surabaya."
    assert document.url == site.url("/baru.txt")
    assert len(document.accessed) == len("2026-11-25")
    assert person.last_word(person.intake.submit_address(site.url("/lama"), person.name)).stage == "unchanged"


@pytest.mark.parametrize(
    ("address", "reason"),
    [("{site}/tidak-ada", "status"), ("http://127.0.0.1:9/", "private"), ("ftp://a.id/x", "scheme")],
)
def test_an_address_that_gives_nothing_is_refused_with_the_reason(
    address: str, reason: str, person: Person, site: Site
) -> None:
    progress = person.last_word(person.intake.submit_address(address.format(site=site.url("")), person.name))
    assert progress.stage == "refused"
    assert progress.outcome
    assert isinstance(progress.outcome.error, CannotFetch)
    assert progress.outcome.error.reason == reason


def test_fetching_can_be_cancelled(person: Person, site: Site) -> None:
    def endless() -> Iterator[bytes]:
        while True:
            yield b"Teks tanpa akhir. " * 100
            site.stopped.wait(0.01)

    site.left_alone.clear()
    item = person.intake.submit_address(site.put_stream("/panjang", endless, content_type="text/plain"), person.name)
    wait_for(person.intake, item, lambda progress: progress.stage == "fetching" and progress.done > 0)
    person.intake.cancel(item.id, person.name)
    assert person.last_word(item).stage == "cancelled"
    assert site.left_alone.wait(PATIENCE), "the server is not kept busy"


def wait_for(intake: Intake, item: WaitingItem, condition: Callable[[Progress], bool]) -> None:
    def holds() -> bool:
        progress = intake.board.find(item.id, item.owner)
        return progress is not None and condition(progress)

    with intake.board.changed:
        assert intake.board.changed.wait_for(holds, PATIENCE)


# --- cancelling


def test_an_item_that_waits_is_cancelled_at_once(person: Person, embedder: GatedEmbedder) -> None:
    embedder.gate.clear()
    first = person.upload("satu.md", about("ranjau"))
    assert embedder.reached.wait(PATIENCE)
    second = person.upload("dua.md", about("jangkar"))
    person.intake.cancel(second.id, person.name)
    assert person.lines == [("satu.md", "reading"), ("dua.md", "cancelled")]
    assert not Path(second.path).exists()
    embedder.gate.set()
    assert person.last_word(first).stage == "added"
    assert person.titles == ["Ranjau"]


@pytest.mark.parametrize("stage", ["reading", "vectors"])
def test_an_item_under_way_is_cancelled_and_leaves_nothing(stage: str, person: Person, embedder: GatedEmbedder) -> None:
    before = kept(person.intake.workplace)
    embedder.gate.clear()
    if stage == "vectors":
        item = person.upload("panjang.md", about("sonar", 400))
        assert embedder.reached.wait(PATIENCE)
    else:
        item = person.upload("panjang.txt", b"Kata. " * 160_000)  # takes the reader a while
        wait_for(person.intake, item, lambda progress: progress.stage == "reading")
    person.intake.cancel(item.id, person.name)
    embedder.gate.set()
    assert person.last_word(item).stage == "cancelled"
    after = kept(person.intake.workplace)
    assert replace(after, vectors=before.vectors) == before


@pytest.mark.parametrize(
    ("name", "content"), [("lambat.md", about("torpedo")), ("lambat.zip", zipped({"a.md": about("torpedo")}))]
)
def test_an_item_that_is_cancelled_the_moment_it_begins_stays_cancelled(
    name: str, content: bytes, person: Person
) -> None:
    item = person.intake.open_upload(name, len(content), person.name)
    os.mkfifo(item.path)  # whoever reads it waits until somebody writes
    person.intake.submit(item)
    with Path(item.path).open("wb") as pipe:  # now it is being read
        person.intake.cancel(item.id, person.name)
        pipe.write(content)
    assert person.last_word(item).stage == "cancelled"
    assert (person.lines, person.titles) == ([(name, "cancelled")], [])


def test_what_is_done_cannot_be_cancelled_nor_can_another_persons_file(person: Person, stranger: Person) -> None:
    done = person.hand_in("selesai.md", about("dermaga"))
    person.intake.cancel(done.item.id, person.name)
    assert person.last_word(done.item).stage == "added"
    assert person.titles == ["Dermaga"]
    person.intake.cancel("tidak-ada", person.name)
    assert stranger.lines == []


def test_another_person_cannot_cancel(person: Person, stranger: Person, embedder: GatedEmbedder) -> None:
    embedder.gate.clear()
    item = person.upload("milikku.md", about("haluan"))
    waiting = person.upload("milikku-juga.md", about("buritan"))
    assert embedder.reached.wait(PATIENCE)
    for each in (item, waiting):
        person.intake.cancel(each.id, stranger.name)
    embedder.gate.set()
    assert person.intake.wait_until_idle(PATIENCE)
    assert [stage for _, stage in person.lines] == ["added", "added"]


# --- limits at the door


@pytest.mark.parametrize("name", ["film.mp4", "tanpa", "", "..", "a/b/../", "x.tar.gz"])
def test_a_format_that_nobody_reads_is_refused_before_it_is_sent(name: str, person: Person) -> None:
    with pytest.raises(UnsupportedFormat):
        person.intake.open_upload(name, 10, person.name)


def test_a_file_that_is_too_large_is_refused_before_it_is_sent(person: Person) -> None:
    with pytest.raises(TooLarge):
        person.intake.open_upload("besar.pdf", 1_000_001, person.name)


def test_nobody_queues_more_than_so_many_files(person: Person, stranger: Person, embedder: GatedEmbedder) -> None:
    embedder.gate.clear()
    for number in range(5):
        person.upload(f"{number}.md", about(f"pulau {number}"))
    with pytest.raises(TooLarge) as refused:
        person.intake.open_upload("6.md", 10, person.name)
    assert (refused.value.what, refused.value.limit) == ("files", 5)
    stranger.upload("saya.md", about("karang"))
    embedder.gate.set()
    assert person.intake.wait_until_idle(PATIENCE)
    person.intake.open_upload("6.md", 10, person.name)


@pytest.mark.parametrize(
    ("given", "plain"),
    [("../../etc/passwd.md", "passwd.md"), ("C:\\Users\\ana\\tesis.MD", "tesis.MD"), ("a\0b.md", "ab.md")],
)
def test_a_name_cannot_lead_anywhere(given: str, plain: str, person: Person) -> None:
    item = person.intake.open_upload(given, 1, person.name)
    assert item.name == plain
    assert Path(item.path).parent == person.intake.workplace.settings.home / "incoming"
    assert Path(item.path).name == f"{item.id}.md"


def test_an_upload_that_did_not_come_whole_is_forgotten(person: Person) -> None:
    item = person.intake.open_upload("setengah.md", 100, person.name)
    Path(item.path).write_bytes(b"sete")
    person.intake.abandon(item)
    assert not Path(item.path).exists()
    assert person.lines == []


# --- after the process has ended


def waiting_item(home: Path, name: str, content: bytes, *, number: int) -> WaitingItem:
    key = f"{number:032x}"
    path = home / "incoming" / f"{key}{Path(name).suffix}"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return WaitingItem(key, "ana", name, f"2026-01-01T00:00:0{number}", path=str(path), suffix=path.suffix)


def test_a_new_process_goes_on_with_what_the_old_one_left_and_clears_the_rest(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with small_workplace(home) as workplace:
        listed = WaitingList(workplace.library.engine)
        listed.put(waiting_item(home, "dua.md", about("kompas"), number=2))
        listed.put(waiting_item(home, "satu.md", about("sekstan"), number=1))
        listed.put(replace(waiting_item(home, "hilang.md", b"", number=3), path=str(home / "incoming" / "gone.md")))
        (home / "incoming" / "0000.pdf").write_bytes(b"half of an upload")
        (home / "incoming" / "abcd").mkdir()
        (home / "incoming" / "abcd" / "1.md").write_bytes(b"half of an archive")
    with small_workplace(home) as workplace:
        workplace.update()
        intake = Intake(workplace)
        intake.start()
        assert intake.wait_until_idle(PATIENCE)
        lines = [(progress.item.name, progress.stage) for progress in intake.board.of("ana")]
        assert lines == [("satu.md", "added"), ("dua.md", "added"), ("hilang.md", "refused")]
        assert kept(workplace).incoming == frozenset()
        assert listed_names(workplace) == []
        assert workplace.problems() == []
        intake.stop()


def listed_names(workplace: Workplace) -> list[str]:
    return [item.name for item in WaitingList(workplace.library.engine).items()]


def test_stopping_ends_after_the_file_at_hand_and_the_rest_is_taken_in_later(tmp_path: Path) -> None:
    embedder = GatedEmbedder()
    with small_workplace(tmp_path / "home", embedder) as workplace:
        workplace.update()
        intake = Intake(workplace)
        intake.start()
        ana = Person(intake, "ana")
        ana.hand_in("lama.md", about("kemudi", 30))
        assert ana.hand_in("lama-final.md", about("kemudi", 34)).stage == SIMILAR
        embedder.gate.clear()
        embedder.reached.clear()
        ana.upload("satu.md", about("layar"))
        ana.upload("dua.md", about("tiang"))
        assert embedder.reached.wait(PATIENCE)
        stopping = threading.Thread(target=intake.stop)
        stopping.start()
        embedder.gate.set()
        stopping.join(PATIENCE)
        assert not stopping.is_alive()
        assert listed_names(workplace) == ["lama-final.md", "satu.md", "dua.md"]
        assert ana.titles == ["Kemudi", "Layar"]
    with small_workplace(tmp_path / "home", embedder) as workplace:
        workplace.update()
        intake = Intake(workplace)
        intake.start()
        ana = Person(intake, "ana")
        assert intake.wait_until_idle(PATIENCE)
        assert ana.lines == [("lama-final.md", SIMILAR), ("satu.md", "unchanged"), ("dua.md", "added")]
        assert ana.titles == ["Kemudi", "Layar", "Tiang"]
        assert len(embedder.embedded) == len(set(embedder.embedded)), "nothing was embedded twice"
        assert workplace.problems() == []
        intake.stop()


# --- the board


def item(number: int, owner: str = "ana") -> WaitingItem:
    return WaitingItem(str(number), owner, f"{number}.pdf", f"2026-01-01T00:00:0{number}", path=f"/x/{number}.pdf")


def test_the_board_shows_each_person_their_items_in_the_order_in_which_they_came() -> None:
    board = Board()
    for number, owner in ((3, "ana"), (1, "ana"), (2, "budi")):
        board.show(Progress(item(number, owner)))
    assert [progress.item.id for progress in board.of("ana")] == ["1", "3"]
    assert [progress.item.id for progress in board.at(WAITING)] == ["1", "2", "3"]
    assert board.find("2", "ana") is None
    assert board.find("2", "budi") is not None
    assert board.of("cici") == ()


def test_the_time_that_is_left_follows_from_the_rate_of_the_stage() -> None:
    now = [100.0]
    board = Board(lambda: now[0])

    def left(stage: str, done: int, total: int) -> float | None:
        board.tell(item(1), stage, done, total)
        return board.of("ana")[0].seconds_left

    assert left("reading", 0, 10) is None
    now[0] = 100.2
    assert left("reading", 1, 10) is None, "too early to tell"
    now[0] = 104.0
    assert left("reading", 4, 10) == pytest.approx(6)
    now[0] = 105.0
    assert left("vectors", 1, 10) is None, "a new stage has a rate of its own"
    now[0] = 107.0
    assert left("vectors", 2, 10) == pytest.approx(8)
    assert left("vectors", 0, 0) is None


def test_what_was_read_is_taken_down_and_the_rest_stays() -> None:
    board = Board()
    stages = [WAITING, "vectors", INDEXING, SIMILAR, SCANNED, *sorted(FINAL)]
    for number, stage in enumerate(stages):
        board.show(Progress(item(number), stage))
        board.show(Progress(item(number + 20, "budi"), stage))
    board.dismiss("ana")
    assert [progress.stage for progress in board.of("ana")] == [WAITING, "vectors", INDEXING, SIMILAR, SCANNED]
    assert len(board.of("budi")) == len(stages)


@pytest.mark.parametrize(
    ("stages", "idle"),
    [
        ((), True),
        (("added", "refused", SIMILAR, SCANNED), True),
        (("added", WAITING), False),
        ((INDEXING,), False),
        (("vectors",), False),
    ],
)
def test_it_is_idle_when_nothing_happens_without_a_person(stages: tuple[str, ...], idle: bool) -> None:
    board = Board()
    for number, stage in enumerate(stages):
        board.show(Progress(item(number), stage))
    assert board.is_idle() == idle


def test_a_wish_to_stop_is_forgotten_with_the_item() -> None:
    board = Board()
    board.cancel("1")
    assert board.is_cancelled("1")
    board.show(Progress(item(1), "cancelled"))
    assert not board.is_cancelled("1"), "what is handed in again is not stopped by it"


def test_choices_add_up() -> None:
    scanned = Progress(item(1), SCANNED, outcome=Outcome("refused"))
    chosen = renewed(Progress(renewed(scanned, ocr=True), SIMILAR), keep_similar=True)
    assert (chosen.ocr, chosen.keep_similar, chosen.in_place_of) == (True, True, "")
