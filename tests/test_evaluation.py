"""The evaluation: files that cannot be used are refused by line, and every figure is recomputed by hand."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering import Assistant
from assistant.evaluation import (
    UNANSWERABLE,
    BadQuestionFile,
    Row,
    evaluate,
    figures,
    holds,
    load_questions,
    report,
)
from assistant.evaluation import TestQuestion as Asked  # pytest would collect a class of that name

QUESTION = {"id": "q1", "lang": "id", "kind": "definisi", "question": "Apa itu MEF?", "must": [["kekuatan"]]}


def write(path: Path, *records: dict[str, Any] | str) -> Path:
    lines = [record if isinstance(record, str) else json.dumps(record) for record in records]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def row(**changes: object) -> Row:
    """Return the row of a right answer to an answerable question, with changes."""
    standard: dict[str, Any] = {
        "id": "q",
        "kind": "fakta",
        "lang": "id",
        "right": True,
        "abstained": False,
        "in_quotes": True,
        "in_passages": True,
        "slice_errors": 0,
        "words": 40,
        "milliseconds": 10.0,
        "query": "",
        "answer": "",
        "titles": (),
    }
    return Row(**{**standard, **changes})


ROWS = [
    row(words=40, milliseconds=10),
    row(right=False, in_quotes=False, words=20, milliseconds=20, lang="en"),
    row(right=False, in_quotes=False, in_passages=False, abstained=True, words=0, milliseconds=30),
    row(kind=UNANSWERABLE, abstained=True, in_quotes=False, in_passages=False, words=0, milliseconds=40),
    row(kind=UNANSWERABLE, abstained=True, in_quotes=False, in_passages=False, words=0, milliseconds=50),
    row(kind=UNANSWERABLE, right=False, words=30, milliseconds=100, slice_errors=2, lang="en"),
]


def test_a_file_gives_its_questions_in_order(tmp_path: Path) -> None:
    follow_up = {**QUESTION, "id": "q2", "context": "Apa itu OEF?", "topic": "mef", "must": [["a", "b"], ["c"]]}
    path = write(tmp_path / "q.jsonl", {**QUESTION, "context": None}, "", follow_up)
    first, second = load_questions(path)
    assert first == Asked("q1", "id", "definisi", "Apa itu MEF?", (("kekuatan",),))
    assert (second.context, second.topic, second.must) == ("Apa itu OEF?", "mef", (("a", "b"), ("c",)))


def test_an_unanswerable_question_needs_no_must(tmp_path: Path) -> None:
    path = write(tmp_path / "q.jsonl", {**QUESTION, "kind": UNANSWERABLE, "must": None})
    assert load_questions(path)[0].must == ()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "line 2"),
        ("[]", "line 2"),
        ('"text"', "line 2"),
        (json.dumps({**QUESTION, "must": []}), "line 2.*must"),
        (json.dumps({key: value for key, value in QUESTION.items() if key != "lang"}), "line 2.*lang"),
        (json.dumps({**QUESTION, "must": 5}), "line 2"),
        (json.dumps({**QUESTION, "must": ["a"]}), "line 2.*must"),
        (json.dumps({**QUESTION, "question": 5}), "line 2.*5 is no text"),
    ],
)
def test_a_bad_line_is_named(line: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(BadQuestionFile, match=said):
        load_questions(write(tmp_path / "q.jsonl", QUESTION, line))


def test_a_file_that_is_missing_empty_or_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    for path in (tmp_path / "missing", tmp_path, tmp_path / "binary", write(tmp_path / "empty", "", "  ")):
        with pytest.raises(BadQuestionFile, match=str(path)):
            load_questions(path)


@pytest.mark.parametrize(
    ("must", "text", "right"),
    [
        ((("63,48",),), "capaian 63,48 persen", True),
        ((("PT Pindad", "Pindad"),), "oleh pindad", True),
        ((("a b",),), "A\n  B", True),
        ((("satu",), ("dua", "tiga")), "satu dan tiga", True),
        ((("satu",), ("dua", "tiga")), "satu saja", False),
        ((("x",),), "", False),
        ((), "apa pun", True),
    ],
)
def test_a_text_holds_one_alternative_of_every_group(must: tuple[tuple[str, ...], ...], text: str, right: bool) -> None:
    assert holds(must, text) == right


def test_the_figures_by_hand() -> None:
    assert figures(ROWS) == {
        "n": 6,
        "answer_accuracy": 0.5,  # rows 1, 4 and 5 of 6
        "quote_accuracy": 0.3333,  # row 1 of the three answerable ones
        "passage_accuracy": 0.6667,
        "false_abstention": 0.3333,
        "missed_abstention": 0.3333,  # the last of three
        "exact_slice_errors": 2,
        "mean_words": 30.0,  # (40 + 20 + 30) / 3 answered ones
        "p50_ms": 35.0,
        "p95_ms": 87.5,  # between 50 and 100: rank 0.95 * 5 = 4.75
        "short_accuracy": 0.0,  # of the 4 answerable ones; none of them has a short answer
    }


def test_figures_of_nothing_are_zero() -> None:
    assert set(figures([]).values()) == {0}
    assert figures(ROWS[:1])["p95_ms"] == 10.0


def test_the_report_groups_by_kind_and_language() -> None:
    result: dict[str, Any] = report(ROWS)
    assert result["overall"] == figures(ROWS)
    assert {kind: one["n"] for kind, one in result["by_kind"].items()} == {"fakta": 3, UNANSWERABLE: 3}
    assert {lang: one["n"] for lang, one in result["by_lang"].items()} == {"id": 4, "en": 2}
    assert [entry["words"] for entry in result["rows"]] == [40, 20, 0, 0, 0, 30]
    assert json.loads(json.dumps(result))["overall"] == result["overall"]


@given(st.permutations(ROWS))
def test_the_order_of_questions_changes_no_figure(rows: list[Row]) -> None:
    assert figures(rows) == figures(ROWS)


def test_rows_say_what_the_assistant_did(assistant: Assistant) -> None:
    sentence = "Perjanjian Lombok ditandatangani oleh Menteri Luar Negeri Indonesia Hassan Wirajuda"
    questions = [
        Asked("a", "id", "fakta", sentence, (("hassan  wirajuda",),)),
        Asked("b", "id", "fakta", sentence, (("seratus kapal induk",),)),
        Asked("c", "id", UNANSWERABLE, "Bagaimana cara memasak rendang sapi?", ()),
        Asked("d", "id", "lanjutan", "kapan itu ditandatangani?", (("2006",),), context="Apa itu Perjanjian Lombok?"),
    ]
    told: list[int] = []
    right, wrong, refused, follow_up = evaluate(assistant, questions, progress=told.append)
    assert told == [1, 2, 3, 4]
    assert (right.right, right.abstained, right.in_quotes, right.in_passages) == (True, False, True, True)
    assert (wrong.right, wrong.in_quotes, wrong.answer) == (False, False, right.answer)
    assert (refused.right, refused.abstained, refused.words) == (True, True, 0)
    assert follow_up.query == "Kapan Perjanjian Lombok ditandatangani?"
    assert all(one.slice_errors == 0 and one.milliseconds > 0 for one in (right, wrong, refused, follow_up))
    assert right.words == len(right.answer.split())
    assert right.titles[0].startswith("Diplomasi Keamanan")


def test_the_shipped_question_sets_can_be_used() -> None:
    for path in sorted((Path(__file__).parent / "data").glob("questions*.jsonl")):
        questions = load_questions(path)
        assert len({question.id for question in questions}) == len(questions) > 50
        assert {question.lang for question in questions} == {"id", "en"}
