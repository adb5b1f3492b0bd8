"""The timeline: read strictly, and dates of the calendar only."""

from pathlib import Path

import pytest

from knowledge.errors import BadCollectionFile
from knowledge.timeline import Event, is_iso_date, load_timeline, read_timeline

YAML = """
- date: "2006-11-13"
  event: "Perjanjian Lombok diteken."
  slug: australia
  references: [jsct2006, antara2006]
- date: "2012"
  event: " Undang-undang disahkan. "
  slug: uu
"""


def test_events_come_in_file_order() -> None:
    assert read_timeline(YAML) == (
        Event("2006-11-13", "Perjanjian Lombok diteken.", "australia", ("jsct2006", "antara2006")),
        Event("2012", "Undang-undang disahkan.", "uu"),
    )
    assert read_timeline("") == ()


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("- date: 2006-11-13", '"date" must be text'),
        ("- date: 2006", "put it in quotes"),
        ("date: '2006'", "a list of records"),
        ("- satu", "record 1 is not a mapping"),
        ("- {date: '2006'}\n- {day: '1'}", "record 2 has the unknown field day"),
        ("- references: a2020", "a list of texts"),
        ("- references: [2020]", "a list of texts"),
        ("- date: '2006\n", "line 2"),
        ("- date: 2006-02-31", "day"),
    ],
)
def test_a_wrong_record_is_named(text: str, detail: str) -> None:
    with pytest.raises(BadCollectionFile, match=r"^timeline\.yaml cannot be used") as raised:
        read_timeline(text)
    assert detail in raised.value.detail


def test_a_folder_without_a_timeline_has_no_events(tmp_path: Path) -> None:
    assert load_timeline(tmp_path) == ()
    (tmp_path / "timeline.yaml").write_text(YAML, encoding="utf-8")
    assert len(load_timeline(tmp_path)) == 2


def test_the_shipped_timeline_can_be_read_and_is_in_order() -> None:
    dates = [event.date for event in load_timeline()]
    assert dates == sorted(dates)


@pytest.mark.parametrize("date", ["2006", "2006-11", "2006-11-13", "2024-02-29", "1808"])
def test_dates_as_precise_as_known(date: str) -> None:
    assert is_iso_date(date)


@pytest.mark.parametrize("date", ["", "06", "2006-1", "2006-13", "2023-02-29", "2006-11-13T10", "2006/11", "0000"])
def test_what_is_no_date(date: str) -> None:
    assert not is_iso_date(date)
