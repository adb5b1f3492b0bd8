"""The workplace: what opening and bringing up to date leave on disk, and what is refused."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.answers import Reason
from assistant.opening import Workplace, open_workplace
from assistant.settings import Settings
from index.manifest import IndexMismatch, read_manifest
from knowledge.chunking import ChunkingSettings
from knowledge.errors import UnknownDocument
from tests.conftest import make_workplace
from tests.fakes import HashEmbedder
from tests.small_index import add_source
from tests.small_workplace import kept, small_workplace

QUESTION = "Perjanjian Lombok ditandatangani oleh Menteri Luar Negeri Indonesia Hassan Wirajuda"


def note(folder: Path, words: str = "Rudal Kilat Biru diuji di Morotai.") -> Path:
    path = folder / "catatan.txt"
    path.write_text(words, encoding="utf-8")
    return path


def test_everything_lies_under_home(own_workplace: Workplace) -> None:
    own_workplace.update()
    home = own_workplace.settings.home
    assert (home / "tanya.sqlite3").is_file()
    assert (home / "index" / "manifest.json").is_file()


def test_the_second_update_changes_nothing(own_workplace: Workplace) -> None:
    changes, built = own_workplace.update()
    assert (changes.added, built.added) == (len(own_workplace.library.summaries()), built.passages)
    ids = own_workplace.library.passage_ids()
    changes, again = own_workplace.update()
    assert (changes.added, changes.changed, changes.removed) == (0, 0, 0)
    assert (again.added, again.removed, again.embedded, again.repaired) == (0, 0, 0, False)
    assert own_workplace.library.passage_ids() == ids


def test_an_assistant_sees_what_was_added_and_removed_after_it_was_made(
    own_workplace: Workplace, tmp_path: Path
) -> None:
    own_workplace.update()
    assistant = own_workplace.assistant()
    before = [passage.text for passage in assistant.search("Kilat Biru Morotai", 3)]
    added = add_source(own_workplace.library, note(tmp_path), own_workplace.settings.chunking)
    own_workplace.update()
    assert assistant.search("Kilat Biru Morotai", 1)[0].document_id == added.document.id
    own_workplace.library.remove(added.document.id)
    own_workplace.update()
    assert [passage.text for passage in assistant.search("Kilat Biru Morotai", 3)] == before


def test_between_removing_a_source_and_the_update_nothing_of_it_is_cited(
    own_workplace: Workplace, tmp_path: Path
) -> None:
    added = add_source(own_workplace.library, note(tmp_path), own_workplace.settings.chunking)
    own_workplace.update()
    assistant = own_workplace.assistant()
    own_workplace.library.remove(added.document.id)
    assert added.document.id not in {passage.document_id for passage in assistant.search("Kilat Biru Morotai", 5)}


def test_before_the_first_update_the_index_is_empty_and_says_so(own_workplace: Workplace) -> None:
    answer = own_workplace.assistant().answer(QUESTION)
    assert (answer.abstained, answer.reason, answer.passages) == (True, Reason.EMPTY_INDEX, ())
    assert own_workplace.problems() == ["absent"]


@pytest.mark.parametrize(
    "reopen",
    [
        lambda home: open_workplace(Settings(home=home), embedder=HashEmbedder(32)),
        lambda home: open_workplace(
            Settings(home=home, chunking=ChunkingSettings(target_words=40, min_words=20, max_words=60)),
            embedder=HashEmbedder(),
        ),
    ],
    ids=["another model", "another chunking"],
)
def test_an_index_built_otherwise_is_refused_until_it_is_rebuilt(
    reopen: Callable[[Path], Workplace], own_workplace: Workplace
) -> None:
    own_workplace.update()
    other = reopen(own_workplace.settings.home)
    with pytest.raises(IndexMismatch, match="tanya index build"):
        other.update()
    assert other.problems() == ["mismatch"]
    assert own_workplace.problems() == [], "refusing changed nothing"
    _, built = other.update(accept_mismatch=True)
    assert built.added == built.passages
    assert other.problems() == []
    assert other.update()[1].added == 0
    other.close()


def test_what_was_added_outlives_the_process(tmp_path: Path) -> None:
    first = make_workplace(tmp_path / "home")
    added = add_source(first.library, note(tmp_path), first.settings.chunking)
    first.update()
    first.close()
    second = make_workplace(tmp_path / "home")
    _, built = second.update()
    assert (built.added, built.embedded) == (0, 0)
    assert second.library.find(added.document.id).text == added.document.text
    assert second.assistant().search("Kilat Biru Morotai", 1)[0].document_id == added.document.id
    second.close()


def test_progress_counts_the_vectors(own_workplace: Workplace) -> None:
    told: list[tuple[str, int, int]] = []
    own_workplace.update(progress=lambda *step: told.append(step))
    assert {stage for stage, _, _ in told} == {"vectors"}
    assert told[-1][1] == told[-1][2] > 0
    assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)


# --- a person's own sources


@pytest.fixture
def shared(tmp_path: Path) -> Iterator[Workplace]:
    with small_workplace(tmp_path / "small" / "home") as opened:
        opened.update()
        yield opened


def add_for(workplace: Workplace, folder: Path, owner: str, text: str) -> str:
    """Add a text of a person, bring the index up to date, and return its id."""
    path = folder / f"{owner or 'semua'}.md"
    path.write_text(text, encoding="utf-8")
    added = add_source(workplace.library, path, workplace.settings.chunking, owner=owner)
    workplace.update()
    return added.document.id


KILAT = "# Catatan Kilat\n\nRudal Kilat Biru diuji di Pulau Morotai pada 3 Mei 2024."


def test_a_new_title_shows_in_the_list_over_the_answers_and_in_the_search(shared: Workplace, tmp_path: Path) -> None:
    document_id = add_for(shared, tmp_path, "ana", KILAT)
    assistant = shared.assistant()
    assert assistant.answer("Di mana rudal Kilat Biru diuji?").citations[0].title == "Catatan Kilat"
    edited = shared.edit_source(document_id, "ana", {"title": "Laporan Halmahera", "authors": "Ana Putri"})
    assert (edited.id, edited.title, edited.authors) == (document_id, "Laporan Halmahera", ("Ana Putri",))
    assert "Laporan Halmahera" in {each.title for each in shared.library.summaries("ana")}
    cited = assistant.answer("Di mana rudal Kilat Biru diuji?").citations[0]
    assert (cited.title, cited.document_id) == ("Laporan Halmahera", document_id)
    assert shared.library.document(document_id).text[cited.start : cited.end] == cited.quote
    assert assistant.search("laporan halmahera", 1)[0].document_id == document_id
    assert shared.problems() == []


def test_other_fields_leave_the_index_alone(shared: Workplace, tmp_path: Path) -> None:
    document_id = add_for(shared, tmp_path, "ana", KILAT)
    before = read_manifest(shared.folder.root)
    edited = shared.edit_source(document_id, "ana", {"date": "2024", "publisher": "Unhan", "unknown": "x", "text": "y"})
    assert (edited.date, edited.publisher, edited.title) == ("2024", "Unhan", "Catatan Kilat")
    assert "Morotai" in edited.text
    assert read_manifest(shared.folder.root) == before
    assert shared.problems() == []


def test_what_was_removed_is_found_no_more_and_the_index_knows(shared: Workplace, tmp_path: Path) -> None:
    before = kept(shared)
    document_id = add_for(shared, tmp_path, "ana", KILAT)
    assistant = shared.assistant()
    assert assistant.search("Kilat Biru Morotai", 1)[0].document_id == document_id
    shared.remove_source(document_id, "ana")
    assert kept(shared) == before
    assert document_id not in {each.document_id for each in assistant.search("Kilat Biru Morotai", 9)}
    assert shared.problems() == []


@pytest.mark.parametrize("owner", ["budi", "", "%"])
def test_only_its_owner_changes_a_source(owner: str, shared: Workplace, tmp_path: Path) -> None:
    hers = add_for(shared, tmp_path, "ana", KILAT)
    before = shared.library.document(hers)
    assert shared.is_own(hers, "ana")
    assert not shared.is_own(hers, owner)
    with pytest.raises(UnknownDocument):
        shared.edit_source(hers, owner, {"title": "Diubah"})
    with pytest.raises(UnknownDocument):
        shared.remove_source(hers, owner)
    assert shared.library.document(hers) == before


@pytest.mark.parametrize("owner", ["", "ana"])
def test_a_study_text_is_nobodys_to_change(owner: str, shared: Workplace) -> None:
    study = shared.library.find("mef").id
    for document_id in (study, "tidak-ada"):
        assert not shared.is_own(document_id, owner)
        with pytest.raises(UnknownDocument):
            shared.remove_source(document_id, owner)
        with pytest.raises(UnknownDocument):
            shared.edit_source(document_id, owner, {"title": "Diubah"})
    assert shared.library.document(study).title == "Minimum Essential Force"
