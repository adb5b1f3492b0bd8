"""How far the files are that a person handed in -> markup: a line each, a summary when all are finished."""

from collections.abc import Sequence

from assistant.intake_board import CHOICES, FINAL, INDEXING, SCANNED, SIMILAR, Progress
from assistant.markup import Markup, join, tag
from assistant.rendering import grouped
from assistant.wording import explain, say, shown_name


def render_progress(items: Sequence[Progress], language: str) -> Markup:
    """Return a line for each file that was handed in, and a summary when all are finished.

    ``data-active`` is there while anything is still to happen without the person.
    """
    if not items:
        return tag("div", class_="intake")
    active = any(each.stage not in FINAL | CHOICES for each in items)
    lines = [_line(each, language) for each in items]
    return tag(
        "div",
        tag("ul", *lines, class_="intake-lines"),
        "" if active else _summary(items, language),
        class_="intake",
        data_active=active,
        data_finished=str(sum(each.stage in FINAL for each in items)),
    )


def _line(each: Progress, language: str) -> Markup:
    outcome = each.outcome
    words = say(f"stage.{each.stage}", language)
    if each.total:
        done, total = grouped(each.done, language), grouped(each.total, language)
        words = say("shelf.step", language, stage=words, done=done, total=total)
    if each.seconds_left is not None:
        words = f"{words}, {_left(each.seconds_left, language)}"
    share = each.done / each.total if each.total else None
    bar = tag("progress", value=None if share is None else f"{share:.3f}", max="1") if each.stage not in FINAL else ""
    parts: list[str] = [
        tag("span", shown_name(each.item.name), class_="intake-name"),
        tag("span", words, class_="intake-stage"),
    ]
    if outcome is not None and each.stage == SCANNED:
        parts.append(_scanned(language))
    elif outcome is not None and outcome.error is not None:
        parts.append(tag("p", explain(outcome.error, language), class_="intake-why"))
    elif outcome is not None and each.stage == SIMILAR:
        parts.append(_choices(each, language))
    elif outcome is not None and outcome.document_id and each.stage in FINAL:
        parts.append(tag("a", outcome.title, href=f"#kutipan/{outcome.document_id}/0-0", class_="intake-link"))
    if each.stage not in FINAL and each.stage != INDEXING:
        parts.append(tag("button", say("shelf.cancel", language), type="button", data_act="cancel"))
    show_bar = bar if each.stage not in CHOICES else ""
    return tag("li", *parts, show_bar, class_=f"intake-line {each.stage}", data_item=each.item.id)


def _scanned(language: str) -> Markup:
    buttons = [
        tag("button", say(f"shelf.{choice}", language), type="button", data_act="choose", data_choice=choice)
        for choice in ("ocr", "skip")
    ]
    return tag("p", say("shelf.scanned", language), " ", join(buttons), class_="intake-why")


def _choices(each: Progress, language: str) -> Markup:
    outcome = each.outcome
    title, share = (outcome.title, round(100 * outcome.share)) if outcome else ("", 0)
    choices = ("keep", "replace", "skip") if outcome and outcome.replaceable else ("keep", "skip")
    buttons = [
        tag("button", say(f"shelf.{choice}", language), type="button", data_act="choose", data_choice=choice)
        for choice in choices
    ]
    return tag("p", say("shelf.similar", language, title=title, share=share), " ", join(buttons), class_="intake-why")


def _summary(items: Sequence[Progress], language: str) -> Markup:
    counts: dict[str, int] = {}
    for each in items:
        counts[each.stage] = counts.get(each.stage, 0) + 1
    parts = [f"{say(f'stage.{stage}', language)} {number}" for stage, number in counts.items()]
    dismiss = tag("button", say("shelf.clear", language), type="button", data_act="dismiss")
    return tag("p", say("cli.summary", language, parts=", ".join(parts)), " ", dismiss, class_="intake-summary")


def _left(seconds: float, language: str) -> str:
    if seconds < 90:  # finer than ten seconds would only flicker
        return say("shelf.seconds_left", language, n=max(10, round(seconds / 10) * 10))
    return say("shelf.minutes_left", language, n=round(seconds / 60))
