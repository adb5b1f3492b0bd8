"""The YAML files of the collection, read strictly: a wrong field is an error that names its record."""

from collections.abc import Collection

import yaml

from knowledge.errors import BadCollectionFile

Record = dict[str, object]


def parse_yaml(text: str, origin: str) -> object:
    """Return what a YAML text holds; None for an empty one. BadCollectionFile where it is not YAML."""
    try:
        return yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}: " if error.problem_mark else ""
        raise BadCollectionFile(origin, detail=f"{line}{error.problem or 'broken YAML'}") from error
    except (yaml.YAMLError, ValueError) as error:  # an impossible date is a ValueError
        raise BadCollectionFile(origin, detail=str(error)) from error


def records(value: object, origin: str, *, fields: Collection[str]) -> list[Record]:
    """Return the records of a list of mappings; an empty file has none. ``fields`` are those that may stand there."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise BadCollectionFile(origin, detail="it must hold a list of records")
    for number, record in enumerate(value, start=1):
        if not isinstance(record, dict):
            raise BadCollectionFile(origin, detail=f"record {number} is not a mapping")
        if unknown := [str(name) for name in record if name not in fields]:
            raise BadCollectionFile(origin, detail=f"record {number} has the unknown field {', '.join(unknown)}")
    return value


def text_of(record: Record, field: str, origin: str) -> str:
    """Return a field of one text, trimmed; empty where it is missing. A number or a date must stand in quotes."""
    value = record.get(field)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadCollectionFile(origin, detail=f'"{field}" must be text, not {value!r}; put it in quotes')
    return value.strip()


def texts_of(record: Record, field: str, origin: str) -> tuple[str, ...]:
    """Return a field that lists texts; empty where it is missing."""
    value = record.get(field)
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise BadCollectionFile(origin, detail=f'"{field}" must be a list of texts, not {value!r}')
    return tuple(value)
