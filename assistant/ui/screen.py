"""The page: header, chat and reading pane put together, and what happens on each event."""

import time
from collections.abc import Iterator
from functools import partial
from typing import Any

import gradio as gr
from fastapi import FastAPI

from assistant.conversation import Conversation
from assistant.ui.asking import Asker, Desk, View, messages_of
from assistant.ui.chat import Chat, make_chat
from assistant.ui.header import Header, make_header
from assistant.ui.identity import person_of
from assistant.ui.shell import render_pane, render_welcome
from assistant.ui.theme import make_theme
from assistant.wording import say

_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
_AT_ONCE = 8  # questions answered at the same time
_WAITING = 64  # questions that may wait; beyond it Gradio says that the queue is full

_HEAD = """
<link rel="stylesheet" href="screen/screen.css">
<script src="screen/screen.js"></script>
<script src="screen/library.js"></script>
"""
_SAVED_LANGUAGE = "(current) => localStorage.getItem('tanya.language') || current"
_CHOOSE_LANGUAGE = "(...values) => { window.tanya?.setLanguage(values[0]); return values }"
_ON_ITS_WAY = 0.2  # seconds; a message from server to page takes some tens of milliseconds
_START_AFRESH = "(...values) => { window.tanya?.close(); return values }"
_WITH_CHOICE = "(...values) => [...values.slice(0, 3), window.tanya?.chosen() || '']"
_SWITCH_THEME = "() => { window.tanya?.switchTheme() }"


def make_screen(desk: Desk, language: str) -> gr.Blocks:
    """Return the page; ``language`` is what a person sees who has not chosen one yet."""
    blocks = gr.Blocks(title=say("screen.name", language), fill_width=True, analytics_enabled=False)
    with blocks:
        conversation = gr.State(Conversation())
        header = make_header(language)
        with gr.Row(elem_id="room"):
            chat = make_chat(render_welcome(desk.preparation, language), language)
            gr.HTML(render_pane(), elem_id="pane-holder")
        _connect_asking(desk, header, chat, conversation)
        _connect_language(desk, blocks, header=header, chat=chat, conversation=conversation)
    blocks.queue(default_concurrency_limit=_AT_ONCE, max_size=_WAITING)
    return blocks


def mount_screen(app: FastAPI, desk: Desk, language: str) -> FastAPI:
    """Mount the page at "/" without Gradio's own chrome, and without anything that records or phones home."""
    mounted: FastAPI = gr.mount_gradio_app(
        app,
        make_screen(desk, language),
        path="/",
        theme=make_theme(),
        head=_HEAD,
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        show_error=False,
        ssr_mode=False,
        mcp_server=False,
        pwa=False,
        max_file_size=1,  # the chat takes no files
        app_kwargs={"openapi_url": None},
    )
    return mounted


def _connect_asking(desk: Desk, header: Header, chat: Chat, conversation: gr.State) -> None:
    outputs = [chat.log, chat.question, conversation, chat.welcome]

    def ask(
        question: str, so_far: Conversation, language: str, chosen: str, request: gr.Request
    ) -> Iterator[list[Any]]:
        asker = Asker(_person(request), frozenset(chosen.split()))
        for view in desk.ask(question, so_far, language, asker):
            yield _updates(view)

    asking: list[Any] = [
        event(ask, [source, conversation, header.language, chat.chosen], outputs, js=_WITH_CHOICE, **_QUIET)
        for event, source in (
            (chat.question.submit, chat.question),
            (chat.send.click, chat.question),
            *((example.click, example) for example in chat.examples),
        )
    ]

    def start_afresh() -> list[Any]:
        return [gr.update(value=[], visible=False), "", Conversation(), gr.update(visible=True)]

    def clear_what_came_late() -> list[Any]:
        time.sleep(_ON_ITS_WAY)
        return [gr.update(value=[], visible=False), Conversation(), gr.update(visible=True)]

    afresh = header.new.click(start_afresh, None, outputs, js=_START_AFRESH, queue=False, cancels=asking, **_QUIET)
    # A part of the answer that was on its way when it was cancelled arrives after the first clearing.
    afresh.then(clear_what_came_late, None, [chat.log, conversation, chat.welcome], queue=False, **_QUIET)


def _person(request: gr.Request) -> str | None:
    """Return whose question it is; Gradio keeps the request of the page, None in calls from outside a page."""
    return person_of(request.request.scope) if request.request is not None else ""


def _updates(view: View) -> list[Any]:
    question = gr.skip() if view.pending is None else view.pending
    return [gr.update(value=view.messages, visible=True), question, view.conversation, gr.update(visible=False)]


def _connect_language(desk: Desk, blocks: gr.Blocks, *, header: Header, chat: Chat, conversation: gr.State) -> None:
    header.theme.click(None, None, None, js=_SWITCH_THEME, **_QUIET)

    def reword(language: str, so_far: Conversation) -> list[Any]:
        return [
            *header.reworded(language),
            *chat.reworded(render_welcome(desk.preparation, language), language),
            messages_of(so_far, language),
        ]

    header.language.change(
        reword,
        [header.language, conversation],
        [*header.parts, *chat.parts, chat.log],
        js=_CHOOSE_LANGUAGE,
        queue=False,
        **_QUIET,
    )
    restored = blocks.load(None, header.language, header.language, js=_SAVED_LANGUAGE, **_QUIET)

    # The number of texts is known only when the preparation is done; until then the page looks once a second.
    clock = gr.Timer(1.0)
    look = partial(_look, desk)
    for event in (restored.then, clock.tick):
        event(look, header.language, [chat.promise, clock], queue=False, **_QUIET)


def _look(desk: Desk, language: str) -> list[Any]:
    done = desk.preparation.assistant is not None or desk.preparation.error is not None
    return [render_welcome(desk.preparation, language), gr.Timer(active=not done)]
