"""The shelf: one's own sources first with what can be done with them, and a line on every file that comes in."""

from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.ingestion import Outcome
from assistant.intake_board import CHOICES, FINAL, INDEXING, SCANNED, SIMILAR, WAITING, Progress
from assistant.intake_lines import render_progress
from assistant.shelf import render_shelf
from assistant.wording import LANGUAGES, catalogue, say
from knowledge.errors import CannotFetch, NoTextLayer, TooLarge, UnreadableSource
from knowledge.rows import DocumentSummary, Holding
from knowledge.sources import EDITABLE
from knowledge.waiting_list import WaitingItem
from tests.markup_reader import HOSTILE_TEXTS, Reader

ANA = "browser-ana"
STAGES = (WAITING, "fetching", "ocr", "reading", "vectors", INDEXING, SIMILAR, SCANNED, *sorted(FINAL))

STUDY = DocumentSummary("s1", "mef", "Minimum Essential Force", "industri", "corpus:mef.md", "2026-01", 1234)
SHARED = replace(
    STUDY, id="s2", title="Buku bersama", group="", origin="file:/x.pdf", holding=Holding("", "2026-01-02")
)
OWN = DocumentSummary(
    "d1",
    "",
    "Tesis saya",
    "bab",
    f"upload:{ANA}/tesis.pdf",
    "2019-05",
    54321,
    authors=("Ana Putri", "Budi"),
    pages=120,
    passages=300,
    url="https://repo.id/tesis",
    publisher="Universitas",
    holding=Holding(ANA, "2026-11-25T01:02:03+00:00", "ab12", ".pdf"),
)


def shelf(*summaries: DocumentSummary, language: str = "id", most: int | None = 100) -> str:
    return render_shelf(summaries, language, person=ANA, most_megabytes=most)


