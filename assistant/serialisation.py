"""Answers and sources as plain JSON values: the contract of --json."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from assistant.adding import Added
from assistant.answers import Answer, ShownPassage
from assistant.wording import explain, explain_problem
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
        "passages": [passage_json(passage) for passage in answer.passages],
        "language": answer.language,
        "missing": list(answer.missing),
        "suggestions": list(answer.suggestions),
        "short_citation": answer.short_citation,
        "claim": asdict(answer.claim) if answer.claim else None,
        "timings_ms": answer.timings_ms,
    }


def passage_json(passage: ShownPassage) -> dict[str, Any]:
    """Return a passage as JSON values; what a nearest passage lacks is left out where it lacks nothing."""
    return {key: value for key, value in asdict(passage).items() if value or key not in ("missing", "lacks")}


def added_json(added: Added) -> dict[str, Any]:
    """Return what became of a file as JSON values; ``message`` says in words why it was refused."""
    outcome = added.outcome
    record: dict[str, Any] = {"id": outcome.document_id, "title": outcome.title, "origin": added.origin}
    record["status"] = outcome.status
    if outcome.error is not None:
        record["message"] = explain(outcome.error)
    if outcome.status == "similar":
        record["share"] = round(outcome.share, 3)
    return record


def document_json(document: Document) -> dict[str, Any]:
    """Return a document as JSON values; ``text`` is the canonical text that every offset refers to."""
    return asdict(document)


def problems_json(problems: Iterable[Problem]) -> dict[str, Any]:
    """Return the problems of the collection as `tanya sources check --json` prints them."""
    return {"problems": [{**asdict(problem), "message": explain_problem(problem)} for problem in problems]}
