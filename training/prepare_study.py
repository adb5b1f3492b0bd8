"""Turns the questions over the study texts into rows for `training.train_reader`.

    python -m training.prepare_study PUBLIC_ROWS.jsonl OUT.jsonl

- each anticipated question with the passages whose sentences answer it, and a near one that does not;
- each near-miss (a question that sounds as if a text answered it, and none does) with two of the nearest passages;
- each twin of a near-miss, which is answered, with its passage, its short answer, and a near passage without them;
- claims over single sentences, and each supported claim beside a neighbour of its sentence, which does not tell it;
- some of the rows of `training.prepare_public`, so that what they teach is not forgotten.

The texts HELD_OUT are left out whole: their questions, and their passages beside the questions of others. The library
must be up to date. The same fact may stand in several texts, so a sentence that is not meant, but has an anticipated
question near to this one, has weight 0.
"""

import argparse
import json
import random
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.opening import open_workplace
from assistant.settings import load_settings
from index.retrieval import HybridRetriever, RetrievedPassage
from index.texts import head_text
from knowledge.documents import Document, Passage, Sentence
from training.reader_model import Row

SEED = 0
DATA = Path(__file__).parent / "data"
HELD_OUT = frozenset(
    (
        "admm",
        "amerika-serikat",
        "diplomasi-keamanan",
        "ekspor-alutsista",
        "jepang-india",
        "kerja-sama-kepolisian",
        "landasan-hukum-pertahanan",
        "laut-china-selatan-natuna",
        "offset-transfer-teknologi",
        "pasukan-perdamaian",
    )
)
SAME = 0.92  # cosine of two questions for the same fact; half of the nearest foreign ones lie below
CANDIDATES = 8
NEAR_MISS_PASSAGES, NEAR_MISS_WEIGHT = 2, 1.3
PUBLIC_QUESTIONS, PUBLIC_CLAIMS = 14_000, 13_000
CLAIM_COPIES = 2
_VERDICTS = {"supported": "supported", "unsupported": "untold"}


@dataclass(frozen=True)
class _Study:
    """The study texts that are trained on, and the retriever over them."""

    documents: dict[str, Document]
    retriever: HybridRetriever
    shuffle: random.Random


