"""The HTTP routes by which people hand in sources and watch what becomes of them."""

import logging
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Header, HTTPException, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from pydantic import BaseModel, StringConstraints

from assistant.intake import Intake
from assistant.intake_lines import render_progress
from assistant.preparation import Preparation
from assistant.ui.identity import person_of
from assistant.wording import explain
from knowledge.errors import SourceError
from knowledge.loaders import SourceLimits
from knowledge.sources import refuse_too_large
from knowledge.waiting_list import WaitingItem

logger = logging.getLogger(__name__)

Language = Literal["id", "en"]


class Address(BaseModel):
    """A web address that is to be fetched."""

    url: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


def from_our_page(x_tanya: Annotated[str, Header()] = "") -> None:
    """Refuse what another site's page sends: without our permission it cannot set this header."""
    if not x_tanya:
        raise HTTPException(403)


def make_intake_routes(preparation: Preparation, limits: SourceLimits) -> APIRouter:
    """Return the routes; all answer 503 until the preparation is done, and 404 for what is not the person's."""
    router = APIRouter()
    changing = [Depends(from_our_page)]

    @router.get("/library/progress")
    def progress(request: Request, lang: Language = "id") -> HTMLResponse:
        return HTMLResponse(render_progress(intake_of(preparation).board.of(person_of(request.scope)), lang))

    @router.post("/library/files", dependencies=changing)
    async def hand_in(request: Request, name: str, lang: Language = "id") -> JSONResponse:
        return await _hand_in(intake_of(preparation), request, name, limits, lang)

    @router.post("/library/addresses", dependencies=changing)
    def hand_in_address(request: Request, address: Address) -> JSONResponse:
        item = intake_of(preparation).submit_address(address.url, person_of(request.scope))
        return JSONResponse({"id": item.id}, status_code=202)

    @router.post("/library/items/{item_id}/cancel", dependencies=changing)
    def cancel(request: Request, item_id: str) -> Response:
        intake_of(preparation).cancel(item_id, person_of(request.scope))
        return Response(status_code=204)

    @router.post("/library/items/{item_id}/choose", dependencies=changing)
    def choose(request: Request, item_id: str, choice: Literal["keep", "replace", "skip", "ocr"]) -> Response:
        intake_of(preparation).choose(item_id, person_of(request.scope), choice)
        return Response(status_code=204)

    @router.post("/library/dismiss", dependencies=changing)
    def dismiss(request: Request) -> Response:
        intake_of(preparation).board.dismiss(person_of(request.scope))
        return Response(status_code=204)

    return router


def intake_of(preparation: Preparation) -> Intake:
    """Return the intake; answers 503 while there is none."""
    intake = preparation.assistant.intake if preparation.assistant is not None else None
    if intake is None:
        raise HTTPException(503)
    return intake


async def _hand_in(intake: Intake, request: Request, name: str, limits: SourceLimits, language: str) -> JSONResponse:
    """Write the body of a request to disk as it comes, so that no upload stands in memory, and queue it."""
    try:
        declared = int(request.headers.get("content-length") or 0)
        item = intake.open_upload(name, declared, person_of(request.scope))
        await _write(intake, request, item, limits)
    except SourceError as error:
        return JSONResponse({"message": explain(error, language)}, status_code=422)
    intake.submit(item)
    return JSONResponse({"id": item.id}, status_code=202)


async def _write(intake: Intake, request: Request, item: WaitingItem, limits: SourceLimits) -> None:
    """Write the body of a request to the path of an item; whatever stops it, nothing of a half is left."""
    written, whole = 0, False
    try:
        with open(item.path, "wb") as file:
            async for piece in request.stream():
                written += len(piece)
                refuse_too_large(item.name, written, limits)
                file.write(piece)
        whole = True
    finally:
        if not whole:
            intake.abandon(item)
