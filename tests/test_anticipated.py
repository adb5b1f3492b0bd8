"""Anticipated questions: read strictly, tied to the sentences that they name, and gone with their text."""

import json
from pathlib import Path

import pytest

from knowledge.anticipated import Anticipation, read_anticipations, unknown_sentences, with_questions
from knowledge.chunking import ChunkingSettings, split_passages
from knowledge.documents import Document
from knowledge.errors import BadCollectionFile
from knowledge.library import Library
from knowledge.store import open_store, sqlite_url
from knowledge.study_texts import sync_study_texts

TEXT = "Kapal itu besar. Kapal itu tua sekali. Pelabuhan itu ramai."
DOCUMENT = Document(title="Bacaan", text=TEXT, origin="corpus:bacaan.md", slug="bacaan")


def line(sentences: list[str], questions: list[str]) -> str:
    return json.dumps({"sentences": sentences, "questions": questions})


def test_a_question_leads_to_the_start_of_each_of_its_sentences() -> None:
    read = read_anticipations(line(["Kapal itu besar", "Pelabuhan"], ["Apa yang ada di sana?"]), "bacaan.jsonl")
    found = with_questions(DOCUMENT, read).questions
    assert [(TEXT[each.start :].partition(".")[0], each.text) for each in found] == [
        ("Kapal itu besar", "Apa yang ada di sana?"),
        ("Pelabuhan itu ramai", "Apa yang ada di sana?"),
    ]


@pytest.mark.parametrize("words", ["Kapal itu", "Kereta itu", "itu besar"])
def test_words_that_begin_no_sentence_or_several_are_named_and_left_out(words: str) -> None:
    given = [Anticipation((words,), ("Mana?",))]
    assert list(unknown_sentences(DOCUMENT, given)) == [words]
    assert with_questions(DOCUMENT, given).questions == ()


def test_questions_are_no_part_of_the_identity_of_a_document() -> None:
    assert with_questions(DOCUMENT, [Anticipation(("Pelabuhan",), ("Mana?",))]).id == DOCUMENT.id


@pytest.mark.parametrize(
    "faulty",
    [
        "{",
        "[]",
        '{"sentences": ["Kapal"]}',
        '{"sentences": "Kapal", "questions": ["Mana?"], "more": 1}',
        '{"sentences": [], "questions": ["Mana?"]}',
        '{"sentences": ["Kapal"], "questions": [" "]}',
        '{"sentences": [1], "questions": ["Mana?"]}',
    ],
)
def test_a_faulty_line_is_refused_with_its_number(faulty: str) -> None:
    with pytest.raises(BadCollectionFile, match="line 2"):
        read_anticipations(line(["Kapal"], ["Mana?"]) + "\n" + faulty, "bacaan.jsonl")


def test_a_library_keeps_the_questions_and_takes_changed_ones_over(tmp_path: Path) -> None:
    library = Library(open_store(sqlite_url(tmp_path / "tanya.sqlite3")))
    folder = tmp_path / "corpus"
    (folder / "anticipated").mkdir(parents=True)
    (folder / "bacaan.md").write_text(f"---\ntitle: Bacaan\nslug: bacaan\n---\n{TEXT}\n", encoding="utf-8")
    asked = folder / "anticipated" / "bacaan.jsonl"
    for questions in (["Seberapa tua?"], ["Umur kapalnya?", "Setua apa?"]):
        asked.write_text(line(["Kapal itu tua"], questions) + "\n", encoding="utf-8")
        sync_study_texts(library, ChunkingSettings(), folder=folder)
        document = library.find("bacaan")
        assert [each.text for each in document.questions] == questions
        starts = {sentence.start for passage in split_passages(document) for sentence in passage.sentences}
        assert {each.start for each in document.questions} <= starts
    asked.unlink()
    sync_study_texts(library, ChunkingSettings(), folder=folder)
    assert library.find("bacaan").questions == ()
    library.engine.dispose()
