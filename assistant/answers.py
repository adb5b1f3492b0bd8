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
class CheckedClaim:
    """What a question takes for granted or asks to be confirmed, checked against one sentence of a source.

    ``verdict`` is "supported", "partly" or "unsupported"; ``contradicted`` says that the sentence states the contrary.
    ``assumed`` is False for what is asked itself ("Benarkah ...?"). ``citation`` is the sentence that was compared,
    without a number of its own (0); None where there was nothing to compare with.
    """

    text: str
    verdict: str
    contradicted: bool = False
    assumed: bool = True
    citation: Citation | None = None

    @property
    def decides(self) -> bool:
        """Say whether what is asked is answered by the verdict: yes, or no."""
        return not self.assumed and (self.contradicted or self.verdict == "supported")


@dataclass(frozen=True)
class ShownPassage:
    """A passage as the reader sees it: the context of an answer, or the nearest passages of an abstention.

    ``n`` counts from 1, best first; ``score`` is the fused retrieval score (larger is nearer, not a probability).
    Of a nearest passage ``missing`` are the words of the question that it does not hold, and ``lacks`` what was asked
    for and is not in it ("when" for any time, "how_many" for any number; else empty).
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
    missing: tuple[str, ...] = ()
    lacks: str = ""


@dataclass(frozen=True)
class Answer:
    """The outcome of one question, complete: what was searched, what is said, and on what evidence.

    An abstention has ``abstained`` True, a ``reason``, no sentences, and its nearest passages in ``passages``.
    ``short_answer`` is an exact part of the quote of citation ``short_citation``; both are empty (0) where no short
    answer is sure. ``claim`` is what the question takes for granted, checked. ``language`` is "id" or "en", the
    language of the question. ``missing`` holds the words of the question that the sources do not hold,
    ``suggestions`` questions near to it that they answer. ``timings_ms`` maps a stage to its milliseconds, "total"
    among them.
    """

    question: str
    query: str
    mode: Mode = Mode.QUOTE
    abstained: bool = False
    reason: Reason = Reason.NONE
    short_answer: str = ""
    short_citation: int = 0
    claim: CheckedClaim | None = None
    sentences: tuple[AnswerSentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    passages: tuple[ShownPassage, ...] = ()
    language: str = "id"
    missing: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
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
