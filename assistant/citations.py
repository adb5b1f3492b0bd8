"""Citations: from chosen sentences to numbered links into their documents, resolved by code."""

from assistant.answers import AnswerSentence, Citation, ShownPassage
from assistant.sentence_scoring import ScoredSentence
from index.retrieval import RetrievedPassage
from knowledge.documents import Document, Reference, content_id
from knowledge.library import Library

_MARK_DIGITS = 8
HEADING_SEPARATOR = " › "


def cite(chosen: list[ScoredSentence], library: Library) -> list[tuple[AnswerSentence, Citation]]:
    """Return each chosen sentence as an answer sentence with its citation, numbered from 1 in order."""
    citations = [citation_of(candidate, library, n=n) for n, candidate in enumerate(chosen, 1)]
    return [(AnswerSentence(citation.quote, (citation.n,)), citation) for citation in citations]


def citation_of(candidate: ScoredSentence, library: Library, *, n: int) -> Citation:
    """Return the citation of a sentence of the context."""
    document = candidate.retrieved.document
    start, end = candidate.sentence.start, candidate.sentence.end
    page = document.page_at(start)
    return Citation(
        n=n,
        document_id=document.id,
        title=document.title,
        heading=HEADING_SEPARATOR.join(candidate.retrieved.passage.heading_path),
        page=page.label if page else None,
        sheet=page.number if page else 0,
        start=start,
        end=end,
        quote=document.text[start:end],
        references=references_behind(document, library, start=start, end=end),
    )


def quote_mark(quote: str) -> str:
    """Return a mark of the words of a quote; its link carries it, so a replaced source never shows other words."""
    return content_id(quote)[:_MARK_DIGITS]


def references_behind(document: Document, library: Library, *, start: int, end: int) -> tuple[Reference, ...]:
    """Return the works that a document cites within a span, in order; empty when it cites none there."""
    return library.references(cited_keys(document, start=start, end=end))


def cited_keys(document: Document, *, start: int, end: int) -> list[str]:
    """Return the keys of the works that a document cites within a span, in order.

    A citation marker stands before the full stop or right behind it, so the end of the span is included; one that
    opens a paragraph stands at the start of its first sentence. Between two sentences there is always a space.
    """
    return [key for mention in document.mentions if start <= mention.position <= end for key in mention.keys]


def show_passages(context: list[RetrievedPassage]) -> tuple[ShownPassage, ...]:
    """Return passages as the reader sees them, numbered from 1 in order."""
    return tuple(
        ShownPassage(
            n=n,
            document_id=retrieved.document.id,
            title=retrieved.document.title,
            heading=HEADING_SEPARATOR.join(retrieved.passage.heading_path),
            page=retrieved.passage.page,
            start=retrieved.passage.start,
            end=retrieved.passage.end,
            text=retrieved.text,
            score=round(retrieved.score, 4),
        )
        for n, retrieved in enumerate(context, 1)
    )