def main() -> None:
    """Write the rows, shuffled, and print how many there are of each sort."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("public", type=Path)
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    study = _open_study()
    public = _lines(arguments.public)
    study.shuffle.shuffle(public)
    sorts = {
        "anticipated": list(_anticipated(study)),
        "near-misses": list(_near_misses(study)),
        "pairs": list(_pairs(study)),
        "claims": list(_claims(study)) * CLAIM_COPIES,
        "public questions": [row for row in public if "claim" not in row][:PUBLIC_QUESTIONS],
        "public claims": [row for row in public if "claim" in row][:PUBLIC_CLAIMS],
    }
    rows = [row for sort in sorts.values() for row in sort]
    study.shuffle.shuffle(rows)
    arguments.out.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    print({name: len(sort) for name, sort in sorts.items()})


def _open_study() -> _Study:
    workplace = open_workplace(load_settings())
    library = workplace.library
    every = [library.document(document_id) for document_id, _ in sorted(library.fingerprints().values())]
    documents = {each.slug: each for each in every if each.slug and each.slug not in HELD_OUT}
    retriever = workplace.assistant().open_retriever()
    return _Study(documents, retriever.within([each.id for each in documents.values()]), random.Random(SEED))


def _anticipated(study: _Study) -> Iterator[Row]:
    for document in study.documents.values():
        asked: dict[str, set[int]] = {}
        for question in document.questions:
            asked.setdefault(question.text, set()).add(question.start)
        for text, starts in asked.items():
            yield from _answered(study, text, document, starts)


def _near_misses(study: _Study) -> Iterator[Row]:
    for near_miss in _lines(DATA / "near_misses.jsonl"):
        if near_miss["topic"] in study.documents:
            yield from _unanswered(study, near_miss["question"], near_miss["topic"])


def _pairs(study: _Study) -> Iterator[Row]:
    for pair in _lines(DATA / "pairs.jsonl"):
        document = study.documents.get(pair["topic"])
        if document is None or not pair["answer"]:
            continue  # a near-miss that is answered in part has a twin without an answer here: neither is trained on
        if pair["near_miss"]:
            yield from _unanswered(study, pair["near_miss"], pair["topic"])
        every = (sentence.start for passage in _passages(study, document) for sentence in passage.sentences)
        starts = {start for start in every if document.text.startswith(tuple(pair["sentences"]), start)}
        yield from _answered(study, pair["twin"], document, starts, answer=pair["answer"])


def _claims(study: _Study) -> Iterator[Row]:
    for line in _lines(DATA / "claims.jsonl"):
        document = study.documents[line["topic"]]
        every = [(passage, each) for passage in _passages(study, document) for each in passage.sentences]
        place = next(n for n, (_, each) in enumerate(every) if document.text[each.start : each.end] == line["evidence"])
        verdict = _VERDICTS.get(line["kind"], "contradicted")
        yield {"claim": line["claim"], "evidence": _evidence(document, *every[place]), "verdict": verdict}
        if verdict == "supported":
            beside = every[place + 1 if place + 1 < len(every) else place - 1]
            yield {"claim": line["claim"], "evidence": _evidence(document, *beside), "verdict": "untold"}


def _answered(
    study: _Study, question: str, document: Document, starts: Collection[int], *, answer: str = ""
) -> Iterator[Row]:
    found = study.retriever.retrieve(question, CANDIDATES)
    meant = [each for each in found if each.document.id == document.id and _held(each) & set(starts)]
    others = [each for each in found if each not in meant]
    for each in [*meant[:2], *study.shuffle.sample(others, min(1, len(others)))]:
        labels = [int(each in meant and sentence.start in starts) for sentence in each.passage.sentences]
        weights = [
            1.0 if label or each.asked.get(sentence.start, 0.0) < SAME else 0.0
            for label, sentence in zip(labels, each.passage.sentences, strict=True)
        ]
        if any(weights):
            yield _row(question, each, labels, weights) | (_span(each, starts, answer) if any(labels) else {})


def _unanswered(study: _Study, question: str, topic: str) -> Iterator[Row]:
    found = study.retriever.retrieve(question, CANDIDATES)
    own = [each for each in found if each.document.slug == topic][:1]
    others = [each for each in found[:4] if each not in own]
    for each in [*own, *study.shuffle.sample(others, min(NEAR_MISS_PASSAGES - len(own), len(others)))]:
        number = len(each.passage.sentences)
        yield _row(question, each, [0] * number, [NEAR_MISS_WEIGHT] * number)


def _span(retrieved: RetrievedPassage, starts: Collection[int], answer: str) -> dict[str, list[int]]:
    passage, text = retrieved.passage, retrieved.document.text
    for sentence in passage.sentences:
        place = text.find(answer, sentence.start, sentence.end) if answer and sentence.start in starts else -1
        if place >= 0:
            return {"span": [place - passage.start, place + len(answer) - passage.start]}
    return {}


def _row(question: str, retrieved: RetrievedPassage, labels: Sequence[int], weights: Sequence[float]) -> Row:
    passage = retrieved.passage
    return {
        "question": question,
        "head": head_text(retrieved.document, passage),
        "text": retrieved.text,
        "sentences": [[s.start - passage.start, s.end - passage.start] for s in passage.sentences],
        "labels": labels,
        "weights": weights,
    }


def _evidence(document: Document, passage: Passage, sentence: Sentence) -> str:
    return f"{head_text(document, passage)}\n{document.text[sentence.start : sentence.end]}"


def _passages(study: _Study, document: Document) -> tuple[Passage, ...]:
    return study.retriever.library.passages(document.id)


def _held(retrieved: RetrievedPassage) -> set[int]:
    return {sentence.start for sentence in retrieved.passage.sentences}


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


if __name__ == "__main__":
    main()
