"""The timeline: dated events from the study texts, from corpus/timeline.yaml."""

import datetime
import re
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from knowledge.yaml_records import parse_yaml, records, text_of, texts_of

TIMELINE_FILE = "timeline.yaml"
_FIELDS = ("date", "event", "slug", "references")
_ISO_PREFIX = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


@dataclass(frozen=True)
class Event:
    """One dated event: a sentence, the slug of the study text that tells it, and the keys of its references.

    ``date`` is as precise as known: "2006", "2006-11" or "2006-11-13".
    """

    date: str
    event: str
    slug: str
    references: tuple[str, ...] = ()


def load_timeline(folder: Path | None = None) -> tuple[Event, ...]:
    """Return the events of a folder of study texts, the shipped one by default; none where it has no timeline."""
    path = (folder or Path(str(files("knowledge").joinpath("corpus")))) / TIMELINE_FILE
    return read_timeline(path.read_text(encoding="utf-8")) if path.is_file() else ()


def read_timeline(text: str, *, origin: str = TIMELINE_FILE) -> tuple[Event, ...]:
    """Return the events of a YAML text in file order; BadCollectionFile where a record has a wrong field."""
    return tuple(
        Event(
            date=text_of(record, "date", origin),
            event=text_of(record, "event", origin),
            slug=text_of(record, "slug", origin),
            references=texts_of(record, "references", origin),
        )
        for record in records(parse_yaml(text, origin), origin, fields=_FIELDS)
    )


def is_iso_date(date: str) -> bool:
    """Return whether a text is a day, month or year of the calendar: "2006-11-13", "2006-11" or "2006"."""
    match = _ISO_PREFIX.fullmatch(date)
    if match is None:
        return False
    year, month, day = (int(part or 1) for part in match.groups())
    try:
        datetime.date(year, month, day)
    except ValueError:
        return False
    return True
