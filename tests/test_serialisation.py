"""Answers and documents as JSON: everything survives, and nothing is left that JSON does not know."""

import json

from assistant.answering import Assistant
from assistant.answers import Answer, AnswerSentence, Citation, Mode, Reason, ShownPassage
from assistant.serialisation import answer_json, document_json
from knowledge.documents import Reference

ANSWER = Answer(
    "kapan?",
    "Kapan MEF?",
    mode=Mode.QUOTE,
    reason=Reason.NONE,
    sentences=(AnswerSentence("Pada 2024 — “MEF”.", (1,)),),
    citations=(Citation(1, "d1", "MEF", "Tahap › III", "12", 5, 23, "Pada 2024 — “MEF”.", (Reference("k", "Judul"),)),),
    passages=(ShownPassage(1, "d1", "MEF", "Tahap › III", None, 0, 40, "teks", 0.5),),
    missing=("rudal",),
    timings_ms={"total": 1.5},
)


def test_the_contract_key_by_key() -> None:
    assert json.loads(json.dumps(answer_json(ANSWER))) == {
        "question": "kapan?",
        "query": "Kapan MEF?",
        "mode": "quote",
        "abstained": False,
        "reason": "",
        "short_answer": "",
        "sentences": [{"text": "Pada 2024 — “MEF”.", "citations": [1], "verdict": "quoted"}],
        "citations": [
            {
                "n": 1,
                "document_id": "d1",
                "title": "MEF",
                "heading": "Tahap › III",
                "page": "12",
                "start": 5,
                "end": 23,
                "quote": "Pada 2024 — “MEF”.",
                "references": [
                    {
                        "key": "k",
                        "title": "Judul",
                        "entry_type": "misc",
                        "authors": [],
                        "date": "",
                        "container": "",
                        "publisher": "",
                        "url": "",
                        "accessed": "",
                        "note": "",
                        "language": "",
                    }
                ],
            }
        ],
        "passages": [
            {
                "n": 1,
                "document_id": "d1",
                "title": "MEF",
                "heading": "Tahap › III",
                "page": None,
                "start": 0,
                "end": 40,
                "text": "teks",
                "score": 0.5,
            }
        ],
        "language": "id",
        "missing": ["rudal"],
        "timings_ms": {"total": 1.5},
    }


def test_an_abstention_names_its_reason() -> None:
    written = answer_json(Answer("x", "x", abstained=True, reason=Reason.NOT_IN_SOURCES))
    assert (written["abstained"], written["reason"], written["sentences"]) == (True, "not_in_sources", [])


def test_a_document_keeps_the_text_that_offsets_refer_to(assistant: Assistant) -> None:
    document = assistant.library.find("mef")
    written = json.loads(json.dumps(document_json(document), ensure_ascii=False))
    assert written["text"] == document.text
    assert written["id"] == document.id
    heading = written["headings"][0]
    assert written["text"][heading["start"] : heading["end"]].startswith("Pengertian")
