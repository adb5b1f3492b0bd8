"""The command `tanya`. Results on standard output, diagnostics on standard error; exit 0, 1 failed, 2 usage."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from assistant.address import AddressUnavailable, check_address
from assistant.cli_context import Json, Opener, open_given, output, up_to_date, update
from assistant.cli_sources import sources_app
from assistant.cli_users import users_app
from assistant.conversation import Conversation
from assistant.evaluation import BadQuestionFile, evaluate, load_questions, report
from assistant.opening import open_workplace
from assistant.serialisation import answer_json, passage_json
from assistant.settings import SettingsError, load_settings
from assistant.terminal import ServingLines, print_answer, print_figures, print_passages, terminal_progress
from assistant.wording import explain, say
from index.errors import IndexingError
from index.manifest import digest_of, read_manifest
from knowledge.errors import KnowledgeError

app = typer.Typer(
    name="tanya",
    help="Tanya Diplomasi: jawaban bersumber tentang diplomasi keamanan Indonesia.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
index_app = typer.Typer(help="Indeks: bangun, status, periksa.", no_args_is_help=True)
app.add_typer(sources_app, name="sources")
app.add_typer(index_app, name="index")
app.add_typer(users_app, name="users")


def main(arguments: list[str] | None = None, *, opener: Opener = open_workplace) -> None:
    """Run the command line; what a person can mend is said in a sentence, without a traceback.

    ``arguments`` default to those of the process; ``opener`` opens the workplace of the configured home.
    """
    try:
        app(arguments, obj=opener)
    except OSError as error:  # a folder that cannot be written, a full disk
        typer.echo(say("error.system", reason=error.strerror or str(error), path=error.filename or ""), err=True)
        sys.exit(1)
    except (SettingsError, KnowledgeError, IndexingError, BadQuestionFile, AddressUnavailable) as error:
        typer.echo(explain(error), err=True)
        sys.exit(1)


@app.command()
def run(
    host: Annotated[str | None, typer.Option(help="Alamat yang didengarkan.")] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Porta.")] = None,
) -> None:
    """Jalankan obrolan di peramban."""
    from app import serve  # Gradio takes seconds to import: only for the screen

    settings = load_settings(host=host, port=port)
    check_address(settings.host, settings.port)
    address = f"http://{settings.host}:{settings.port}"
    typer.echo(say("cli.serving", address=address), err=True)
    serve(settings, ServingLines(address))


@app.command()
def ask(
    context: typer.Context,
    question: Annotated[str, typer.Argument(help="Pertanyaan.")],
    after: Annotated[list[str] | None, typer.Option(help="Pertanyaan sebelumnya, boleh berulang.")] = None,
    within: Annotated[list[str] | None, typer.Option(help="Hanya dalam sumber ini (ID), boleh berulang.")] = None,
    as_json: Json = False,
) -> None:
    """Jawab satu pertanyaan dengan kutipan."""
    workplace = up_to_date(context)
    chosen = [workplace.library.find(name).id for name in within] if within else None
    assistant = workplace.assistant()
    conversation = Conversation()
    for earlier in after or []:
        conversation = conversation.with_turn(earlier, assistant.answer(earlier, conversation, chosen))
    answer = assistant.answer(question, conversation, chosen)
    output(answer_json(answer), as_json, lambda: print_answer(answer))


@app.command()
def search(
    context: typer.Context,
    words: Annotated[str, typer.Argument(help="Kata yang dicari.")],
    k: Annotated[int, typer.Option("-k", min=1, max=100, help="Jumlah bagian.")] = 10,
    as_json: Json = False,
) -> None:
    """Cari bagian yang paling dekat."""
    passages = up_to_date(context).assistant().search(words, k)
    output([passage_json(passage) for passage in passages], as_json, lambda: print_passages(passages))


@app.command(name="evaluate")
def evaluate_command(
    context: typer.Context, questions: Annotated[Path, typer.Argument(help="Berkas JSON Lines.")], as_json: Json = False
) -> None:
    """Ukur ketepatan jawaban atas satu berkas pertanyaan."""
    loaded = load_questions(questions)
    assistant = up_to_date(context).assistant()
    assistant.answer(loaded[0].question)  # warms the model: figures are of a running assistant
    with terminal_progress() as progress:
        rows = evaluate(assistant, loaded, progress=lambda done: progress("questions", done, len(loaded)))
    result = report(rows)
    output(result, as_json, lambda: print_figures(result))


@index_app.command("build")
def index_build(
    context: typer.Context,
    fresh: Annotated[bool, typer.Option("--fresh", help="Bangun ulang dari awal.")] = False,
    as_json: Json = False,
) -> None:
    """Bangun atau perbarui indeks; model yang diganti diterima di sini."""
    built = update(open_given(context), rebuild=fresh, accept_mismatch=True)
    output(asdict(built), as_json, lambda: typer.echo(say("cli.built", **asdict(built))))


@index_app.command("status")
def index_status(context: typer.Context, as_json: Json = False) -> None:
    """Tampilkan dengan apa indeks dibangun dan apakah mutakhir."""
    workplace = open_given(context)
    manifest = read_manifest(workplace.folder.root)
    ids = workplace.library.passage_ids()
    status: dict[str, Any] = asdict(manifest) if manifest else {}
    status["up_to_date"] = manifest is not None and manifest.passages_digest == digest_of(ids)
    text = "\n".join(f"{key}: {value}" for key, value in status.items())
    output(status, as_json, lambda: typer.echo(text))


@index_app.command("verify")
def index_verify(context: typer.Context, as_json: Json = False) -> None:
    """Periksa indeks terhadap pustaka; keluar dengan 1 bila tidak cocok."""
    workplace = open_given(context)
    problems = workplace.problems()
    words = [say(f"problem.{problem}") for problem in problems]
    output({"problems": problems}, as_json, lambda: typer.echo("\n".join(words) or say("cli.index_sound")))
    if problems:
        raise typer.Exit(1)
