"""Kills an ingestion at random points, starts it again, and compares what is there then with an undisturbed run.

    python -m benchmarks.ingestion_kills [--kills 50] [--files 40] [--seed 0]

Each kill (SIGKILL of the whole process group of `tanya sources add`) hits a home of its own. Then the same command runs
to its end, `tanya index verify` must find nothing, and library, passages, kept vectors, index and originals must equal
those of the undisturbed run. Prints a line a kill and a JSON summary; exits with 1 when anything differs.
"""

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text

from index.keyword_search import indexed_ids
from index.vector_store import VectorStore

TANYA = [sys.executable, "-c", "from assistant.cli import main; main()"]
WORDS = (
    "laut kapal patroli kerja sama pertahanan negara perjanjian industri teknologi latihan wilayah perbatasan".split()
)


def main() -> None:
    """Make the files, run undisturbed once, then kill and compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--files", type=int, default=40)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    draw = random.Random(arguments.seed)  # noqa: S311 - for a measurement
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        files = _make_files(root / "files", arguments.files, draw)
        base = root / "base"
        _tanya(base, "index", "build")
        whole = _copy(base, root / "whole")
        started = time.monotonic()
        _tanya(whole, "sources", "add", str(files))
        seconds = time.monotonic() - started
        expected = _state(whole)
        print(f"undisturbed: {seconds:.1f} s, {expected['passages']} passages", flush=True)
        rows = [
            _trial(n, base, root / "trial", files, after=draw.uniform(0, seconds), expected=expected)
            for n in range(arguments.kills)
        ]
    summary = {
        "kills": len(rows),
        "hit": sum(row["hit"] for row in rows),
        "with_part_done": sum(0 < row["documents"] < arguments.files for row in rows),
        "verified": sum(row["verified"] for row in rows),
        "equal": sum(row["equal"] for row in rows),
    }
    print(json.dumps(summary, indent=2))
    sys.exit(0 if summary["verified"] == summary["equal"] == len(rows) else 1)


def _trial(
    number: int, base: Path, home: Path, files: Path, *, after: float, expected: dict[str, Any]
) -> dict[str, Any]:
    _copy(base, home)
    child = subprocess.Popen(
        [*TANYA, "sources", "add", str(files)],
        env=_environment(home),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        child.wait(after)
        hit = False  # it was done before
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        hit = True
    documents = _documents(home)
    _tanya(home, "sources", "add", str(files))
    verify = [*TANYA, "index", "verify"]
    verified = subprocess.run(verify, env=_environment(home), capture_output=True, check=False).returncode == 0
    equal = _state(home) == expected
    row = {"hit": hit, "after": after, "documents": documents, "verified": verified, "equal": equal}
    print(f"{number + 1}: {row}", flush=True)
    return row


def _make_files(folder: Path, number: int, draw: random.Random) -> Path:
    """Write files of three formats with texts of their own."""
    folder.mkdir()
    for n in range(number):
        sentences = [
            f"Berkas {n} kalimat {m} menyebut {' '.join(draw.choices(WORDS, k=12))}."
            for m in range(draw.randint(20, 60))
        ]
        body = "\n\n".join(" ".join(sentences[first : first + 6]) for first in range(0, len(sentences), 6))
        match n % 3:
            case 0:
                (folder / f"berkas-{n:02}.md").write_text(f"# Berkas {n}\n\n{body}\n", encoding="utf-8")
            case 1:
                (folder / f"berkas-{n:02}.txt").write_text(f"Berkas {n}\n\n{body}\n", encoding="utf-8")
            case _:
                paragraphs = "".join(f"<p>{part}</p>" for part in body.split("\n\n"))
                page = (
                    f"<html><head><title>Berkas {n}</title></head><body><h1>Berkas {n}</h1>{paragraphs}</body></html>"
                )
                (folder / f"berkas-{n:02}.html").write_text(page, encoding="utf-8")
    return folder


def _state(home: Path) -> dict[str, Any]:
    """Return all that must not depend on how often the ingestion was interrupted."""
    engine = create_engine(f"sqlite:///{home / 'tanya.sqlite3'}")
    with engine.connect() as connection:
        documents = connection.execute(text("select id, origin, digest, file, words from documents order by id")).all()
        passages = connection.execute(
            text('select document_id, start, "end", version from passages order by document_id, start')
        ).all()
        vectors = connection.execute(text("select hex(key), hex(data) from vectors order by key")).all()
        waiting = connection.execute(text("select count(*) from waiting")).scalar_one()
    engine.dispose()
    store = VectorStore(home / "index" / "vectors")
    held = sorted(store.ids())
    store.close()
    originals = home / "originals"
    return {
        "documents": [tuple(row) for row in documents],
        "passages": len(passages),
        "spans": [tuple(row) for row in passages],
        "vectors": sorted(key for key, _ in vectors),
        "waiting": waiting,
        "index": held,
        "keywords": sorted(indexed_ids(home / "index" / "keywords")),
        "originals": sorted(str(path.relative_to(originals)) for path in originals.rglob("*") if path.is_file()),
    }


def _documents(home: Path) -> int:
    """Return how many files had been stored when the kill came."""
    engine = create_engine(f"sqlite:///{home / 'tanya.sqlite3'}")
    with engine.connect() as connection:
        found = connection.execute(text("select count(*) from documents where origin like 'file:%'")).scalar_one()
    engine.dispose()
    return int(found)


def _copy(source: Path, target: Path) -> Path:
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target)
    return target


def _tanya(home: Path, *arguments: str) -> None:
    subprocess.run([*TANYA, *arguments], env=_environment(home), check=True, stdout=subprocess.DEVNULL)


def _environment(home: Path) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("TANYA_")}
    return {**kept, "TANYA_HOME": str(home)}


if __name__ == "__main__":
    main()
