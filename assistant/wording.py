"""The words that people read, one catalogue per language: assistant/messages/id.yaml and en.yaml."""

from functools import cache
from importlib.resources import files
from unicodedata import category

import yaml

from knowledge.errors import BadFrontMatter, CannotFetch, SourceError, TooLarge, UnreadableSource
from knowledge.text_checks import Problem

LANGUAGES = ("id", "en")

# Control characters, invisible and direction marks, halves of characters, and the two separators of lines.
_CONTROLS = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))
_HALF = 200  # characters


@cache
def catalogue(language: str) -> dict[str, str]:
    """Return message key -> text of one language ("id" or "en"). Keys are flat and dotted: "chat.ask"."""
    if language not in LANGUAGES:
        raise KeyError(f"No messages for language {language!r}; there are {', '.join(LANGUAGES)}.")
    text = files("assistant").joinpath(f"messages/{language}.yaml").read_text(encoding="utf-8")
    entries: dict[str, str] = yaml.safe_load(text)
    return entries


def say(key: str, language: str = "id", /, **values: object) -> str:
    """Return the text of a message with its {fields} filled; KeyError when the key is unknown."""
    return catalogue(language)[key].format(**values)


def explain(error: Exception, language: str = "id") -> str:
    """Return what a person is told of an error: in their language where the catalogue has it, else its own words."""
    values = {name: ", ".join(value) if isinstance(value, tuple) else value for name, value in vars(error).items()}
    key = f"error.{type(error).__name__}"
    if isinstance(error, SourceError):  # what it says may be quoted from the file
        values = {name: shown_name(value) if isinstance(value, str) else value for name, value in values.items()}
        values["origin"] = shown_origin(error.origin)
    if isinstance(error, UnreadableSource):
        values["reason"] = catalogue(language).get(f"unreadable.{error.reason}", error.reason)
    elif isinstance(error, BadFrontMatter):
        kind = "front_matter.line" if error.line else "front_matter.whole"
        values["detail"] = say(kind, language, line=error.line, detail=values["detail"])
    elif isinstance(error, CannotFetch):
        values["reason"] = say(f"unfetched.{error.reason}", language)
        values["detail"] = f" ({error.detail})" if error.detail else ""
    elif isinstance(error, TooLarge):
        key = f"{key}.{error.what}"
    return say(key, language, message=str(error), **values) if key in catalogue(language) else str(error)


def shown_origin(origin: str) -> str:
    """Return what a person calls a source: the path, address or file name without our own mark in front.

    An upload's origin names its owner ("upload:3f9c/tesis.pdf"), who is nobody's business.
    """
    kind, _, place = origin.partition(":")
    if kind in ("upload", "web") and "/" in place:
        return shown_name(place.partition("/")[2])
    return shown_name(place if kind in ("file", "corpus") and place else origin)


def shown_name(name: str) -> str:
    """Return a name on one line, as what it is: each sign in it that controls a screen or turns the text is a "�".

    The middle of a very long one is left out. Strangers choose names: behind U+202E "fdp.exe" would look like a PDF.
    """
    plain = "".join("\ufffd" if category(each) in _CONTROLS else each for each in name)
    return f"{plain[:_HALF]}…{plain[-_HALF:]}" if len(plain) > 2 * _HALF + 1 else plain


def explain_problem(problem: Problem, language: str = "id", /) -> str:
    """Return what a person is told of a problem of the collection."""
    return say(f"check.{problem.rule}", language, words=problem.words)
