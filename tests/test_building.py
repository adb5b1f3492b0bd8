"""The index follows the library: nothing made twice, nothing lost to a kill, and mended when Chroma lies."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.building import update_index
from index.keyword_search import build_keyword_index, indexed_ids
from index.manifest import IndexMismatch, read_manifest
from index.vector_cache import CHUNK
from index.vector_store import VectorStore
from knowledge.chunking import ChunkingSettings
from tests.small_index import CountingEmbedder, SmallIndex, small_index

ROOT = Path(__file__).parents[1]
SEA = "Laut itu luas dan dalam. Kapal selam menjaga laut kita. Nelayan pulang pada pagi hari."
LAND = "Tank melintasi padang yang luas. Tentara berlatih di darat saja."


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_an_empty_library_gives_an_empty_index(tmp_path: Path) -> None:
    with small_index(tmp_path) as index:
        report = index.update()
        assert (report.passages, report.sentences, report.added, report.embedded, report.repaired) == (
            0,
            0,
            0,
            0,
            False,
        )
        assert index.problems() == []


def test_indexing_twice_changes_nothing(tmp_path: Path) -> None:
    with small_index(tmp_path) as index:
        index.put("Laut", SEA)
        first = index.update()
        assert (first.passages, first.sentences, first.added, first.removed) == (3, 3, 3, 0)
        before = contents(index.folder.keywords), read_manifest(index.folder.root)
        made = list(index.embedder.embedded)
        again = index.update()
        assert (again.passages, again.sentences) == (3, 3)
        assert (again.added, again.removed, again.embedded, again.repaired) == (0, 0, 0, False)
        assert (contents(index.folder.keywords), read_manifest(index.folder.root)) == before
        assert index.embedder.embedded == made
        assert index.problems() == []


def test_only_what_changed_is_embedded_and_moved(tmp_path: Path) -> None:
    with small_index(tmp_path) as index:
        sea, land = index.put("Laut", SEA), index.put("Darat", LAND)
        index.update()
        index.put("Laut", SEA + " Ombak datang dari selatan lagi.")
        report = index.update()
        # The id of a document comes from its whole text, its vectors from the text of each passage.
        assert (report.added, report.removed, report.embedded, report.repaired) == (4, 3, 1, False)
        index.library.remove(land.id)
        report = index.update()
        assert (report.passages, report.added, report.removed, report.embedded) == (4, 0, 2, 0)
        assert index.problems() == []
        assert not any(passage_id.startswith((sea.id, land.id)) for passage_id in index.library.passage_ids())


def test_a_library_that_changed_wholly_is_no_damage(tmp_path: Path) -> None:
    with small_index(tmp_path) as index:
        index.put("Laut", SEA)
        index.update()
        index.put("Laut", LAND)
        report = index.update()
        assert (report.added, report.removed, report.repaired) == (2, 3, False)
        index.library.remove(index.library.summaries()[0].id)
        report = index.update()
        assert (report.passages, report.removed, report.repaired) == (0, 2, False)
        assert index.problems() == []


def test_progress_counts_the_texts_to_embed(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    with small_index(tmp_path) as index:
        index.put("Laut", SEA)
        report = index.update(progress=lambda done, total: seen.append((done, total)))
        index.update(progress=lambda done, total: seen.append((done, total)))
    assert seen == [(report.embedded, report.embedded)]


def test_many_equal_passages_are_no_damage(tmp_path: Path) -> None:
    with small_index(tmp_path) as index:
        index.put("Ulang", "Kalimat yang sama lagi. " * 40)
        index.update()
        again = index.update()
        assert (again.passages, again.added, again.repaired) == (40, 0, False)


@pytest.mark.parametrize("lost", ["manifest.json", "keywords", "vectors"])
def test_a_lost_part_is_made_again_without_embedding(tmp_path: Path, lost: str) -> None:
    with small_index(tmp_path) as index:
        index.put("Laut", SEA)
        index.update()
    path = index.folder.root / lost
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    with small_index(tmp_path) as index:
        assert set(index.problems()) <= {"manifest", "passages", "keywords", "vectors"}
        assert index.problems()
        assert index.update().embedded == 0
        assert index.embedder.embedded == []
        assert index.problems() == []


def test_other_tokens_make_the_keyword_index_anew(tmp_path: Path) -> None:
    with small_index(tmp_path) as index:
        index.put("Laut", SEA)
        index.update()
        build_keyword_index(index.folder.keywords, dict.fromkeys(index.library.passage_ids(), "lama"))
        before = contents(index.folder.keywords)
        manifest = index.folder.root / "manifest.json"
        manifest.write_text(manifest.read_text().replace('"words": "', '"words": "0'))
        report = index.update()
        assert (report.added, report.embedded, report.repaired) == (0, 0, False)
        assert contents(index.folder.keywords) != before


STEPS = st.lists(
    st.tuples(st.sampled_from("abc"), st.integers(0, 3), st.booleans()), min_size=1, max_size=5
)  # (document, number of sentences or 0 to remove it, whether to index after this step)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_after_any_changes_the_index_agrees_with_the_library(
    tmp_path: Path, steps: list[tuple[str, int, bool]]
) -> None:
    with small_index(Path(tempfile.mkdtemp(dir=tmp_path))) as index:
        for name, sentences, build in [*steps, ("a", 1, True)]:
            if sentences:
                index.put(name, " ".join(f"Kalimat {name} nomor {number} ini." for number in range(sentences)))
            elif any(summary.title == name for summary in index.library.summaries()):
                index.library.remove(index.library.find(f"file:/{name}").id)
            if build:
                index.update()
        assert index.problems() == []
        assert set(indexed_ids(index.folder.keywords)) == set(index.library.passage_ids())
        assert len(index.embedder.embedded) == len(set(index.embedder.embedded))
        assert index.update().added == 0


# Another model


def test_another_model_is_refused_then_built_and_the_old_one_comes_back_from_the_cache(tmp_path: Path) -> None:
    with small_index(tmp_path, CountingEmbedder(64)) as index:
        index.put("Laut", SEA)
        index.update()
    with small_index(tmp_path, CountingEmbedder(32)) as index:
        with pytest.raises(IndexMismatch, match=r"'counting-64'.*'counting-32'.*`tanya index build`"):
            index.update()
        assert index.embedder.embedded == []
        report = index.update(rebuild=True)
        assert (report.added, report.embedded, report.repaired) == (3, len(index.embedder.embedded), False)
        assert report.embedded > 0
        assert index.problems() == []
    with small_index(tmp_path, CountingEmbedder(64)) as index:
        assert index.update(rebuild=True).embedded == 0
        assert index.embedder.embedded == []
        assert index.problems() == []


def test_other_chunking_is_refused(tmp_path: Path) -> None:
    with small_index(tmp_path) as index:
        index.update()
    with small_index(tmp_path, chunking=ChunkingSettings()) as index, pytest.raises(IndexMismatch, match="chunking"):
        index.update()


@pytest.mark.parametrize("other", [CountingEmbedder(32), CountingEmbedder(64, name="twin")])
def test_a_rebuild_with_another_model_that_was_cut_short_is_mended_by_the_old_one(
    tmp_path: Path, other: CountingEmbedder
) -> None:
    with small_index(tmp_path, CountingEmbedder(64)) as index:
        index.put("Laut", SEA)
        index.update()
        ids = index.library.passage_ids()
        store = VectorStore(index.folder.vectors)
        store.clear()
        store.upsert(ids[:2], -other.embed_passages(ids[:2]))  # the kill came before the manifest
        store.close()
        report = index.update()
        assert (report.added, report.embedded, report.repaired) == (3, 0, True)
        assert index.problems() == []


# Killed

KILLED = """
import os, signal, sys
from pathlib import Path
from index.vector_cache import CHUNK
from tests.small_index import CountingEmbedder, small_index

