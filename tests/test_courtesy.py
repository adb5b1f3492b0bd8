"""Long work on the index stands aside while a question is answered, but many questions cannot stop it for good."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.conversation import Conversation
from index.courtesy import Courtesy
from index.vector_cache import CHUNK
from knowledge.loaders import SourceLimits
from knowledge.loading_process import LoadingProcess
from knowledge.sources import local_file
from tests.small_index import CountingEmbedder
from tests.small_workplace import small_workplace

PATIENCE = 30  # seconds; nothing here takes longer than a moment
MOMENT = 0.1  # seconds in which what does not wait would be done


@contextmanager
def working(work: Callable[[], object]) -> Iterator[threading.Thread]:
    """Do some work in another thread; it must be over soon after the block."""
    thread = threading.Thread(target=work)
    thread.start()
    yield thread
    thread.join(PATIENCE)
    assert not thread.is_alive()


def waits(thread: threading.Thread) -> bool:
    thread.join(MOMENT)
    return thread.is_alive()


def test_nobody_asks_and_nobody_waits() -> None:
    with working(Courtesy(PATIENCE).stand_aside) as thread:
        thread.join(PATIENCE)
        assert not thread.is_alive()


def test_the_work_waits_for_the_last_of_several_questions() -> None:
    courtesy = Courtesy(PATIENCE)
    with ExitStack() as one, ExitStack() as other:
        one.enter_context(courtesy.asking())
        other.enter_context(courtesy.asking())
        with working(courtesy.stand_aside) as thread:
            assert waits(thread)
            one.close()
            assert waits(thread)
            other.close()


def test_the_work_does_not_wait_for_ever() -> None:
    courtesy = Courtesy(0.01)
    with courtesy.asking():
        courtesy.stand_aside()
        courtesy.stand_aside()


def test_a_question_that_failed_holds_nobody_up() -> None:
    courtesy = Courtesy(PATIENCE)
    with pytest.raises(LookupError), courtesy.asking():
        raise LookupError
    with working(courtesy.stand_aside) as thread:
        assert not waits(thread)


def test_a_file_is_taken_in_between_questions(tmp_path: Path) -> None:
    path = tmp_path / "tesis.md"
    chapters = [f"## Bab {n}\n\nBagian ini membahas kapal nomor {n} di Surabaya." for n in range(CHUNK + 3)]
    path.write_text("# Tesis\n\n" + "\n\n".join(chapters), encoding="utf-8")
    embedder, first = CountingEmbedder(), threading.Event()
    with small_workplace(tmp_path / "home", embedder) as opened, LoadingProcess(SourceLimits()) as loading:
        courtesy = Courtesy(PATIENCE)
        ingestion = replace(opened, courtesy=courtesy).ingestion(loading)

        def tell(stage: str, done: int, total: int) -> None:
            if stage == "vectors":
                first.set()

        with courtesy.asking():
            thread = threading.Thread(target=lambda: ingestion.ingest(local_file(path, SourceLimits()), tell=tell))
            thread.start()
            assert first.wait(PATIENCE)
            assert waits(thread)
            assert len(embedder.embedded) == CHUNK, "the next texts wait for the answer"
        thread.join(PATIENCE)
        assert not thread.is_alive()
        assert len(embedder.embedded) == CHUNK + 3


def test_a_question_is_being_answered_until_its_last_event_or_until_nobody_listens(tmp_path: Path) -> None:
    with small_workplace(tmp_path / "home") as opened:
        opened.update()
        courtesy = Courtesy(PATIENCE)
        assistant = replace(opened, courtesy=courtesy).assistant()
        for ends in (list, lambda stream: stream.close()):
            stream = assistant.stream("Siapa yang menandatangani Perjanjian Lombok?", Conversation())
            next(stream)
            with working(courtesy.stand_aside) as thread:
                assert waits(thread)
                ends(stream)
