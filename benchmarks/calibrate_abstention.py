"""Fits the abstention decision on a question file and prints constants and figures.

    python -m benchmarks.calibrate_abstention tests/data/questions_dev.jsonl --check tests/data/questions_test.jsonl

With ``--without-reader`` for a model that the reader does not fit. Then every answerable question counts twice: with
the whole library, and with the document that answers it taken away (it is unanswerable then, and near). Logistic
regression, classes balanced, questions as they are weighed double.
"""

import argparse
from collections.abc import Iterator
from dataclasses import astuple, fields, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from assistant.abstention import Signs
from assistant.answering import Assistant
from assistant.conversation import Conversation
from assistant.evaluation import TestQuestion, holds, load_questions
from assistant.opening import open_workplace
from assistant.query_rewriting import rewrite
from assistant.settings import load_settings

WHOLE, WITHOUT = "whole", "without its document"
FALSE_ABSTENTION = 0.05
"""Share of answerable questions that the threshold may refuse on the file that it is fitted on."""


def main() -> None:
    """Fit, print the constants, and print how they do on both files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--check", type=Path, required=True)
    parser.add_argument("--without-reader", action="store_true")
    arguments = parser.parse_args()
    workplace = open_workplace(load_settings())
    workplace.update()
    assistant = workplace.assistant()
    if arguments.without_reader:
        assistant = replace(assistant, reader=None)
    signs, answerable, whole = _table(assistant, load_questions(arguments.questions))
    mean, spread = signs.mean(0), signs.std(0) + 1e-9
    model = LogisticRegression(class_weight="balanced")
    model.fit((signs - mean) / spread, answerable, sample_weight=np.where(whole, 2.0, 1.0))
    weights = model.coef_[0] / spread
    scores = signs @ weights
    threshold = float(np.quantile(scores[whole & answerable], FALSE_ABSTENTION))
    print("bias", round(-threshold, 3), "weights", dict(zip(_names(), weights.round(3).tolist(), strict=True)))
    for path in (arguments.questions, arguments.check):
        _print_figures(path, *_table(assistant, load_questions(path)), weights=weights, threshold=threshold)


def _table(
    assistant: Assistant, questions: list[TestQuestion]
) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_]]:
    """Return the signs (n, 7), whether each row is answerable, and whether it saw the whole library."""
    rows = [row for question in questions for row in _rows(assistant, question)]
    return (
        np.array([row[0] for row in rows]),
        np.array([row[1] for row in rows], bool),
        np.array([row[2] == WHOLE for row in rows], bool),
    )


def _rows(assistant: Assistant, question: TestQuestion) -> Iterator[tuple[tuple[float, ...], bool, str]]:
    conversation = Conversation()
    if question.context:
        conversation = conversation.with_turn(question.context, assistant.answer(question.context))
    query = rewrite(question.question, conversation, assistant.terms)
    retriever = assistant.open_retriever()
    yield astuple(assistant.judged(query, retriever).signs), bool(question.must), WHOLE
    if question.must and assistant.reader is None:
        others = [each.id for each in assistant.library.summaries() if each.slug != question.topic]
        narrowed = retriever.within(others)
        texts = " ".join(found.text for found in narrowed.retrieve(query.text, 1000))
        if not holds(question.must, texts):  # else another document answers it too
            yield astuple(assistant.judged(query, narrowed).signs), False, WITHOUT


def _print_figures(
    path: Path,
    signs: NDArray[np.float64],
    answerable: NDArray[np.bool_],
    whole: NDArray[np.bool_],
    *,
    weights: NDArray[np.float64],
    threshold: float,
) -> None:
    scores = signs @ weights
    print(f"{path.name}: {int(whole.sum())} questions, {int((~whole).sum())} without their document")
    for name, rows in (("questions as they are", whole), ("all", np.ones_like(whole))):
        auc = roc_auc_score(answerable[rows], scores[rows])
        alone = {sign: round(roc_auc_score(answerable[rows], signs[rows, i]), 3) for i, sign in enumerate(_names())}
        print(f"  {name}: AUC {auc:.3f}, by one sign alone {alone}")
    for allowed in (0.01, 0.02, FALSE_ABSTENTION, 0.1):
        cut = float(np.quantile(scores[whole & answerable], allowed))
        missed = float((scores[whole & ~answerable] >= cut).mean())
        print(f"  at {allowed:.3f} false abstention here: {missed:.3f} of the unanswerable answered")
    refused = float((scores[whole & answerable] < threshold).mean())
    answered = float((scores[whole & ~answerable] >= threshold).mean())
    print(f"  at the fitted threshold: false abstention {refused:.3f}, missed abstention {answered:.3f}")


def _names() -> tuple[str, ...]:
    return tuple(field.name for field in fields(Signs))


if __name__ == "__main__":
    main()
