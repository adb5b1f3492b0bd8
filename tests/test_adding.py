"""`tanya sources add`, `edit` and `remove`: files, folders, archives and web addresses, and a word on each of them."""

import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from assistant.adding import Added, add_all
from assistant.opening import Workplace
from assistant.settings import Settings
from knowledge.errors import TooLarge
from tests.command_line import Ran, run_command, settings_of_nobody
from tests.small_index import CountingEmbedder, add_source
from tests.small_workplace import kept, open_small, small_workplace
from tests.web_server import Site, serve

Tanya = Callable[..., Ran]


def about(topic: str, sentences: int = 12) -> str:
    lines = [f"Kalimat nomor {number} berbicara tentang {topic} di Natuna." for number in range(sentences)]
    return f"# {topic.capitalize()}\n\n{' '.join(lines)}\n"


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with serve() as opened:
        yield opened


@dataclass
class Opening:
    """Opens the small workplace with one model, which counts, and keeps what it opened last."""

    embedder: CountingEmbedder = field(default_factory=CountingEmbedder)

    def __call__(self, settings: Settings) -> Workplace:
        return open_small(settings, self.embedder)


@pytest.fixture
def opening() -> Opening:
    return Opening()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "kept" / "home"


@pytest.fixture
def tanya(
    home: Path, opening: Opening, site: Site, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Tanya:
    settings_of_nobody(monkeypatch, home)
    monkeypatch.setenv("TANYA_FETCH__ALLOWED_PRIVATE", f"127.0.0.1:{site.port}")
    return lambda *arguments: run_command(arguments, opening, capsys)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of files, some of which can be read."""
    files = tmp_path / "bahan"
    (files / "dalam").mkdir(parents=True)
    (files / "a.md").write_text(about("fregat"))
    (files / "dalam" / "b.txt").write_text("Rudal Kilat Biru diuji di Pulau Morotai.")
    (files / "gambar.png").write_bytes(b"\x89PNG")
    with zipfile.ZipFile(files / "dalam" / "arsip.zip", "w") as archive:
        archive.writestr("bab/c.md", about("korvet"))
        archive.writestr("d.exe", "MZ")
    return files


def statuses(ran: Ran) -> list[tuple[str, str]]:
    return [(Path(one["origin"]).name, one["status"]) for one in ran.records]


# --- adding


def test_files_folders_archives_and_addresses_in_one_go(
    tanya: Tanya, folder: Path, tmp_path: Path, site: Site, opening: Opening
) -> None:
    single = tmp_path / "sendiri.md"
    single.write_text(about("kapal selam"))
    address = site.put("/berita.txt", b"Laksamana Hang Tuah berpidato di Surabaya.")
    places = (str(single), str(folder), address)

    added = tanya("sources", "add", *places, "--json")
    assert statuses(added) == [
        ("sendiri.md", "added"),
        ("a.md", "added"),
        ("c.md", "added"),
        ("d.exe", "refused"),
        ("b.txt", "added"),
        ("berita.txt", "added"),
    ]
    assert added.code == 1, "one of them was refused"
    assert ".exe" in added.err
    origins = {one["origin"] for one in added.records}
    assert {address, f"{folder}/dalam/arsip.zip/bab/c.md"} <= origins

    verified = tanya("index", "verify", "--json")
    assert (verified.code, verified.record) == (0, {"problems": []})
    answer = tanya("ask", "Di mana Laksamana Hang Tuah berpidato?", "--json").record
    assert answer["citations"][0]["quote"] == "Laksamana Hang Tuah berpidato di Surabaya."
    page = tanya("sources", "show", added.records[-1]["id"], "--json").record
    assert (page["url"], len(page["accessed"])) == (address, 10)

    opening.embedder.embedded.clear()
    again = tanya("sources", "add", *places[:2], address, "--json")
    assert [status for _, status in statuses(again)] == ["unchanged"] * 3 + ["refused"] + ["unchanged"] * 2
    assert [one["id"] for one in again.records] == [one["id"] for one in added.records]
    assert opening.embedder.embedded == []


def test_a_person_reads_a_line_on_each_file_and_a_summary(tanya: Tanya, folder: Path) -> None:
    ran = tanya("sources", "add", str(folder / "a.md"), str(folder / "gambar.png"), str(folder / "a.md"))
    identity = tanya("sources", "show", "Fregat", "--json").record["id"]
    assert ran.out.splitlines() == [
        f"Ditambahkan: Fregat ({identity})",
        f"Sudah ada: Fregat ({identity})",
        "Ringkasan: ditambahkan 1, ditolak 1, sudah ada 1.",
    ]
    assert "gambar.png" in ran.err
    assert ran.err.count("\n") == 1, "nothing else: there is no terminal to show progress on"


def test_what_cannot_be_added_is_said_and_the_rest_is_added(
    tanya: Tanya, tmp_path: Path, site: Site, folder: Path
) -> None:
    (tmp_path / "rusak.zip").write_bytes(b"PK\x03\x04")
    (tmp_path / "kosong.txt").write_text(" ")
    bad = [str(tmp_path / name) for name in ("rusak.zip", "tidak-ada.zip", "tidak-ada.md", "kosong.txt")]
    bad += [site.url("/tidak-ada"), "http://127.0.0.1:9/x", "www.tidak-ada.invalid"]
    ran = tanya("sources", "add", *bad, str(folder / "a.md"), "--json")
    assert ran.code == 1
    assert [one["status"] for one in ran.records] == ["refused"] * 7 + ["added"]
    assert [one["origin"] for one in ran.records[:-1]] == bad
    assert [one["message"] for one in ran.records[:-1]] == ran.err.splitlines()
    assert all(one["origin"] in one["message"] for one in ran.records[:-1]), "each names its file or address"


def test_an_empty_folder_adds_nothing_and_says_so(tanya: Tanya, tmp_path: Path) -> None:
    (tmp_path / "kosong").mkdir()
    ran = tanya("sources", "add", str(tmp_path / "kosong"))
    assert (ran.code, ran.out) == (1, "Tidak ada berkas yang ditambahkan.\n")


def test_another_version_is_left_out_kept_or_put_in_place_of_the_old_one(
    tanya: Tanya, tmp_path: Path, home: Path
) -> None:
    old, new = tmp_path / "skripsi.md", tmp_path / "skripsi-final.md"
    old.write_text(about("rudal", 30))
    new.write_text(about("rudal", 34))
    (first,) = tanya("sources", "add", str(old), "--json").records
    asked = tanya("sources", "add", str(new))  # nobody can be asked here
    assert asked.code == 1
    assert asked.out.startswith(f"Mirip teks yang sudah ada, belum ditambahkan: {new}")
    assert "--similar keep, replace, atau skip" in asked.out
    assert titles(tanya).count("Rudal") == 1

    replaced = tanya("sources", "add", str(new), "--similar", "replace", "--json")
    assert (replaced.code, replaced.records[0]["status"], replaced.records[0]["id"]) == (0, "changed", first["id"])
    assert "Kalimat nomor 33" in tanya("sources", "show", first["id"]).out
    both = tanya("sources", "add", str(old), "--similar", "keep", "--json")
    assert (both.code, both.records[0]["status"]) == (0, "added")
    assert titles(tanya).count("Rudal") == 2
    assert tanya("index", "verify").code == 0


def titles(tanya: Tanya) -> list[str]:
    return [source["title"] for source in tanya("sources", "list", "--json").records]


def test_a_shipped_text_is_replaced_by_nothing(tanya: Tanya, home: Path, tmp_path: Path) -> None:
    tanya("index", "build")
    shipped = tanya("sources", "show", "mef", "--json").record
    mine = tmp_path / "mef-saya.md"
    body = (home.with_name("corpus") / "mef.md").read_text(encoding="utf-8").partition("##")[2]
    mine.write_text(f"# MEF saya\n\n## {body}\n\nDan satu kalimat lagi.")
    tanya("sources", "add", str(mine), "--similar", "replace")
    assert tanya("index", "build").code == 0
    assert tanya("sources", "show", "mef", "--json").record == shipped
    assert "MEF saya" in titles(tanya), "and nothing is lost"


def test_a_kept_file_goes_through_its_stages_in_order(tmp_path: Path, home: Path, site: Site) -> None:
    path = tmp_path / "a.md"
    path.write_text(about("fregat"))
    address = site.put("/b.txt", b"Korvet baru diluncurkan di galangan.")
    told: list[tuple[str, str, int, int]] = []
    with small_workplace(home, fetch=site.settings()) as workplace:
        found = list(
            add_all(workplace, [str(path), address], choose=lambda added: "skip", tell=lambda *step: told.append(step))
        )
    assert [one.outcome.status for one in found] == ["added", "added"]
    stages = list(dict.fromkeys((name, stage) for name, stage, _, _ in told))
    assert stages == [
        (str(path), "reading"),
        (str(path), "vectors"),
        (str(path), "done"),
        (address, "fetching"),
        (address, "reading"),
        (address, "vectors"),
        (address, "done"),
    ]


def test_a_folder_of_too_many_files_is_refused_before_any_is_read(tmp_path: Path, home: Path) -> None:
    files = tmp_path / "banyak"
    files.mkdir()
    for number in range(4):
        (files / f"{number}.md").write_text(about(f"pulau {number}"))
    with small_workplace(home, sources={"most_files": 3}) as workplace:
        before = kept(workplace)
        (refused,) = add_all(workplace, [str(files)], choose=nobody, tell=lambda *_: None)
        assert isinstance(refused.outcome.error, TooLarge)
        assert (refused.origin, refused.outcome.error.limit) == (str(files), 3)
        assert kept(workplace) == before


def test_an_archive_that_is_too_large_is_refused_before_it_is_opened(tmp_path: Path, home: Path) -> None:
    path = tmp_path / "besar.zip"
    path.write_bytes(b"x" * 1_000_001)
    with small_workplace(home, sources={"most_megabytes": 1}) as workplace:
        (refused,) = add_all(workplace, [str(path)], choose=nobody, tell=lambda *_: None)
    assert isinstance(refused.outcome.error, TooLarge)
    assert (refused.outcome.error.what, refused.origin) == ("megabytes", str(path))


def nobody(added: Added) -> str:
    raise AssertionError(added)


# --- editing and removing


@pytest.fixture
def fregat(home: Path, tmp_path: Path) -> str:
    """The id of a source of the user, of one sentence."""
    path = tmp_path / "fregat.md"
    path.write_text("# Fregat\n\nKapal itu berlayar.\n")
    with small_workplace(home) as workplace:
        return add_source(workplace.library, path, workplace.settings.chunking).document.id


def test_an_edited_record_shows_everywhere(tanya: Tanya, fregat: str) -> None:
    edited = tanya(
        "sources", "edit", fregat, "title=Galangan Surabaya", "authors=Ana Putri; Budi", "date=2019", "--json"
    )
    assert edited.code == 0
    assert (edited.record["title"], edited.record["authors"], edited.record["date"]) == (
        "Galangan Surabaya",
        ["Ana Putri", "Budi"],
        "2019",
    )
    listed = {source["id"]: source for source in tanya("sources", "list", "--json").records}
    assert (listed[fregat]["title"], listed[fregat]["authors"]) == ("Galangan Surabaya", ["Ana Putri", "Budi"])
    assert tanya("search", "Galangan Surabaya", "-k", "1", "--json").records[0]["title"] == "Galangan Surabaya"
    assert tanya("sources", "show", "Galangan Surabaya", "--json").record["id"] == fregat
    assert tanya("index", "verify").code == 0
    assert tanya("sources", "edit", fregat, "date=").code == 0
    assert tanya("sources", "show", fregat, "--json").record["date"] == "", "a field can be emptied"


@pytest.mark.parametrize("field", ["judul=Lain", "title", "text=Palsu"])
def test_a_field_that_cannot_be_edited_is_refused_with_those_that_can(field: str, tanya: Tanya, fregat: str) -> None:
    ran = tanya("sources", "edit", fregat, "date=1999", field)
    assert ran.code == 2
    assert field in ran.err
    assert "publisher" in ran.err
    assert tanya("sources", "show", fregat, "--json").record["date"] == "", "nothing was changed"


def test_a_shipped_text_is_neither_edited_nor_removed(tanya: Tanya) -> None:
    tanya("index", "build")
    before = tanya("sources", "show", "mef", "--json").record
    for command in (("edit", "mef", "title=Lain"), ("remove", "mef")):
        ran = tanya("sources", *command)
        assert (ran.code, ran.out) == (1, "")
        assert "teks bawaan" in ran.err
    assert tanya("sources", "show", "mef", "--json").record == before


def test_removing_leaves_nothing_of_a_source(tanya: Tanya, folder: Path, home: Path) -> None:
    (added,) = tanya("sources", "add", str(folder / "a.md"), "--json").records
    fregat = added["id"]
    removed = tanya("sources", "remove", fregat)
    assert (removed.code, removed.out) == (0, f"Dihapus: Fregat ({fregat})\n")
    assert fregat not in {one["document_id"] for one in tanya("search", "fregat", "--json").records}
    assert tanya("index", "verify").code == 0
    with small_workplace(home) as workplace:
        now = kept(workplace)
    assert now.originals == frozenset()
    assert not any(name.startswith(fregat) for name in now.indexed)
