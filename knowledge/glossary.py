"""The term map: terms of the field with their abbreviation, English and spellings, from corpus/glossary.yaml."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml


@dataclass(frozen=True)
class Term:
    """One term of the field; every form names the same thing.

    ``kind`` is "concept", "country", "organization", "person", "system", "agreement", "event", or "word" for a common
    word of questions, which is translated but is never the subject of a conversation.
    """

    indonesian: str
    english: str = ""
    abbreviation: str = ""
    spellings: tuple[str, ...] = ()
    kind: str = "concept"

    @property
    def forms(self) -> tuple[str, ...]:
        """Every written form, the Indonesian one first, without repetition."""
        every = (self.indonesian, self.abbreviation, self.english, *self.spellings)
        return tuple(dict.fromkeys(form for form in every if form))


@cache
def load_glossary() -> tuple[Term, ...]:
    """Return the terms of the shipped glossary, in file order."""
    text = files("knowledge").joinpath("corpus/glossary.yaml").read_text(encoding="utf-8")
    return tuple(
        Term(**{**entry, "spellings": tuple(entry.get("spellings", ()))}) for entry in yaml.safe_load(text)["terms"]
    )
