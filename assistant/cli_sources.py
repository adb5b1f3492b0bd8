"""The commands `tanya sources ...`."""

from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from assistant.adding import Added, add_all
from assistant.cli_context import Json, open_given, output, update
from assistant.serialisation import added_json, document_json, problems_json
from assistant.terminal import FileLines, print_added, print_problems, print_sources
from assistant.wording import explain, say
from knowledge.collection_checks import check_collection
from knowledge.documents import Document
from knowledge.sources import EDITABLE
from knowledge.study_texts import study_text_folder

sources_app = typer.Typer(help="Sumber: tambah, daftar, tampilkan, ubah, hapus, periksa.", no_args_is_help=True)

_SUCCESSES = frozenset(("added", "changed", "unchanged"))


class Similar(StrEnum):
    """What happens to another version of a text that is there already."""

    ASK = "ask"
    KEEP = "keep"
    REPLACE = "replace"
    SKIP = "skip"


@sources_app.command("add")
def sources_add(
    context: typer.Context,
    places: Annotated[list[str], typer.Argument(metavar="BERKAS|FOLDER|ALAMAT...", help="Apa yang ditambahkan.")],
    similar: Annotated[
        Similar, typer.Option(help="Bila teks serupa sudah ada: tanyakan, simpan keduanya, ganti, atau lewati.")
    ] = Similar.ASK,
    as_json: Json = False,
) -> None:
    """Tambahkan berkas, folder, arsip ZIP, atau alamat web ke pustaka dan indekskan."""
    workplace = open_given(context)
    workplace.refuse_mismatch()
    with FileLines() as lines:
        found = list(add_all(workplace, places, choose=lambda added: _choice(similar, added, lines), tell=lines))
    if not workplace.is_in_step():
        update(workplace)
    output([added_json(one) for one in found], as_json, lambda: print_added(found))
    for one in found:
        if one.outcome.error is not None:
            typer.echo(explain(one.outcome.error), err=True)
    if not found or any(one.outcome.status not in _SUCCESSES for one in found):
        raise typer.Exit(1)


def _choice(similar: Similar, added: Added, lines: FileLines) -> str:
    """Return what to do with another version of a text; in a script nobody can be asked, so it is left out and said."""
    return similar.value if similar is not Similar.ASK else lines.ask(added) or Similar.SKIP.value


@sources_app.command("edit")
def sources_edit(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="ID")],
    fields: Annotated[
        list[str],
        typer.Argument(metavar="KOLOM=ISI...", help=f"Kolom: {', '.join(EDITABLE)}; pengarang dipisah titik koma."),
    ],
    as_json: Json = False,
) -> None:
    """Ubah catatan bibliografi satu sumber milik sendiri; teksnya tidak berubah."""
    workplace = open_given(context)
    document = workplace.library.find(name)
    _refuse_study_text(document)
    edits = dict(field.split("=", 1) for field in fields if "=" in field)
    unknown = [field for field in fields if field.partition("=")[0] not in EDITABLE or "=" not in field]
    if unknown:
        raise typer.BadParameter(say("cli.unknown_field", fields=", ".join(unknown), known=", ".join(EDITABLE)))
    edited = workplace.edit_source(document.id, workplace.library.holding(document.id).owner, edits)
    words = say("cli.source_changed", title=edited.title, id=edited.id)
    output(document_json(edited), as_json, lambda: typer.echo(words))


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
    _refuse_study_text(document)
    workplace.remove_source(document.id, workplace.library.holding(document.id).owner)
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


def _refuse_study_text(document: Document) -> None:
    if document.is_study_text:
        typer.echo(say("cli.study_text_stays", title=document.title), err=True)
        raise typer.Exit(1)
