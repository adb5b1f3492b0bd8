"""Turns public data sets into rows for `training.train_reader`.

    python -m training.prepare_public DATA_FOLDER VECTORS.npz MODEL_FOLDER OUT.jsonl

Questions with a passage are from IDK-MRC, translated SQuAD and FacQA:
{"question", "head", "text", "sentences": [[start, end], ...], "labels": [0 or 1, ...], "span": [start, end] or absent}.
A sentence is labelled 1 when the answer begins in it. Contexts are cut as the product cuts documents. To half of the
answered questions of IDK-MRC comes another paragraph that is near to the question and does not hold its answer: VECTORS
is the file that `python -m benchmarks.idk_mrc --cache` writes, and MODEL the model that it used.
Claims with evidence are from IndoNLI, and translated MultiNLI: {"claim", "evidence", "verdict"}.
"""

import argparse
import ast
import csv
import io
import json
import random
import tarfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.idk_mrc import load_cache, load_paragraphs
from index.embedding import EmbeddingSettings, open_embedder
from knowledge.chunking import split_passages
from knowledge.documents import Document
from training.reader_model import VERDICTS, Row

SEED = 0
NEAR_RANKS = 6  # how far down a near paragraph is drawn from
_VERDICT_OF = dict(zip("enc", VERDICTS, strict=True))


def main() -> None:
    """Write the rows of the training splits, shuffled."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("vectors", type=Path)
    parser.add_argument("model", type=Path)
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    mrc, shuffle = arguments.data / "idk-mrc", random.Random(SEED)
    rows = [*_mrc(mrc / "train.json"), *_mrc(mrc / "trans_squad_valid.json")]
    rows += _near_paragraphs(mrc, arguments.vectors, arguments.model, shuffle)
    rows += _facqa(arguments.data / "facqa" / "train.csv")
    rows += _indonli(arguments.data / "indonli")
    shuffle.shuffle(rows)
    arguments.out.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def _mrc(path: Path) -> Iterator[Row]:
    """Yield a row a question; one without an answer is read over the passage that its context begins with."""
    for paragraph in json.loads(path.read_text(encoding="utf-8")):
        for question in paragraph["qas"]:
            spans = [(a["answer_start"], a["answer_start"] + len(a["text"])) for a in question["answers"] if a["text"]]
            yield from _rows(question["question"], paragraph["context"], spans[:1])


def _near_paragraphs(mrc: Path, vectors: Path, model: Path, shuffle: random.Random) -> Iterator[Row]:
    embedded = load_cache(vectors)
    if embedded is None:
        raise SystemExit(f"no vectors in {vectors}")
    embedder = open_embedder(EmbeddingSettings(model=str(model)), vectors.parent)
    entries = json.loads((mrc / "train.json").read_text(encoding="utf-8"))
    trained = {entry["context"] for entry in entries}
    paragraphs = load_paragraphs(mrc)
    places = np.array([place for place, paragraph in enumerate(paragraphs) if paragraph in trained])
    for entry in entries:
        for question in entry["qas"]:
            answers = [answer["text"].lower() for answer in question["answers"] if answer["text"]]
            if not answers or shuffle.random() < 0.5:
                continue
            cosines = embedded.paragraphs[places] @ embedder.embed_query(question["question"])
            near = [paragraphs[place] for place in places[np.argsort(-cosines)[:NEAR_RANKS]]]
            others = [each for each in near if not any(answer in each.lower() for answer in answers)]
            if others:
                yield from _rows(question["question"], shuffle.choice(others), [])


def _facqa(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            question, words, tags = (ast.literal_eval(row[name]) for name in ("question", "passage", "seq_label"))
            if "B" not in tags:
                continue
            first = tags.index("B")
            last = next((n for n in range(first + 1, len(tags)) if tags[n] != "I"), len(tags))
            start = len(" ".join(words[:first])) + (first > 0)
            end = start + len(" ".join(words[first:last]))
            yield from _rows(" ".join(question), " ".join(words), [(start, end)])


def _rows(question: str, context: str, spans: list[tuple[int, int]]) -> Iterator[Row]:
    passages = split_passages(Document(title="", text=context, origin="training"))
    answered = [p for p in passages if any(p.start <= start < p.end for start, _ in spans)]
    for passage in (answered or passages)[:1]:
        text = context[passage.start : passage.end]
        sentences = [[s.start - passage.start, s.end - passage.start] for s in passage.sentences]
        labels = [int(any(s.start <= start < s.end for start, _ in spans)) for s in passage.sentences]
        row = {"question": question, "head": "", "text": text, "sentences": sentences, "labels": labels}
        if any(labels):
            row["span"] = [spans[0][0] - passage.start, min(spans[0][1], passage.end) - passage.start]
        yield row


def _indonli(folder: Path) -> Iterator[Row]:
    for line in (folder / "train.jsonl").read_text(encoding="utf-8").splitlines():
        pair = json.loads(line)
        yield {"claim": pair["hypothesis"], "evidence": pair["premise"], "verdict": _VERDICT_OF[pair["label"]]}
    with tarfile.open(folder / "translate_train_small.tar.gz") as archive:
        file = archive.extractfile("translate_train_small/train.jsonl")
        for line in io.TextIOWrapper(file, encoding="utf-8") if file else ():
            pair = json.loads(line)
            yield {
                "claim": pair["sentence2"],
                "evidence": pair["sentence1"],
                "verdict": _VERDICT_OF[pair["gold_label"][0]],
            }


if __name__ == "__main__":
    main()