home, moment, number = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
seen = 0

def kill(event, details):
    global seen
    seen += event == moment and str(home) in str(details)
    if seen == number:
        seen = -1000  # os.kill is an event itself
        os.kill(os.getpid(), signal.SIGKILL)

class Mortal(CountingEmbedder):
    def embed_passages(self, texts):
        kill("embed", home)
        return super().embed_passages(texts)

sys.addaudithook(kill)  # os.rename: keywords away, keywords here, manifest here
with small_index(home, Mortal()) as index:
    index.put("Banyak", " ".join(f"Butir nomor {n} ini." for n in range(CHUNK + 50)))
    index.library.remove(index.library.find("file:/Darat").id)
    index.update()
"""


@pytest.mark.parametrize(
    ("moment", "number"),
    [
        ("embed", 2),  # one batch is kept
        ("os.rename", 1),  # vectors are in Chroma, the old keyword index is in its place
        ("os.rename", 2),  # no keyword index at all
        ("os.rename", 3),  # all but the manifest
    ],
)
def test_a_kill_at_any_point_is_mended_by_the_next_update(tmp_path: Path, moment: str, number: int) -> None:
    with small_index(tmp_path) as index:
        index.put("Laut", SEA)
        index.put("Darat", LAND)
        index.update()
    command = [sys.executable, "-c", KILLED, str(tmp_path), moment, str(number)]
    killed = subprocess.run(command, cwd=ROOT, check=False, timeout=60, capture_output=True, text=True)
    assert killed.returncode == -9, killed.stderr
    with small_index(tmp_path) as index:
        assert [summary.title for summary in index.library.summaries()] == ["Banyak", "Laut"]
        assert index.problems()
        report = index.update()
        assert report.passages == len(index.library.passage_ids()) == CHUNK + 50 + 3
        assert report.embedded == len(index.embedder.embedded) == (50 if moment == "embed" else 0)
        assert not report.repaired
        assert index.problems() == []
        assert sorted(path.name for path in index.folder.root.iterdir()) == [
            "build.lock",
            "keywords",
            "manifest.json",
            "vectors",
        ]


# Chroma lies


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose vectors Chroma has written to its segment; the first and the last id are still in its queue."""
    home = tmp_path_factory.mktemp("sound")
    with small_index(home) as index:
        many = index.put("Banyak", " ".join(f"Butir nomor {number} ini." for number in range(1100)))
        index.update()
        below = above = False
        for number in range(100):
            document = index.put(f"Kecil {number}", "Satu kalimat kecil saja.")
            below, above = below or document.id < many.id, above or document.id > many.id
            if below and above:
                break
        index.update()
        assert index.problems() == []
        assert min(index.library.passage_ids())[:16] != many.id != max(index.library.passage_ids())[:16]
    return home


