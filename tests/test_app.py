import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes_screen import (
    BROKEN,
    FOLLOW_UP,
    HARIMAU,
    WHAT,
    ScriptedAssistant,
    make_app,
    make_library,
    prepared,
)
from fastapi import FastAPI
from starlette.testclient import TestClient

from assistant.answers import Answer
from assistant.conversation import Conversation
from assistant.preparation import Answering, Preparation, Progress
from assistant.ui.asking import Desk, View, messages_of
from assistant.ui.shell import render_welcome
from assistant.wording import say


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> ScriptedAssistant:
    return ScriptedAssistant(make_library(tmp_path_factory.mktemp("library")))


@pytest.fixture(scope="module")
def client(assistant: ScriptedAssistant, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    app = make_app(tmp_path_factory.mktemp("home"), prepared(assistant))
    with TestClient(app) as opened:
        yield opened


def unprepared(tmp_path: Path, opener_fails: bool = False) -> tuple[FastAPI, Preparation]:
    def opener(progress: Progress) -> Answering:
        raise OSError("bobot model tidak ditemukan")

    preparation = Preparation(opener)
    if opener_fails:
        preparation.start()
        preparation.wait(10)
    return make_app(tmp_path, preparation), preparation


def quoted_span(assistant: ScriptedAssistant) -> tuple[str, int, int, str]:
    *_, answer = assistant.stream(WHAT, Conversation())
    assert isinstance(answer, Answer)
    first = answer.citations[0]
    return first.document_id, first.start, first.end, first.quote


# --- health and readiness


def test_a_ready_application_says_so(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (200, {"status": "ready"})


def test_an_unprepared_application_is_healthy_and_not_ready(tmp_path: Path) -> None:
    app, preparation = unprepared(tmp_path)
    preparation.progress = ("vectors", 3, 12)
    client = TestClient(app)
    assert client.get("/healthz").status_code == 200
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"status": "preparing", "stage": "vectors", "done": 3, "total": 12}
    assert client.get("/documents").status_code == 503
    assert client.get("/documents/x").status_code == 503


def test_a_failed_preparation_names_its_reason(tmp_path: Path) -> None:
    app, _ = unprepared(tmp_path, opener_fails=True)
    response = TestClient(app).get("/readyz")
    assert response.status_code == 500
    assert response.json()["reason"] == "bobot model tidak ditemukan"
    assert say("screen.not_prepared") in TestClient(app).get("/documents").text


# --- the reading pane's route


def test_a_document_is_shown_with_its_quote_and_references(client: TestClient, assistant: ScriptedAssistant) -> None:
    document_id, start, end, quote = quoted_span(assistant)
    response = client.get(f"/documents/{document_id}", params={"start": start, "end": end})
    assert response.status_code == 200
    assert f"<mark>{quote}</mark>" in response.text
    assert "Rujukan di balik bagian ini" in response.text
    assert 'rel="noopener noreferrer"' in response.text
    assert "Kron, N. D. (2015, Mei)" in response.text


def test_a_document_without_a_span_is_shown_from_its_beginning(
    client: TestClient, assistant: ScriptedAssistant
) -> None:
    document_id, *_ = quoted_span(assistant)
    response = client.get(f"/documents/{document_id}", params={"lang": "en"})
    assert response.status_code == 200
    assert "<mark>" not in response.text
    assert "Back" in response.text


def test_an_unknown_document_is_said_in_words(client: TestClient) -> None:
    response = client.get("/documents/tidak-ada", params={"lang": "en"})
    assert response.status_code == 404
    assert say("screen.unknown_document", "en") in response.text


@pytest.mark.parametrize(("start", "end"), [(5, 4), (0, 10**9), (10**9, 10**9 + 1)])
def test_a_span_outside_the_text_is_refused(
    client: TestClient, assistant: ScriptedAssistant, start: int, end: int
) -> None:
    document_id, *_ = quoted_span(assistant)
    response = client.get(f"/documents/{document_id}", params={"start": start, "end": end})
    assert response.status_code == 400
    assert "article" in response.text


@pytest.mark.parametrize("query", ["start=-1", "end=x", "lang=fr"])
def test_a_malformed_query_is_refused(client: TestClient, assistant: ScriptedAssistant, query: str) -> None:
    document_id, *_ = quoted_span(assistant)
    assert client.get(f"/documents/{document_id}?{query}").status_code == 422


def test_the_shelf_lists_the_texts(client: TestClient) -> None:
    response = client.get("/documents")
    assert response.text.count("shelf-link") == 3
    assert "&#60;b&#62;tebal" in response.text


# --- what is served, and what is not


def test_every_response_forbids_other_origins(client: TestClient) -> None:
    for path in ("/", "/healthz", "/documents", "/screen/screen.css"):
        headers = client.get(path).headers
        assert headers["content-security-policy"].startswith("default-src 'self'")
        assert "http" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"


def test_style_and_script_are_served_and_nothing_else_beside_them(client: TestClient) -> None:
    assert client.get("/screen/screen.css").headers["content-type"].startswith("text/css")
    for script in ("screen.js", "library.js"):
        assert client.get(f"/screen/{script}").headers["content-type"].startswith("text/javascript")
    assert client.get("/screen/__init__.py").status_code == 404
    assert client.get("/screen/..%2Fscreen.py").status_code == 404


@pytest.mark.parametrize(
    "path", ["/docs", "/openapi.json", "/monitoring/summary", "/gradio_api/runs", "/gradio_api/file=app.py"]
)
def test_gradio_and_fastapi_show_no_side_doors(client: TestClient, path: str) -> None:
    assert client.get(path).status_code in (403, 404)


def test_no_event_is_public(client: TestClient) -> None:
    assert client.get("/gradio_api/info").json()["named_endpoints"] == {}


# --- asking


def last_view(desk: Desk, question: str, conversation: Conversation | None = None) -> View:
    *_, last = desk.ask(question, conversation or Conversation(), "id")
    return last


def test_an_answer_arrives_sentence_by_sentence(assistant: ScriptedAssistant) -> None:
    views = list(Desk(prepared(assistant)).ask(WHAT, Conversation(), "id"))
    quotes = [view.messages[-1]["content"].count("blockquote class") for view in views]
    assert quotes == [0, 1, 2, 3, 3]
    assert "Mencari di" in views[0].messages[-1]["content"]
    assert len(views[-1].conversation.turns) == 1
    assert views[-1].messages == messages_of(views[-1].conversation, "id")


def test_a_follow_up_sees_its_own_conversation_only(assistant: ScriptedAssistant) -> None:
    desk = Desk(prepared(assistant))
    after = last_view(desk, FOLLOW_UP, last_view(desk, HARIMAU).conversation)
    assert "Dicari" in after.messages[-1]["content"]
    assert "abstention" in last_view(desk, FOLLOW_UP).messages[-1]["content"]


def test_a_failure_becomes_words_and_keeps_the_question(
    assistant: ScriptedAssistant, caplog: pytest.LogCaptureFixture
) -> None:
    desk = Desk(prepared(assistant))
    before = last_view(desk, WHAT).conversation
    with caplog.at_level(logging.ERROR):
        view = last_view(desk, BROKEN, before)
    assert view.pending == BROKEN
    assert view.conversation == before
    assert say("screen.failed") in view.messages[-1]["content"]
    assert "scripted failure" in caplog.text
    assert "scripted failure" not in view.messages[-1]["content"]


def test_an_empty_question_leaves_the_start_page_and_gets_words_later(assistant: ScriptedAssistant) -> None:
    desk = Desk(prepared(assistant))
    assert list(desk.ask("  ", Conversation(), "id")) == []
    begun = last_view(desk, WHAT).conversation
    *_, view = desk.ask("  ", begun, "id")
    assert [message["role"] for message in view.messages] == ["user", "assistant", "assistant"]
    assert view.conversation == begun


def test_the_question_field_is_cleared_once_and_then_left_to_the_person(assistant: ScriptedAssistant) -> None:
    views = list(Desk(prepared(assistant)).ask(WHAT, Conversation(), "id"))
    assert [view.pending for view in views] == ["", *[None] * (len(views) - 1)]


def test_a_question_waits_for_the_preparation(assistant: ScriptedAssistant) -> None:
    preparation = Preparation(lambda progress: assistant)
    preparation.progress = ("vectors", 3, 12)
    views = Desk(preparation).ask(WHAT, Conversation(), "id")
    assert "Menyusun indeks pencarian… (3 dari 12)" in next(views).messages[-1]["content"]
    preparation.start()
    preparation.wait(10)
    *_, last = views
    assert len(last.conversation.turns) == 1


def test_a_failed_preparation_is_told_to_who_asks(tmp_path: Path) -> None:
    _, preparation = unprepared(tmp_path, opener_fails=True)
    view = last_view(Desk(preparation), WHAT)
    assert view.pending == WHAT
    assert "bobot model tidak ditemukan" in view.messages[-1]["content"]
    assert "bobot model tidak ditemukan" in render_welcome(preparation, "id")


def test_the_empty_state_says_how_much_there_is_to_read(assistant: ScriptedAssistant) -> None:
    assert "3 teks sumber" in render_welcome(prepared(assistant), "id")
    assert say("screen.preparing") in render_welcome(Preparation(lambda progress: assistant), "id")
