"""The header: name, new conversation, language and theme."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from assistant.ui.shell import render_name
from assistant.wording import say


@dataclass(frozen=True)
class Header:
    """The components of the header that events need."""

    new: gr.Button
    language: gr.Radio
    theme: gr.Button

    @property
    def parts(self) -> list[gr.Button | gr.Radio]:
        """The components that carry words, in the order of ``reworded``."""
        return [self.new, self.language, self.theme]

    def reworded(self, language: str) -> list[Any]:
        """Return the updates that put the header into a language."""
        return [
            say("screen.new", language),
            gr.update(label=say("screen.language", language)),
            say("screen.theme", language),
        ]


def make_header(language: str) -> Header:
    """Build the header inside the open Blocks."""
    with gr.Row(elem_id="header"):
        gr.HTML(render_name(language), elem_id="name")
        new = gr.Button(say("screen.new", language), elem_id="new", size="sm", min_width=1)
        choice = gr.Radio(
            [("ID", "id"), ("EN", "en")],
            value=language,
            label=say("screen.language", language),
            container=False,
            min_width=1,
            elem_id="language",
        )
        theme = gr.Button(say("screen.theme", language), elem_id="theme", size="sm", min_width=1)
    return Header(new, choice, theme)