def copied(sound: Path, tmp_path: Path) -> tuple[Path, Path]:
    """A copy of a home, and the folder of its vector segment."""
    home = shutil.copytree(sound, tmp_path / "home")
    return home, next(path for path in (home / "index" / "vectors").iterdir() if path.is_dir())


@pytest.mark.parametrize(
    ("name", "kept"),
    [("", 0), ("data_level0.bin", None), ("index_metadata.pickle", 1000), ("header.bin", None), ("length.bin", None)],
)
def test_lost_vectors_are_noticed_and_put_back_without_embedding(
    sound: Path, tmp_path: Path, name: str, kept: int | None
) -> None:
    home, segment = copied(sound, tmp_path)
    if not name:
        shutil.rmtree(segment)
    elif kept is None:
        (segment / name).unlink()
    else:
        (segment / name).write_bytes((segment / name).read_bytes()[:kept])
    with small_index(home) as index:
        assert not index.is_truthful()
        assert index.problems() == ["vectors"]
        report = index.update()
        assert (report.repaired, report.added, report.embedded) == (True, report.passages, 0)
        assert index.embedder.embedded == []
        assert index.is_truthful()
        assert index.problems() == []
        assert not index.update().repaired


def test_vectors_lost_with_a_library_that_changed_wholly_do_no_harm(sound: Path, tmp_path: Path) -> None:
    home, segment = copied(sound, tmp_path)
    shutil.rmtree(segment)
    with small_index(home) as index:
        for summary in index.library.summaries():
            index.library.remove(summary.id)
        index.put("Laut", SEA)
        assert index.update().passages == 3
        assert index.problems() == []


def test_foreign_vectors_are_noticed(tmp_path: Path) -> None:
    with small_index(tmp_path) as index:
        index.put("Laut", SEA)
        index.update()
        first = min(index.library.passage_ids())
        store = VectorStore(index.folder.vectors)
        store.upsert([first], index.embedder.embed_passages(["sesuatu yang lain sama sekali"]))
        store.close()
        assert not index.is_truthful()
        assert index.update().repaired
        assert index.is_truthful()


def test_one_builder_at_a_time(tmp_path: Path) -> None:
    with small_index(tmp_path) as index:
        store = VectorStore(index.folder.vectors)
        held = index.folder.lock
        with held, pytest.raises(TimeoutError):
            index.folder.lock.acquire(timeout=0.05)
        update_index(index.library, index.embeddings, store, index.folder, configured=index.configured)
        store.close()


def test_two_homes_are_apart(tmp_path: Path) -> None:
    with small_index(tmp_path / "a") as one, small_index(tmp_path / "b") as other:
        one.put("Laut", SEA)
        other.put("Darat", LAND)
        assert (one.update().passages, other.update().passages) == (3, 2)
        assert one.problems() == other.problems() == []


def test_reports_of_all_processes_agree(tmp_path: Path) -> None:
    first, second = SmallIndex(tmp_path), SmallIndex(tmp_path)
    first.put("Laut", SEA)
    assert first.update().added == 3
    assert second.update().added == 0
    assert second.embedder.embedded == []
    first.close()
    second.close()
