"""The workplace: what opening and bringing up to date leave on disk, and what is refused."""

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.answers import Reason
from assistant.opening import Workplace, open_workplace
from assistant.settings import Settings
from index.manifest import IndexMismatch
from knowledge.chunking import ChunkingSettings
from knowledge.sources import add_source
from tests.conftest import make_workplace
from tests.fakes import HashEmbedder

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
