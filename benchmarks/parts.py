"""What each part brings: ``python -m benchmarks.parts tests/data/questions_test.jsonl``.

The same questions with everything, and with one part switched off at a time: the sentence scores, the short answers,
the verdicts on claims, the reader as a whole (the thresholds without it decide then), the term map, keyword search,
and the anticipated questions.
"""

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.answering import Assistant
from assistant.evaluation import evaluate, figures, load_questions
from assistant.opening import open_workplace
from assistant.settings import Settings, load_settings
from index.reader import Found, Reader, Reading, Verdict
from index.term_map import TermMap

_FAR = 2.0  # an offset that puts every anticipated question behind every passage


@dataclass(frozen=True)
class _Partly:
    """A reader that keeps some of what it knows to itself."""

    reader: Reader
    odds: bool = True
    spans: bool = True
    verdicts: bool = True

    def read(self, question: str, readings: Sequence[Reading]) -> list[list[Found]]:
        """Return what is found, the odds all even or the spans left out where they are switched off."""
        return [[self._kept(each) for each in found] for found in self.reader.read(question, readings)]

    def check(self, pairs: Sequence[tuple[str, str]]) -> list[Verdict]:
        """Return the verdicts, or that nothing is told."""
        return self.reader.check(pairs) if self.verdicts else [Verdict(0.0, 1.0, 0.0) for _ in pairs]

    def _kept(self, found: Found) -> Found:
        kept = found if self.spans else Found(found.odds)
        return kept if self.odds else replace(kept, odds=0.0)


def main() -> None:
    """Print one JSON object a configuration."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("questions", type=Path)
    options = parser.parse_args()
    questions = load_questions(options.questions)
    for name, assistant in _configurations(load_settings()):
        rows = evaluate(assistant, questions)
        shown = {key: value for key, value in figures(rows).items() if key not in ("n", "exact_slice_errors")}
        shown["short_accuracy_of_facts"] = figures([row for row in rows if row.kind == "fakta"])["short_accuracy"]
        print(json.dumps({"parts": name, "questions": len(rows), **shown}), flush=True)


def _configurations(settings: Settings) -> Iterator[tuple[str, Assistant]]:
    whole = _assistant(settings)
    yield "everything", whole
    if whole.reader is not None:
        yield "without sentence scores", replace(whole, reader=_Partly(whole.reader, odds=False))
        yield "without short answers", replace(whole, reader=_Partly(whole.reader, spans=False))
        yield "without verdicts", replace(whole, reader=_Partly(whole.reader, verdicts=False))
    yield "without the reader", replace(whole, reader=None)
    yield "without the term map", replace(whole, terms=TermMap([]))
    for name, changed in (
        ("without keyword search", {"keyword_weight": 0.0}),
        ("without anticipated questions", {"question_offset": _FAR}),
    ):
        retrieval = settings.retrieval.model_copy(update=changed)
        yield name, _assistant(settings.model_copy(update={"retrieval": retrieval}))


def _assistant(settings: Settings) -> Assistant:
    workplace = open_workplace(settings)
    workplace.update()
    return workplace.assistant()


if __name__ == "__main__":
    main()
