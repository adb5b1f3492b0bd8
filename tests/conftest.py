"""What many tests share: one small workplace over the study texts, with vectors that are computed from words."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.answering import Assistant
from assistant.opening import Workplace, open_workplace
from assistant.settings import Settings
from tests.fakes import HashEmbedder


@pytest.fixture(scope="session")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workplace]:
    """The shipped study texts, indexed once a session; tests must not change it."""
    opened = make_workplace(tmp_path_factory.mktemp("home"))
    opened.update()
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def assistant(workplace: Workplace) -> Assistant:
    """An assistant over the shipped study texts."""
    return workplace.assistant()


@pytest.fixture
def own_workplace(tmp_path: Path) -> Iterator[Workplace]:
    """An empty workplace of the test's own, not yet indexed."""
    opened = make_workplace(tmp_path / "home")
    yield opened
    opened.close()


def make_workplace(home: Path) -> Workplace:
    """Return a workplace under a folder, with the fake embedder."""
    return open_workplace(Settings(home=home), embedder=HashEmbedder())
