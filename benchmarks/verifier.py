"""Measures the verifier: ``python -m benchmarks.verifier [--indonli FOLDER]``.

Without an option: the 200 claims of tests/data/claims.jsonl over ten texts that nothing was trained on, each with its
one sentence: how many of each kind are called supported, and the precision of that word, with the rules and without.
With IndoNLI: the share of pairs of test_lay and test_expert whose label the model gives, without rules.
"""

import argparse
import json
from collections import Counter, defaultdict
from pathlib import Path

from assistant.opening import open_workplace
from assistant.settings import load_settings
from assistant.verification import PARTLY, SUPPORTED, Evidence, Support, Verifier
from index.reader import Reader, Verdict

CLAIMS = Path(__file__).parent.parent / "tests" / "data" / "claims.jsonl"
_LABELS = {"e": "supported", "n": "untold", "c": "contradicted"}


def main() -> None:
    """Print JSON objects, one a measurement."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--indonli", type=Path, help="folder with val.jsonl, test_lay.jsonl and test_expert.jsonl")
    parser.add_argument("--claims", type=Path, default=CLAIMS)
    options = parser.parse_args()
    workplace = open_workplace(load_settings())
    workplace.update()
    assistant = workplace.assistant()
    if assistant.reader is None:
        raise SystemExit("the verifier needs the model that the reader fits")
    verifier = Verifier(assistant.open_retriever().keywords, assistant.terms, assistant.reader)
    _own_claims(verifier, assistant.reader, options.claims)
    for name in ("val", "test_lay", "test_expert") if options.indonli else ():
        _indonli(assistant.reader, options.indonli / f"{name}.jsonl")


def _own_claims(verifier: Verifier, reader: Reader, path: Path) -> None:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    ruled: dict[str, Counter[str]] = defaultdict(Counter)
    unruled: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        evidence = Evidence(row["evidence"], row["title"])
        (check,) = verifier.check(row["claim"], [evidence])
        (verdict,) = reader.check([(row["claim"], f"{row['title']}\n{row['evidence']}")])
        ruled[row["kind"]][check.support.value] += 1
        unruled[row["kind"]][_by_model(verdict)] += 1
    for name, counts in (("model and rules", ruled), ("model alone", unruled)):
        called = sum(each[Support.SUPPORTED] for each in counts.values())
        right = counts["supported"][Support.SUPPORTED]
        print(
            json.dumps(
                {
                    "claims": len(rows),
                    "by": name,
                    "precision": round(right / called, 4) if called else None,
                    "recall": round(right / sum(counts["supported"].values()), 4),
                    "kinds": {kind: dict(each) for kind, each in sorted(counts.items())},
                }
            )
        )


def _by_model(verdict: Verdict) -> str:
    if verdict.supported >= SUPPORTED:
        return Support.SUPPORTED
    return Support.PARTLY if verdict.supported >= PARTLY else Support.UNSUPPORTED


def _indonli(reader: Reader, path: Path) -> None:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    verdicts = reader.check([(row["hypothesis"], row["premise"]) for row in rows])
    right = [
        max(vars(one), key=vars(one).__getitem__) == _LABELS[row["label"]]
        for one, row in zip(verdicts, rows, strict=True)
    ]
    print(json.dumps({"indonli": path.stem, "pairs": len(rows), "accuracy": round(sum(right) / len(right), 4)}))


if __name__ == "__main__":
    main()
