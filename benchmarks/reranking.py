"""Measures the reader as a reranker: ``python -m benchmarks.reranking --data FOLDER --model FOLDER --cache FILE``.

The ten best paragraphs of the dense list over IDK-MRC are read with the question, and what the reader says of the best
sentence is added to the cosine. The weight is chosen on the questions of valid and reported on those of test. The cache
is the file that `benchmarks.idk_mrc` writes.
"""

import argparse
import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.idk_mrc import load_cache, load_paragraphs, load_questions
from index.metrics import mrr_at_k, ndcg_at_k, recall_at_k
from index.reader import OnnxReader, Reading, open_reader
from knowledge.chunking import split_passages
from knowledge.documents import Document

READ = 10
WEIGHTS = (0.0, 0.002, 0.004, 0.006, 0.008, 0.01, 0.015, 0.02, 0.03)


def main() -> None:
    """Print the figures by weight for valid, and for test with the best weight and without the reader."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with train.json, valid.json and test.json")
    parser.add_argument("--model", type=Path, required=True, help="folder of multilingual-e5-small")
    parser.add_argument("--cache", type=Path, required=True)
    options = parser.parse_args()
    embedded, reader = load_cache(options.cache), open_reader(options.model)
    if embedded is None or reader is None:
        raise SystemExit("needs the vectors of benchmarks.idk_mrc and the model that the reader fits")
    paragraphs = load_paragraphs(options.data)
    best = 0.0
    for split in ("valid", "test"):
        questions = load_questions(options.data, split)
        cosines = embedded.questions[split] @ embedded.paragraphs.T
        found = np.argsort(-cosines, axis=1, kind="stable")[:, :READ]
        odds = np.array(
            [_odds(reader, text, [paragraphs[n] for n in row]) for (text, _), row in zip(questions, found, strict=True)]
        )
        near = np.take_along_axis(cosines, found, axis=1)
        relevant = [place for _, place in questions]
        by_weight = {weight: _figures(found, near + weight * odds, relevant) for weight in WEIGHTS}
        if split == "valid":
            best = max(by_weight, key=lambda weight: by_weight[weight]["nDCG@10"])
        for weight in sorted({0.0, best}):
            print(json.dumps({"split": split, "questions": len(questions), "weight": weight, **by_weight[weight]}))


def _odds(reader: OnnxReader, question: str, paragraphs: list[str]) -> list[float]:
    """Return what the reader says of the best sentence of each paragraph: its log-odds and those of its span."""
    readings, owners = [], []
    for owner, text in enumerate(paragraphs):
        for passage in split_passages(Document(title="", text=text, origin="benchmark")):
            sentences = tuple((each.start - passage.start, each.end - passage.start) for each in passage.sentences)
            readings.append(Reading("", text[passage.start : passage.end], sentences))
            owners.append(owner)
    best = [-np.inf] * len(paragraphs)
    for owner, sentences_found in zip(owners, reader.read(question, readings), strict=True):
        best[owner] = max([best[owner], *(each.odds + each.surety for each in sentences_found)])
    return [max(value, -20.0) for value in best]


def _figures(found: NDArray[np.int64], scores: NDArray[np.float64], relevant: list[int]) -> dict[str, float]:
    order = np.argsort(-scores, axis=1, kind="stable")
    ranked = np.take_along_axis(found, order, axis=1).tolist()
    pairs = list(zip(ranked, relevant, strict=True))
    return {
        "R@1": round(float(np.mean([recall_at_k(row, [one], 1) for row, one in pairs])), 4),
        "R@5": round(float(np.mean([recall_at_k(row, [one], 5) for row, one in pairs])), 4),
        "MRR@10": round(float(np.mean([mrr_at_k(row, [one], 10) for row, one in pairs])), 4),
        "nDCG@10": round(float(np.mean([ndcg_at_k(row, [one], 10) for row, one in pairs])), 4),
    }


if __name__ == "__main__":
    main()
