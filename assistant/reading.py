"""Documents -> markup of the reading pane: one whole text with the quoted span marked, and its page beside it."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence

from assistant.markup import Markup, join, tag, text
from assistant.wording import say
from knowledge.documents import Document, Heading, Passage, Reference
from knowledge.references import format_reference
from knowledge.sentences import starts_list_item

_LINE = re.compile(r"[^\n]+")  # every loader writes one paragraph, heading or list item on one line
_WEB_ADDRESS = re.compile(r"https?://[^\s<>\"]+")
_LOWEST_HEADING = 6
_MOST_SHOWN = 400_000  # characters at a time, some 150 pages: more makes the browser slow


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
        render_bar(language, title=document.title, quoted=document.text[start:end]),
        tag(
            "div",
            _head(document, passage, language),
            _reading(document, (start, end), marked, passage, language),
            class_="pane-scroll",
        ),
        # A text of the user cites nothing that we know; a study text that cites nothing here says so.
        _references(references, language) if passage and (references or document.is_study_text) else "",
        class_="document",
    )


def render_pane_notice(words: str, language: str) -> Markup:
    """Return a reading pane that says only why there is nothing to read."""
    return tag("article", render_bar(language), tag("p", words, class_="pane-notice"), class_="document")


def passage_at(passages: Sequence[Passage], offset: int) -> Passage | None:
    """Return the passage that holds ``offset``, the later one where two overlap; None when none does."""
    return next((passage for passage in reversed(passages) if passage.start <= offset < passage.end), None)


def render_bar(language: str, *, title: str = "", quoted: str = "") -> Markup:
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
    record = " · ".join(part for part in _record(document, language) if part)
    trail = " › ".join(passage.heading_path) if passage else ""
    return tag(
        "header",
        tag("h2", document.title, class_="document-title"),
        tag("p", record, class_="document-record") if record else "",
        tag("p", *_linked("", document.url), class_="document-record") if document.url else "",
        tag("p", trail, class_="document-trail") if trail else "",
    )


def _record(document: Document, language: str) -> Iterator[str]:
    yield ", ".join(document.authors)
    if document.is_study_text:
        yield say("screen.facts_of", language, date=document.date) if document.date else ""
    else:
        yield document.date
        yield document.publisher
        yield say("screen.web_copy", language, date=document.accessed) if document.accessed else ""
    yield document.licence


def _reading(
    document: Document, span: tuple[int, int], marked: tuple[int, int], passage: Passage | None, language: str
) -> Markup:
    """Return the text, with the frame of its page's picture beside it where a place of a PDF is open."""
    first, last = _window(document.text, span[0])
    image = _page_image(document, *span, language) if span[1] > span[0] else ""
    text_column = tag(
        "div",
        _part(document, first - 1, "screen.part_above", language) if first else "",
        tag(
            "div",
            *_blocks(document, marked, passage, (first, last)),
            class_="source-text",
            lang=document.language or None,
        ),
        _part(document, last, "screen.part_below", language) if last < len(document.text) else "",
        class_="reading-text",
    )
    return tag("div", text_column, image, class_="reading with-image" if image else "reading")


def quote_on_sheet(document: Document, sheet: int, start: int, end: int) -> tuple[str, int]:
    """Return the part of a span that stands on a sheet of a PDF, and how often that part stands there before it.

    The whole span when nothing of it stands on the sheet; its letters are then looked for all the same.
    """
    begins = [page.start for page in document.pages]
    spans = [
        (page.start, next((other for other in begins[i + 1 :] if other > page.start), len(document.text)))
        for i, page in enumerate(document.pages)
        if page.number == sheet
    ]
    for first, last in spans:
        part = document.text[max(first, start) : min(last, end)]
        if part.strip():
            return part, document.text[first : max(first, start)].count(part)
    return document.text[start:end], 0


def _window(source: str, around: int) -> tuple[int, int]:
    """Return the range of a text that is shown: all of it, or of a book the lines around a place."""
    if len(source) <= _MOST_SHOWN:
        return 0, len(source)
    first, last = max(0, around - _MOST_SHOWN // 2), min(len(source), around + _MOST_SHOWN // 2)
    first = source.find("\n", first) + 1 if first else 0
    end = source.rfind("\n", first, last) if last < len(source) else last
    return first, end if end > first else last


def _part(document: Document, around: int, key: str, language: str) -> Markup:
    link = tag("a", say(key, language), href=f"#kutipan/{document.id}/{around}-{around}")
    return tag("p", link, class_="part-link")


def _page_image(document: Document, start: int, end: int, language: str) -> Markup | str:
    """Return the empty frame of the page's picture; the script fetches it, so that the text need not wait."""
    page = document.page_at(start)
    if page is None or not page.number:
        return ""
    words = say("screen.page_image", language, page=page.label)
    return tag(
        "figure",
        tag("figcaption", words),
        class_="page-image",
        data_page=f"documents/{document.id}/pages/{page.number}?start={start}&end={end}",
        data_alt=words,
    )


def _blocks(
    document: Document, marked: tuple[int, int], passage: Passage | None, shown: tuple[int, int]
) -> Iterator[Markup]:
    headings = {heading.start: heading for heading in document.headings}
    labels = {page.start: page.label for page in document.pages}
    starts = sorted(labels)
    for line in _LINE.finditer(document.text, *shown):
        start, end = line.span()
        heading = headings.get(start)
        turned = starts[bisect_left(starts, start) : bisect_left(starts, end)]
        ruled = passage is not None and start < passage.end and end > passage.start
        content = _with_mark(document.text, (start, end), marked)
        yield tag(
            _name(heading),
            content,
            class_=_class(line.group(), heading=heading, ruled=ruled),
            data_pages=_turned(turned, labels),
        )


def _turned(starts: Sequence[int], labels: Mapping[int, str]) -> str | None:
    """Return the labels of the pages that begin in a line; the style sheet shows them at its side."""
    return ", ".join(labels[start] for start in starts) or None


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
    return (before, link, after) if found else (f"{line} " if line else "", link)
