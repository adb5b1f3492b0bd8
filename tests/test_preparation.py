"""Preparation: the caller goes on at once, progress is visible, and a failure is kept, not lost."""

import logging
import threading
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import create_engine

from assistant.answers import Answer, Event
from assistant.conversation import Conversation
from assistant.preparation import Preparation, Progress
from knowledge.library import Library

PATIENCE = 10  # seconds; nothing here takes longer than a moment


@dataclass
class Echo:
    """An assistant that answers with the question."""

    library: Library
    intake: None = None

    def stream(
        self, question: str, conversation: Conversation, within: Collection[str] | None = None
    ) -> Iterator[Event]:
        yield Answer(question, question)


@pytest.fixture
def echo() -> Iterator[Echo]:
    engine = create_engine("sqlite://")
    yield Echo(Library(engine))
    engine.dispose()


def test_start_returns_while_the_assistant_is_still_being_opened(echo: Echo) -> None:
    opened = threading.Event()
    seen = threading.Event()

    def open_slowly(progress: Progress) -> Echo:
        progress("vectors", 3, 10)
        seen.set()
        opened.wait(PATIENCE)
        return echo

    preparation = Preparation(open_slowly)
    assert preparation.progress == ("model", 0, 0)
    preparation.start()
    assert seen.wait(PATIENCE)
    assert preparation.assistant is None
    assert preparation.progress == ("vectors", 3, 10)
    assert not preparation.wait(0.01)
    opened.set()
    assert preparation.wait(PATIENCE)
    assert preparation.assistant is echo
    assert preparation.progress[0] == "ready"
    assert preparation.error is None


def test_a_failure_is_kept_and_logged_whole(caplog: pytest.LogCaptureFixture) -> None:
    def fail(progress: Progress) -> Echo:
        progress("index", 0, 0)
        raise LookupError("no weights")

    preparation = Preparation(fail)
    with caplog.at_level(logging.ERROR):
        preparation.start()
        assert preparation.wait(PATIENCE)
    assert isinstance(preparation.error, LookupError)
    assert preparation.assistant is None
    assert preparation.progress[0] == "index", "where it stopped"
    assert "no weights" in caplog.text
    assert "Traceback" in caplog.text
