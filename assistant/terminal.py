"""What the command line shows a person: answers, passages, sources, figures, progress."""

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.prompt import Prompt
from rich.table import Table
from rich.text import Text

from assistant.adding import Added
from assistant.answers import Answer, Mode, ShownPassage
from assistant.settings import LONGEST_QUESTION
from assistant.wording import explain_problem, say, shown_name
from knowledge.references import format_reference
from knowledge.rows import DocumentSummary
from knowledge.text_checks import Problem

_FIGURE_COLUMNS = (
    "n",
    "answer_accuracy",
    "quote_accuracy",
    "passage_accuracy",
    "false_abstention",
    "missed_abstention",
    "short_accuracy",
    "exact_slice_errors",
    "mean_words",
    "p50_ms",
    "p95_ms",
)


@contextmanager
def terminal_progress() -> Iterator[Callable[[str, int, int], None]]:
    """Give a function that shows on standard error, if that is a terminal, how far the stages of some work are.

    It takes a stage, how many of its steps are through, and of how many; 0 means unknown.
    """
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    tasks: dict[str, TaskID] = {}
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as shown:

        def show(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = shown.add_task(say(f"progress.{stage}"), total=total or None)
            shown.update(tasks[stage], completed=done, total=total or None)

        yield show


class FileLines:
    """Progress of adding files on standard error, if that is a terminal; a context manager, and called by `add_all`."""

    def __init__(self) -> None:
        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
        )
        self._console = Console(stderr=True, highlight=False)
        self._progress = Progress(
            *columns, console=self._console, transient=True, disable=not self._console.is_terminal
        )
        self._line: TaskID | None = None
        self._shown = ("", "")

    def __enter__(self) -> "FileLines":
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._progress.stop()

    def __call__(self, name: str, stage: str, done: int, total: int) -> None:
        """Show one line: which file, what is being done with it, how far it is."""
        if (name, stage) != self._shown:
            if self._line is not None:
                self._progress.remove_task(self._line)
            words = f"{shown_name(Path(name).name)}: {say(f'stage.{stage}')}"
            self._line, self._shown = self._progress.add_task(words, total=total or None), (name, stage)
        if self._line is not None:
            self._progress.update(self._line, completed=done, total=total or None)

    def ask(self, added: Added) -> str:
        """Return what the person chooses for another version of a text; "" where nobody can be asked."""
        if not self._console.is_terminal or not sys.stdin.isatty():
            return ""
        self._progress.stop()
        words = say(
            "cli.similar",
            name=shown_name(added.origin),
            title=added.outcome.title,
            share=round(100 * added.outcome.share),
        )
        choice = Prompt.ask(Text(words), console=self._console, choices=["keep", "replace", "skip"], default="skip")
        self._progress.start()
        return choice


def print_added(found: Sequence[Added]) -> None:
    """Print what became of each file, a line each, and a summary when there were several."""
    console = Console(highlight=False, soft_wrap=True)
    if not found:
        console.print(Text(say("cli.nothing_added")))
    for one in found:
        outcome, values = one.outcome, {"title": one.outcome.title, "id": one.outcome.document_id}
        if outcome.status == "similar":
            share = round(100 * outcome.share)
            console.print(
                Text(say("cli.source_similar", name=shown_name(one.origin), title=outcome.title, share=share))
            )
        elif outcome.error is None:
            console.print(Text(say(f"cli.source_{outcome.status}", **values)))
    if len(found) > 1:
        counts = Counter(one.outcome.status for one in found)
        parts = [f"{say(f'stage.{status}')} {number}" for status, number in counts.items()]
        console.print(Text(say("cli.summary", parts=", ".join(parts)), style="bold"))


