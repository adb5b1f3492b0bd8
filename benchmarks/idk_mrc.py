"""Measures the dense list on IDK-MRC: ``python -m benchmarks.idk_mrc --data FOLDER [--model FOLDER]``.

All paragraphs of train, valid and test are searched; a question has one relevant paragraph, its own.
Weights are tuned on the questions of valid, and figures are reported on those of test.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.embedding import Embedder, EmbeddingSettings, Vectors, open_embedder
from index.metrics import mrr_at_k, ndcg_at_k, recall_at_k

SPLITS = ("train", "valid", "test")
QUESTION_SPLITS = ("valid", "test")
_MEASURES: dict[str, Callable[[list[int], list[int]], float]] = {
    "R@1": lambda ranked, relevant: recall_at_k(ranked, relevant, 1),
    "R@5": lambda ranked, relevant: recall_at_k(ranked, relevant, 5),
    "R@10": lambda ranked, relevant: recall_at_k(ranked, relevant, 10),
    "MRR@10": lambda ranked, relevant: mrr_at_k(ranked, relevant, 10),
    "nDCG@10": lambda ranked, relevant: ndcg_at_k(ranked, relevant, 10),
}


@dataclass(frozen=True)
class Embedded:
    """Unit rows: paragraphs in the order of `load_paragraphs`, questions per split in that of `load_questions`."""

    identity: str
    paragraphs: Vectors
    questions: dict[str, Vectors]


def load_paragraphs(folder: Path) -> list[str]:
    """Return the distinct paragraphs of train, valid and test in file order (4,395)."""
    return list(dict.fromkeys(str(entry["context"]) for split in SPLITS for entry in _read(folder, split)))


def load_questions(folder: Path, split: str) -> list[tuple[str, int]]:
    """Return (question, index of its paragraph) of the answerable questions of a split (valid 382, test 422)."""
    number = {paragraph: index for index, paragraph in enumerate(load_paragraphs(folder))}
    return [
        (str(question["question"]), number[str(entry["context"])])
        for entry in _read(folder, split)
        for question in entry["qas"]
        if not question["is_impossible"]
    ]


def embed(embedder: Embedder, folder: Path) -> Embedded:
    """Embed all paragraphs, and the questions of valid and test one by one, as the product does."""
    paragraphs = load_paragraphs(folder)
    _say(f"embedding {len(paragraphs)} paragraphs with {embedder.identity}")
    started = time.perf_counter()
    vectors = embedder.embed_passages(paragraphs)
    _say(f"{len(paragraphs) / (time.perf_counter() - started):.1f} paragraphs a second")
    questions = {
        split: np.stack([embedder.embed_query(question) for question, _ in load_questions(folder, split)])
        for split in QUESTION_SPLITS
    }
    return Embedded(embedder.identity, vectors, questions)


def load_cache(path: Path) -> Embedded | None:
    """Read what `save_cache` wrote; None when there is no such file."""
    if not path.is_file():
        return None
    with np.load(path, allow_pickle=False) as stored:
        questions = {split: stored[f"{split}_questions"] for split in QUESTION_SPLITS}
        return Embedded(str(stored["identity"]), stored["paragraphs"], questions)


def save_cache(path: Path, embedded: Embedded) -> None:
    """Write the arrays ``identity``, ``paragraphs``, ``valid_questions`` and ``test_questions`` (float32)."""
    with path.open("wb") as file:
        np.savez(
            file,
            identity=np.array(embedded.identity),
            paragraphs=embedded.paragraphs,
            valid_questions=embedded.questions["valid"],
            test_questions=embedded.questions["test"],
        )


def measure(embedded: Embedded, split: str, relevant: list[int]) -> dict[str, float]:
    """Return the mean of each measure over the questions of a split; ``relevant[i]`` answers question i."""
    scores = embedded.questions[split] @ embedded.paragraphs.T
    ranked = np.argsort(-scores, axis=1, kind="stable")[:, :10].tolist()
    return {
        name: float(np.mean([function(row, [index]) for row, index in zip(ranked, relevant, strict=True)]))
        for name, function in _MEASURES.items()
    }


def main() -> None:
    """Print one JSON object per split on standard output; the progress goes to standard error."""
    parser = argparse.ArgumentParser(description="Dense retrieval over IDK-MRC.")
    parser.add_argument("--data", type=Path, required=True, help="folder with train.json, valid.json and test.json")
    parser.add_argument("--model", default="", help="model folder (default: what the product would choose)")
    parser.add_argument("--home", type=Path, default=Path.home() / ".cache" / "tanya-benchmarks")
    parser.add_argument("--cache", type=Path, help="npz file in which the vectors are kept")
    options = parser.parse_args()
    embedder = open_embedder(EmbeddingSettings(model=options.model), options.home, progress=_say)
    embedded = load_cache(options.cache) if options.cache else None
    if embedded is None or embedded.identity != embedder.identity:
        embedded = embed(embedder, options.data)
        if options.cache:
            save_cache(options.cache, embedded)
    for split in QUESTION_SPLITS:
        relevant = [index for _, index in load_questions(options.data, split)]
        figures = {name: round(value, 4) for name, value in measure(embedded, split, relevant).items()}
        print(json.dumps({"split": split, "questions": len(relevant), "model": embedded.identity, **figures}))


def _read(folder: Path, split: str) -> list[dict[str, list[dict[str, object]]]]:
    entries: list[dict[str, list[dict[str, object]]]] = json.loads(
        (folder / f"{split}.json").read_text(encoding="utf-8")
    )
    return entries


def _say(message: str) -> None:
    print(message, file=sys.stderr)


if __name__ == "__main__":
    main()
