"""The plain HTTP routes beside the chat: health, readiness, the reading pane, style sheet and script."""

from importlib.resources import files
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from pydantic import BaseModel, Field

from assistant.citations import cited_keys, quote_mark
from assistant.markup import Markup
from assistant.preparation import Answering, Preparation
from assistant.reading import passage_at, render_document, render_pane_notice
from assistant.shelf import render_shelf
from assistant.ui.identity import person_of
from assistant.wording import say
from knowledge.documents import Document, Passage
from knowledge.errors import UnknownDocument
from knowledge.library import Library

Language = Literal["id", "en"]


class Place(BaseModel):
    """A span of a document; ``check`` is the mark of the words that a link means (`citations.quote_mark`), or empty."""

    start: int = Field(0, ge=0)
    end: int = Field(0, ge=0)
    check: str = ""


_ASSETS = {"screen.css": "text/css", "screen.js": "text/javascript", "library.js": "text/javascript"}


def make_routes(preparation: Preparation) -> APIRouter:
    """Return the routes; those that read documents answer 503 until the preparation is done."""
    router = APIRouter()

    @router.get("/healthz")
    def health() -> dict[str, str]:
        return {"status": "ok"}

    @router.get("/readyz")
    def readiness() -> JSONResponse:
        return _readiness(preparation)

    @router.get("/documents")
    def shelf(request: Request, lang: Language = "id") -> HTMLResponse:
        if preparation.assistant is None:
            return _not_prepared(preparation, lang)
        intake, person = preparation.assistant.intake, person_of(request.scope)
        most = intake.workplace.settings.sources.most_megabytes if intake else None
        summaries = preparation.assistant.library.summaries(person)
        return HTMLResponse(render_shelf(summaries, lang, person=person, most_megabytes=most))

    @router.get("/documents/{document_id}")
    def document(
        request: Request, document_id: str, place: Annotated[Place, Query()], lang: Language = "id"
    ) -> HTMLResponse:
        if preparation.assistant is None:
            return _not_prepared(preparation, lang)
        if not _may_read(preparation.assistant.library, document_id, person_of(request.scope)):
            return _notice("screen.unknown_document", lang, status=404)
        return _document(preparation.assistant, document_id, place, lang)

    @router.get("/screen/{name}")
    def asset(name: str) -> Response:
        return _asset(name)

    return router


def _readiness(preparation: Preparation) -> JSONResponse:
    if preparation.error is not None:
        return JSONResponse({"status": "failed", "reason": str(preparation.error)}, status_code=500)
    if preparation.assistant is None:
        stage, done, total = preparation.progress
        return JSONResponse({"status": "preparing", "stage": stage, "done": done, "total": total}, status_code=503)
    return JSONResponse({"status": "ready"})


def _may_read(library: Library, document_id: str, person: str) -> bool:
    try:
        return library.holding(document_id).owner in ("", person)
    except UnknownDocument:
        return False


def _document(assistant: Answering, document_id: str, place: Place, language: Language) -> HTMLResponse:
    span = start, end = place.start, place.end
    try:
        document = assistant.library.document(document_id)
    except UnknownDocument:
        return _notice("screen.unknown_document", language, status=404)
    if not start <= end <= len(document.text):
        return _notice("screen.bad_span", language, status=400)
    if place.check and place.check != quote_mark(document.text[start:end]):
        return _notice("screen.quote_changed", language, status=410)
    passages = assistant.library.passages(document.id)
    passage = passage_at(passages, start) if end > start else None
    references = assistant.library.references(_keys(document, passage, span))
    return HTMLResponse(
        render_document(document, start, end, passages=passages, references=references, language=language)
    )


def _keys(document: Document, passage: Passage | None, span: tuple[int, int]) -> list[str]:
    """Return the citation keys of a span, then those of the rest of its passage, each in order."""
    if passage is None:
        return []
    return [
        *cited_keys(document, start=span[0], end=span[1]),
        *cited_keys(document, start=passage.start, end=passage.end),
    ]


def _not_prepared(preparation: Preparation, language: Language) -> HTMLResponse:
    if preparation.error is not None:
        return _notice("screen.not_prepared", language, status=500)
    return _notice("screen.still_preparing", language, status=503)


def _notice(key: str, language: Language, *, status: int) -> HTMLResponse:
    fragment: Markup = render_pane_notice(say(key, language), language)
    return HTMLResponse(fragment, status_code=status)


def _asset(name: str) -> Response:
    if name not in _ASSETS:
        return Response(status_code=404)
    content = files("assistant.ui").joinpath("static", name).read_text(encoding="utf-8")
    # The browser asks again each time, so a new version of the product is never shown with an old style.
    return Response(content, media_type=_ASSETS[name], headers={"Cache-Control": "no-cache"})
