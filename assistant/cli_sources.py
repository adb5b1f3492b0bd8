"""The commands `tanya sources ...`."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from assistant.cli_context import Json, open_given, output, update
from assistant.serialisation import document_json, problems_json
from assistant.terminal import print_problems, print_sources
from assistant.wording import explain, say
from knowledge.collection_checks import check_collection
from knowledge.errors import KnowledgeError
from knowledge.sources import add_source, files_to_add, study_text_folder

sources_app = typer.Typer(help="Sumber: tambah, daftar, tampilkan, hapus, periksa.", no_args_is_help=True)


@sources_app.command("add")
def sources_add(
    context: typer.Context,
    paths: Annotated[list[Path], typer.Argument(help="Berkas atau folder (.md, .txt).")],
    as_json: Json = False,
) -> None:
    """Tambahkan berkas ke pustaka dan indekskan."""
    workplace = open_given(context)
    workplace.refuse_mismatch()
    added, failed = [], []
    for path in files_to_add(paths):
        try:
            added.append(add_source(workplace.library, path, workplace.settings.chunking))
        except KnowledgeError as error:
            failed.append(error)
            typer.echo(explain(error), err=True)
    update(workplace)
    records = [
        {"id": one.document.id, "title": one.document.title, "origin": one.document.origin, "status": one.status}
        for one in added
    ]
    lines = [say(f"cli.source_{one.status}", title=one.document.title, id=one.document.id) for one in added]
    output(records, as_json, lambda: typer.echo("\n".join(lines or [say("cli.nothing_added")])))
    if failed or not added:
        raise typer.Exit(1)


@sources_app.command("list")
def sources_list(context: typer.Context, as_json: Json = False) -> None:
    """Daftar semua sumber."""
    workplace = open_given(context)
    workplace.sync()
    summaries = workplace.library.summaries()
    output([asdict(summary) for summary in summaries], as_json, lambda: print_sources(summaries))


@sources_app.command("show")
def sources_show(
    context: typer.Context, name: Annotated[str, typer.Argument(metavar="ID")], as_json: Json = False
) -> None:
    """Tampilkan satu sumber dan teksnya."""
    workplace = open_given(context)
    workplace.sync()
    document = workplace.library.find(name)
    output(document_json(document), as_json, lambda: typer.echo(f"{document.title}\n\n{document.text}"))


@sources_app.command("remove")
def sources_remove(
    context: typer.Context, name: Annotated[str, typer.Argument(metavar="ID")], as_json: Json = False
) -> None:
    """Hapus satu sumber milik sendiri dari pustaka."""
    workplace = open_given(context)
    document = workplace.library.find(name)
    if document.is_study_text:
        typer.echo(say("cli.study_text_stays", title=document.title), err=True)
        raise typer.Exit(1)
    workplace.library.remove(document.id)
    update(workplace)
    record = {"id": document.id, "title": document.title, "status": "removed"}
    output(record, as_json, lambda: typer.echo(say("cli.source_removed", title=document.title, id=document.id)))


@sources_app.command("check")
def sources_check(
    folder: Annotated[Path | None, typer.Argument(help="Folder teks studi; bawaan bila tidak disebut.")] = None,
    as_json: Json = False,
) -> None:
    """Periksa koleksi teks studi; keluar dengan 1 bila ada yang harus dibenahi."""
    problems = check_collection(folder or study_text_folder())
    output(problems_json(problems), as_json, lambda: print_problems(problems))
    raise typer.Exit(1 if problems else 0)
