"""What a server offers: answering, and taking in what people hand in."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from assistant.answering import Assistant
from assistant.answers import Event
from assistant.conversation import Conversation
from assistant.intake import Intake
from assistant.opening import Workplace, open_workplace
from assistant.preparation import Progress
from assistant.settings import Settings
from knowledge.library import Library


@dataclass(frozen=True)
class Service:
    """An assistant and an intake on one workplace."""

    assistant: Assistant
    intake: Intake
    workplace: Workplace

    @property
    def library(self) -> Library:
        """The documents that answers cite."""
        return self.assistant.library

    def stream(
        self, question: str, conversation: Conversation, within: Collection[str] | None = None
    ) -> Iterator[Event]:
        """Yield events and, last, exactly one Answer; see `Assistant.stream`."""
        return self.assistant.stream(question, conversation, within)


def open_service(settings: Settings, progress: Progress) -> Service:
    """Open everything, bring the index up to date, and warm the model, so that the first question is as fast as any.

    What an earlier process had not taken in is taken up beside the answering.
    """
    workplace = open_workplace(settings, progress=progress)
    progress("index", 0, 0)
    workplace.update(progress=progress)
    assistant = workplace.assistant()
    assistant.open_retriever().retrieve("diplomasi keamanan", 1)
    intake = Intake(workplace)
    intake.start()
    return Service(assistant, intake, workplace)
