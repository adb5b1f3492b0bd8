"""Turns IDK-MRC, translated SQuAD and FacQA into examples for `training.train_reader`.

    python -m training.prepare_public DATA_FOLDER OUT.jsonl

An example is a question with one passage: {"question", "head", "text", "sentences": [[start, end], ...], "labels":
[0 or 1, ...]}.
A sentence is labelled 1 when the answer begins in it. Contexts are cut as the product cuts documents.
"""

import argparse
import ast
import csv
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from knowledge.chunking import split_passages
from knowledge.documents import Document

SEED = 0


def main() -> None:
    """Write the examples of the training splits, shuffled."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    rows = [
        *_mrc(arguments.data / "idk-mrc" / "train.json"),
        *_mrc(arguments.data / "idk-mrc" / "trans_squad_valid.json"),
    ]
    rows += _facqa(arguments.data / "facqa" / "train.csv")
    random.Random(SEED).shuffle(rows)
    arguments.out.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def _mrc(path: Path) -> Iterator[dict[str, Any]]:
    """Yield an example a question; one without an answer is read over the passage that its context begins with."""
    for paragraph in json.loads(path.read_text(encoding="utf-8")):
        for question in paragraph["qas"]:
            spans = [(a["answer_start"], a["answer_start"] + len(a["text"])) for a in question["answers"] if a["text"]]
            yield from _examples(question["question"], paragraph["context"], spans[:1])


def _facqa(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            question, words, tags = (ast.literal_eval(row[name]) for name in ("question", "passage", "seq_label"))
            if "B" not in tags:
                continue
            start = len(" ".join(words[: tags.index("B")])) + (tags.index("B") > 0)
            yield from _examples(" ".join(question), " ".join(words), [(start, start + 1)])


def _examples(question: str, context: str, spans: list[tuple[int, int]]) -> Iterator[dict[str, Any]]:
    passages = split_passages(Document(title="", text=context, origin="training"))
    answered = [p for p in passages if any(p.start <= start < p.end for start, _ in spans)]
    for passage in (answered or passages)[:1]:
        text = context[passage.start : passage.end]
        sentences = [[s.start - passage.start, s.end - passage.start] for s in passage.sentences]
        labels = [int(any(s.start <= start < s.end for start, _ in spans)) for s in passage.sentences]
        yield {"question": question, "head": "", "text": text, "sentences": sentences, "labels": labels}


if __name__ == "__main__":
    main()
