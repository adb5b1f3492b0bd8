"""The user's sources: known again, kept apart from other people's, and the same source whatever becomes of them."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.chunking import ChunkingSettings, split_passages
from knowledge.documents import Document, Passage
from knowledge.errors import SourceNotFound, TooLarge, UnknownDocument, UnsupportedFormat
from knowledge.fingerprints import file_hash
from knowledge.library import Library
from knowledge.loaders import SourceLimits, load
from knowledge.rows import Holding
from knowledge.sources import (
    EDITABLE,
    UPLOAD_PREFIX,
    WEB_PREFIX,
    Incoming,
    Similar,
    edit_record,
    files_to_add,
    find_similar,
    local_file,
    prepare,
    recognise,
    refuse_too_large,
    refuse_unsupported,
    set_apart,
    store_source,
)
from knowledge.study_texts import sync_study_texts
from tests.small_library import small_library, titles

WIDE = ChunkingSettings()
NARROW = ChunkingSettings(target_words=5, min_words=1, max_words=6)


def about(topic: str, sentences: int = 12, *, first: int = 0) -> str:
    return " ".join(f"Kalimat nomor {number} berbicara tentang {topic}." for number in range(first, first + sentences))


LAUT, KAPAL = about("laut Natuna"), about("kapal perang buatan Surabaya")
LAUT_REVISED = about("laut Natuna", 13)
"""Another version of LAUT: most of its runs of words are those of LAUT."""


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with small_library(tmp_path / "home") as library:
        yield library


@dataclass(frozen=True)
class Taken:
    """What became of a file: what it resembled, or what was stored of it; ``origin`` is the name that it got."""

    document: Document
    status: str
    origin: str
    similar: Similar | None = None


@dataclass(frozen=True)
class Hands:
    """Takes texts in as people hand them in, step by step as an ingestion does."""

    library: Library
    folder: Path
    chunking: ChunkingSettings = WIDE

    def upload(
        self, name: str, text: str, *, owner: str = "ana", in_place_of: str = "", keep_similar: bool = False
    ) -> Taken:
        path = self.write(name, text)
        incoming = Incoming(path, f"{UPLOAD_PREFIX}{owner}/{name}", path.suffix, owner, in_place_of=in_place_of)
        return self.take_in(incoming, keep_similar=keep_similar)

    def add(self, path: Path) -> Taken:
        return self.take_in(local_file(path, SourceLimits()))

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def take_in(self, incoming: Incoming, *, keep_similar: bool = True) -> Taken:
        data = incoming.path.read_bytes()
        file = file_hash(data)
        same = recognise(self.library.marks(incoming.owner), incoming, file, self.chunking)
        if same:
            return Taken(self.library.document(same.document_id), "unchanged", same.origin)
        loaded = load(data, incoming.origin, suffix=incoming.suffix)
        incoming = set_apart(self.library, incoming, loaded)
        similar = None if keep_similar else find_similar(self.library, incoming, loaded)
        if similar and similar.mark.digest != loaded.digest:
            return Taken(self.library.document(similar.mark.document_id), "similar", similar.mark.origin, similar)
        prepared = prepare(self.library, incoming, loaded, file=file, chunking=self.chunking)
        store_source(self.library, prepared)
        return Taken(prepared.document, prepared.status, prepared.document.origin)


@pytest.fixture
def hands(library: Library, tmp_path: Path) -> Hands:
    folder = tmp_path / "files"
    folder.mkdir()
    return Hands(library, folder)


def texts(library: Library, viewer: str | None = None) -> list[str]:
    """The texts that a person sees, in alphabetical order."""
    return sorted(library.document(mark.document_id).text for mark in library.marks(viewer))


# --- known again


def test_the_same_bytes_are_known_again_under_any_name(hands: Hands) -> None:
    first = hands.upload("laut.txt", LAUT)
    for name in ("laut.txt", "salinan.txt"):
        again = hands.upload(name, LAUT)
        assert (again.status, again.document) == ("unchanged", first.document)
    assert texts(hands.library) == [LAUT]
    renamed = Incoming(hands.folder / "absent.txt", "upload:ana/lain.txt", ".txt", "ana")
    mark = recognise(hands.library.marks("ana"), renamed, file_hash(LAUT.encode()), WIDE)
    assert mark is not None, "by the bytes alone: nothing is read"
    assert mark.document_id == first.document.id


def test_of_two_with_the_same_bytes_the_one_under_the_same_name_is_meant(hands: Hands) -> None:
    hands.upload("satu.txt", LAUT)
    data = (hands.folder / "satu.txt").read_bytes()
    incoming = Incoming(hands.folder / "satu.txt", "upload:ana/dua.txt", ".txt", "ana")
    twin = replace(hands.library.marks("ana")[0], origin="upload:ana/dua.txt", document_id="0" * 16)
    for marks in ((twin, *hands.library.marks("ana")), (*hands.library.marks("ana"), twin)):
        assert recognise(marks, incoming, file_hash(data), WIDE) == twin


def test_what_was_cut_otherwise_is_not_the_same(hands: Hands) -> None:
    first = hands.upload("laut.txt", LAUT)
    again = replace(hands, chunking=NARROW).upload("laut.txt", LAUT)
    assert (again.status, again.document) == ("changed", first.document)
    assert len(hands.library.passages(first.document.id)) == 12


def test_the_same_text_in_another_format_is_known_by_its_text(hands: Hands) -> None:
    first = hands.upload("laut.txt", LAUT)
    again = hands.upload("laut.md", LAUT)
    assert (again.status, again.document) == ("unchanged", first.document)


# --- a source keeps its identity


def test_a_new_version_under_the_same_name_is_the_same_source(hands: Hands) -> None:
    first = hands.upload("laut.txt", LAUT)
    held, before = hands.library.holding(first.document.id), hands.library.passage_ids()
    held = replace(held, added="2020-01-01T00:00:00+00:00")
    mark = next(mark for mark in hands.library.marks() if mark.document_id == first.document.id)
    passages = hands.library.passages(first.document.id)
    hands.library.put(first.document, passages, fingerprint=mark.fingerprint, holding=held)
    second = hands.upload("laut.txt", LAUT_REVISED)
    assert (second.status, second.document.id) == ("changed", first.document.id)
    assert texts(hands.library) == [LAUT_REVISED]
    now = hands.library.holding(first.document.id)
    assert (now.owner, now.added) == ("ana", held.added)
    assert now.file == file_hash((hands.folder / "laut.txt").read_bytes()) != held.file
    assert not set(before) & set(hands.library.passage_ids()), "a passage of other words has another id"


def test_a_source_in_place_of_another_has_its_identity_and_its_own_name(hands: Hands) -> None:
    old = hands.upload("laut.txt", LAUT)
    edit_record(hands.library, old.document.id, {"authors": "Ana Putri"}, WIDE)
    new = hands.upload("laut-revisi.txt", LAUT_REVISED, in_place_of=old.document.id)
    assert (new.status, new.document.id) == ("changed", old.document.id)
    assert (new.document.origin, new.document.authors) == ("upload:ana/laut-revisi.txt", ("Ana Putri",))
    assert texts(hands.library) == [LAUT_REVISED]


def test_the_name_of_a_replaced_source_is_free_again(hands: Hands) -> None:
    old = hands.upload("bab1.txt", LAUT)
    hands.upload("bab1-revisi.txt", LAUT_REVISED, in_place_of=old.document.id)
    other = hands.upload("bab1.txt", KAPAL)
    assert other.status == "added"
    assert other.document.id != old.document.id
    assert texts(hands.library) == sorted([LAUT_REVISED, KAPAL])
    again = hands.upload("bab1.txt", f"{KAPAL} Tamat.")
    assert (again.status, again.document.id) == ("changed", other.document.id)


def test_what_has_the_name_of_an_incoming_file_outlives_a_replacement_elsewhere(hands: Hands) -> None:
    old = hands.upload("laut.txt", LAUT)
    hands.upload("bab1.txt", KAPAL)
    new = hands.upload("bab1.txt", LAUT_REVISED, in_place_of=old.document.id)
    assert (new.document.id, new.document.origin) == (old.document.id, "upload:ana/bab1 (2).txt")
    assert texts(hands.library) == sorted([LAUT_REVISED, KAPAL])


def test_in_place_of_itself(hands: Hands) -> None:
    old = hands.upload("laut.txt", LAUT)
    new = hands.upload("laut.txt", KAPAL, in_place_of=old.document.id)
    assert (new.document.id, new.document.origin) == (old.document.id, old.document.origin)
    assert texts(hands.library) == [KAPAL]


def test_the_same_bytes_in_place_of_another_source_replace_it(hands: Hands) -> None:
    one, other = hands.upload("laut.txt", LAUT), hands.upload("kapal.txt", KAPAL)
    new = hands.upload("kapal.txt", KAPAL, in_place_of=one.document.id)
    assert new.document.id == one.document.id
    assert other.document.id not in {mark.document_id for mark in hands.library.marks()}
    assert texts(hands.library) == [KAPAL]
    assert hands.upload("kapal.txt", KAPAL, in_place_of=one.document.id).status == "unchanged"


def test_a_source_that_is_gone_cannot_be_replaced_and_the_new_one_is_added(hands: Hands) -> None:
    taken = hands.upload("laut.txt", LAUT, in_place_of="0123456789abcdef")
    assert taken.status == "added"
    assert texts(hands.library) == [LAUT]


def test_a_removed_source_that_comes_again_is_the_same(hands: Hands) -> None:
    first = hands.upload("laut.txt", LAUT)
    hands.library.remove(first.document.id)
    assert hands.upload("laut.txt", LAUT).document == first.document


def test_a_study_text_is_nobodys_to_replace(hands: Hands, tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "laut.md").write_text(LAUT, encoding="utf-8")
    sync_study_texts(hands.library, WIDE, folder=corpus)
    (study,) = hands.library.marks()
    path = hands.write("laut.txt", LAUT_REVISED)
    taken = hands.take_in(replace(local_file(path, SourceLimits()), in_place_of=study.document_id))
    assert taken.status == "added"
    assert texts(hands.library) == sorted([LAUT, LAUT_REVISED])
    sync_study_texts(hands.library, WIDE, folder=corpus)
    assert texts(hands.library) == sorted([LAUT, LAUT_REVISED])


# --- the record


RECORD = {
    "title": "Laut kita",
    "authors": "Putri, Ana; Budi  Santoso ;",
    "date": "2024-05",
    "publisher": "Penerbit Ombak",
    "url": "https://contoh.id/laut",
    "group": "konsep",
}


def test_every_field_of_the_record_can_be_edited_and_is_seen_at_once(hands: Hands) -> None:
    document = hands.upload("laut.txt", LAUT).document
    assert hands.library.document(document.id).title == "Laut"
    assert set(RECORD) == set(EDITABLE)
    edited = edit_record(hands.library, document.id, RECORD, WIDE)
    assert hands.library.document(document.id) == edited
    assert edited == replace(
        document,
        title="Laut kita",
        authors=("Putri, Ana", "Budi Santoso"),
        date="2024-05",
        publisher="Penerbit Ombak",
        url="https://contoh.id/laut",
        group="konsep",
    )
    (summary,) = hands.library.summaries("ana")
    assert (summary.title, summary.authors) == ("Laut kita", ("Putri, Ana", "Budi Santoso"))


def test_an_edited_source_is_known_again_and_keeps_its_owner_date_and_file(hands: Hands) -> None:
    document = hands.upload("laut.txt", LAUT).document
    held = hands.library.holding(document.id)
    edited = edit_record(hands.library, document.id, {"title": "Laut kita"}, WIDE)
    assert hands.upload("laut.txt", LAUT) == Taken(edited, "unchanged", document.origin)
    assert hands.library.holding(document.id) == replace(held, edits=(("title", "Laut kita"),))


def test_a_new_title_gives_the_passages_other_ids_and_another_field_does_not(hands: Hands) -> None:
    document = hands.upload("laut.txt", LAUT).document
    before = hands.library.passage_ids()
    edit_record(hands.library, document.id, {"date": "2024", "authors": "Ana"}, WIDE)
    assert hands.library.passage_ids() == before
    edit_record(hands.library, document.id, {"title": "Laut kita"}, WIDE)
    after = hands.library.passage_ids()
    assert len(after) == len(before)
    assert not set(after) & set(before), "the title is searched with every passage"


def test_what_a_person_has_edited_stays_in_a_new_version(hands: Hands) -> None:
    document = hands.upload("laut.md", f"# Laut Lama\n\n{LAUT}").document
    edit_record(hands.library, document.id, {"title": "Laut kita", "authors": ""}, WIDE)
    edit_record(hands.library, document.id, {"date": "2024"}, WIDE)
    new = hands.upload("laut.md", f"# Laut Baru\n\n{LAUT}").document
    assert (new.title, new.authors, new.date) == ("Laut kita", (), "2024")
    assert "Laut Baru" in new.text


def test_a_form_that_gives_back_what_it_showed_edits_only_what_was_changed(hands: Hands) -> None:
    document = hands.upload("laut.md", f"---\ntitle: Laut Lama\nauthors: [Ana]\n---\n\n{LAUT}").document
    shown = {"title": document.title, "authors": "; ".join(document.authors), "publisher": "Ombak", "url": ""}
    edit_record(hands.library, document.id, shown, WIDE)
    assert hands.library.holding(document.id).edits == (("publisher", "Ombak"),)
    new = hands.upload("laut.md", f"---\ntitle: Laut Baru\nauthors: [Budi]\n---\n\n{LAUT_REVISED}").document
    assert (new.title, new.authors, new.publisher) == ("Laut Baru", ("Budi",), "Ombak")


def test_a_field_can_be_edited_back_and_emptied(hands: Hands) -> None:
    document = hands.upload("laut.md", f"---\ntitle: Laut\nauthors: [Ana]\n---\n\n{LAUT}").document
    edit_record(hands.library, document.id, {"authors": "Budi", "date": "2024"}, WIDE)
    assert edit_record(hands.library, document.id, {"authors": "Ana", "date": ""}, WIDE) == document
    assert edit_record(hands.library, document.id, {"authors": " ; "}, WIDE).authors == ()


@pytest.mark.parametrize("edits", [{}, {"title": " \n"}, {"text": "Lain."}, {"id": "x", "owner": "budi"}])
def test_edits_that_change_nothing(hands: Hands, edits: dict[str, str]) -> None:
    document = hands.upload("laut.txt", LAUT).document
    held = hands.library.holding(document.id)
    assert edit_record(hands.library, document.id, edits, WIDE) == document
    assert (hands.library.document(document.id), hands.library.holding(document.id)) == (document, held)


def test_the_record_of_nothing_cannot_be_edited(library: Library) -> None:
    with pytest.raises(UnknownDocument):
        edit_record(library, "0123456789abcdef", {"title": "x"}, WIDE)


# --- several people


@pytest.mark.parametrize("name", ["bab1.txt", "BAB 1 (revisi).txt"])
def test_two_people_may_have_a_file_of_one_name(hands: Hands, name: str) -> None:
    ana, budi = hands.upload(name, LAUT, owner="ana"), hands.upload(name, KAPAL, owner="budi")
    assert (ana.status, budi.status) == ("added", "added")
    assert (texts(hands.library, "ana"), texts(hands.library, "budi")) == ([LAUT], [KAPAL])
    hands.upload(name, LAUT_REVISED, owner="ana")
    assert (texts(hands.library, "ana"), texts(hands.library, "budi")) == ([LAUT_REVISED], [KAPAL])


def test_two_people_may_have_the_same_file(hands: Hands) -> None:
    ana, budi = hands.upload("laut.txt", LAUT, owner="ana"), hands.upload("laut.txt", LAUT, owner="budi")
    assert (ana.status, budi.status) == ("added", "added")
    assert ana.document.id != budi.document.id
    file = hands.library.holding(ana.document.id).file
    assert set(hands.library.holders_of(file)) == {ana.document.id, budi.document.id}
    edit_record(hands.library, ana.document.id, {"title": "Punya Ana"}, WIDE)
    assert (titles(hands.library, "ana"), titles(hands.library, "budi")) == (["Punya Ana"], ["Laut"])
    hands.library.remove(ana.document.id)
    assert (texts(hands.library, "ana"), texts(hands.library, "budi")) == ([], [LAUT])
    assert hands.library.holders_of(file) == (budi.document.id,)


def test_a_source_that_becomes_the_copy_of_what_everyone_sees_takes_it_from_nobody(hands: Hands) -> None:
    everyones = hands.add(hands.write("laut.txt", LAUT))
    own = hands.upload("punyaku.txt", KAPAL, owner="ana")
    hands.upload("punyaku-2.txt", LAUT, owner="ana", in_place_of=own.document.id)
    assert texts(hands.library, "budi") == [LAUT]
    assert everyones.document.id in {mark.document_id for mark in hands.library.marks("budi")}


def test_nobody_learns_of_another_persons_text_by_handing_in_another_version(hands: Hands) -> None:
    hands.upload("laut.txt", LAUT, owner="ana")
    assert hands.upload("lain.txt", LAUT_REVISED, owner="budi").status == "added"


def test_what_everyone_sees_already_is_nobodys_to_add(hands: Hands) -> None:
    everyones = hands.add(hands.write("laut.txt", LAUT))
    for name in ("laut.txt", "laut.md"):
        taken = hands.upload(name, LAUT, owner="budi")
        assert (taken.status, taken.document) == ("unchanged", everyones.document)
    assert hands.library.marks("budi") == hands.library.marks("")


# --- names


def test_another_text_of_a_name_that_is_taken_gets_a_name_of_its_own(hands: Hands) -> None:
    taken = [hands.upload("bab1.txt", about(topic)) for topic in ("laut Natuna", "kapal Surabaya", "udara Biak")]
    assert [each.status for each in taken] == ["added"] * 3
    names = ["upload:ana/bab1.txt", "upload:ana/bab1 (2).txt", "upload:ana/bab1 (3).txt"]
    assert [each.origin for each in taken] == names
    assert len(texts(hands.library)) == 3
    for number, topic in enumerate(("laut Natuna", "kapal Surabaya", "udara Biak")):
        again = hands.upload("bab1.txt", about(topic))
        assert (again.status, again.document) == ("unchanged", taken[number].document)


def test_what_comes_from_one_path_or_address_is_a_new_version_however_much_it_differs(hands: Hands) -> None:
    path = hands.write("bab1.txt", LAUT)
    first = hands.add(path)
    hands.write("bab1.txt", KAPAL)
    second = hands.add(path)
    assert (second.status, second.document.id) == ("changed", first.document.id)
    page = Incoming(hands.write("page.md", LAUT), f"{WEB_PREFIX}ana/https://contoh.id/a", ".md", "ana")
    old = hands.take_in(replace(page, url="https://contoh.id/a", accessed="2026-01-01"))
    hands.write("page.md", about("udara Biak"))
    new = hands.take_in(replace(page, url="https://contoh.id/b", accessed="2026-02-02"))
    assert (new.status, new.document.id) == ("changed", old.document.id)
    assert (new.document.url, new.document.accessed) == ("https://contoh.id/b", "2026-02-02")
    assert texts(hands.library, "ana") == sorted([KAPAL, about("udara Biak")])


def test_a_suffix_in_capitals_stays_at_the_end_of_the_name(hands: Hands) -> None:
    hands.upload("BAB.TXT", LAUT)
    incoming = Incoming(hands.write("b", KAPAL), "upload:ana/BAB.TXT", ".txt", "ana")
    taken = hands.take_in(incoming)
    assert (taken.origin, taken.status) == ("upload:ana/BAB (2).TXT", "added")
    assert texts(hands.library) == sorted([LAUT, KAPAL])


# --- other versions


def test_another_version_under_another_name_is_noticed_and_nothing_is_stored(hands: Hands) -> None:
    old = hands.upload("laut.txt", LAUT)
    found = hands.upload("laut-final.txt", LAUT_REVISED)
    assert found.similar is not None
    assert (found.status, found.similar.mark.document_id) == ("similar", old.document.id)
    assert 0.5 <= found.similar.share < 1
    assert texts(hands.library) == [LAUT]
    kept = hands.upload("laut-final.txt", LAUT_REVISED, keep_similar=True)
    assert kept.status == "added"
    assert texts(hands.library) == sorted([LAUT, LAUT_REVISED])


def test_the_most_similar_is_named(hands: Hands) -> None:
    hands.upload("a.txt", about("laut Natuna", 20, first=7))
    closest = hands.upload("b.txt", LAUT, keep_similar=True)
    found = hands.upload("c.txt", LAUT_REVISED)
    assert found.similar is not None
    assert found.similar.mark.document_id == closest.document.id


def test_an_unlike_text_is_like_nothing(hands: Hands) -> None:
    hands.upload("laut.txt", LAUT)
    assert hands.upload("kapal.txt", KAPAL).status == "added"


def test_a_source_that_becomes_the_copy_of_another_leaves_that_text_once(hands: Hands) -> None:
    laut, kapal = hands.upload("laut.txt", LAUT), hands.upload("kapal.txt", KAPAL)
    copy = hands.upload("kapal-2.txt", f"{LAUT}\n", in_place_of=kapal.document.id)
    assert (copy.status, copy.document.id) == ("changed", kapal.document.id)
    assert [mark.document_id for mark in hands.library.marks()] == [kapal.document.id] != [laut.document.id]
    assert texts(hands.library) == [LAUT]


def test_the_same_text_in_other_bytes_is_a_new_original_of_the_same_source(hands: Hands) -> None:
    laut = hands.upload("laut.txt", LAUT)
    again = hands.upload("laut.txt", f"{LAUT}\n")
    assert (again.status, again.document) == ("changed", laut.document)
    assert hands.library.holding(laut.document.id).file == file_hash(f"{LAUT}\n".encode())


# --- files of this machine


def test_what_is_no_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.exe").write_bytes(b"x")
    (tmp_path / "folder.md").mkdir()
    large = tmp_path / "besar.txt"
    large.write_bytes(b"")
    with large.open("r+b") as file:
        file.truncate(1_000_001)
    for name, error in (
        ("absent.md", SourceNotFound),
        ("folder.md", SourceNotFound),
        ("a.exe", UnsupportedFormat),
        ("besar.txt", TooLarge),
    ):
        with pytest.raises(error) as caught:
            local_file(tmp_path / name, SourceLimits(most_megabytes=1))
        assert caught.value.origin == str(tmp_path / name)


@pytest.mark.parametrize("name", ["a" * 300 + ".md", "~nobody-of-this-name/a.md", "loop/a.md"])
def test_a_name_that_no_file_can_have_is_a_file_that_is_not_there(tmp_path: Path, name: str) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    path = Path(name) if name.startswith("~") else tmp_path / name
    assert list(files_to_add([path])) == [path]
    with pytest.raises(SourceNotFound):
        local_file(path, SourceLimits())


def test_a_file_is_known_by_its_real_path(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "Bab.MD").write_text("Isi.")
    (tmp_path / "a" / "link.txt").symlink_to(tmp_path / "Bab.MD")
    for path in (tmp_path / "a" / ".." / "Bab.MD", tmp_path / "a" / "link.txt"):
        found = local_file(path, SourceLimits())
        assert (found.origin, found.suffix) == (f"file:{(tmp_path / 'Bab.MD').resolve()}", ".md")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere every name is Unicode")
def test_a_name_in_an_old_encoding(hands: Hands) -> None:
    name = b"r\xe9sum\xe9.txt".decode(errors="surrogateescape")
    taken = hands.add(hands.write(name, LAUT))
    assert taken.status == "added"
    assert hands.library.document(taken.document.id).text == LAUT
    assert hands.add(hands.folder / name).status == "unchanged"


def test_the_limit_itself_is_allowed() -> None:
    limits = SourceLimits(most_megabytes=2)
    refuse_too_large("a", 2_000_000, limits)
    with pytest.raises(TooLarge) as caught:
        refuse_too_large("a", 2_000_001, limits)
    assert (caught.value.what, caught.value.limit) == ("megabytes", 2)


@pytest.mark.parametrize("suffix", [".md", ".MD", ".pdf", ".docx", ".html", ".htm", ".epub", ".txt"])
def test_every_promised_format_is_supported(suffix: str) -> None:
    refuse_unsupported("a", suffix)


@pytest.mark.parametrize("suffix", ["", ".", ".doc", ".exe", ".zip", "md"])
def test_other_formats_are_refused_with_a_list_of_those_that_work(suffix: str) -> None:
    with pytest.raises(UnsupportedFormat) as caught:
        refuse_unsupported("a", suffix)
    assert caught.value.suffix == suffix
    assert ".docx" in caught.value.supported


def test_folders_give_archives_too(tmp_path: Path) -> None:
    for name in ("b.zip", "a.epub", "c.doc"):
        (tmp_path / name).write_bytes(b"x")
    assert [path.name for path in files_to_add([tmp_path])] == ["a.epub", "b.zip"]


def test_a_text_that_comes_back_under_another_name_has_the_title_of_that_name(hands: Hands) -> None:
    first = hands.upload("satu.txt", LAUT)
    assert hands.library.document(first.document.id).title == "Satu"
    for name, text, title in (("satu.txt", KAPAL, "Satu"), ("dua.txt", LAUT, "Dua")):
        taken = hands.upload(name, text, in_place_of=first.document.id)
        assert taken.document.id == first.document.id
        assert hands.library.document(first.document.id).title == title


# --- whatever people hand in


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["ana", "budi", ""]),
        st.sampled_from(["a.txt", "b.txt"]),
        st.sampled_from([LAUT, LAUT_REVISED, KAPAL, about("udara Biak")]),
        st.sampled_from(["take", "take", "take", "replace", "edit", "remove"]),
        st.integers(0, 5),
    ),
    max_size=8,
)


Step = tuple[str, str, str, str, int]


def _held(library: Library) -> dict[str, tuple[Document, tuple[Passage, ...], Holding]]:
    return {
        mark.document_id: (
            library.document(mark.document_id),
            library.passages(mark.document_id),
            library.holding(mark.document_id),
        )
        for mark in library.marks()
    }


def _step(hands: Hands, step: Step) -> Taken | None:
    owner, name, text, action, number = step
    own = sorted(mark.document_id for mark in hands.library.marks(owner) if mark.owner == owner)
    chosen = own[number % len(own)] if own else ""
    if action == "edit" and chosen:
        edit_record(hands.library, chosen, {"title": f"Judul {number}"}, WIDE)
    elif action == "remove" and chosen:
        hands.library.remove(chosen)
    elif action in ("take", "replace"):
        if not owner:
            return hands.add(hands.write(name, text))
        return hands.upload(
            name, text, owner=owner, in_place_of=chosen if action == "replace" else "", keep_similar=True
        )
    return None


@settings(max_examples=40, deadline=None)
@given(steps=STEPS)
def test_whatever_people_hand_in(steps: list[Step]) -> None:
    with TemporaryDirectory() as folder, small_library(Path(folder) / "home") as library:
        hands = Hands(library, Path(folder))
        for step in steps:
            owner, _, text, action, _ = step
            before = _held(library)
            taken = _step(hands, step)
            after = _held(library)
            theirs = {key: each for key, each in before.items() if each[2].owner != owner}
            assert theirs.items() <= after.items(), "what other people hold is as it was"
            gone = before.keys() - after.keys()
            assert len(gone) <= (action != "edit"), "nothing goes but what was replaced, removed or is there twice"
            if taken is not None:
                assert text in texts(library, owner)
                if gone:
                    lost = before[gone.pop()][0].text
                    assert lost == text, "what goes has become the copy of another"
            for document, passages, _ in after.values():
                assert passages == split_passages(document, WIDE)
        for owner in ("ana", "budi"):
            assert all(mark.owner in ("", owner) for mark in library.marks(owner))
