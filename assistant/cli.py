"""The command `tanya`. Results on standard output, diagnostics on standard error; exit 0, 1 failed, 2 usage."""

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from assistant.conversation import Conversation
from assistant.evaluation import BadQuestionFile, evaluate, load_questions, report
from assistant.opening import Workplace, open_workplace
from assistant.serialisation import answer_json, document_json
from assistant.settings import Settings, SettingsError, load_settings
from assistant.terminal import (
    ServingLines,
    TerminalProgress,
    print_answer,
    print_figures,
    print_passages,
    print_sources,
)
from assistant.wording import explain, say
from index.building import BuildReport
from index.errors import IndexingError
from index.manifest import digest_of, read_manifest
from knowledge.errors import KnowledgeError
from knowledge.sources import add_source, files_to_add

app = typer.Typer(
    name="tanya",
    help="Tanya Diplomasi: jawaban bersumber tentang diplomasi keamanan Indonesia.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
sources_app = typer.Typer(help="Sumber: tambah, daftar, tampilkan, hapus.", no_args_is_help=True)
index_app = typer.Typer(help="Indeks: bangun, status, periksa.", no_args_is_help=True)
app.add_typer(sources_app, name="sources")
app.add_typer(index_app, name="index")

Json = Annotated[bool, typer.Option("--json", help="Cetak JSON.")]
Opener = Callable[[Settings], Workplace]


def _open(context: typer.Context) -> Workplace:
    """Open the workplace with the opener given to `main`; it is closed when the command ends."""
    opener: Opener = context.obj
    workplace = opener(load_settings())
    context.call_on_close(workplace.close)
    return workplace


def _update(workplace: Workplace, *, rebuild: bool = False, accept_mismatch: bool = False) -> BuildReport:
    with TerminalProgress() as progress:
        _, built = workplace.update(rebuild=rebuild, accept_mismatch=accept_mismatch, progress=progress)
    return built


def _up_to_date(context: typer.Context) -> Workplace:
    workplace = _open(context)
    _update(workplace)
    return workplace


def _output(value: object, as_json: bool, show: Callable[[], None]) -> None:
    """Print a result for a program or for a person."""
    if as_json:
        typer.echo(json.dumps(value, ensure_ascii=False, indent=2))
    else:
        show()


def main(arguments: list[str] | None = None, *, opener: Opener = open_workplace) -> None:
    """Run the command line; what a person can mend is said in a sentence, without a traceback.

    ``arguments`` default to those of the process; ``opener`` opens the workplace of the configured home.
    """
    try:
        app(arguments, obj=opener)
    except (SettingsError, KnowledgeError, IndexingError, BadQuestionFile) as error:
        typer.echo(explain(error), err=True)
        sys.exit(1)


@app.command()
def run(
    host: Annotated[str | None, typer.Option(help="Alamat yang didengarkan.")] = None,
    port: Annotated[int | None, typer.Option(help="Porta.")] = None,
) -> None:
    """Jalankan obrolan di peramban."""
    from app import serve  # Gradio takes seconds to import: only for the screen

    settings = load_settings(host=host, port=port)
    address = f"http://{settings.host}:{settings.port}"
    typer.echo(say("cli.serving", address=address), err=True)
    serve(settings, ServingLines(address))


@app.command()
def ask(
    context: typer.Context,
    question: Annotated[str, typer.Argument(help="Pertanyaan.")],
    after: Annotated[list[str] | None, typer.Option(help="Pertanyaan sebelumnya, boleh berulang.")] = None,
    as_json: Json = False,
) -> None:
    """Jawab satu pertanyaan dengan kutipan."""
    assistant = _up_to_date(context).assistant()
    conversation = Conversation()
    for earlier in after or []:
        conversation = conversation.with_turn(earlier, assistant.answer(earlier, conversation))
    answer = assistant.answer(question, conversation)
    _output(answer_json(answer), as_json, lambda: print_answer(answer))


@app.command()
def search(
    context: typer.Context,
    words: Annotated[str, typer.Argument(help="Kata yang dicari.")],
    k: Annotated[int, typer.Option("-k", min=1, max=100, help="Jumlah bagian.")] = 10,
    as_json: Json = False,
) -> None:
    """Cari bagian yang paling dekat."""
    passages = _up_to_date(context).assistant().search(words, k)
    _output([asdict(passage) for passage in passages], as_json, lambda: print_passages(passages))


@app.command(name="evaluate")
def evaluate_command(
    context: typer.Context, questions: Annotated[Path, typer.Argument(help="Berkas JSON Lines.")], as_json: Json = False
) -> None:
    """Ukur ketepatan jawaban atas satu berkas pertanyaan."""
    loaded = load_questions(questions)
    assistant = _up_to_date(context).assistant()
    assistant.answer(loaded[0].question)  # warms the model: figures are of a running assistant
    with TerminalProgress() as progress:
        rows = evaluate(assistant, loaded, progress=lambda done: progress("questions", done, len(loaded)))
    result = report(rows)
    _output(result, as_json, lambda: print_figures(result))


@sources_app.command("add")
def sources_add(
    context: typer.Context,
    paths: Annotated[list[Path], typer.Argument(help="Berkas atau folder (.md, .txt).")],
    as_json: Json = False,
) -> None:
    """Tambahkan berkas ke pustaka dan indekskan."""
    workplace = _open(context)
    added, failed = [], []
    for path in files_to_add(paths):
        try:
            added.append(add_source(workplace.library, path, workplace.settings.chunking))
        except KnowledgeError as error:
            failed.append(error)
            typer.echo(explain(error), err=True)
    _update(workplace)
    records = [
        {"id": one.document.id, "title": one.document.title, "origin": one.document.origin, "status": one.status}
        for one in added
    ]
    lines = [say(f"cli.source_{one.status}", title=one.document.title, id=one.document.id) for one in added]
    _output(records, as_json, lambda: typer.echo("\n".join(lines or [say("cli.nothing_added")])))
    if failed or not added:
        raise typer.Exit(1)


@sources_app.command("list")
def sources_list(context: typer.Context, as_json: Json = False) -> None:
    """Daftar semua sumber."""
    workplace = _open(context)
    workplace.sync()
    summaries = workplace.library.summaries()
    _output([asdict(summary) for summary in summaries], as_json, lambda: print_sources(summaries))


@sources_app.command("show")
def sources_show(
    context: typer.Context, name: Annotated[str, typer.Argument(metavar="ID")], as_json: Json = False
) -> None:
    """Tampilkan satu sumber dan teksnya."""
    workplace = _open(context)
    workplace.sync()
    document = workplace.library.find(name)
    _output(document_json(document), as_json, lambda: typer.echo(f"{document.title}\n\n{document.text}"))


@sources_app.command("remove")
def sources_remove(
    context: typer.Context, name: Annotated[str, typer.Argument(metavar="ID")], as_json: Json = False
) -> None:
    """Hapus satu sumber milik sendiri dari pustaka."""
    workplace = _open(context)
    document = workplace.library.find(name)
    if document.is_study_text:
        typer.echo(say("cli.study_text_stays", title=document.title), err=True)
        raise typer.Exit(1)
    workplace.library.remove(document.id)
    _update(workplace)
    record = {"id": document.id, "title": document.title, "status": "removed"}
    _output(record, as_json, lambda: typer.echo(say("cli.source_removed", title=document.title, id=document.id)))


@index_app.command("build")
def index_build(
    context: typer.Context,
    fresh: Annotated[bool, typer.Option("--fresh", help="Bangun ulang dari awal.")] = False,
    as_json: Json = False,
) -> None:
    """Bangun atau perbarui indeks; model yang diganti diterima di sini."""
    built = _update(_open(context), rebuild=fresh, accept_mismatch=True)
    _output(asdict(built), as_json, lambda: typer.echo(say("cli.built", **asdict(built))))


@index_app.command("status")
def index_status(context: typer.Context, as_json: Json = False) -> None:
    """Tampilkan dengan apa indeks dibangun dan apakah mutakhir."""
    workplace = _open(context)
    manifest = read_manifest(workplace.folder.root)
    ids = workplace.library.passage_ids()
    status: dict[str, Any] = asdict(manifest) if manifest else {}
    status["up_to_date"] = manifest is not None and manifest.passages_digest == digest_of(ids)
    text = "\n".join(f"{key}: {value}" for key, value in status.items())
    _output(status, as_json, lambda: typer.echo(text))


@index_app.command("verify")
def index_verify(context: typer.Context, as_json: Json = False) -> None:
    """Periksa indeks terhadap pustaka; keluar dengan 1 bila tidak cocok."""
    workplace = _open(context)
    problems = workplace.problems()
    words = [say(f"problem.{problem}") for problem in problems]
    _output({"problems": problems}, as_json, lambda: typer.echo("\n".join(words) or say("cli.index_sound")))
    if problems:
        raise typer.Exit(1)
