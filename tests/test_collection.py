"""The collection as the checks see it: sentences with line and citations, links, and faults instead of errors."""

from pathlib import Path

from knowledge.chunking import split_passages
from knowledge.collection import StudySentence, read_collection, read_study_text
from knowledge.documents import Document
from knowledge.study_texts import study_text_folder

TEXT = """---
title: Judul
editor: Ana
---
## Bagian

Kalimat pertama [@a2020, hlm. 3]. Kalimat *kedua*
yang panjang [@a2020; @b2021]. Kalimat pertama.

Daftarnya [@c2022]:

- pokok satu
- pokok dua [@d2023]

## Lain

| Tahun | Unit |
|---|---|
| 2020 | 4 |
"""


def test_sentences_have_their_line_and_their_citations(tmp_path: Path) -> None:
    (tmp_path / "satu.md").write_text(TEXT, encoding="utf-8")
    assert read_study_text(tmp_path / "satu.md").sentences == (
        StudySentence("Kalimat pertama.", 7, ("a2020",)),
        StudySentence("Kalimat kedua yang panjang.", 7, ("a2020", "b2021")),
        StudySentence("Kalimat pertama.", 8),
        StudySentence("Daftarnya:", 10, ("c2022",)),
        StudySentence("- pokok satu", 12, (), ("c2022",)),
        StudySentence("- pokok dua", 13, ("d2023",), ("c2022",)),
        StudySentence("Tahun | Unit", 17),  # a block under another heading has another introduction
        StudySentence("2020 | 4", 19),
    )


def test_front_matter_words_and_links(tmp_path: Path) -> None:
    path = tmp_path / "satu.md"
    path.write_text(TEXT + "\n[a](https://a.id/b) <mailto:x@a.id> https://c.id/d. Teks @a.\n", encoding="utf-8")
    text = read_study_text(path)
    assert (text.name, text.front.title, text.front.others) == ("satu", "Judul", ("editor",))
    assert text.words == len(text.document.text.split())
    assert text.links == ("https://a.id/b", "mailto:x@a.id", "https://c.id/d.")
    assert [sentence.text for sentence in text.sentences if sentence.is_row] == ["Tahun | Unit", "2020 | 4"]


def test_a_faulty_file_is_a_fault_and_the_others_are_read(tmp_path: Path) -> None:
    (tmp_path / "satu.md").write_text(TEXT, encoding="utf-8")
    (tmp_path / "dua.md").write_text("---\ntitle: [\n---\nIsi.", encoding="utf-8")
    (tmp_path / "references.bib").write_text("@book{open, title = {", encoding="utf-8")
    collection = read_collection(tmp_path)
    assert collection.slugs == {"satu"}
    assert [name for name, _ in collection.faults] == ["dua.md", "references.bib"]
    assert collection.lacks_references
    assert (collection.references, collection.events, collection.terms) == ({}, (), ())


def test_the_sentences_are_those_of_the_index() -> None:
    for text in read_collection(study_text_folder()).texts:
        document: Document = text.document
        spans = [each for passage in split_passages(document) for each in passage.sentences]
        assert [sentence.text for sentence in text.sentences] == [
            document.text[each.start : each.end] for each in spans
        ]
        lines = [sentence.line for sentence in text.sentences]
        assert lines == sorted(lines)
        source = (study_text_folder() / f"{text.name}.md").read_text(encoding="utf-8").splitlines()
        assert all(sentence.text.split()[0] in source[sentence.line - 1] for sentence in text.sentences)
