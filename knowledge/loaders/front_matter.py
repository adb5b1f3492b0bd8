"""The YAML block between two "---" lines at the top of a Markdown file."""

import datetime
import re
from dataclasses import dataclass, fields

import yaml

from knowledge.errors import BadFrontMatter
from knowledge.repair import repair

_MOST_ALIASES = 20  # mappings that merge aliases of one another ("<<: [*a, *a]") unfold to gigabytes
# No record is so long, and YAML is read slowly: two rulers that stand further apart are two rulers.
_BLOCK = re.compile(r"\A---[ \t]*\n(.{0,100000}?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class FrontMatter:
    """What the block says about the document; empty where it says nothing.

    Keys not named here mean nothing to a loader; ``others`` lists them.
    """

    title: str = ""
    slug: str = ""
    group: str = ""
    abstract: str = ""
    facts_as_of: str = ""
    licence: str = ""
    language: str = ""
    authors: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


KNOWN_KEYS = tuple(field.name for field in fields(FrontMatter) if field.name != "others")
"""The keys that a block may have."""


def read_front_matter(source: str, origin: str) -> tuple[FrontMatter, str]:
    """Return the front matter and the body behind it; text without a block is all body.

    Two rulers ("---") around something that is not a mapping are body too. BadFrontMatter for broken YAML, for
    more aliases than a record can need, and for a value of the wrong kind.
    """
    match = _BLOCK.match(source)
    if match is None:
        return FrontMatter(), source
    try:
        loaded = _loaded(match.group(1), origin)
        if loaded is None or isinstance(loaded, dict):
            return _checked(loaded or {}, origin), source[match.end() :]
    except yaml.MarkedYAMLError as error:
        # Marks count from 0, and the opening "---" stands above.
        line = error.problem_mark.line + 2 if error.problem_mark else None
        raise BadFrontMatter(origin, detail=error.problem or "broken YAML", line=line) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:  # an impossible date is a ValueError
        detail = str(error).partition(";")[0]  # Python goes on with advice to programmers
        raise BadFrontMatter(origin, detail=detail) from error
    return FrontMatter(), source


def _loaded(block: str, origin: str) -> object:
    if "*" in block and sum(isinstance(each, yaml.AliasEvent) for each in yaml.parse(block)) > _MOST_ALIASES:
        raise BadFrontMatter(origin, detail=f"it has more than {_MOST_ALIASES} aliases")
    return yaml.safe_load(block)


def _checked(values: dict[object, object], origin: str) -> FrontMatter:
    def text(key: str) -> str:
        return _text(values.get(key), key, origin)

    def texts(key: str, *, separator: str | None = ",") -> tuple[str, ...]:
        return _texts(values.get(key), key, origin, separator=separator)

    return FrontMatter(
        title=text("title"),
        slug=text("slug"),
        group=text("group"),
        abstract=text("abstract"),
        facts_as_of=text("facts_as_of"),
        licence=text("licence"),
        language=text("language"),
        authors=texts("authors", separator=None),  # "Kron, Nicholas D." is one author
        keywords=texts("keywords"),
        related=texts("related"),
        others=tuple(str(key) for key in values if key not in KNOWN_KEYS),
    )


def _text(value: object, key: str, origin: str) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime.date):
        return value.isoformat()
    # YAML reads an unquoted "no" as False and "12:30" as a number; only the first is surely not meant.
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise BadFrontMatter(origin, detail=f'"{key}" must be text; put it in quotes')
    return " ".join(repair(str(value)).split())  # YAML can write what the file itself does not hold: "\u202e"


def _texts(value: object, key: str, origin: str, *, separator: str | None) -> tuple[str, ...]:
    if isinstance(value, list):
        found = [_text(item, key, origin) for item in value]
    else:
        whole = _text(value, key, origin)
        found = [part.strip() for part in whole.split(separator)] if separator else [whole]
    return tuple(part for part in found if part)
