"""Answer -> markup of the chat; the reading pane is made in reading.py, the empty frame in ui/shell.py.

The chat's sanitizer removes every data- and aria- attribute, so what a reader needs stands in text, ``title``
or ``href``; the reading pane comes from our own route and may use both.
"""

from collections.abc import Iterable, Sequence
from urllib.parse import quote

from assistant.answers import Answer, AnswerSentence, Citation, Mode, QueryReady, Reason, SentenceReady, ShownPassage
from assistant.citations import quote_mark
from assistant.claim_markup import render_claim
from assistant.markup import Markup, tag
from assistant.settings import LONGEST_QUESTION
from assistant.wording import explain, say

_LONGEST_KEPT_WORD = 24
_WORDS_NAMED = 3
_EXCERPT = 220  # characters of a nearest passage on its card: two to three lines


def render_question(question: str) -> Markup:
    """Return what a person typed, line breaks kept."""
    return tag("div", question, class_="asked")


def render_working(words: str) -> Markup:
    """Return skeleton lines under one plain sentence of what happens."""
    lines = [tag("span", class_=f"skeleton skeleton-{n}") for n in range(1, 4)]
    return tag("div", tag("p", words, class_="working-words"), *lines, class_="answer working")


def render_partial(ready: QueryReady | None, sentences: Sequence[SentenceReady], language: str) -> Markup:
    """Return an answer that is still arriving: what is searched and the sentences so far."""
    query = _searched(ready.query, language) if ready and ready.rewritten else ""
    citations = {citation.n: citation for event in sentences for citation in event.citations}
    quotes = [_sentence(event.sentence, citations, language) for event in sentences]
    return tag("div", query, *quotes, class_="answer arriving")


def render_answer(answer: Answer, language: str) -> Markup:
    """Return a finished answer in the words of the interface ``language``: card, reply, notice or abstention."""
    if answer.abstained:
        return _abstention(answer, language)
    if answer.mode is Mode.REPLY:
        return tag("div", *_plain(answer), class_="answer reply")
    citations = {citation.n: citation for citation in answer.citations}
    quotes = [_sentence(sentence, citations, language) for sentence in answer.sentences]
    return tag(
        "div",
        _rewritten(answer, language),
        _claim(answer, language),
        _short(answer, citations, language),
        *quotes,
        _sources(answer.citations, language),
        _foot(answer, language),
        class_="answer",
    )


def render_failure(language: str) -> Markup:
    """Return the card of an unexpected error: what happened, what is safe, what to do."""
    return _failure_card(say("screen.failed", language), say("screen.failed_remedy", language))


def render_not_prepared(reason: Exception, language: str) -> Markup:
    """Return the card of an assistant that could not be opened, with the reason in the person's language."""
    remedy = say("screen.not_prepared_remedy", language)
    return _failure_card(say("screen.not_prepared", language), explain(reason, language), remedy)


def citation_address(item: Citation | ShownPassage) -> Markup:
    """Return the fragment that opens the reading pane at a quote or passage; it works as a deep link too."""
    words = item.quote if isinstance(item, Citation) else item.text
    place = f"{quote(item.document_id, safe='')}/{item.start}-{item.end}"
    return Markup(f"#kutipan/{place}/{quote_mark(words)}")


def counted(key: str, n: int, language: str) -> str:
    """Return ``n`` with its noun: the message ``key``.one or ``key``.other."""
    return say(f"{key}.one" if n == 1 else f"{key}.other", language, n=grouped(n, language))


def grouped(n: int, language: str) -> str:
    """Return an integer with the thousands mark of the language: 31.400 or 31,400."""
    return f"{n:,}".replace(",", "." if language == "id" else ",")


def _failure_card(title: str, *paragraphs: str) -> Markup:
    words = [tag("p", paragraph) for paragraph in paragraphs]
    return tag("div", tag("p", title, class_="card-title"), *words, class_="answer failure")


def _plain(answer: Answer) -> list[Markup]:
    paragraphs = [answer.short_answer, *(sentence.text for sentence in answer.sentences)]
    return [tag("p", paragraph) for paragraph in paragraphs if paragraph]


def _rewritten(answer: Answer, language: str) -> str:
    same = " ".join(answer.query.split()) == " ".join(answer.question.split())
    return "" if same or not answer.query else _searched(answer.query, language)


def _searched(query: str, language: str) -> Markup:
    return tag("p", say("screen.searched", language, query=query), class_="searched")


def _claim(answer: Answer, language: str) -> Markup | str:
    if answer.claim is None:
        return ""
    compared = answer.claim.citation
    return render_claim(answer.claim, citation_address(compared) if compared else None, language)


def _short(answer: Answer, citations: dict[int, Citation], language: str) -> Markup | str:
    if not answer.short_answer:
        return ""
    cited = citations.get(answer.short_citation)
    return tag("p", answer.short_answer, _marker(cited, language) if cited else "", class_="short-answer")


