"""Sources into the library: study texts are kept in step with their folder, the user's files are the user's."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge.chunking import ChunkingSettings
from knowledge.documents import Reference
from knowledge.errors import BadReferences, EmptySource, SourceNotFound, UnsupportedFormat
from knowledge.library import Library
from knowledge.sources import (
    Changes,
    add_source,
    chunking_signature,
    files_to_add,
    study_text_folder,
    sync_study_texts,
)
from knowledge.store import open_store, sqlite_url

WIDE = ChunkingSettings()
NARROW = ChunkingSettings(target_words=5, min_words=1, max_words=6)
LONG = " ".join(f"Kalimat nomor {number} berbicara tentang laut." for number in range(12))
BIBTEX = "@book{kron2015, title = {%s}, author = {Kron, Nicholas D.}, year = {2015}}\n"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = Library(open_store(sqlite_url(tmp_path / "home" / "tanya.sqlite3")))
    yield library
    library.engine.dispose()


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Two study texts and a bibliography."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "references.bib").write_text(BIBTEX % "Keamanan")
    write(folder / "mef.md", "MEF")
    write(folder / "turki.md", "Turki")
    return folder


def write(path: Path, title: str, text: str = LONG) -> Path:
    path.write_text(f"---\ntitle: {title}\n---\n\n{text} [@kron2015]\n", encoding="utf-8")
    return path


def titles(library: Library) -> list[str]:
    return [summary.title for summary in library.summaries()]


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
    added = add_source(library, write(tmp_path / "punyaku.md", "MEF"), WIDE)
    sync_study_texts(library, WIDE, folder=corpus)
    assert library.document(added.document.id).is_study_text
    assert titles(library) == ["MEF", "Turki"]


def test_the_users_documents_stay_when_study_texts_go(library: Library, corpus: Path, tmp_path: Path) -> None:
    sync_study_texts(library, WIDE, folder=corpus)
    mine = add_source(library, write(tmp_path / "punyaku.md", "Punyaku"), WIDE)
    for path in corpus.glob("*.md"):
        path.unlink()
    assert sync_study_texts(library, WIDE, folder=corpus) == Changes(removed=2)
    assert titles(library) == [mine.document.title]


def test_a_file_is_added_once_and_replaced_when_it_changed(library: Library, tmp_path: Path) -> None:
    path = write(tmp_path / "catatan.md", "Catatan")
    first = add_source(library, path, WIDE)
    assert (first.status, first.document.origin) == ("added", f"file:{path.resolve()}")
    again = add_source(library, tmp_path / "." / "catatan.md", WIDE)
    assert (again.status, again.document) == ("unchanged", first.document)
    write(path, "Catatan", "Versi kedua.")
    second = add_source(library, path, WIDE)
    assert second.status == "changed"
    assert [summary.id for summary in library.summaries()] == [second.document.id]
    assert all(passage_id.startswith(second.document.id) for passage_id in library.passage_ids())


def test_the_same_text_under_two_names_is_one_document(library: Library, tmp_path: Path) -> None:
    one, other = write(tmp_path / "satu.md", "Sama"), write(tmp_path / "dua.md", "Sama")
    first = add_source(library, one, WIDE)
    assert (add_source(library, other, WIDE).status, titles(library)) == ("unchanged", ["Sama"])
    assert library.find(f"file:{one}") == first.document


def test_a_file_that_becomes_the_copy_of_another_leaves_no_old_version(library: Library, tmp_path: Path) -> None:
    one, other = write(tmp_path / "satu.md", "Satu"), write(tmp_path / "dua.md", "Dua")
    for path in (one, other):
        add_source(library, path, WIDE)
    write(other, "Satu")
    add_source(library, other, WIDE)
    assert titles(library) == ["Satu"]


def test_two_files_that_change_places_are_both_there(library: Library, tmp_path: Path) -> None:
    one, other = write(tmp_path / "satu.md", "Satu"), write(tmp_path / "dua.md", "Dua")
    for path in (one, other):
        add_source(library, path, WIDE)
    write(one, "Dua")
    write(other, "Satu")
    for path in (one, other):
        add_source(library, path, WIDE)
    assert titles(library) == ["Dua", "Satu"]


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("absent.md", None, SourceNotFound),
        ("film.mp4", b"x", UnsupportedFormat),
        ("tanpa", b"x", UnsupportedFormat),
        ("kosong.txt", b" \n", EmptySource),
    ],
)
def test_what_cannot_be_added_is_said_and_changes_nothing(
    library: Library, tmp_path: Path, name: str, content: bytes | None, error: type[Exception]
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(error, match=name):
        add_source(library, path, WIDE)
    assert library.summaries() == ()


def test_a_folder_is_no_file(library: Library, tmp_path: Path) -> None:
    with pytest.raises(SourceNotFound):
        add_source(library, tmp_path, WIDE)


def test_folders_give_their_supported_files_in_order(tmp_path: Path) -> None:
    for name in ("b.md", "a/c.TXT", "a/d.mp4", "e"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    (tmp_path / "folder.md").mkdir()
    named = [tmp_path / "e", tmp_path, tmp_path / "absent.txt"]
    assert list(files_to_add(named)) == [
        tmp_path / "e",
        tmp_path / "a" / "c.TXT",
        tmp_path / "b.md",
        tmp_path / "absent.txt",
    ]


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


def test_the_signature_names_the_settings() -> None:
    assert chunking_signature(WIDE) == chunking_signature(ChunkingSettings()) != chunking_signature(NARROW)


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
