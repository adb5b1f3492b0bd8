"""Turns the anticipated questions of the study texts and the near-misses beside this file into examples for training.

    python -m training.prepare_study PUBLIC_EXAMPLES.jsonl STUDY.jsonl NEAR.jsonl

STUDY: for each anticipated question the passages with its sentences, and one of the two best passages without them; and
some of the examples of `training.prepare_public`, so that what they taught is not forgotten. NEAR: for each near-miss
(a question that sounds as if a text answered it, and none does) the two best passages, those of its text before others;
and a part of STUDY. The library must be up to date.

The same fact may stand in several texts. So a sentence that is not meant, but has an anticipated question near to this
one, is left out of the loss (weight 0).
"""

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from assistant.opening import Workplace, open_workplace
from assistant.settings import load_settings
from index.retrieval import HybridRetriever, RetrievedPassage
from index.texts import head_text

SEED = 0
NEAR_MISSES = Path(__file__).parent / "near_misses.jsonl"
NEAR_MISS_PASSAGES, NEAR_MISS_WEIGHT = 2, 1.3
SAME = 0.92  # cosine of two questions for the same fact; half of the nearest foreign ones lie below
CANDIDATES = 10
PUBLIC = 2500
STUDY_BESIDE_NEAR = 4200  # examples
NEAR_CANDIDATES = 6

Example = dict[str, Any]


def main() -> None:
    """Write both files, shuffled."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("public", type=Path)
    parser.add_argument("study", type=Path)
    parser.add_argument("near", type=Path)
    arguments = parser.parse_args()
    workplace = open_workplace(load_settings())
    retriever = workplace.assistant().open_retriever()
    shuffle = random.Random(SEED)
    public = [json.loads(line) for line in arguments.public.read_text(encoding="utf-8").splitlines()]
    asked = list(_anticipated(workplace, retriever, shuffle))
    _write(arguments.study, [*asked, *shuffle.sample(public, PUBLIC)], shuffle)
    _write(arguments.near, [*_near_misses(retriever), *shuffle.sample(asked, STUDY_BESIDE_NEAR)], shuffle)


def _write(path: Path, rows: list[Example], shuffle: random.Random) -> None:
    shuffle.shuffle(rows)
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def _anticipated(workplace: Workplace, retriever: HybridRetriever, shuffle: random.Random) -> Iterator[Example]:
    asked: dict[tuple[str, str], set[int]] = {}
    for document_id, _ in sorted(workplace.library.fingerprints().values()):
        for question in workplace.library.document(document_id).questions:
            asked.setdefault((document_id, question.text), set()).add(question.start)
    for (document_id, text), starts in asked.items():
        found = retriever.retrieve(text, CANDIDATES)
        meant = [each for each in found if each.document.id == document_id and _starts(each) & starts]
        others = [each for each in found if each not in meant]
        for each in [*meant[:2], *shuffle.sample(others[:2], min(1, len(others)))]:
            labels = [int(each in meant and sentence.start in starts) for sentence in each.passage.sentences]
            weights = [
                1.0 if label or each.asked.get(sentence.start, 0.0) < SAME else 0.0
                for label, sentence in zip(labels, each.passage.sentences, strict=True)
            ]
            if any(weights):
                yield _example(text, each, labels, weights)


def _near_misses(retriever: HybridRetriever) -> Iterator[Example]:
    for line in NEAR_MISSES.read_text(encoding="utf-8").splitlines():
        near_miss = json.loads(line)
        text, found = near_miss["question"], retriever.retrieve(near_miss["question"], NEAR_CANDIDATES)
        own_first = sorted(found, key=lambda each: each.document.slug != near_miss["topic"])
        for each in own_first[:NEAR_MISS_PASSAGES]:
            number = len(each.passage.sentences)
            yield _example(text, each, [0] * number, [NEAR_MISS_WEIGHT] * number)


def _starts(retrieved: RetrievedPassage) -> set[int]:
    return {sentence.start for sentence in retrieved.passage.sentences}


def _example(question: str, retrieved: RetrievedPassage, labels: Sequence[int], weights: Sequence[float]) -> Example:
    passage = retrieved.passage
    return {
        "question": question,
        "head": head_text(retrieved.document, passage),
        "text": retrieved.text,
        "sentences": [[s.start - passage.start, s.end - passage.start] for s in passage.sentences],
        "labels": labels,
        "weights": weights,
    }


if __name__ == "__main__":
    main()
