"""Passages a second of ingestion beside LangChain's plain way with the same model; adding an unchanged folder again.

    pip install langchain-huggingface langchain-chroma
    python -m benchmarks.ingestion_speed [--passages 1000] [--rounds 3]

Ours is `tanya sources add` as a whole: reading the files, cutting, embedding, storing, keyword index, vector index.
LangChain gets the same passages as Documents: HuggingFaceEmbeddings of the same folder, and Chroma.from_documents. The
rounds alternate, so that a noisy machine treats both alike. The model is loaded and warm on both sides.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from assistant.adding import add_all
from assistant.opening import Workplace, open_workplace
from assistant.settings import Settings, load_settings
from index.texts import passage_text
from knowledge.study_texts import study_text_folder

UNCHANGED_FILES = 1000
TANYA = [sys.executable, "-c", "from assistant.cli import main; main()"]


def main() -> None:
    """Measure and print JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        rounds = [_round(root / str(n), arguments.passages, n) for n in range(arguments.rounds)]
        again = _again(root / "unchanged")
    ratios = sorted(each["ours"] / each["langchain"] for each in rounds)
    result = {
        "passages_per_second": rounds,
        "median_ratio": round(ratios[len(ratios) // 2], 2),
        "unchanged_folder": again,
    }
    print(json.dumps(result, indent=2))


def _round(folder: Path, passages: int, number: int) -> dict[str, float]:
    folder.mkdir(parents=True)
    workplace = open_workplace(Settings(home=folder / "home", embedding=load_settings().embedding))
    workplace.update()
    workplace.embedder.embed_passages(["hangat"])
    files = _make_files(folder / "files", passages, number)
    ours, texts = _ours(workplace, files)
    langchain = _langchain(workplace, texts, folder / "chroma")
    workplace.close()
    return {"passages": len(texts), "ours": round(len(texts) / ours, 2), "langchain": round(len(texts) / langchain, 2)}


def _make_files(folder: Path, passages: int, number: int) -> Path:
    """Write Markdown files of real sentences, in an order of their own, that are cut into about so many passages."""
    folder.mkdir()
    paragraphs = [
        line
        for path in sorted(study_text_folder().glob("*.md"))
        for line in path.read_text(encoding="utf-8").split("---", 2)[2].split("\n\n")
        if len(line.split()) > 40
    ]
    needed = passages * 150 // 90  # a passage of these has some 150 words, a paragraph of the texts some 90
    for n in range(0, needed, 20):
        chosen = [f"Bagian {number}.{m}. {paragraphs[m % len(paragraphs)]}" for m in range(n, min(n + 20, needed))]
        (folder / f"berkas-{n:05}.md").write_text(f"# Berkas {number}.{n}\n\n" + "\n\n".join(chosen), encoding="utf-8")
    return folder


def _ours(workplace: Workplace, files: Path) -> tuple[float, list[str]]:
    before = set(workplace.library.passage_ids())
    started = time.monotonic()
    list(add_all(workplace, [str(files)], choose=lambda _: "keep", tell=lambda *_: None))
    workplace.update()
    seconds = time.monotonic() - started
    found = [passage for passage in workplace.library.all_passages() if passage.id not in before]
    return seconds, [passage_text(workplace.library.document(each.document_id), each) for each in found]


def _langchain(workplace: Workplace, texts: list[str], folder: Path) -> float:
    from langchain_chroma import Chroma
    from langchain_core.documents import Document
    from langchain_huggingface import HuggingFaceEmbeddings

    embeddings = HuggingFaceEmbeddings(
        model_name=str(workplace.embedder.folder),  # type: ignore[attr-defined]
        encode_kwargs={"normalize_embeddings": True, "prompt": "passage: "},
    )
    embeddings.embed_documents(["hangat"])
    documents = [Document(page_content=text) for text in texts]
    started = time.monotonic()
    Chroma.from_documents(documents, embeddings, persist_directory=str(folder))
    return time.monotonic() - started


def _again(folder: Path) -> dict[str, float]:
    files = folder / "files"
    files.mkdir(parents=True)
    for n in range(UNCHANGED_FILES):
        (files / f"catatan-{n:04}.txt").write_text(
            f"Catatan nomor {n} menyebut kapal patroli ke-{n * 7}.\n", encoding="utf-8"
        )
    workplace = open_workplace(Settings(home=folder / "home"))
    workplace.update()
    list(add_all(workplace, [str(files)], choose=lambda _: "keep", tell=lambda *_: None))
    workplace.update()
    started = time.monotonic()
    found = list(add_all(workplace, [str(files)], choose=lambda _: "keep", tell=lambda *_: None))
    within = time.monotonic() - started
    workplace.close()
    assert all(one.outcome.status == "unchanged" for one in found)  # noqa: S101 - a measurement of anything else is void
    environment = {**os.environ, "TANYA_HOME": str(folder / "home")}
    started = time.monotonic()
    subprocess.run([*TANYA, "sources", "add", str(files)], env=environment, check=True, stdout=subprocess.DEVNULL)
    return {"files": len(found), "seconds": round(within, 2), "whole_command": round(time.monotonic() - started, 2)}


if __name__ == "__main__":
    main()
