"""Documents -> markup of the shelf: what is there to read, one's own first."""

from collections.abc import Iterable, Mapping, Sequence

from assistant.markup import Markup, tag
from assistant.reading import render_bar
from assistant.rendering import counted
from assistant.wording import say
from knowledge.loaders import SUFFIXES
from knowledge.rows import DocumentSummary
from knowledge.sources import EDITABLE
from knowledge.text_checks import GROUPS

_ACCEPTED = ",".join((*SUFFIXES, ".zip"))
_YEAR = 4


def render_shelf(
    summaries: Sequence[DocumentSummary], language: str, *, person: str = "", most_megabytes: int | None = None
) -> Markup:
    """Return the list of all texts that a person sees, each opening at its beginning, with a box to choose it.

    Their own come first, behind the place to add more, which is left out where ``most_megabytes`` (the largest file
    that is taken) is None; the others follow by group in the order of reading.
    """
    own = [summary for summary in summaries if person and summary.holding.owner == person]
    groups: dict[str, list[DocumentSummary]] = {}
    for summary in summaries:
        if summary not in own:
            groups.setdefault(summary.group, []).append(summary)
    return tag(
        "article",
        render_bar(language),
        tag(
            "div",
            tag("h2", say("screen.shelf", language), class_="document-title"),
            tag("p", say("screen.shelf_hint", language), class_="document-record"),
            _own(own, language, most_megabytes) if most_megabytes is not None else "",
            _search(language),
            *(_group(group, groups[group], language) for group in sorted(groups, key=_order_of_group)),
            tag("p", say("shelf.nothing_found", language), class_="shelf-none", hidden=True),
            class_="pane-scroll",
        ),
        class_="document shelf",
    )


def _own(own: Sequence[DocumentSummary], language: str, most_megabytes: int) -> Markup:
    hint = say("shelf.drop_hint", language, limit=most_megabytes)
    drop = tag(
        "label",
        tag("input", type="file", multiple=True, accept=_ACCEPTED, class_="drop-input", data_role="files"),
        tag("span", say("shelf.drop", language), class_="drop-words"),
        tag("span", hint, class_="drop-hint"),
        class_="drop",
    )
    address = tag(
        "form",
        tag(
            "input",
            type="text",
            inputmode="url",
            name_="url",
            placeholder="https://",
            aria_label=say("shelf.address", language),
            autocomplete="off",
        ),
        tag("button", say("shelf.fetch", language), type="submit"),
        class_="address",
        data_role="address",
    )
    empty = tag("p", say("shelf.none_of_ones_own", language), class_="shelf-empty") if not own else ""
    return tag(
        "section",
        tag("h3", say("shelf.own", language), class_="shelf-group"),
        drop,
        address,
        tag("p", class_="drop-error", role="alert", data_role="refused", hidden=True),
        tag("div", data_role="intake", aria_live="polite"),
        empty,
        tag("ul", *(_entry(summary, language, own=True) for summary in own)),
        class_="shelf-own",
    )


def _search(language: str) -> Markup:
    words = say("shelf.search", language)
    field = tag("input", type="search", placeholder=words, aria_label=words, autocomplete="off", data_role="search")
    return tag("div", field, class_="shelf-search")


def _group(group: str, summaries: Iterable[DocumentSummary], language: str) -> Markup:
    name = tag("h3", group.replace("-", " ").capitalize(), class_="shelf-group") if group else ""
    return tag("section", name, tag("ul", *(_entry(summary, language) for summary in summaries)))


def _entry(summary: DocumentSummary, language: str, *, own: bool = False) -> Markup:
    choose = tag(
        "input",
        type="checkbox",
        data_choose=summary.id,
        aria_label=say("shelf.choose", language, title=summary.title),
    )
    facts = " · ".join(_facts(summary, language) if own else [counted("screen.words", summary.words, language)])
    link = tag("a", summary.title, href=f"#kutipan/{summary.id}/0-0", class_="shelf-link")
    return tag(
        "li",
        choose,
        tag("div", link, tag("span", facts, class_="shelf-words"), class_="shelf-entry"),
        _actions(summary, language) if own else "",
        class_="own" if own else None,
    )


def _facts(summary: DocumentSummary, language: str) -> list[str]:
    facts = [
        "; ".join(summary.authors),
        summary.date[:_YEAR],
        counted("shelf.pages", summary.pages, language) if summary.pages else "",
        counted("shelf.passages", summary.passages, language),
        say("shelf.added", language, date=summary.holding.added.partition("T")[0]) if summary.holding.added else "",
        summary.group,
    ]
    return [fact for fact in facts if fact]


def _actions(summary: DocumentSummary, language: str) -> Markup:
    def button(act: str, key: str, **more: str | bool) -> Markup:
        return tag("button", say(key, language), type="button", data_act=act, **more)

    values: Mapping[str, str] = {
        "title": summary.title,
        "authors": "; ".join(summary.authors),
        "date": summary.date,
        "publisher": summary.publisher,
        "url": summary.url,
        "group": summary.group,
    }
    fields = [
        tag("label", say(f"shelf.field.{name}", language), tag("input", type="text", name_=name, value=values[name]))
        for name in EDITABLE
    ]
    form = tag(
        "form",
        *fields,
        tag("button", say("shelf.save", language), type="submit"),
        button("edit", "shelf.dismiss"),
        class_="record-form",
        data_role="record",
        hidden=True,
    )
    original = tag("a", say("shelf.download", language), href=f"documents/{summary.id}/original", download=True)
    sure = tag(
        "span",
        say("shelf.sure", language),
        button("remove-now", "shelf.yes"),
        button("remove", "shelf.no"),
        class_="sure",
        hidden=True,
    )
    return tag(
        "div",
        button("edit", "shelf.edit"),
        original if summary.holding.file else "",
        button("remove", "shelf.remove"),
        sure,
        form,
        class_="shelf-actions",
        data_document=summary.id,
    )


def _order_of_group(group: str) -> int:
    """Return the place of a group among those of the study texts; other groups come last, as they come."""
    return GROUPS.index(group) if group in GROUPS else len(GROUPS)