class ServingLines:
    """What the terminal shows while the screen is being prepared: a line a stage, and the address. Call it."""

    def __init__(self, address: str) -> None:
        self._console = Console(stderr=True, highlight=False)
        self._address, self._stage = address, ""

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Show a new stage on a line of its own, and how far a counted one is on the same line."""
        if stage == "ready":
            self._console.print(say("cli.ready", address=self._address))
        elif stage != self._stage:
            self._console.print(say("cli.stage", stage=say(f"progress.{stage}")))
        if total and done:
            self._console.print(say("cli.step", done=done, total=total), end="\r" if done < total else "\n")
        self._stage = stage


def print_answer(answer: Answer) -> None:
    """Print an answer with its numbered citations, or why there is none and what is nearest."""
    console = Console(highlight=False)
    if answer.query != answer.question.strip():
        console.print(Text(say("answer.searched", answer.language, query=answer.query), style="dim"))
    _print_claim(console, answer)
    if answer.abstained:
        _print_abstention(console, answer)
        return
    if answer.short_answer:
        console.print(Text(f"{answer.short_answer} [{answer.short_citation}]\n", style="bold"))
    for sentence in answer.sentences:
        markers = "".join(f" [{n}]" for n in sentence.citations)
        text = sentence.text if answer.mode is Mode.REPLY else f"“{sentence.text}”"
        console.print(Text(text + markers))
    if answer.citations:
        console.print()
    for citation in answer.citations:
        place = " › ".join(part for part in (citation.title, citation.heading) if part)
        console.print(Text(f"[{citation.n}] {place}", style="cyan"))
        for reference in citation.references:
            console.print(Text(f"    {format_reference(reference)}", style="dim"))


def _print_abstention(console: Console, answer: Answer) -> None:
    words = say(f"reason.{answer.reason}", answer.language, length=len(answer.question), limit=LONGEST_QUESTION)
    console.print(Text(words, style="bold"))
    if answer.missing:
        console.print(Text(say("answer.missing", answer.language, words=", ".join(answer.missing))))
    print_passages(answer.passages, title=say("answer.nearest", answer.language))
    if answer.suggestions:
        console.print(Text(f"{say('screen.suggested', answer.language)}:", style="bold"))
    for question in answer.suggestions:
        console.print(Text(f"- {question}"))


def _print_claim(console: Console, answer: Answer) -> None:
    claim = answer.claim
    if claim is None:
        return
    opening = say("screen.claim_assumed" if claim.assumed else "screen.claim_asked", answer.language)
    kind = "contradicted" if claim.contradicted else claim.verdict
    console.print(Text(f"{opening}: {claim.text}. {say(f'screen.verdict.{kind}', answer.language)}.", style="bold"))
    if claim.citation:
        console.print(Text(f"   “{claim.citation.quote}” ({claim.citation.title})"))
    else:
        console.print(Text(f"   {say('screen.compared_with_nothing', answer.language)}"))


def print_passages(passages: Iterable[ShownPassage], *, title: str = "") -> None:
    """Print passages, best first."""
    console = Console(highlight=False)
    shown = list(passages)
    if title and shown:
        console.print(Text(title, style="bold"))
    for passage in shown:
        place = " › ".join(part for part in (passage.title, passage.heading) if part)
        console.print(Text(f"{passage.n}. {place} ({passage.score:.3f})", style="cyan"))
        console.print(Text(f"   {passage.text}"))


def print_sources(summaries: Iterable[DocumentSummary]) -> None:
    """Print the catalogue as a table."""
    names = ("id", "title", "authors", "year", "pages", "passages", "added", "group")
    table = Table(*(say(f"cli.column_{name}") for name in names))
    for each in summaries:
        pages = str(each.pages) if each.pages else ""
        added = each.holding.added.partition("T")[0]
        table.add_row(
            each.id, each.title, "; ".join(each.authors), each.date[:4], pages, str(each.passages), added, each.group
        )
    Console(markup=False).print(table)  # a title may look like markup


def print_problems(problems: Sequence[Problem]) -> None:
    """Print what is to be mended in the collection, a line each, and how much it is."""
    console = Console(highlight=False, soft_wrap=True)
    for problem in problems:
        console.print(Text.assemble((problem.place, "cyan"), f": {explain_problem(problem)}"))
    console.print(Text(say("cli.problems", n=len(problems)) if problems else say("cli.collection_sound")))


def print_figures(result: Mapping[str, Any]) -> None:
    """Print the figures of an evaluation: overall, by kind, by language; then the questions that went wrong."""
    table = Table("", *_FIGURE_COLUMNS)
    groups = {"semua": result["overall"], **result["by_kind"], **result["by_lang"]}
    for name, figures in groups.items():
        table.add_row(name, *(f"{figures[column]:g}" for column in _FIGURE_COLUMNS))
    console = Console(width=180)
    console.print(table)
    for row in result["rows"]:
        if not row["right"]:
            console.print(Text(f"{row['id']} ({row['kind']}, {row['lang']}): {row['query']}\n   {row['answer'][:300]}"))
