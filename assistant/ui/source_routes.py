"""The HTTP routes of the sources of a person: editing, removing, downloading, and pages as pictures."""

import base64
import logging
from collections.abc import Callable
from typing import Literal

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import FileResponse, JSONResponse, Response

from assistant.intake import Intake
from assistant.preparation import Preparation
from assistant.reading import quote_on_sheet
from assistant.ui.identity import person_of
from assistant.ui.intake_routes import from_our_page, intake_of
from assistant.wording import say, shown_origin
from knowledge.errors import SourceError, UnknownDocument
from knowledge.loaders import SourceLimits
from knowledge.loading_process import Viewing
from knowledge.rows import DocumentSummary

logger = logging.getLogger(__name__)

Language = Literal["id", "en"]


def make_source_routes(preparation: Preparation, limits: SourceLimits) -> APIRouter:
    """Return the routes; all answer 503 until the preparation is done, and 404 for what is not the person's."""
    router = APIRouter()
    changing = [Depends(from_our_page)]
    viewing = Viewing(limits)

    @router.post("/documents/{document_id}/record", dependencies=changing)
    def edit(request: Request, document_id: str, edits: dict[str, str], lang: Language = "id") -> Response:
        workplace, person = intake_of(preparation).workplace, person_of(request.scope)
        return _changed(lambda: workplace.edit_source(document_id, person, edits), lang)

    @router.post("/documents/{document_id}/remove", dependencies=changing)
    def remove(request: Request, document_id: str, lang: Language = "id") -> Response:
        workplace, person = intake_of(preparation).workplace, person_of(request.scope)
        return _changed(lambda: workplace.remove_source(document_id, person), lang)

    @router.get("/documents/{document_id}/original")
    def original(request: Request, document_id: str) -> Response:
        return _original(intake_of(preparation), document_id, person_of(request.scope))

    @router.get("/documents/{document_id}/pages/{sheet}")
    def page(request: Request, document_id: str, sheet: int, start: int = 0, end: int = 0) -> Response:
        return _page(intake_of(preparation), viewing, document_id, (sheet, start, end), person_of(request.scope))

    return router


def _changed(change: Callable[[], object], language: str) -> Response:
    try:
        change()
    except UnknownDocument:
        return JSONResponse({"message": say("screen.unknown_document", language)}, status_code=404)
    return Response(status_code=204)


def _original(intake: Intake, document_id: str, person: str) -> Response:
    summary = next((each for each in intake.workplace.library.summaries(person) if each.id == document_id), None)
    if summary is None or not summary.holding.file:
        raise HTTPException(404)
    path = intake.workplace.originals.path(summary.holding.file, summary.holding.suffix)
    if not path.is_file():
        raise HTTPException(404)
    # Never shown by the browser as a page of ours: a saved web page may hold scripts.
    return FileResponse(path, media_type="application/octet-stream", filename=_file_name(summary))


def _page(intake: Intake, viewing: Viewing, document_id: str, place: tuple[int, int, int], person: str) -> Response:
    """Return a page of a PDF as JSON: "png" in base64, and "boxes" of the span in fractions of width and height."""
    library, (sheet, start, end) = intake.workplace.library, place
    if document_id not in {each.id for each in library.summaries(person)}:
        raise HTTPException(404)
    document, holding = library.document(document_id), library.holding(document_id)
    path = intake.workplace.originals.path(holding.file, holding.suffix)
    if holding.suffix != ".pdf" or not path.is_file() or not any(page.number == sheet for page in document.pages):
        raise HTTPException(404)
    text, occurrence = quote_on_sheet(document, sheet, start, end)
    try:
        image = viewing.render_page(path, sheet, text, occurrence=occurrence)
    except SourceError as error:
        logger.warning("%s", error)
        raise HTTPException(404) from error
    boxes = [[box.left, box.top, box.width, box.height] for box in image.boxes]
    return JSONResponse({"png": base64.b64encode(image.png).decode(), "boxes": boxes})


def _file_name(summary: DocumentSummary) -> str:
    """Return the name under which an original is downloaded: its own, or the title for a web page."""
    place = shown_origin(summary.origin)
    name = summary.title if summary.origin.startswith("web:") else place.replace("\\", "/").rpartition("/")[2]
    return name if name.lower().endswith(summary.holding.suffix) else f"{name}{summary.holding.suffix}"
