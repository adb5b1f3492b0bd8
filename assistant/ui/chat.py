"""The chat column: the empty state with its examples, the conversation, and the question field."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from assistant.wording import say

EXAMPLES = tuple(f"screen.example_{n}" for n in range(1, 7))


@dataclass(frozen=True)
class Chat:
    """The components of the chat column that events need."""

    welcome: gr.Column
    promise: gr.HTML
    examples: tuple[gr.Button, ...]
    log: gr.Chatbot
    question: gr.Textbox
    send: gr.Button
    chosen: gr.Textbox  # the script puts the ids of the chosen sources here, between spaces

    @property
    def parts(self) -> list[gr.HTML | gr.Button | gr.Textbox]:
        """The components that carry words, in the order of ``reworded``; the log is not among them."""
        return [self.promise, self.question, self.send, *self.examples]

    def reworded(self, welcome: str, language: str) -> list[Any]:
        """Return the updates that put the column into a language; ``welcome`` is the markup of the empty state."""
        return [
            welcome,
            gr.update(label=say("screen.question", language), placeholder=say("screen.placeholder", language)),
            say("screen.send", language),
            *(say(key, language) for key in EXAMPLES),
        ]


def make_chat(welcome: str, language: str) -> Chat:
    """Build the column inside the open Blocks; ``welcome`` is the markup of the empty state."""
    with gr.Column(elem_id="chat"):
        with gr.Column(elem_id="welcome") as empty:
            promise = gr.HTML(welcome, elem_id="promise")
            with gr.Row(elem_id="examples"):
                examples = tuple(gr.Button(say(key, language), elem_classes="example") for key in EXAMPLES)
        log = _make_log(language)
        with gr.Row(elem_id="ask"):
            question = gr.Textbox(
                label=say("screen.question", language),
                placeholder=say("screen.placeholder", language),
                container=False,
                show_label=False,
                lines=1,
                max_lines=6,
                autofocus=True,
                elem_id="question",
            )
            send = gr.Button(say("screen.send", language), variant="primary", elem_id="send", min_width=72, scale=0)
        chosen = gr.Textbox(visible="hidden", elem_id="chosen")
    return Chat(empty, promise, examples, log, question, send, chosen)


def _make_log(language: str) -> gr.Chatbot:
    return gr.Chatbot(
        visible=False,
        label=say("screen.conversation", language),
        show_label=False,
        container=False,
        elem_id="log",
        layout="panel",
        height="100%",
        buttons=[],
        autoscroll=False,  # screen.js keeps the question in view instead of the end of its answer
        feedback_options=None,
        # A message is our own escaped markup. No delimiter may turn "$$" of a source text into a formula.
        latex_delimiters=[],
        group_consecutive_messages=False,
    )
