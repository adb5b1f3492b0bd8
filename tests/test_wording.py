"""The catalogues: the same keys and fields in both languages, nothing missing, and no jargon."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
import yaml

from assistant.answers import Reason
from assistant.evaluation import BadQuestionFile
from assistant.settings import SettingsError
from assistant.wording import LANGUAGES, catalogue, explain, say
from index.errors import IndexingError
from index.manifest import IndexMismatch
from knowledge.errors import UNFETCHED, UNREADABLE, KnowledgeError, UnknownDocument, UnreadableSource, UnsupportedFormat

ROOT = Path(__file__).resolve().parent.parent
JARGON = re.compile(r"\b(?:chunks?|embeddings?|top-k|token|retriev\w*|rerank\w*)\b", re.IGNORECASE)
# Faults of the shipped bibliography, which the person who writes it sees; and the roots of the trees.
NOT_SHOWN = {
    "BadReferences",
    "DuplicateReference",
    "UnknownReference",
    "SourceError",
    "KnowledgeError",
    "IndexingError",
}


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_both_languages_have_the_same_keys() -> None:
    assert catalogue("id").keys() == catalogue("en").keys()
    assert len(catalogue("id")) > 50


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_key_is_written_twice(language: str) -> None:
    text = (ROOT / f"assistant/messages/{language}.yaml").read_text(encoding="utf-8")
    keys = [node.value for node, _ in yaml.compose(text).value]
    assert sorted(keys) == sorted(set(keys))


@pytest.mark.parametrize("key", catalogue("id"))
def test_a_message_has_the_same_fields_in_both_languages_and_no_jargon(key: str) -> None:
    texts = [catalogue(language)[key] for language in LANGUAGES]
    assert _fields(texts[0]) == _fields(texts[1])
    for text in texts:
        assert text.strip()
        assert not JARGON.search(text), text


def _asked_for() -> Iterator[tuple[str, str]]:
    """Yield the place and the key, or the beginning of the key, of every call of say() in the product."""
    for path in [ROOT / "app.py", *sorted((ROOT / "assistant").rglob("*.py"))]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and ast.unparse(node.func) in {"say", "counted"} and node.args):
                continue
            keys = [node.args[0]]
            if isinstance(node.args[0], ast.IfExp):
                keys = [node.args[0].body, node.args[0].orelse]
            for key in keys:
                if isinstance(key, ast.Constant):
                    exact = ast.unparse(node.func) == "say"
                    yield f"{path.name}:{node.lineno}", f"{key.value}{'' if exact else '.'}{'$' if exact else ''}"
                elif isinstance(key, ast.JoinedStr) and isinstance(key.values[0], ast.Constant):
                    yield f"{path.name}:{node.lineno}", str(key.values[0].value)


def test_every_message_that_the_code_asks_for_exists() -> None:
    asked = list(_asked_for())
    assert len(asked) > 30
    missing = [
        f"{place}: {key}"
        for place, key in asked
        if not any(known == key[:-1] if key.endswith("$") else known.startswith(key) for known in catalogue("id"))
    ]
    assert not missing, "\n".join(missing)


def test_every_reason_to_abstain_has_words() -> None:
    assert {f"reason.{reason}" for reason in Reason if reason} <= catalogue("id").keys()


def _classes(root: type[Exception]) -> set[str]:
    below = {name for child in root.__subclasses__() for name in _classes(child)}
    return {root.__name__} | below


def test_every_error_that_a_person_can_meet_is_said_in_their_language() -> None:
    shown = _classes(KnowledgeError) | _classes(IndexingError) | {SettingsError.__name__, BadQuestionFile.__name__}
    shown -= NOT_SHOWN
    assert len(shown) >= 12
    keys = catalogue("id").keys()
    said = {key.split(".")[1] for key in keys if key.startswith("error.")}
    assert shown - said == set()


def test_every_code_of_what_is_wrong_with_a_source_is_said_in_their_language() -> None:
    for language in LANGUAGES:
        assert {f"unreadable.{code}" for code in UNREADABLE} <= catalogue(language).keys()
        assert {f"unfetched.{code}" for code in UNFETCHED} <= catalogue(language).keys()


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (UnknownDocument("mfe"), ("“mfe”", "`tanya sources list`")),
        (UnsupportedFormat("a.docx", suffix=".docx", supported=(".md", ".txt")), ("a.docx", ".md, .txt", "Ubah")),
        (UnreadableSource("a.txt", reason="NUL"), ("a.txt", "NUL")),
        (IndexMismatch("model", "e5", "bge"), ("e5", "bge", "`tanya index build`")),
        (SettingsError("port: too large."), ("port: too large.", "settings.toml")),
    ],
)
def test_an_error_is_explained_with_what_it_is_about_and_the_remedy(error: Exception, words: tuple[str, ...]) -> None:
    explained = explain(error)
    for word in words:
        assert word in explained
    assert explain(error, "en") != explained


def test_an_error_without_words_of_its_own_keeps_its_message() -> None:
    assert explain(ValueError("as it is")) == "as it is"


def test_fields_are_filled_whatever_their_names() -> None:
    assert say("answer.missing", words="a, {b}") == "Tidak ditemukan dalam sumber: a, {b}."
    assert "1.5" in say("cli.built", passages=1, sentences=2, added=1, removed=0, embedded=0, seconds=1.46, key="x")


def test_an_unknown_key_or_language_is_an_error() -> None:
    with pytest.raises(KeyError):
        say("no.such.key")
    with pytest.raises(KeyError, match="there are id, en"):
        say("screen.name", "fr")
