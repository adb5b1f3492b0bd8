"""Measures the shipped reader on IDK-MRC: ``python -m benchmarks.reader_idk_mrc --data FOLDER --model FOLDER``.

Each question is read with the passages that its paragraph is cut into; the answer is the likeliest span of all, or none
when neither the span nor the best sentence is sure enough. The threshold is chosen on valid, for the best F1, and the
figures are reported on both splits. EM and F1 are those of SQuAD 2.0 (Rajpurkar et al. 2018, arXiv:1806.03822), without
its rule for English articles; an unanswerable question is right when nothing is answered.
"""

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.reader import OnnxReader, Reading, open_reader
from knowledge.chunking import split_passages
from knowledge.documents import Document


@dataclass(frozen=True)
class Read:
    """What the reader made of one question: its likeliest answer, how sure it is, and the right answers (none: "")."""

    answer: str
    surety: float
    right: tuple[str, ...]


def main() -> None:
    """Print one JSON object a split."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with valid.json and test.json")
    parser.add_argument("--model", type=Path, required=True, help="folder of multilingual-e5-small")
    parser.add_argument("--graph", type=Path, help="another reader than the shipped one")
    options = parser.parse_args()
    reader = open_reader(options.model, options.graph) if options.graph else open_reader(options.model)
    if reader is None:
        raise SystemExit("the reader does not fit this model")
    splits = {split: list(read_split(reader, options.data / f"{split}.json")) for split in ("valid", "test")}
    candidates = sorted(each.surety for each in splits["valid"])
    threshold = max(candidates, key=lambda least: figures(splits["valid"], least)["f1"])
    for split, rows in splits.items():
        print(
            json.dumps(
                {"split": split, "questions": len(rows), "threshold": round(threshold, 3)} | figures(rows, threshold)
            )
        )


def read_split(reader: OnnxReader, path: Path) -> Iterator[Read]:
    """Yield what the reader makes of each question of a file."""
    for paragraph in json.loads(path.read_text(encoding="utf-8")):
        context = paragraph["context"]
        passages = split_passages(Document(title="", text=context, origin="benchmark"))
        readings = [
            Reading(
                "",
                context[passage.start : passage.end],
                tuple((each.start - passage.start, each.end - passage.start) for each in passage.sentences),
            )
            for passage in passages
        ]
        for question in paragraph["qas"]:
            found = [
                (each.surety + each.odds, reading.text[each.start : each.end])
                for reading, sentences in zip(readings, reader.read(question["question"], readings), strict=True)
                for each in sentences
            ]
            surety, answer = max(found, default=(-np.inf, ""))
            right = tuple(answer["text"] for answer in question["answers"] if answer["text"])
            yield Read(answer, float(surety), right)


def figures(rows: list[Read], threshold: float) -> dict[str, float]:
    """Return exact match and F1, F1 over the answerable, and the share of the unanswerable that are recognised."""
    answers = [row.answer if row.surety >= threshold else "" for row in rows]
    exact = [
        max(_words(answer) == _words(right) for right in row.right or ("",))
        for row, answer in zip(rows, answers, strict=True)
    ]
    f1 = [max(_f1(answer, right) for right in row.right or ("",)) for row, answer in zip(rows, answers, strict=True)]
    answerable = [bool(row.right) for row in rows]
    return {
        "exact": _mean(exact),
        "f1": _mean(f1),
        "f1_answerable": _mean([value for value, has in zip(f1, answerable, strict=True) if has]),
        "unanswerable_recognised": _mean([value for value, has in zip(f1, answerable, strict=True) if not has]),
    }


def _f1(answer: str, right: str) -> float:
    one, other = _words(answer), _words(right)
    if not one or not other:
        return float(one == other)
    shared = sum((Counter(one) & Counter(other)).values())
    return 2 * shared / (len(one) + len(other))


def _words(text: str) -> list[str]:
    return re.sub(r"[^\w\s]", " ", text.lower()).split()


def _mean(values: list[float] | list[bool]) -> float:
    return round(float(np.mean(values)), 4) if values else 0.0


if __name__ == "__main__":
    main()
