"""The application: health routes, the reading pane's route and the screen, in one FastAPI app."""

from functools import partial

import uvicorn
from fastapi import FastAPI

from assistant.logins import Logins
from assistant.preparation import Answering, Preparation, Progress
from assistant.settings import Settings, load_settings
from assistant.ui.asking import Desk
from assistant.ui.identity import Identity
from assistant.ui.intake_routes import make_intake_routes
from assistant.ui.routes import make_routes
from assistant.ui.screen import mount_screen
from assistant.ui.security import SecurityHeaders
from assistant.ui.source_routes import make_source_routes


def create_app(settings: Settings, preparation: Preparation | None = None) -> FastAPI:
    """Return the whole application.

    Without a ``preparation`` one is made from the settings and started, so the port answers while models load.
    A given one belongs to the caller, who starts it.
    """
    if preparation is None:
        preparation = prepare(settings)
    # FastAPI's own documentation pages load from another origin.
    app = FastAPI(title="Tanya Diplomasi", docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(Identity, logins=Logins(settings.logins_path) if settings.login else None)
    app.include_router(make_routes(preparation))
    app.include_router(make_intake_routes(preparation, settings.sources))
    app.include_router(make_source_routes(preparation, settings.sources))
    return mount_screen(app, Desk(preparation), settings.language)


def prepare(settings: Settings, watch: Progress | None = None) -> Preparation:
    """Start opening the assistant in the background; ``watch`` is told every step, and last that it is "ready"."""
    preparation = Preparation(partial(_open, settings), watch)
    preparation.start()
    return preparation


def _open(settings: Settings, progress: Progress) -> Answering:
    # Imported in the preparation's own thread: reading models take seconds to import, and the port must not wait.
    from assistant.service import open_service

    return open_service(settings, progress)


def serve(settings: Settings, watch: Progress | None = None) -> None:
    """Serve the application at the configured address until it is interrupted; for ``watch`` see `prepare`."""
    uvicorn.run(
        create_app(settings, prepare(settings, watch)), host=settings.host, port=settings.port, log_level="warning"
    )


def main() -> None:
    """Serve with the settings of the environment and the settings file."""
    serve(load_settings())


if __name__ == "__main__":
    main()