class Parts(HTMLParser):
    """Every element with its attributes, and the words between them."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, name: str, attributes: list[tuple[str, str | None]]) -> None:
        self.elements.append((name, {key: value or "" for key, value in attributes}))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def having(self, attribute: str) -> list[dict[str, str]]:
        return [each for _, each in self.elements if attribute in each]


# --- the list


def test_ones_own_come_first_then_the_groups_in_the_order_of_reading() -> None:
    groups = ["milik sendiri", "industri", "konsep", "multilateral"]
    markup = shelf(*(replace(STUDY, id=group, group=group) for group in groups), OWN)
    shown = sorted(groups, key=lambda group: markup.index(f">{group.capitalize()}<"))
    assert shown == ["konsep", "multilateral", "industri", "milik sendiri"]
    assert markup.index("Tesis saya") < min(markup.index(f">{group.capitalize()}<") for group in groups)


def test_every_text_opens_at_its_beginning_and_can_be_chosen() -> None:
    parts = Parts(shelf(STUDY, SHARED, OWN))
    assert [each["href"] for each in parts.having("href") if each.get("class") == "shelf-link"] == [
        "#kutipan/d1/0-0",
        "#kutipan/s1/0-0",
        "#kutipan/s2/0-0",
    ]
    assert [each["data-choose"] for each in parts.having("data-choose")] == ["d1", "s1", "s2"]
    assert {each["type"] for each in parts.having("data-choose")} == {"checkbox"}
    assert "Tesis saya" in parts.having("data-choose")[0]["aria-label"]


def test_of_ones_own_the_facts_are_told() -> None:
    text = Reader(shelf(OWN)).text
    assert "Ana Putri; Budi · 2019 · 120 halaman · 300 bagian · ditambahkan 2026-11-25 · bab" in text
    plain = replace(OWN, authors=(), date="", pages=0, passages=1, group="", holding=Holding(ANA))
    assert "1 passage" in Reader(shelf(plain, language="en")).text
    assert "·" not in Reader(shelf(plain, language="en")).text, "what is not known is left out"


def test_only_ones_own_can_be_edited_downloaded_and_removed() -> None:
    parts = Parts(shelf(STUDY, SHARED, OWN))
    assert [each["data-document"] for each in parts.having("data-document")] == ["d1"]
    assert [each["data-act"] for each in parts.having("data-act") if each["data-act"] in ("edit", "remove-now")] == [
        "edit",
        "remove-now",
        "edit",
    ]
    assert [each["href"] for each in parts.having("download")] == ["documents/d1/original"]
    fields = {each["name"]: each["value"] for each in parts.having("name") if "value" in each}
    assert fields == {
        "title": "Tesis saya",
        "authors": "Ana Putri; Budi",
        "date": "2019-05",
        "publisher": "Universitas",
        "url": "https://repo.id/tesis",
        "group": "bab",
    }
    assert tuple(fields) == EDITABLE


def test_an_original_that_is_not_kept_cannot_be_downloaded() -> None:
    assert Parts(shelf(replace(OWN, holding=Holding(ANA)))).having("download") == []


def test_the_removal_and_the_form_are_hidden_until_they_are_asked_for() -> None:
    hidden = {each.get("class") for each in Parts(shelf(OWN)).having("hidden")}
    assert {"sure", "record-form"} <= hidden


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_is_a_place_to_add_which_says_what_is_taken(language: str) -> None:
    markup = shelf(STUDY, language=language)
    parts = Parts(markup)
    (field,) = [each for each in parts.having("type") if each["type"] == "file"]
    assert {".pdf", ".docx", ".epub", ".html", ".md", ".txt", ".zip"} <= set(field["accept"].split(","))
    assert "multiple" in field
    text = Reader(markup).text
    assert "100 MB" in text
    assert say("shelf.none_of_ones_own", language) in text
    assert say("shelf.none_of_ones_own", language) not in Reader(shelf(OWN, language=language)).text


def test_where_nothing_can_be_added_there_is_no_place_to() -> None:
    markup = shelf(STUDY, OWN, most=None)
    assert "file" not in {each["type"] for each in Parts(markup).having("type")}
    assert "Minimum Essential Force" in Reader(markup).text


def test_nobody_owns_what_everyone_has() -> None:
    markup = render_shelf([STUDY, SHARED], "id", person="", most_megabytes=100)
    assert Parts(markup).having("data-document") == []


# --- the lines


def line(stage: str, name: str = "tesis.pdf", **more: object) -> Progress:
    item = WaitingItem("i1", ANA, name, "2026-01-01", path="/x", suffix=".pdf")
    return replace(Progress(item, stage), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("stage", STAGES)
def test_every_stage_has_its_line_with_name_and_words(stage: str, language: str) -> None:
    outcome = Outcome(stage, "d1", "Tesis lama", share=0.9) if stage in FINAL | CHOICES else None
    markup = render_progress([line(stage, outcome=outcome)], language)
    text = Reader(markup).text
    assert "tesis.pdf" in text
    assert say(f"stage.{stage}", language) in text
    assert "{" not in text
    parts = Parts(markup)
    assert [each["data-item"] for each in parts.having("data-item")] == ["i1"]
    assert bool(parts.having("data-active")) == (stage not in FINAL | CHOICES), "looks again only while it moves"
    cancellable = [each for each in parts.having("data-act") if each["data-act"] == "cancel"]
    assert bool(cancellable) == (stage not in FINAL and stage != INDEXING)


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (None, ""),
        (3.0, "about 10 seconds left"),
        (42.0, "about 40 seconds left"),
        (89.0, "about 90 seconds left"),
        (91.0, "about 2 minutes left"),
        (400.0, "about 7 minutes left"),
    ],
)
def test_a_counted_stage_shows_its_steps_and_the_time_that_is_left(left: float | None, words: str) -> None:
    markup = render_progress([line("vectors", done=1200, total=4800, seconds_left=left)], "en")
    text = Reader(markup).text
    assert "indexing 1,200 of 4,800" in text
    assert words in text
    assert ("left" in text) == bool(words)
    (bar,) = [each for name, each in Parts(markup).elements if name == "progress"]
    assert bar == {"value": "0.250", "max": "1"}


def test_an_uncounted_stage_has_a_bar_without_a_value() -> None:
    (bar,) = [each for name, each in Parts(render_progress([line("fetching")], "id")).elements if name == "progress"]
    assert bar == {"max": "1"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "error",
    [
        UnreadableSource("upload:browser-ana/tesis.pdf", reason="damaged"),
        TooLarge("tesis.pdf", what="pages", limit=3000, key="TANYA_SOURCES__MOST_PAGES"),
        CannotFetch("https://a.id", reason="status", detail="404"),
    ],
)
def test_what_was_refused_says_why_and_names_nobody(error: Exception, language: str) -> None:
    text = Reader(render_progress([line("refused", outcome=Outcome("refused", error=error))], language)).text
    assert len(text) > 40
    assert ANA not in text


def test_what_was_added_can_be_opened() -> None:
    parts = Parts(render_progress([line("added", outcome=Outcome("added", "d1", "Tesis"))], "id"))
    assert [each["href"] for each in parts.having("href")] == ["#kutipan/d1/0-0"]


def choices_of(progress: Progress) -> list[str]:
    return [each["data-choice"] for each in Parts(render_progress([progress], "id")).having("data-choice")]


def test_a_similar_text_offers_what_can_be_done() -> None:
    outcome = Outcome("similar", "d1", "Tesis lama", share=0.876, replaceable=True)
    assert choices_of(line(SIMILAR, outcome=outcome)) == ["keep", "replace", "skip"]
    assert "88 % sama dengan “Tesis lama”" in Reader(render_progress([line(SIMILAR, outcome=outcome)], "id")).text
    assert choices_of(line(SIMILAR, outcome=replace(outcome, replaceable=False))) == ["keep", "skip"]


def test_a_scan_offers_to_recognise_its_text() -> None:
    outcome = Outcome("refused", error=NoTextLayer("upload:browser-ana/x.pdf", pages=3))
    assert choices_of(line(SCANNED, outcome=outcome)) == ["ocr", "skip"]


@pytest.mark.parametrize(
    ("stages", "summary"),
    [
        (("added", "refused", "added"), "Ringkasan: ditambahkan 2, ditolak 1."),
        (("added", SIMILAR), "Ringkasan: ditambahkan 1, mirip teks lain 1."),
        (("added", "vectors"), ""),
    ],
)
def test_a_summary_stands_under_the_lines_when_nothing_moves_any_more(stages: tuple[str, ...], summary: str) -> None:
    markup = render_progress([line(stage, outcome=Outcome(stage, "d", "T")) for stage in stages], "id")
    text = Reader(markup).text
    assert summary in text
    assert ("Ringkasan" in text) == bool(summary)
    assert ("dismiss" in {each["data-act"] for each in Parts(markup).having("data-act")}) == bool(summary)
    (counted,) = Parts(markup).having("data-finished")
    assert counted["data-finished"] == str(sum(stage in FINAL for stage in stages))


@pytest.mark.parametrize(("language", "other"), [("id", "en"), ("en", "id")])
def test_no_words_of_the_other_language_slip_in(language: str, other: str) -> None:
    outcome = Outcome("similar", "d1", "Tesis lama", share=0.9, replaceable=True)
    items = [line(stage, outcome=outcome) for stage in STAGES]
    parts = Parts(shelf(STUDY, OWN, language=language) + render_progress(items, language))
    spoken = ("aria-label", "placeholder", "title")
    shown = {*parts.words, *(each[name] for _, each in parts.elements for name in spoken if name in each)}
    foreign = {text for key, text in catalogue(other).items() if text != catalogue(language)[key]}
    assert not shown & foreign
    assert say("shelf.own", language) in shown


def test_nothing_handed_in_shows_nothing() -> None:
    assert Reader(render_progress([], "id")).text == ""


# --- hostile names and titles


def as_title(text: str) -> str:
    everything = {"title": text, "group": text, "authors": (text,), "publisher": text, "url": text, "date": text}
    return shelf(replace(OWN, **everything), replace(STUDY, title=text, group=text))  # type: ignore[arg-type]


def as_name(text: str) -> str:
    similar = Outcome("similar", "d1", text, share=0.9, replaceable=True)
    lines = [line(stage, text, outcome=similar) for stage in STAGES]
    lines.append(line("refused", text, outcome=Outcome("refused", error=UnreadableSource(text, reason=text))))
    return render_progress(lines, "id")


@pytest.mark.parametrize("make", [as_title, as_name])
@pytest.mark.parametrize("hostile", HOSTILE_TEXTS)
def test_hostile_titles_and_names_stay_text(hostile: str, make: Callable[[str], str]) -> None:
    markup, plain = make(hostile), make("biasa")
    assert Reader(markup).tags == Reader(plain).tags
    assert [key for key, _ in Reader(markup).attributes] == [key for key, _ in Reader(plain).attributes]
    assert hostile.replace("\n", "") in Reader(markup).text.replace("\n", "")
    assert not [each for each in Parts(markup).having("href") if each["href"].lower().startswith("javascript")]


@given(st.text(min_size=1, max_size=40))
def test_no_title_and_no_name_changes_the_markup(text: str) -> None:
    for make in (as_title, as_name):
        assert Reader(make(text)).tags == Reader(make("biasa")).tags
