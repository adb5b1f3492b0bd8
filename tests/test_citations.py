"""From chosen sentences to numbered links: exact slices, with the works behind them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.citations import cite, references_behind, show_passages
from assistant.sentence_scoring import ScoredSentence
from index.retrieval import RetrievedPassage
from knowledge.chunking import ChunkingSettings, split_passages
from knowledge.documents import Document, Passage, Reference
from knowledge.library import Library
from knowledge.loaders import load
from knowledge.store import open_store, sqlite_url

TEXT = """---
title: Catatan
---

# Bagian

## Sub

Kron menulis tesis [@kron2015]. Drab menulis artikel — “penting” [@drab2018; @kron2015]. Tanpa rujukan. Hilang [@tiada].

Di belakang titik. [@drab2018] Lalu ini.
"""


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    engine = open_store(sqlite_url(tmp_path / "store.sqlite3"))
    library = Library(engine)
    library.put_references([Reference("kron2015", "Security Diplomacy"), Reference("drab2018", "Defence Diplomacy")])
    yield library
    engine.dispose()


@pytest.fixture
def document() -> Document:
    return load(TEXT.encode(), "file:catatan.md", suffix=".md")


@pytest.fixture
def passage(document: Document) -> Passage:
    return split_passages(document, ChunkingSettings())[0]


def scored(document: Document, passage: Passage, *numbers: int) -> list[ScoredSentence]:
    retrieved = RetrievedPassage(passage, document, 0.87654, 0.8)
    sentences = [passage.sentences[number] for number in numbers]
    words = frozenset[str]()
    return [
        ScoredSentence(retrieved, one, document.text[one.start : one.end], words, words, 0.8, 1.0) for one in sentences
    ]


def test_citations_are_numbered_in_order_and_quote_exactly(
    library: Library, document: Document, passage: Passage
) -> None:
    cited = cite(scored(document, passage, 1, 0), library)
    assert [(sentence.citations, citation.n) for sentence, citation in cited] == [((1,), 1), ((2,), 2)]
    for sentence, citation in cited:
        assert sentence.text == citation.quote == document.text[citation.start : citation.end]
        assert sentence.verdict == "quoted"
        assert (citation.document_id, citation.title) == (document.id, "Catatan")
        assert citation.heading == "Bagian › Sub"
    assert cited[0][1].quote == "Drab menulis artikel — “penting”."


def test_the_works_behind_a_sentence_are_those_that_it_cites(
    library: Library, document: Document, passage: Passage
) -> None:
    keys = [
        [work.key for work in citation.references]
        for _, citation in cite(scored(document, passage, 0, 1, 2, 3, 4, 5), library)
    ]
    assert keys == [["kron2015"], ["drab2018", "kron2015"], [], [], ["drab2018"], []], (
        "a key without a record is left out"
    )


def test_a_span_without_sentences_cites_nothing(library: Library, document: Document) -> None:
    assert references_behind(document, library, start=0, end=0) == ()
    everything = references_behind(document, library, start=0, end=len(document.text))
    assert [work.key for work in everything] == ["kron2015", "drab2018"]


def test_nothing_chosen_nothing_cited(library: Library) -> None:
    assert cite([], library) == []


def test_passages_are_shown_numbered_and_exact(document: Document, passage: Passage) -> None:
    retrieved = RetrievedPassage(passage, document, 0.87654, 0.8)
    shown = show_passages([retrieved, retrieved])
    assert [one.n for one in shown] == [1, 2]
    assert shown[0].text == document.text[shown[0].start : shown[0].end]
    assert shown[0].score == 0.8765
    assert shown[0].heading == "Bagian › Sub"
    assert show_passages([]) == ()


def test_a_work_named_at_the_head_of_a_paragraph_stands_behind_its_first_sentence(library: Library) -> None:
    document = load(
        b"# Judul\n\nSatu kalimat.\n\n[@kron2015] menyatakan hal ini. Lalu itu.\n", "file:a.md", suffix=".md"
    )
    start = document.text.index("menyatakan")
    first, second = document.text.index("hal ini.") + len("hal ini."), document.text.index("Lalu")
    head = min(mention.position for mention in document.mentions)
    assert document.text[head:].lstrip().startswith("menyatakan")
    behind = references_behind(document, library, start=start, end=first)
    assert [reference.key for reference in behind] == ["kron2015"]
    assert references_behind(document, library, start=second, end=len(document.text)) == ()
    assert references_behind(document, library, start=0, end=document.text.index("kalimat.") + len("kalimat.")) == ()
