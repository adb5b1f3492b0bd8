"""The generated pages: up to date with the study texts, and complete."""

from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge.collection import Collection, read_collection
from knowledge.study_texts import study_text_folder
from knowledge.text_checks import GROUPS
from scripts.catalogue import CATALOGUE, COVERAGE, GROUP_NAMES, catalogue_page, coverage_page

TEXT = """---
title: "Judul"
slug: satu
group: konsep
abstract: "Satu kalimat. Dua kalimat."
facts_as_of: "%s"
---
## Bagian

Kalimat pertama [@a2020]. Kalimat kedua [@a2020; @b2021]. Kalimat ketiga.

| Tahun | Unit |
|---|---|
| 2020 | 4 |
"""


@pytest.fixture(scope="module")
def collection() -> Collection:
    return read_collection(study_text_folder())


@pytest.mark.parametrize(("path", "page"), [(CATALOGUE, catalogue_page), (COVERAGE, coverage_page)])
def test_the_pages_are_up_to_date(path: Path, page: Callable[[Collection], str], collection: Collection) -> None:
    assert path.read_text(encoding="utf-8") == page(collection), "run `make catalogue`"


def test_every_text_has_its_entry_with_a_link_that_leads_to_it(collection: Collection) -> None:
    catalogue, coverage = catalogue_page(collection), coverage_page(collection)
    for text in collection.texts:
        link = f"../knowledge/corpus/{text.name}.md"
        assert f"[{text.front.title}]({link})" in catalogue
        assert text.front.abstract in catalogue
        assert f"[{text.name}]({link})" in coverage
        assert (CATALOGUE.parent / link).is_file()


def test_every_group_has_a_name() -> None:
    assert tuple(GROUP_NAMES) == GROUPS


@pytest.mark.parametrize(
    ("date", "said"), [("2026-01", "Januari 2026"), ("2026", "2026"), ("2025-12-31", "Desember 2025")]
)
def test_the_entry_of_a_text(date: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "satu.md").write_text(TEXT % date, encoding="utf-8")
    page = catalogue_page(read_collection(tmp_path))
    assert (
        f"## Konsep\n\n### [Judul](../knowledge/corpus/satu.md)\n\nSatu kalimat. Dua kalimat.\n\nFakta per {said}; "
        in page
    )
    assert "Multilateral" not in page


def test_the_row_of_a_text_counts_sentences_without_table_rows(tmp_path: Path) -> None:
    (tmp_path / "satu.md").write_text(TEXT % "2026", encoding="utf-8")
    page = coverage_page(read_collection(tmp_path))
    assert page.endswith("(../knowledge/corpus/satu.md) | 3 | 2 | 2 |\n| **Seluruhnya** | 3 | 2 | 2 |\n")
