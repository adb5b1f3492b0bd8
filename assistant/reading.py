"""Documents -> markup of the reading pane: one whole text with the quoted span marked, and the shelf of all texts."""

import re
from collections.abc import Iterable, Iterator, Sequence

from assistant.markup import Markup, join, tag, text
from assistant.rendering import counted
from assistant.wording import say
from knowledge.documents import Document, Heading, Passage, Reference
from knowledge.references import format_reference
from knowledge.rows import DocumentSummary
from knowledge.sentences import starts_list_item
from knowledge.text_checks import GROUPS

_LINE = re.compile(r"[^\n]+")  # every loader writes one paragraph, heading or list item on one line
_WEB_ADDRESS = re.compile(r"https?://[^\s<>\"]+")
_LOWEST_HEADING = 6


def render_document(
    document: Document,
    start: int,
    end: int,
    *,
    passages: Sequence[Passage],
    references: Sequence[Reference],
    language: str,
) -> Markup:
    """Return the reading pane of one document with ``document.text[start:end]`` in ``<mark>``.

    ``passages`` are those of the document, ``references`` the works that the passage of the span cites. A span
    that is a whole passage of several sentences is ruled at its side and not marked; an empty span marks nothing.
    """
    passage = passage_at(passages, start) if end > start else None
    whole = passage is not None and (passage.start, passage.end) == (start, end) and len(passage.sentences) > 1
    marked = (0, 0) if whole else (start, end)
    return tag(
        "article",
        _bar(language, title=document.title, quoted=document.text[start:end]),
        tag(
            "div",
            _head(document, passage, language),
            tag("div", *_blocks(document, marked, passage), class_="source-text", lang=document.language or None),
            class_="pane-scroll",
        ),
        _references(references, language) if passage else "",
        class_="document",
    )


def render_shelf(summaries: Sequence[DocumentSummary], language: str) -> Markup:
    """Return the list of all texts, by group in the order of reading; each opens at its beginning."""
    groups: dict[str, list[DocumentSummary]] = {}
    for summary in summaries:
        groups.setdefault(summary.group, []).append(summary)
    return tag(
        "article",
        _bar(language),
        tag(
            "div",
            tag("h2", say("screen.shelf", language), class_="document-title"),
            tag("p", say("screen.shelf_hint", language), class_="document-record"),
            *(_shelf_group(group, groups[group], language) for group in sorted(groups, key=_order_of_group)),
            class_="pane-scroll",
        ),
        class_="document shelf",
    )


def render_pane_notice(words: str, language: str) -> Markup:
    """Return a reading pane that says only why there is nothing to read."""
    return tag("article", _bar(language), tag("p", words, class_="pane-notice"), class_="document")


def passage_at(passages: Sequence[Passage], offset: int) -> Passage | None:
    """Return the passage that holds ``offset``, the later one where two overlap; None when none does."""
    return next((passage for passage in reversed(passages) if passage.start <= offset < passage.end), None)


def _bar(language: str, *, title: str = "", quoted: str = "") -> Markup:
    """Return the row of controls; the script hides previous and next where there is only one citation."""
    return tag(
        "div",
        tag("button", say("screen.close", language), type="button", class_="pane-close", data_act="close"),
        tag("span", title, class_="pane-title", aria_hidden="true"),  # the heading below says it too
        _copy(title, quoted, language) if quoted else "",
        tag("span", class_="pane-position", data_role="position", aria_live="polite"),
        _step("previous", "‹", language),
        _step("next", "›", language),
        class_="pane-bar",
    )


def _copy(title: str, quoted: str, language: str) -> Markup:
    return tag(
        "button",
        say("screen.copy", language),
        type="button",
        data_act="copy",
        data_copy=f"“{quoted}” ({title})",
        data_done=say("screen.copied", language),
    )


def _step(act: str, sign: str, language: str) -> Markup:
    label = say(f"screen.{act}", language)
    return tag(
        "button", sign, type="button", class_="pane-step", data_act=act, aria_label=label, title=label, hidden=True
    )


def _head(document: Document, passage: Passage | None, language: str) -> Markup:
    facts = say("screen.facts_of", language, date=document.date) if document.date else ""
    record = " · ".join(part for part in (", ".join(document.authors), facts, document.licence) if part)
    trail = " › ".join(passage.heading_path) if passage else ""
    return tag(
        "header",
        tag("h2", document.title, class_="document-title"),
        tag("p", record, class_="document-record") if record else "",
        tag("p", trail, class_="document-trail") if trail else "",
    )


def _blocks(document: Document, marked: tuple[int, int], passage: Passage | None) -> Iterator[Markup]:
    headings = {heading.start: heading for heading in document.headings}
    for line in _LINE.finditer(document.text):
        start, end = line.span()
        heading = next((headings[at] for at in range(start, end) if at in headings), None)
        ruled = passage is not None and start < passage.end and end > passage.start
        content = _with_mark(document.text, (start, end), marked)
        yield tag(_name(heading), content, class_=_class(line.group(), heading=heading, ruled=ruled))


def _name(heading: Heading | None) -> str:
    # The title of the pane is h2, so a first-level heading of the text stands below it.
    return f"h{min(heading.level + 2, _LOWEST_HEADING)}" if heading else "p"


def _class(line: str, *, heading: Heading | None, ruled: bool) -> str | None:
    names = ["ruled"] if ruled else []
    if heading is None and starts_list_item(line):
        names.append("item")
    return " ".join(names) or None


def _with_mark(source: str, line: tuple[int, int], marked: tuple[int, int]) -> Markup:
    start, end = line
    first, last = max(start, marked[0]), min(end, marked[1])
    if first >= last:
        return text(source[start:end])
    return join((source[start:first], tag("mark", source[first:last]), source[last:end]))


def _references(references: Sequence[Reference], language: str) -> Markup:
    entries = [tag("li", *_linked(format_reference(reference), reference.url)) for reference in references]
    title = tag("summary", say("screen.references", language), tag("span", str(len(entries)), class_="count"))
    body = tag("ul", *entries) if entries else tag("p", say("screen.no_references", language))
    return tag("details", title, body, class_="references", open=True)


def _linked(line: str, address: str) -> Iterable[str]:
    """Return the line with its web address as a link that tells the other side nothing about this page."""
    if not _WEB_ADDRESS.fullmatch(address):
        return (line,)
    before, found, after = line.rpartition(address)
    link = tag("a", address, href=address, target="_blank", rel="noopener noreferrer")
    return (before, link, after) if found else (f"{line} ", link)


def _order_of_group(group: str) -> int:
    """Return the place of a group among those of the study texts; other groups come last, as they come."""
    return GROUPS.index(group) if group in GROUPS else len(GROUPS)


def _shelf_group(group: str, summaries: Iterable[DocumentSummary], language: str) -> Markup:
    items = [
        tag(
            "li",
            tag("a", summary.title, href=f"#kutipan/{summary.id}/0-0", class_="shelf-link"),
            tag("span", counted("screen.words", summary.words, language), class_="shelf-words"),
        )
        for summary in summaries
    ]
    name = tag("h3", group.replace("-", " ").capitalize(), class_="shelf-group") if group else ""
    return tag("section", name, tag("ul", *items))
