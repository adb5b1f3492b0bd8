"""Answers and sources as plain JSON values: the contract of --json."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from assistant.answers import Answer
from assistant.wording import explain_problem
from knowledge.documents import Document
from knowledge.text_checks import Problem


def answer_json(answer: Answer) -> dict[str, Any]:
    """Return an answer as JSON values, keys in the order of the contract."""
    return {
        "question": answer.question,
        "query": answer.query,
        "mode": answer.mode.value,
        "abstained": answer.abstained,
        "reason": answer.reason.value,
        "short_answer": answer.short_answer,
        "sentences": [asdict(sentence) for sentence in answer.sentences],
        "citations": [asdict(citation) for citation in answer.citations],
        "passages": [asdict(passage) for passage in answer.passages],
        "language": answer.language,
        "missing": list(answer.missing),
        "timings_ms": answer.timings_ms,
    }


def document_json(document: Document) -> dict[str, Any]:
    """Return a document as JSON values; ``text`` is the canonical text that every offset refers to."""
    return asdict(document)


def problems_json(problems: Iterable[Problem]) -> dict[str, Any]:
    """Return the problems of the collection as `tanya sources check --json` prints them."""
    return {"problems": [{**asdict(problem), "message": explain_problem(problem)} for problem in problems]}
