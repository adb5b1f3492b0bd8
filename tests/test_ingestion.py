"""One file into the library and out again: what is kept of it, and that nothing else is."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.ingestion import Ingestion, Outcome
from assistant.opening import Workplace
from index.embedding import Vectors
from index.texts import passage_text, sentence_text
from index.vector_cache import CHUNK, vector_key
from knowledge.errors import EmptySource, SourceError, UnknownDocument, UnreadableSource
from knowledge.loaders import SourceLimits
from knowledge.loading_process import LoadingProcess
from knowledge.sources import UPLOAD_PREFIX, Incoming
from tests.fakes import HashEmbedder
from tests.small_index import CountingEmbedder
from tests.small_workplace import STUDY_TEXTS, kept, kept_originals, kept_vectors, small_workplace

ANA, BUDI = "browser-ana", "browser-budi"


def chapter(number: int, *, topic: str = "kapal selam") -> str:
    return f"Bab {number}\n\nBagian ke-{number} membahas {topic} nomor {number} dan galangan ke-{number} di Surabaya."


def thesis(chapters: int = 6, *, title: str = "Tesis", changed: int = 0) -> str:
    """A Markdown text of one passage a chapter; the last ``changed`` ones are about something else."""
    kinds = ["kapal selam"] * (chapters - changed) + ["pesawat tempur"] * changed
    return f"# {title}\n\n" + "\n\n".join(f"## {chapter(n, topic=kind)}" for n, kind in enumerate(kinds, 1))


@pytest.fixture(scope="module")
def loading() -> Iterator[LoadingProcess]:
    with LoadingProcess(SourceLimits()) as started:
        yield started


@pytest.fixture
def workplace(tmp_path: Path) -> Iterator[Workplace]:
    with small_workplace(tmp_path / "home") as opened:
        yield opened


@pytest.fixture
def ingestion(workplace: Workplace, loading: LoadingProcess) -> Ingestion:
    return workplace.ingestion(loading)


@pytest.fixture
def embedded(workplace: Workplace) -> list[str]:
    """The texts that the model was asked for."""
    assert isinstance(workplace.embedder, CountingEmbedder)
    return workplace.embedder.embedded


@pytest.fixture
def upload(tmp_path: Path) -> Callable[..., Incoming]:
    def write(content: str | bytes, name: str = "tesis.md", *, owner: str = ANA) -> Incoming:
        return incoming(tmp_path, content, name, owner=owner)

    return write


def incoming(folder: Path, content: str | bytes, name: str = "tesis.md", *, owner: str = ANA) -> Incoming:
    """A file that somebody uploads; it lies under another name than its own, as uploads do."""
    data = content if isinstance(content, bytes) else content.encode()
    path = folder / f"{hashlib.sha256(data).hexdigest()[:12]}{Path(name).suffix}"
    path.write_bytes(data)
    return Incoming(path, f"{UPLOAD_PREFIX}{owner}/{name}", path.suffix, owner)


Upload = Callable[..., Incoming]


# --- what is kept of a file


def test_a_file_is_kept_whole_with_its_text_its_vectors_and_its_bytes(
    workplace: Workplace, ingestion: Ingestion, upload: Upload, embedded: list[str]
) -> None:
    file = upload(thesis())
    outcome = ingestion.ingest(file)
    document = workplace.library.document(outcome.document_id)
    assert outcome == Outcome("added", document.id, "Tesis")
    passages = workplace.library.passages(document.id)
    assert len(passages) == 6
    assert sorted(embedded) == sorted(passage_text(document, passage) for passage in passages)
    holding = workplace.library.holding(document.id)
    assert (holding.owner, holding.suffix) == (ANA, ".md")
    assert workplace.originals.path(holding.file, ".md").read_bytes() == file.path.read_bytes()


def test_who_watches_is_told_of_reading_and_of_every_vector(ingestion: Ingestion, upload: Upload) -> None:
    told: list[tuple[str, int, int]] = []
    ingestion.ingest(upload(thesis(CHUNK + 8)), tell=lambda *step: told.append(step))
    assert told[0] == ("reading", 0, 0)
    assert [step for step in told if step[0] == "vectors"] == [
        ("vectors", CHUNK, CHUNK + 8),
        ("vectors", CHUNK + 8, CHUNK + 8),
    ]


@pytest.mark.parametrize("name", ["tesis.md", "lain.md", "sama.markdown"])
def test_the_same_bytes_are_known_under_any_name_without_reading_them(
    name: str, workplace: Workplace, ingestion: Ingestion, upload: Upload
) -> None:
    first = ingestion.ingest(upload(thesis()))
    before, told = kept(workplace), list[str]()
    again = ingestion.ingest(upload(thesis(), name), tell=lambda stage, done, total: told.append(stage))
    assert again == Outcome("unchanged", first.document_id, "Tesis")
    assert (kept(workplace), told) == (before, [])


def test_the_same_text_in_other_bytes_is_known_too(
    workplace: Workplace, ingestion: Ingestion, upload: Upload, embedded: list[str]
) -> None:
    first = ingestion.ingest(upload(thesis()))
    before, asked = kept(workplace), len(embedded)
    again = ingestion.ingest(upload(thesis().replace("\n", "\r\n"), "lain.md"))
    assert again == Outcome("unchanged", first.document_id, "Tesis")
    assert (kept(workplace), len(embedded)) == (before, asked)


def test_a_text_that_everyone_has_is_not_taken_in_again(
    workplace: Workplace, ingestion: Ingestion, upload: Upload
) -> None:
    workplace.sync()
    before = kept(workplace)
    outcome = ingestion.ingest(upload(STUDY_TEXTS["mef.md"], "mef.md"))
    assert outcome == Outcome("unchanged", workplace.library.find("mef").id, "Minimum Essential Force")
    assert kept(workplace) == before


def test_two_people_with_one_file_have_it_each_and_it_is_embedded_once(
    workplace: Workplace, ingestion: Ingestion, upload: Upload, embedded: list[str]
) -> None:
    first = ingestion.ingest(upload(thesis()))
    asked = len(embedded)
    second = ingestion.ingest(upload(thesis(), owner=BUDI))
    assert (first.status, second.status) == ("added", "added")
    assert first.document_id != second.document_id
    assert len(embedded) == asked
    assert [each.id for each in workplace.library.summaries(ANA)] == [first.document_id]
    assert [each.id for each in workplace.library.summaries(BUDI)] == [second.document_id]


# --- a new version


def test_of_a_replaced_file_only_what_is_new_is_embedded_and_nothing_old_is_left(
    workplace: Workplace, ingestion: Ingestion, upload: Upload, embedded: list[str]
) -> None:
    first = ingestion.ingest(upload(thesis()))
    was = workplace.library.holding(first.document_id)
    asked = len(embedded)
    second = ingestion.ingest(upload(thesis(changed=2)))
    assert (second.status, second.document_id) == ("changed", first.document_id)
    assert len(embedded) - asked == 2
    assert all("pesawat tempur" in text for text in embedded[asked:])
    assert workplace.library.holding(first.document_id).added == was.added
    assert not workplace.originals.path(was.file, ".md").exists(), "the old file is nobody's any more"
    asked = len(embedded)
    ingestion.ingest(upload(thesis()))
    assert len(embedded) - asked == 2, "the vectors of the two chapters that had gone were forgotten"


def test_an_upload_of_another_text_under_a_taken_name_leaves_the_first_alone(
    workplace: Workplace, ingestion: Ingestion, upload: Upload
) -> None:
    first = ingestion.ingest(upload(thesis(), "bab1.md"))
    second = ingestion.ingest(upload("# Rudal\n\nRudal Kilat Biru diuji di Morotai.", "bab1.md"))
    assert second.status == "added"
    origins = {each.id: each.origin for each in workplace.library.summaries(ANA)}
    assert origins == {
        first.document_id: f"{UPLOAD_PREFIX}{ANA}/bab1.md",
        second.document_id: f"{UPLOAD_PREFIX}{ANA}/bab1 (2).md",
    }


def test_another_version_of_a_text_waits_for_a_choice(
    workplace: Workplace, ingestion: Ingestion, upload: Upload, embedded: list[str]
) -> None:
    first = ingestion.ingest(upload(thesis(20)))
    before, asked = kept(workplace), len(embedded)
    newer = upload(thesis(20, changed=2), "tesis-final.md")
    outcome = ingestion.ingest(newer)
    assert (outcome.status, outcome.document_id, outcome.title) == ("similar", first.document_id, "Tesis")
    assert 0.5 < outcome.share < 1
    assert outcome.replaceable
    assert (kept(workplace), len(embedded)) == (before, asked)


def test_keeping_both_makes_a_second_document(workplace: Workplace, ingestion: Ingestion, upload: Upload) -> None:
    first = ingestion.ingest(upload(thesis(20)))
    second = ingestion.ingest(upload(thesis(20, changed=2), "tesis-final.md"), keep_similar=True)
    assert second.status == "added"
    assert {each.id for each in workplace.library.summaries(ANA)} == {first.document_id, second.document_id}


def test_replacing_keeps_identity_date_and_edits_and_drops_the_old_file(
    workplace: Workplace, ingestion: Ingestion, upload: Upload
) -> None:
    first = ingestion.ingest(upload(thesis(20)))
    ingestion.keeping.edit(first.document_id, {"title": "Tesis saya", "authors": "Ana Putri; Budi"})
    before = workplace.library.holding(first.document_id)
    newer = replace(upload(thesis(20, changed=2), "final.md"), in_place_of=first.document_id)
    outcome = ingestion.ingest(newer)
    assert (outcome.status, outcome.document_id, outcome.title) == ("changed", first.document_id, "Tesis saya")
    (summary,) = workplace.library.summaries(ANA)
    assert (summary.authors, summary.origin) == (("Ana Putri", "Budi"), f"{UPLOAD_PREFIX}{ANA}/final.md")
    assert (summary.holding.added, summary.holding.edits) == (before.added, before.edits)
    assert "pesawat tempur" in workplace.library.document(first.document_id).text
    assert kept_originals(workplace) == {f"{summary.holding.file}.md"} != {f"{before.file}.md"}


def test_a_text_of_everyones_is_no_persons_to_replace(
    workplace: Workplace, ingestion: Ingestion, upload: Upload
) -> None:
    (workplace.study_texts / "tesis.md").write_text(thesis(20), encoding="utf-8")
    workplace.sync()
    outcome = ingestion.ingest(upload(thesis(20, changed=1), "punyaku.md"))
    assert (outcome.status, outcome.replaceable) == ("similar", False)


def test_nobody_is_told_of_a_text_like_another_persons(ingestion: Ingestion, upload: Upload) -> None:
    ingestion.ingest(upload(thesis(20)))
    assert ingestion.ingest(upload(thesis(20, changed=1), "punyaku.md", owner=BUDI)).status == "added"


# --- refused, cancelled, killed


@pytest.mark.parametrize(
    ("content", "name", "error"),
    [
        (" \n", "kosong.txt", EmptySource),
        (b"bukan PDF", "rusak.pdf", UnreadableSource),
        (b"PK\x03\x04 rusak", "rusak.docx", UnreadableSource),
        (b"\x00\x01\x02\x03" * 50, "biner.txt", UnreadableSource),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_error_and_leaves_nothing(
    content: str | bytes, name: str, error: type[SourceError], workplace: Workplace, loading: LoadingProcess
) -> None:
    before = kept(workplace)
    outcome = workplace.ingestion(loading).ingest(incoming(workplace.settings.home, content, name))
    assert outcome.status == "refused"
    assert isinstance(outcome.error, error)
    assert outcome.error.origin == f"{UPLOAD_PREFIX}{ANA}/{name}"
    assert kept(workplace) == before


def test_a_file_that_has_vanished_is_refused_too(ingestion: Ingestion, upload: Upload) -> None:
    file = upload(thesis())
    file.path.unlink()
    outcome = ingestion.ingest(file)
    assert (outcome.status, type(outcome.error)) == ("refused", UnreadableSource)


@pytest.mark.parametrize("at", ["reading", "vectors"])
def test_cancelling_leaves_everything_as_it_was(
    at: str, workplace: Workplace, ingestion: Ingestion, upload: Upload
) -> None:
    ingestion.ingest(upload(thesis(3, title="Lain"), "lain.md"))
    before, told = kept(workplace), set[str]()
    outcome = ingestion.ingest(
        upload(thesis(CHUNK + 1)),
        tell=lambda stage, done, total: told.add(stage),
        cancelled=lambda: at in told,
    )
    assert outcome == Outcome("cancelled")
    after = kept(workplace)
    assert replace(after, vectors=before.vectors) == before
    assert ("vectors" in told) == (at == "vectors")


def test_a_reader_that_was_stopped_reads_the_next_file(ingestion: Ingestion, upload: Upload) -> None:
    assert ingestion.ingest(upload(thesis()), cancelled=lambda: True).status == "cancelled"
    assert ingestion.ingest(upload(thesis())).status == "added"


@dataclass
class Mortal:
    """A `HashEmbedder` that dies at its call number ``last``."""

    last: int
    embedded: list[str] = field(default_factory=list)
    calls: int = 0
    identity: str = "mortal"
    dimension: int = 64

    def embed_passages(self, texts: list[str]) -> Vectors:
        self.calls += 1
        if self.calls == self.last:
            raise KeyboardInterrupt
        self.embedded += texts
        return HashEmbedder().embed_passages(texts)

    def embed_query(self, text: str) -> Vectors:
        return HashEmbedder().embed_query(text)


def test_after_a_kill_the_library_is_as_before_and_the_next_attempt_goes_on(
    tmp_path: Path, loading: LoadingProcess, upload: Upload
) -> None:
    embedder = Mortal(3)
    with small_workplace(tmp_path / "home", embedder) as workplace:
        ingestion = workplace.ingestion(loading)
        with pytest.raises(KeyboardInterrupt):
            ingestion.ingest(upload(thesis(3 * CHUNK)))
        assert workplace.library.summaries() == ()
        assert len(embedder.embedded) == 2 * CHUNK
        assert ingestion.ingest(upload(thesis(3 * CHUNK))).status == "added"
        assert len(embedder.embedded) == len(set(embedder.embedded)) == 3 * CHUNK


# --- removing and editing


def test_removing_takes_exactly_the_document_and_all_that_was_kept_of_it(
    workplace: Workplace, ingestion: Ingestion, upload: Upload
) -> None:
    workplace.update()
    ingestion.ingest(upload(thesis(3, title="Lain"), "lain.md"))
    workplace.update()
    before = kept(workplace)
    added = ingestion.ingest(upload(thesis()))
    workplace.update()
    workplace.assistant().answer("Apa yang dibahas bagian ke-3 tentang kapal selam?")  # embeds sentences of the text
    document = workplace.library.document(added.document_id)
    passages = workplace.library.passages(document.id)
    texts = [passage_text(document, each) for each in passages]
    texts += [sentence_text(document, sentence) for each in passages for sentence in each.sentences]
    mine = {vector_key(workplace.embedder.identity, each) for each in texts}
    assert len(mine & kept_vectors(workplace)) > len(passages), "some sentences too"
    ingestion.keeping.remove(added.document_id)
    workplace.update()
    after = kept(workplace)
    assert not mine & after.vectors
    assert replace(after, vectors=before.vectors) == before
    assert after.vectors >= before.vectors
    assert workplace.problems() == []


def test_an_equal_file_of_another_person_stays_whole(
    workplace: Workplace, ingestion: Ingestion, upload: Upload, embedded: list[str]
) -> None:
    mine = ingestion.ingest(upload(thesis()))
    theirs = ingestion.ingest(upload(thesis(), owner=BUDI))
    text, asked = workplace.library.document(theirs.document_id).text, len(embedded)
    ingestion.keeping.remove(mine.document_id)
    assert workplace.library.summaries(ANA) == ()
    assert workplace.library.document(theirs.document_id).text == text
    holding = workplace.library.holding(theirs.document_id)
    assert workplace.originals.path(holding.file, holding.suffix).is_file()
    workplace.update()
    assert workplace.problems() == []
    assert not any(text.startswith("Tesis") for text in embedded[asked:])
    ingestion.keeping.remove(theirs.document_id)
    assert kept_originals(workplace) == frozenset()


def test_one_file_under_two_formats_is_kept_as_each_of_them(
    workplace: Workplace, ingestion: Ingestion, upload: Upload
) -> None:
    mine = ingestion.ingest(upload(thesis(), "tesis.md"))
    theirs = ingestion.ingest(upload(thesis(), "tesis.txt", owner=BUDI))
    file = workplace.library.holding(mine.document_id).file
    assert kept_originals(workplace) == {f"{file}.md", f"{file}.txt"}
    ingestion.keeping.remove(mine.document_id)
    assert kept_originals(workplace) == {f"{file}.txt"}
    assert workplace.library.holding(theirs.document_id).file == file


def test_an_unknown_document_cannot_be_removed(ingestion: Ingestion) -> None:
    with pytest.raises(UnknownDocument):
        ingestion.keeping.remove("tidak-ada")


def test_a_new_title_takes_the_place_of_the_old_one_everywhere(
    workplace: Workplace, ingestion: Ingestion, upload: Upload, embedded: list[str]
) -> None:
    added = ingestion.ingest(upload(thesis()))
    before = kept_vectors(workplace)
    edited = ingestion.keeping.edit(added.document_id, {"title": "Galangan kapal", "date": "2019"})
    assert workplace.library.document(added.document_id) == edited
    assert (edited.id, edited.title, edited.date) == (added.document_id, "Galangan kapal", "2019")
    workplace.update()
    assert workplace.problems() == []
    assert not kept_vectors(workplace) & before, "vectors of the old title are not kept"
    assert sum(text.startswith("Galangan kapal › ") for text in embedded) == 6


# --- whatever happens


NAMES = st.sampled_from(["a.md", "b.md", "a.txt"])
TEXTS = st.builds(thesis, st.integers(1, 3), title=st.sampled_from(["Satu", "Dua"]), changed=st.integers(0, 1))
STEPS = st.one_of(
    st.tuples(st.just("add"), st.sampled_from([ANA, BUDI]), NAMES, TEXTS),
    st.tuples(st.just("keep"), st.sampled_from([ANA, BUDI]), NAMES, TEXTS),
    st.tuples(st.just("remove"), st.sampled_from([ANA, BUDI]), st.just(""), st.just("")),
    st.tuples(st.just("edit"), st.sampled_from([ANA, BUDI]), st.just(""), st.sampled_from(["Tiga", "Satu"])),
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, min_size=2, max_size=7))
def test_what_is_kept_is_always_just_what_the_documents_need(
    steps: list[tuple[str, str, str, str]], loading: LoadingProcess
) -> None:
    with TemporaryDirectory() as folder, small_workplace(Path(folder) / "home", HashEmbedder()) as workplace:
        ingestion = workplace.ingestion(loading)
        for act, owner, name, content in steps:
            take_step(ingestion, Path(folder), act, owner, (name, content))
            check(workplace)


def take_step(ingestion: Ingestion, folder: Path, act: str, owner: str, given: tuple[str, str]) -> None:
    library, (name, content) = ingestion.keeping.library, given
    if act in ("add", "keep"):
        others = {each.id for each in library.summaries() if each.holding.owner != owner}
        before = {each: library.document(each) for each in others}
        ingestion.ingest(incoming(folder, content, name, owner=owner), keep_similar=act == "keep")
        assert {each: library.document(each) for each in others} == before, "other people's are not touched"
        return
    mine = [each.id for each in library.summaries(owner)]
    if mine and act == "remove":
        ingestion.keeping.remove(mine[0])
    elif mine:
        ingestion.keeping.edit(mine[-1], {"title": content})


def check(workplace: Workplace) -> None:
    library = workplace.library
    assert kept_originals(workplace) == {f"{each.holding.file}{each.holding.suffix}" for each in library.summaries()}
    documents = [library.document(each.id) for each in library.summaries()]
    texts = {passage_text(document, each) for document in documents for each in library.passages(document.id)}
    assert kept_vectors(workplace) <= {vector_key(workplace.embedder.identity, each) for each in texts}
    for owner in (ANA, BUDI):
        digests = [library.document(each.id).digest for each in library.summaries(owner)]
        assert len(digests) == len(set(digests)), "nobody has a text twice"
