"""The shipped study texts: the library is kept in step with their folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge.chunking import ChunkingSettings
from knowledge.documents import Reference
from knowledge.errors import BadReferences
from knowledge.library import Library
from knowledge.sources import edit_record
from knowledge.study_texts import Changes, study_text_folder, sync_study_texts
from tests.small_index import add_source
from tests.small_library import small_library, titles, write

WIDE = ChunkingSettings()
NARROW = ChunkingSettings(target_words=5, min_words=1, max_words=6)
BIBTEX = "@book{kron2015, title = {%s}, author = {Kron, Nicholas D.}, year = {2015}}\n"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with small_library(tmp_path / "home") as library:
        yield library


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Two study texts and a bibliography."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "references.bib").write_text(BIBTEX % "Keamanan")
    write(folder / "mef.md", "MEF")
    write(folder / "turki.md", "Turki")
    return folder


def state(library: Library) -> object:
    return library.fingerprints(), list(library.all_passages())


def test_study_texts_come_once_and_unchanged_ones_are_skipped(library: Library, corpus: Path) -> None:
    assert sync_study_texts(library, WIDE, folder=corpus) == Changes(added=2)
    before = state(library)
    assert sync_study_texts(library, WIDE, folder=corpus) == Changes(unchanged=2)
    assert state(library) == before
    assert titles(library) == ["MEF", "Turki"]
    assert [reference.title for reference in library.references(["kron2015"])] == ["Keamanan"]


def test_the_folder_decides_what_the_library_holds(library: Library, corpus: Path) -> None:
    sync_study_texts(library, WIDE, folder=corpus)
    (corpus / "mef.md").unlink()
    write(corpus / "turki.md", "Turki", "Teks baru.")
    write(corpus / "baru.md", "Baru")
    assert sync_study_texts(library, WIDE, folder=corpus) == Changes(added=1, changed=1, removed=1)
    assert titles(library) == ["Baru", "Turki"]
    assert library.find("corpus:turki.md").text == "Teks baru."


def test_a_renamed_study_text_stays(library: Library, corpus: Path) -> None:
    sync_study_texts(library, WIDE, folder=corpus)
    (corpus / "mef.md").rename(corpus / "zzz.md")
    sync_study_texts(library, WIDE, folder=corpus)
    assert titles(library) == ["MEF", "Turki"]
    assert library.find("corpus:zzz.md").title == "MEF"


def test_a_corrected_reference_arrives_although_no_text_changed(library: Library, corpus: Path) -> None:
    sync_study_texts(library, WIDE, folder=corpus)
    before = library.passage_ids()
    (corpus / "references.bib").write_text(BIBTEX % "Keamanan Bersama")
    sync_study_texts(library, WIDE, folder=corpus)
    assert [reference.title for reference in library.references(["kron2015"])] == ["Keamanan Bersama"]
    assert library.passage_ids() == before


def test_broken_references_change_nothing(library: Library, corpus: Path) -> None:
    sync_study_texts(library, WIDE, folder=corpus)
    before = state(library)
    write(corpus / "mef.md", "MEF", "Teks baru.")
    (corpus / "references.bib").write_text("@book{kron2015, title = {")
    with pytest.raises(BadReferences):
        sync_study_texts(library, WIDE, folder=corpus)
    assert state(library) == before


def test_a_study_text_takes_over_what_the_user_had_added(library: Library, corpus: Path, tmp_path: Path) -> None:
    add_source(library, write(tmp_path / "punyaku.md", "MEF"), WIDE)
    sync_study_texts(library, WIDE, folder=corpus)
    assert all(mark.is_study_text for mark in library.marks())
    assert titles(library) == ["MEF", "Turki"]


def test_what_a_person_holds_for_themselves_is_theirs_even_where_it_becomes_a_study_text(
    library: Library, corpus: Path, tmp_path: Path
) -> None:
    mine = add_source(library, write(tmp_path / "punyaku.md", "MEF"), WIDE, owner="ana").document
    sync_study_texts(library, WIDE, folder=corpus)
    assert library.document(mine.id) == mine
    assert titles(library, "budi") == ["MEF", "Turki"]


def test_what_is_cut_again_stays_whose_it_is_and_as_it_was_edited(
    library: Library, corpus: Path, tmp_path: Path
) -> None:
    mine = add_source(library, write(tmp_path / "punyaku.md", "Punyaku"), WIDE, owner="ana").document
    edited = edit_record(library, mine.id, {"title": "Judulku"}, WIDE)
    held = library.holding(mine.id)
    sync_study_texts(library, NARROW, folder=corpus)
    assert (library.document(mine.id), library.holding(mine.id)) == (edited, held)
    assert titles(library, "budi") == ["MEF", "Turki"]


def test_the_users_documents_stay_when_study_texts_go(library: Library, corpus: Path, tmp_path: Path) -> None:
    sync_study_texts(library, WIDE, folder=corpus)
    mine = add_source(library, write(tmp_path / "punyaku.md", "Punyaku"), WIDE)
    for path in corpus.glob("*.md"):
        path.unlink()
    assert sync_study_texts(library, WIDE, folder=corpus) == Changes(removed=2)
    assert titles(library) == [mine.document.title]


def test_other_chunking_cuts_everything_again_even_without_the_file(
    library: Library, corpus: Path, tmp_path: Path
) -> None:
    path = write(tmp_path / "punyaku.md", "Punyaku")
    mine = add_source(library, path, WIDE).document
    sync_study_texts(library, WIDE, folder=corpus)
    path.unlink()
    coarse = state(library)
    sync_study_texts(library, NARROW, folder=corpus)
    for document_id, _ in library.fingerprints().values():
        assert len(library.passages(document_id)) == 12
    assert library.document(mine.id) == mine
    fine = state(library)
    sync_study_texts(library, NARROW, folder=corpus)
    assert state(library) == fine
    sync_study_texts(library, WIDE, folder=corpus)
    assert state(library) == coarse


def test_references_are_there_before_any_text_that_cites_them(library: Library, corpus: Path) -> None:
    (corpus / "turki.md").write_text("---\ntitle: [a, {b: c}]\n---\n")  # the second text cannot be read
    with pytest.raises(Exception, match="front matter"):
        sync_study_texts(library, WIDE, folder=corpus)
    assert titles(library) == ["MEF"]
    assert library.references(["kron2015"]) == (
        Reference("kron2015", "Keamanan", entry_type="book", authors=("Kron, Nicholas D.",), date="2015"),
    )


def test_the_shipped_study_texts_are_whole(library: Library) -> None:
    changes = sync_study_texts(library, WIDE)
    assert changes == Changes(added=len(list(study_text_folder().glob("*.md"))))
    for passage in library.all_passages():
        document = library.document(passage.document_id)
        assert document.text[passage.start : passage.end].strip()
        for mention in document.mentions:
            assert len(library.references(mention.keys)) == len(set(mention.keys))
