"""Answers and documents as JSON: everything survives, and nothing is left that JSON does not know."""

import json
from dataclasses import replace

from assistant.adding import Added
from assistant.answering import Assistant
from assistant.answers import Answer, AnswerSentence, Citation, Mode, Reason, ShownPassage
from assistant.ingestion import Outcome
from assistant.serialisation import added_json, answer_json, document_json, passage_json
from knowledge.documents import Reference
from knowledge.errors import LockedSource

ANSWER = Answer(
    "kapan?",
    "Kapan MEF?",
    mode=Mode.QUOTE,
    reason=Reason.NONE,
    sentences=(AnswerSentence("Pada 2024 — “MEF”.", (1,)),),
    citations=(
        Citation(1, "d1", "MEF", "Tahap › III", "12", 5, 23, "Pada 2024 — “MEF”.", (Reference("k", "Judul"),), 14),
    ),
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
                "sheet": 14,
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
        "suggestions": [],
        "short_citation": 0,
        "claim": None,
        "timings_ms": {"total": 1.5},
    }


def test_what_a_nearest_passage_lacks_is_told() -> None:
    lacking = replace(ANSWER.passages[0], missing=("rudal",), lacks="when")
    assert passage_json(lacking) == passage_json(ANSWER.passages[0]) | {"missing": ("rudal",), "lacks": "when"}


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


def test_what_became_of_a_file_tells_only_what_there_is_to_tell() -> None:
    added = added_json(Added("tesis.pdf", Outcome("added", "d1", "Tesis")))
    assert added == {"id": "d1", "title": "Tesis", "origin": "tesis.pdf", "status": "added"}
    similar = added_json(Added("tesis.pdf", Outcome("similar", "d2", "Tesis lama", share=0.87654)))
    assert (similar["status"], similar["id"], similar["share"]) == ("similar", "d2", 0.877)
    refused = added_json(Added("/data/tesis.pdf", Outcome("refused", error=LockedSource("file:/data/tesis.pdf"))))
    assert (refused["status"], refused["id"]) == ("refused", "")
    assert "/data/tesis.pdf" in refused["message"]
    assert "kata sandi" in refused["message"], "in the words of the person"
