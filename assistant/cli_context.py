"""What the commands share: opening the workplace, bringing it up to date, and printing a result."""

import json
from collections.abc import Callable
from typing import Annotated

import typer

from assistant.opening import Workplace
from assistant.settings import Settings, load_settings
from assistant.terminal import terminal_progress
from index.building import BuildReport

Json = Annotated[bool, typer.Option("--json", help="Cetak JSON.")]
Opener = Callable[[Settings], Workplace]


def open_given(context: typer.Context) -> Workplace:
    """Open the workplace with the opener given to `main`; it is closed when the command ends."""
    opener: Opener = context.obj
    workplace = opener(load_settings())
    context.call_on_close(workplace.close)
    return workplace


def update(workplace: Workplace, *, rebuild: bool = False, accept_mismatch: bool = False) -> BuildReport:
    """Bring the library and the index up to date, with progress on standard error."""
    with terminal_progress() as progress:
        _, built = workplace.update(rebuild=rebuild, accept_mismatch=accept_mismatch, progress=progress)
    return built


def up_to_date(context: typer.Context) -> Workplace:
    """Open the workplace and bring it up to date."""
    workplace = open_given(context)
    update(workplace)
    return workplace


def output(value: object, as_json: bool, show: Callable[[], None]) -> None:
    """Print a result for a program or for a person."""
    if as_json:
        typer.echo(json.dumps(value, ensure_ascii=False, indent=2))
    else:
        show()
