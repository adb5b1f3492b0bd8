"""The commands `tanya users ...`: who may log in where TANYA_LOGIN is on."""

from typing import Annotated

import typer

from assistant.cli_context import Json, output
from assistant.logins import BadLogin, Logins
from assistant.settings import load_settings
from assistant.wording import say

users_app = typer.Typer(help="Pengguna: tambah, daftar, hapus (dengan TANYA_LOGIN=true).", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="NAMA")]


@users_app.command("add")
def users_add(
    name: Name,
    password: Annotated[str, typer.Option(prompt="Kata sandi", hide_input=True, confirmation_prompt="Ulangi")],
) -> None:
    """Izinkan seseorang masuk, atau ganti kata sandinya."""
    try:
        Logins(load_settings().logins_path).put(name, password)
    except BadLogin as error:
        typer.echo(say(f"users.bad_{error}"), err=True)
        raise typer.Exit(1) from error
    typer.echo(say("users.added", name=name))


@users_app.command("list")
def users_list(as_json: Json = False) -> None:
    """Daftar siapa yang boleh masuk."""
    names = Logins(load_settings().logins_path).names()
    output(list(names), as_json, lambda: typer.echo("\n".join(names) or say("users.none")))


@users_app.command("remove")
def users_remove(name: Name) -> None:
    """Jangan izinkan seseorang masuk lagi; sumbernya tetap ada."""
    if not Logins(load_settings().logins_path).remove(name):
        typer.echo(say("users.unknown", name=name), err=True)
        raise typer.Exit(1)
    typer.echo(say("users.removed", name=name))
