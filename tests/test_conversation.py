"""A conversation grows by copies: nobody's turns change under another."""

from dataclasses import FrozenInstanceError

import pytest

from assistant.answers import Answer
from assistant.conversation import Conversation


def test_turns_are_kept_in_order() -> None:
    conversation = Conversation().with_turn("satu", Answer("satu", "1")).with_turn("dua", Answer("dua", "2"))
    assert [(turn.question, turn.answer.query) for turn in conversation.turns] == [("satu", "1"), ("dua", "2")]


def test_two_continuations_of_one_conversation_know_nothing_of_each_other() -> None:
    common = Conversation().with_turn("satu", Answer("satu", "1"))
    one, other = common.with_turn("a", Answer("a", "a")), common.with_turn("b", Answer("b", "b"))
    assert [turn.question for turn in one.turns] == ["satu", "a"]
    assert [turn.question for turn in other.turns] == ["satu", "b"]
    assert len(common.turns) == 1
    assert Conversation().turns == ()


def test_a_conversation_cannot_be_changed_in_place() -> None:
    with pytest.raises(FrozenInstanceError):
        Conversation().turns = ()  # type: ignore[misc]
