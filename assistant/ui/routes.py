"""The plain HTTP routes beside the chat: health, readiness, the reading pane, style sheet and script."""

from importlib.resources import files
from typing import Literal

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, JSONResponse, Response

from assistant.citations import cited_keys
from assistant.markup import Markup
from assistant.preparation import Answering, Preparation
from assistant.reading import passage_at, render_document, render_pane_notice, render_shelf
from assistant.wording import say
from knowledge.documents import Document, Passage
from knowledge.errors import UnknownDocument

Language = Literal["id", "en"]

_ASSETS = {"screen.css": "text/css", "screen.js": "text/javascript"}


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
    def shelf(lang: Language = "id") -> HTMLResponse:
        if preparation.assistant is None:
            return _not_prepared(preparation, lang)
        return HTMLResponse(render_shelf(preparation.assistant.library.summaries(), lang))

    @router.get("/documents/{document_id}")
    def document(
        document_id: str, start: int = Query(0, ge=0), end: int = Query(0, ge=0), lang: Language = "id"
    ) -> HTMLResponse:
        if preparation.assistant is None:
            return _not_prepared(preparation, lang)
        return _document(preparation.assistant, document_id, (start, end), lang)

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


def _document(assistant: Answering, document_id: str, span: tuple[int, int], language: Language) -> HTMLResponse:
    start, end = span
    try:
        document = assistant.library.document(document_id)
    except UnknownDocument:
        return _notice("screen.unknown_document", language, status=404)
    if not start <= end <= len(document.text):
        return _notice("screen.bad_span", language, status=400)
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