def _sentence(sentence: AnswerSentence, citations: dict[int, Citation], language: str) -> Markup:
    markers = [_marker(citations[n], language) for n in sentence.citations if n in citations]
    if not markers:
        return tag("p", sentence.text, class_="written")
    # The quotation marks are drawn by the style sheet, so that the text stays the exact slice. The last word keeps
    # its markers with it, lest a line begin with a lone number; a very long one may break by itself.
    body, space, last = sentence.text.rpartition(" ")
    if len(last) > _LONGEST_KEPT_WORD:
        body, space, last = sentence.text, "", ""
    kept = tag("span", tag("span", last, class_="end"), *markers, class_="kept")
    return tag("blockquote", tag("p", tag("span", body + space, kept, class_="words")), class_="quote")


def _marker(citation: Citation, language: str) -> Markup:
    return tag(
        "a",
        str(citation.n),
        class_="sitasi",
        href=citation_address(citation),
        title=say("screen.marker", language, n=citation.n, place=_place(citation, language, title=True)),
    )


def _place(item: Citation | ShownPassage, language: str, *, title: bool = False) -> str:
    page = say("screen.page", language, page=item.page) if item.page else ""
    # The title often heads its own text; saying it twice helps nobody.
    heading = item.heading.removeprefix(item.title).removeprefix(" › ") if item.title else item.heading
    return ", ".join(part for part in (item.title if title else "", heading, page) if part)


def _sources(citations: Sequence[Citation], language: str) -> Markup | str:
    """Return one card for each document, with one line for each of its places and the numbers cited there."""
    documents: dict[str, dict[str, list[Citation]]] = {}
    for citation in citations:
        places = documents.setdefault(citation.document_id, {})
        places.setdefault(_place(citation, language), []).append(citation)
    cards = [_source_card(places) for places in documents.values()]
    return tag("div", *cards, class_="sources") if cards else ""


def _source_card(places: dict[str, list[Citation]]) -> Markup:
    title = next(iter(places.values()))[0].title
    lines = [_source_line(place, citations) for place, citations in places.items()]
    return tag("div", tag("p", title, class_="source-title"), *lines, class_="source")


def _source_line(place: str, citations: Sequence[Citation]) -> Markup:
    first = citations[0]
    numbers = ", ".join(str(citation.n) for citation in citations)
    return tag(
        "a",
        tag("span", numbers, class_="source-number"),
        " ",
        tag("span", place or first.title, class_="source-place"),
        class_="source-line",
        href=citation_address(first),
    )


def _foot(answer: Answer, language: str) -> Markup:
    sources = len({citation.document_id for citation in answer.citations})
    quotes = counted("screen.quotes", len(answer.citations), language)
    parts = [
        say("screen.mode_quote", language),
        say("screen.quotes_from", language, quotes=quotes, sources=counted("screen.sources", sources, language)),
        *_time(answer.timings_ms.get("total"), language),
    ]
    return tag("p", " · ".join(parts), class_="foot")


def _time(milliseconds: float | None, language: str) -> Iterable[str]:
    if milliseconds is None:
        return
    if milliseconds < 100:  # one decimal of a second is the finest that is shown
        yield say("screen.seconds_few", language)
    else:
        seconds = f"{milliseconds / 1000:.1f}"
        yield say("screen.seconds", language, seconds=seconds.replace(".", ",") if language == "id" else seconds)


def _abstention(answer: Answer, language: str) -> Markup:
    if answer.reason is not Reason.NOT_IN_SOURCES:
        length = len(answer.question.strip())
        words = say(f"reason.{answer.reason}", language, length=length, limit=LONGEST_QUESTION)
        return tag("div", tag("p", words), class_="answer notice")
    missing = ", ".join(say("screen.quoted_word", language, word=word) for word in answer.missing)
    nearest = [_nearest(passage, language) for passage in answer.passages[:3]]
    return tag(
        "div",
        _rewritten(answer, language),
        tag("p", say("screen.abstained", language), class_="card-title"),
        tag("p", say("screen.missing", language, words=missing)) if missing else "",
        _claim(answer, language),
        tag("p", say("screen.nearest" if nearest else "screen.nothing_near", language), class_="nearest-title"),
        *nearest,
        *_suggested(answer.suggestions, language),
        class_="answer abstention",
    )


def _nearest(passage: ShownPassage, language: str) -> Markup:
    words = " ".join(passage.text.split())
    excerpt = words if len(words) <= _EXCERPT else words[:_EXCERPT].rsplit(" ", 1)[0] + " …"
    place = _place(passage, language)
    return tag(
        "a",
        tag("span", passage.title, class_="source-title"),
        tag("span", place, class_="source-place") if place else "",
        tag("span", excerpt, class_="excerpt"),
        tag("span", why_not(passage, language), class_="why-not"),
        class_="nearest",
        href=citation_address(passage),
    )


def why_not(passage: ShownPassage, language: str) -> str:
    """Return in words why a nearest passage does not answer."""
    if passage.missing:
        words = ", ".join(say("screen.quoted_word", language, word=word) for word in passage.missing[:_WORDS_NAMED])
        return say("screen.lacks_words", language, words=words)
    return say(f"screen.lacks.{passage.lacks}" if passage.lacks else "screen.lacks_answer", language)


def _suggested(questions: Sequence[str], language: str) -> Iterable[Markup]:
    """Yield the questions that are answered, as links that ask them."""
    if questions:
        yield tag("p", say("screen.suggested", language), class_="nearest-title")
    for question in questions:
        yield tag("a", question, class_="suggestion", href=f"#tanya/{quote(question, safe='')}")
