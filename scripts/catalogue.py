"""Writes docs/catalogue.md and docs/coverage.md from the study texts and their front matter.

Run it after a study text has changed; a test compares the pages with the texts.
"""

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from knowledge.collection import Collection, StudyText, read_collection
from knowledge.study_texts import study_text_folder
from knowledge.text_checks import GROUPS

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "docs" / "catalogue.md"
COVERAGE = ROOT / "docs" / "coverage.md"

GROUP_NAMES = {
    "konsep": "Konsep",
    "hukum-lembaga": "Hukum dan lembaga",
    "multilateral": "Multilateral",
    "bilateral": "Bilateral",
    "industri": "Industri pertahanan",
    "nontradisional": "Ancaman nontradisional",
}
_MONTHS = "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split()
_GENERATED = "<!-- Dibuat oleh scripts/catalogue.py dari kepala dan isi teks; jangan disunting. -->"


def catalogue_page(collection: Collection) -> str:
    """Return the page that lists every text by group: title with link, abstract, date of the facts, length."""
    texts = collection.texts
    words = sum(text.words for text in texts)
    lines = ["# Katalog teks studi", "", _GENERATED, "", f"{len(texts)} teks studi, {_number(words)} kata."]
    for group in GROUPS:
        members = sorted((text for text in texts if text.front.group == group), key=lambda text: text.front.title)
        if members:
            lines += ["", f"## {GROUP_NAMES[group]}"]
        for text in members:
            facts = f"Fakta per {_month(text.front.facts_as_of)}; {_number(text.words)} kata."
            lines += ["", f"### [{text.front.title}]({_link(text)})", "", text.front.abstract, "", facts]
    return "\n".join(lines) + "\n"


def coverage_page(collection: Collection) -> str:
    """Return the table of every text: its sentences, those with a citation, and the references that it cites.

    A row of a table is no sentence here, although it can be quoted.
    """
    ordered = sorted(collection.texts, key=lambda text: text.name)
    counts = [_counts(text) for text in ordered]
    every = {key for text in ordered for key in _keys(text)}
    total = (sum(each[0] for each in counts), sum(each[1] for each in counts), len(every))
    names = [f"[{text.name}]({_link(text)})" for text in ordered]
    lines = [
        *("# Cakupan rujukan", "", _GENERATED, ""),
        "Kalimat dihitung tanpa subjudul dan baris tabel. Kolom terakhir menghitung rujukan yang berbeda; satu rujukan",
        "dapat dipakai beberapa teks, sehingga jumlah seluruhnya lebih kecil daripada jumlah kolomnya.",
        *("", "| Teks | Kalimat | Fakta (kalimat bersitasi) | Rujukan |", "|---|---:|---:|---:|"),
        *(_row(name, each) for name, each in zip(names, counts, strict=True)),
        _row("**Seluruhnya**", total),
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write both pages."""
    collection = read_collection(study_text_folder())
    for path, page in ((CATALOGUE, catalogue_page(collection)), (COVERAGE, coverage_page(collection))):
        path.write_text(page, encoding="utf-8")
        print(f"{path.relative_to(ROOT)}: {len(collection.texts)} texts", file=sys.stderr)


def _counts(text: StudyText) -> tuple[int, int, int]:
    sentences = [sentence for sentence in text.sentences if not sentence.is_row]
    return len(sentences), sum(bool(sentence.keys) for sentence in sentences), len(_keys(text))


def _keys(text: StudyText) -> set[str]:
    return {key for mention in text.document.mentions for key in mention.keys}


def _row(name: str, counts: Iterable[int]) -> str:
    return f"| {name} | {' | '.join(_number(count) for count in counts)} |"


def _link(text: StudyText) -> str:
    return f"../knowledge/corpus/{text.name}.md"


def _number(value: int) -> str:
    return f"{value:,}".replace(",", ".")


def _month(date: str) -> str:
    parts: Sequence[str] = date.split("-")
    return f"{_MONTHS[int(parts[1]) - 1]} {parts[0]}" if len(parts) > 1 else date


if __name__ == "__main__":
    main()
