"""Runs a question set through the shipped assistant and says how right it is."""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean, quantiles

from assistant.answering import Assistant
from assistant.answers import Answer
from assistant.conversation import Conversation

UNANSWERABLE = "tak-terjawab"
_KEYS = {"id", "lang", "kind", "question", "context", "must", "topic"}


class BadQuestionFile(Exception):
    """A question file that cannot be used; the message names the line and what is wrong with it."""


@dataclass(frozen=True)
class TestQuestion:
    """One question with what a right answer holds: for every group of ``must`` at least one alternative.

    ``context`` is the question asked before, for a follow-up. Kind "tak-terjawab" is right when the answer abstains.
    """

    id: str
    lang: str
    kind: str
    question: str
    must: tuple[tuple[str, ...], ...]
    context: str | None = None
    topic: str = ""


@dataclass(frozen=True)
class Row:
    """What one question got. ``right`` is by the answer's text, or by abstaining where that is right.

    ``short_right`` says that there is a short answer, and that it alone holds what is required.
    """

    id: str
    kind: str
    lang: str
    right: bool
    abstained: bool
    in_quotes: bool
    in_passages: bool
    slice_errors: int
    words: int
    milliseconds: float
    query: str
    answer: str
    titles: tuple[str, ...]
    short: str = ""
    short_right: bool = False


def load_questions(path: Path) -> list[TestQuestion]:
    """Return the questions of a JSON-lines file; raises BadQuestionFile, also for a file without questions."""
    questions: list[TestQuestion] = []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadQuestionFile(f"{path}: {error}") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            must = tuple(tuple(_text(alternative) for alternative in group) for group in _lists(record.get("must")))
            fields = {key: _text(record[key]) for key in ("id", "lang", "kind", "question")}
            context = _text(record["context"]) if record.get("context") else None
            topic = str(record.get("topic") or "")
        except (json.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
            raise BadQuestionFile(f"{path}, line {number}: needs {', '.join(sorted(_KEYS))}; {error!r}") from error
        if fields["kind"] != UNANSWERABLE and not must:
            raise BadQuestionFile(f"{path}, line {number}: an answerable question needs at least one group in must")
        questions.append(TestQuestion(**fields, must=must, context=context, topic=topic))
    if not questions:
        raise BadQuestionFile(f"{path}: no questions")
    return questions


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise TypeError(f"{value!r} is no text")
    return value


def _lists(value: object) -> list[list[object]]:
    lists = value or []
    if not isinstance(lists, list) or not all(isinstance(group, list) and group for group in lists):
        raise TypeError(f"must is {value!r} and no list of lists")
    return lists


def evaluate(
    assistant: Assistant, questions: Iterable[TestQuestion], *, progress: Callable[[int], None] | None = None
) -> list[Row]:
    """Return one row a question, in order. A follow-up's context is asked first and not counted."""
    rows = []
    for number, question in enumerate(questions, 1):
        conversation = Conversation()
        if question.context:
            conversation = conversation.with_turn(question.context, assistant.answer(question.context))
        answer = assistant.answer(question.question, conversation)
        rows.append(_row(question, answer, _slice_errors(answer, assistant)))
        if progress:
            progress(number)
    return rows


def figures(rows: list[Row]) -> dict[str, float]:
    """Return the figures of some rows; shares are 0 to 1, and 0 where there is nothing to share among.

    ``answer_accuracy`` counts unanswerable questions too; quote and passage accuracy only the answerable ones.
    """
    answerable = [row for row in rows if row.kind != UNANSWERABLE]
    unanswerable = [row for row in rows if row.kind == UNANSWERABLE]
    answered = [row.words for row in rows if not row.abstained]
    times = [row.milliseconds for row in rows]
    return {
        "n": len(rows),
        "answer_accuracy": _share(row.right for row in rows),
        "quote_accuracy": _share(row.in_quotes for row in answerable),
        "passage_accuracy": _share(row.in_passages for row in answerable),
        "false_abstention": _share(row.abstained for row in answerable),
        "missed_abstention": _share(not row.abstained for row in unanswerable),
        "exact_slice_errors": sum(row.slice_errors for row in rows),
        "mean_words": round(fmean(answered), 1) if answered else 0.0,
        "p50_ms": round(_percentile(times, 50), 1),
        "p95_ms": round(_percentile(times, 95), 1),
        "short_accuracy": _share(row.short_right for row in answerable),
    }


def report(rows: list[Row]) -> dict[str, object]:
    """Return the figures over all rows, by kind and by language, and the rows themselves."""
    kinds = sorted({row.kind for row in rows})
    languages = sorted({row.lang for row in rows})
    return {
        "overall": figures(rows),
        "by_kind": {kind: figures([row for row in rows if row.kind == kind]) for kind in kinds},
        "by_lang": {lang: figures([row for row in rows if row.lang == lang]) for lang in languages},
        "rows": [asdict(row) for row in rows],
    }


def holds(must: tuple[tuple[str, ...], ...], text: str) -> bool:
    """Say whether a text holds at least one alternative of every group, whatever the case and the white space."""
    folded = _folded(text)
    return all(any(_folded(alternative) in folded for alternative in group) for group in must)


def _row(question: TestQuestion, answer: Answer, slice_errors: int) -> Row:
    text = " ".join([answer.short_answer, *(sentence.text for sentence in answer.sentences)]).strip()
    unanswerable = question.kind == UNANSWERABLE
    right = answer.abstained if unanswerable else not answer.abstained and holds(question.must, text)
    return Row(
        id=question.id,
        kind=question.kind,
        lang=question.lang,
        right=right,
        abstained=answer.abstained,
        in_quotes=holds(question.must, " ".join(citation.quote for citation in answer.citations)),
        in_passages=holds(question.must, " ".join(passage.text for passage in answer.passages)),
        slice_errors=slice_errors,
        words=len(text.split()),
        milliseconds=answer.timings_ms["total"],
        query=answer.query,
        answer=text,
        titles=tuple(dict.fromkeys(citation.title for citation in answer.citations)),
        short=answer.short_answer,
        short_right=bool(answer.short_answer) and bool(question.must) and holds(question.must, answer.short_answer),
    )


def _slice_errors(answer: Answer, assistant: Assistant) -> int:
    """Count the citations and passages that are not exactly their slice, and a short answer that is in no quote."""
    compared = [answer.claim.citation] if answer.claim and answer.claim.citation else []
    spans = [(c.document_id, c.start, c.end, c.quote) for c in (*answer.citations, *compared)]
    short = next((c for c in answer.citations if c.n == answer.short_citation), None)
    lost = bool(answer.short_answer) and (short is None or answer.short_answer not in short.quote)
    spans += [(p.document_id, p.start, p.end, p.text) for p in answer.passages]
    return lost + sum(assistant.library.document(i).text[start:end] != text for i, start, end, text in spans)


def _share(flags: Iterable[bool]) -> float:
    values = list(flags)
    return round(sum(values) / len(values), 4) if values else 0.0


def _percentile(values: list[float], percent: int) -> float:
    if len(values) < 2:
        return values[0] if values else 0.0
    return quantiles(values, n=100, method="inclusive")[percent - 1]


def _folded(text: str) -> str:
    return re.sub(r"\s+", " ", text).casefold().strip()
