"""The nouns of an answer: Answer, AnswerSentence, Citation, ShownPassage, and the events of a stream."""

from dataclasses import dataclass, field
from enum import StrEnum

from knowledge.documents import Reference


class Mode(StrEnum):
    """How the sentences of an answer came about."""

    QUOTE = "quote"  # exact sentences of the sources
    REPLY = "reply"  # a greeting, thanks or a word about the assistant itself: no source is claimed


class Reason(StrEnum):
    """Why an answer abstains or cannot be given; NONE for an answer that stands."""

    NONE = ""
    NOT_IN_SOURCES = "not_in_sources"
    EMPTY_INDEX = "empty_index"
    EMPTY_QUESTION = "empty_question"
    LONG_QUESTION = "long_question"


@dataclass(frozen=True)
class Citation:
    """A resolved link from an answer sentence to the span of a document.

    ``n`` is unique within the answer, from 1 in order of appearance. ``quote`` is exactly
    ``document.text[start:end]``. ``heading`` is the heading trail joined by " › ", empty at the top of
    a document. ``page`` is the printed label of the page on which the quote begins and ``sheet`` the place of that page
    in the file, from 1; None and 0 without pages. ``references`` are the works that the document cites for this span.
    """

    n: int
    document_id: str
    title: str
    heading: str
    page: str | None
    start: int
    end: int
    quote: str
    references: tuple[Reference, ...] = ()
    sheet: int = 0


@dataclass(frozen=True)
class AnswerSentence:
    """One sentence of an answer with the numbers of its citations; ``verdict`` is "quoted" for a verbatim slice."""

    text: str
    citations: tuple[int, ...] = ()
    verdict: str = "quoted"


@dataclass(frozen=True)
class ShownPassage:
    """A passage as the reader sees it: the context of an answer, or the nearest passages of an abstention.

    ``n`` counts from 1, best first; ``score`` is the fused retrieval score (larger is nearer, not a probability).
    """

    n: int
    document_id: str
    title: str
    heading: str
    page: str | None
    start: int
    end: int
    text: str
    score: float


@dataclass(frozen=True)
class Answer:
    """The outcome of one question, complete: what was searched, what is said, and on what evidence.

    An abstention has ``abstained`` True, a ``reason``, no sentences, and its nearest passages in ``passages``.
    ``language`` is "id" or "en", the language of the question. ``missing`` holds the words of the question
    that the sources do not hold. ``timings_ms`` maps a stage to its milliseconds, "total" among them.
    """

    question: str
    query: str
    mode: Mode = Mode.QUOTE
    abstained: bool = False
    reason: Reason = Reason.NONE
    short_answer: str = ""
    sentences: tuple[AnswerSentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    passages: tuple[ShownPassage, ...] = ()
    language: str = "id"
    missing: tuple[str, ...] = ()
    timings_ms: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class QueryReady:
    """Event: the standalone query that is searched; ``rewritten`` when it differs from what was typed."""

    query: str
    rewritten: bool


@dataclass(frozen=True)
class SentenceReady:
    """Event: one more sentence of the answer, with its citations."""

    sentence: AnswerSentence
    citations: tuple[Citation, ...]


Event = QueryReady | SentenceReady | Answer
