"""The markup that frames the panels: the name, the empty state, the empty reading pane."""

from assistant.markup import Markup, tag
from assistant.preparation import Answering, Preparation
from assistant.rendering import counted, render_not_prepared
from assistant.wording import LANGUAGES, say


def render_name(language: str) -> Markup:
    """Return the name of the product as the heading of the page."""
    return tag("h1", say("screen.name", language), class_="name")


def render_welcome(preparation: Preparation, language: str) -> Markup:
    """Return the empty state: a question, the promise, and how much there is to read, as soon as it is known."""
    if preparation.error is not None:
        return render_not_prepared(preparation.error, language)
    assistant = preparation.assistant
    return tag(
        "div",
        tag("h2", say("screen.welcome", language), class_="welcome-title"),
        tag("p", say("screen.promise", language), class_="welcome-promise"),
        _holdings(assistant, language) if assistant else tag("p", say("screen.preparing", language), class_="holdings"),
        tag("p", say("screen.try", language), class_="welcome-try"),
        class_="welcome",
    )


def render_pane() -> Markup:
    """Return the empty reading pane; the script fills it, and needs the two sentences for when no server answers."""
    words = {f"data_unreachable_{language}": say("screen.unreachable", language) for language in LANGUAGES}
    names = {f"data_name_{language}": say("screen.pane", language) for language in LANGUAGES}
    logs = {f"data_log_{language}": say("screen.conversation", language) for language in LANGUAGES}
    chosen = {f"data_only_{language}": say("screen.only_within", language, n="#") for language in LANGUAGES}
    every = {f"data_every_{language}": say("screen.everywhere", language) for language in LANGUAGES}
    more = {**words, **names, **logs, **chosen, **every}
    return tag("aside", id="pane", tabindex="-1", aria_label=say("screen.pane"), **more)


def _holdings(assistant: Answering, language: str) -> Markup:
    summaries = assistant.library.summaries("")  # what everyone sees: how much others have added is their business
    if not summaries:
        return tag("p", say("screen.no_texts", language), class_="holdings")
    documents = counted("screen.texts", len(summaries), language)
    words = counted("screen.words", sum(summary.words for summary in summaries), language)
    link = tag("a", say("screen.holdings_link", language), href="#pustaka", class_="holdings-link")
    return tag("p", say("screen.holdings", language, documents=documents, words=words), " ", link, class_="holdings")
