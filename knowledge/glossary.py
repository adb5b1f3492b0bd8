"""The term map: terms of the field with their abbreviation, English and spellings, from corpus/glossary.yaml."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from knowledge.errors import BadCollectionFile
from knowledge.yaml_records import Record, parse_yaml, records, text_of, texts_of

KINDS = frozenset({"concept", "country", "organization", "person", "system", "agreement", "event", "word"})
"""What a term may be."""

_FIELDS = ("indonesian", "english", "abbreviation", "spellings", "kind", "definition", "source")


@dataclass(frozen=True)
class Term:
    """One term of the field; every form names the same thing.

    ``kind`` is "concept", "country", "organization", "person", "system", "agreement", "event", or "word" for a common
    word of questions, which is translated but is never the subject of a conversation. ``definition`` is one
    sentence and ``source`` the slug of the study text that it comes from; both are empty or neither is.
    """

    indonesian: str
    english: str = ""
    abbreviation: str = ""
    spellings: tuple[str, ...] = ()
    kind: str = "concept"
    definition: str = ""
    source: str = ""

    @property
    def forms(self) -> tuple[str, ...]:
        """Every written form, the Indonesian one first, without repetition."""
        every = (self.indonesian, self.abbreviation, self.english, *self.spellings)
        return tuple(dict.fromkeys(form for form in every if form))


@cache
def load_glossary() -> tuple[Term, ...]:
    """Return the terms of the shipped glossary, in file order."""
    return read_glossary(files("knowledge").joinpath("corpus/glossary.yaml").read_text(encoding="utf-8"))


def read_glossary(text: str, *, origin: str = "glossary.yaml") -> tuple[Term, ...]:
    """Return the terms under "terms" in file order; BadCollectionFile where a record has a wrong field."""
    loaded = parse_yaml(text, origin)
    if not isinstance(loaded, dict) or list(loaded) != ["terms"]:
        raise BadCollectionFile(origin, detail='it must hold "terms" and nothing else')
    return tuple(_term(record, origin) for record in records(loaded["terms"], origin, fields=_FIELDS))


def _term(record: Record, origin: str) -> Term:
    def text(field: str) -> str:
        return text_of(record, field, origin)

    return Term(
        indonesian=text("indonesian"),
        english=text("english"),
        abbreviation=text("abbreviation"),
        spellings=texts_of(record, "spellings", origin),
        kind=text("kind") or "concept",
        definition=text("definition"),
        source=text("source"),
    )
