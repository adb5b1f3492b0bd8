"""Turn and conversation: what was asked and answered before, immutable, one per person."""

from dataclasses import dataclass

from assistant.answers import Answer


@dataclass(frozen=True)
class Turn:
    """One question with its answer."""

    question: str
    answer: Answer


@dataclass(frozen=True)
class Conversation:
    """The ordered turns of one person, oldest first."""

    turns: tuple[Turn, ...] = ()

    def with_turn(self, question: str, answer: Answer) -> "Conversation":
        """Return a new conversation with one more turn; this one is unchanged."""
        return Conversation((*self.turns, Turn(question, answer)))
