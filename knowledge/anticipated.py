"""Anticipated questions: for the sentences of a study text, questions that they answer, in other words than theirs.

They are searched beside the text, so that a question in everyday words or in English finds its sentence (document
expansion by questions: Nogueira, Yang, Lin and Cho 2019, "Document Expansion by Query Prediction", arXiv:1904.08375).
They are never shown or quoted. Each line of ``anticipated/<slug>.jsonl`` holds
{"sentences": [the first words of a sentence, ...], "questions": [...]}; each question is answered by all its sentences.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from knowledge.chunking import split_passages
from knowledge.documents import AnticipatedQuestion, Document
from knowledge.errors import BadCollectionFile

ANTICIPATED_FOLDER = "anticipated"


@dataclass(frozen=True)
class Anticipation:
    """One line of a file: the first words of some sentences of a text, and questions that these answer."""

    sentences: tuple[str, ...]
    questions: tuple[str, ...]


def read_anticipations(text: str, origin: str) -> tuple[Anticipation, ...]:
    """Return what a file holds, in order; BadCollectionFile names a line that is no such record."""
    return tuple(_anticipation(line, f"{origin}, line {n}") for n, line in enumerate(text.splitlines(), 1) if line)


def with_questions(document: Document, anticipations: Sequence[Anticipation]) -> Document:
    """Return the document with its anticipated questions; those of a sentence that it does not have are left out."""
    starts = _starts(document)
    found = (
        AnticipatedQuestion(start, question)
        for each in anticipations
        for start in _found(document, starts, each)
        if start is not None
        for question in each.questions
    )
    return replace(document, questions=tuple(dict.fromkeys(found)))


def unknown_sentences(document: Document, anticipations: Sequence[Anticipation]) -> Iterator[str]:
    """Yield the first words of sentences that a document does not have, or has in several places."""
    starts = _starts(document)
    for each in anticipations:
        found = _found(document, starts, each)
        yield from (words for words, start in zip(each.sentences, found, strict=True) if start is None)


def _starts(document: Document) -> list[int]:
    return [sentence.start for passage in split_passages(document) for sentence in passage.sentences]


def _found(document: Document, starts: Sequence[int], anticipation: Anticipation) -> Iterator[int | None]:
    for words in anticipation.sentences:
        places = [start for start in starts if document.text.startswith(words, start)]
        yield places[0] if len(places) == 1 else None


def _anticipation(line: str, place: str) -> Anticipation:
    try:
        record = json.loads(line)
        lists = [tuple(record[name]) for name in ("sentences", "questions")]
    except (ValueError, KeyError, TypeError) as error:
        raise BadCollectionFile(place, detail=f'it must hold lists "sentences" and "questions" ({error!r})') from error
    if set(record) != {"sentences", "questions"} or not all(
        values and all(isinstance(value, str) and value.strip() for value in values) for values in lists
    ):
        raise BadCollectionFile(place, detail='it must hold lists of texts "sentences" and "questions", nothing else')
    return Anticipation(*lists)
