"""The command `tanya`: results on standard output, diagnostics on standard error, exit 0, 1 or 2."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.cli_context import Opener
from assistant.opening import Workplace, open_workplace
from assistant.settings import Settings
from tests.command_line import Ran, run_command, settings_of_nobody
from tests.fakes import HashEmbedder

ROOT = Path(__file__).resolve().parent.parent
FACT = "Perjanjian Lombok ditandatangani oleh Menteri Luar Negeri Indonesia Hassan Wirajuda"
NOTE = "😀 Catatan rudal jelajah Kilat Biru.\n\nRudal Kilat Biru diuji di Pulau Morotai — pada 3 Mei 2024. Ya.\n"

ANSWER_KEYS = ["question", "query", "mode", "abstained", "reason", "short_answer", "sentences", "citations", "passages"]
CITATION_KEYS = ["n", "document_id", "title", "heading", "page", "start", "end", "quote", "references", "sheet"]
PASSAGE_KEYS = ["n", "document_id", "title", "heading", "page", "start", "end", "text", "score"]
FIGURE_KEYS = [
    "n",
    "answer_accuracy",
    "quote_accuracy",
    "passage_accuracy",
    "false_abstention",
    "missed_abstention",
    "exact_slice_errors",
    "mean_words",
    "p50_ms",
    "p95_ms",
    "short_accuracy",
]


Tanya = Callable[..., Ran]


def open_with_fake(settings: Settings) -> Workplace:
    return open_workplace(settings, embedder=HashEmbedder())


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def tanya(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Tanya:
    """Run the command on a home that the tests of this module share; each puts back what it adds."""
    settings_of_nobody(monkeypatch, home)

    def run(*arguments: str, opener: Opener = open_with_fake) -> Ran:
        return run_command(arguments, opener, capsys)

    return run


def test_ask_answers_with_numbered_quotes(tanya: Tanya) -> None:
    asked = tanya("ask", FACT)
    assert asked.code == 0
    assert "“Perjanjian Lombok ditandatangani oleh" in asked.out
    assert "[1] Diplomasi Keamanan" in asked.out


def test_ask_as_json_keeps_the_contract(tanya: Tanya) -> None:
    asked = tanya("ask", FACT, "--json")
    assert asked.code == 0
    answer = asked.record
    assert [key for key in answer if key in ANSWER_KEYS] == ANSWER_KEYS
    assert list(answer["citations"][0]) == CITATION_KEYS
    assert list(answer["passages"][0]) == PASSAGE_KEYS
    assert list(answer["sentences"][0]) == ["text", "citations", "verdict"]
    assert (answer["question"], answer["abstained"], answer["reason"], answer["mode"]) == (FACT, False, "", "quote")
    assert answer["citations"][0]["references"][0]["url"].startswith("http")
    assert answer["timings_ms"]["total"] > 0


def test_a_question_without_an_answer_is_no_failure(tanya: Tanya) -> None:
    asked = tanya("ask", "Bagaimana cara memasak rendang sapi?", "--json")
    assert asked.code == 0
    assert (asked.record["abstained"], asked.record["reason"], asked.record["sentences"]) == (
        True,
        "not_in_sources",
        [],
    )
    assert asked.record["passages"]
    assert "Sumber tidak memuat jawabannya." in tanya("ask", "Bagaimana cara memasak rendang sapi?").out


def test_ask_after_earlier_questions(tanya: Tanya) -> None:
    asked = tanya("ask", "di mana?", "--after", "Apa itu jet KAAN?", "--after", "kapan kontraknya diteken?", "--json")
    assert asked.record["query"] == "Di mana kontrak jet KAAN diteken?"
    assert asked.record["question"] == "di mana?"
    assert "Dicari: Berapa unit jet KAAN?" in tanya("ask", "berapa unit?", "--after", "Apa itu jet KAAN?").out


def test_search_gives_at_most_k_passages_best_first(tanya: Tanya) -> None:
    found = tanya("search", "tank Harimau", "-k", "3", "--json")
    assert found.code == 0
    assert [list(passage) for passage in found.records] == [PASSAGE_KEYS] * 3
    assert [passage["n"] for passage in found.records] == [1, 2, 3]
    scores = [passage["score"] for passage in found.records]
    assert scores == sorted(scores, reverse=True)
    assert tanya("search", "  ", "--json").records == []


@pytest.mark.parametrize(
    "arguments",
    [("ask",), ("nonsense",), ("search", "x", "-k", "0"), ("search", "x", "-k", "many"), ("ask", "x", "--nonsense")],
)
def test_wrong_usage_exits_with_2_and_says_so_on_standard_error(arguments: tuple[str, ...], tanya: Tanya) -> None:
    outcome = tanya(*arguments)
    assert outcome.code == 2
    assert outcome.err
    assert not outcome.out


def test_a_text_is_added_shown_found_and_removed(tanya: Tanya, tmp_path: Path) -> None:
    path = tmp_path / "catatan.txt"
    path.write_text(NOTE, encoding="utf-8")
    (added,) = tanya("sources", "add", str(path), "--json").records
    assert (added["status"], added["origin"]) == ("added", str(path))
    assert [one["status"] for one in tanya("sources", "add", str(path), "--json").records] == ["unchanged"]
    assert added["id"] in {source["id"] for source in tanya("sources", "list", "--json").records}

    shown = tanya("sources", "show", added["id"], "--json").record
    answer = tanya("ask", "Di mana rudal Kilat Biru diuji?", "--json").record
    cited = [one for one in answer["citations"] if one["document_id"] == added["id"]]
    assert "Rudal Kilat Biru diuji di Pulau Morotai — pada 3 Mei 2024." in [one["quote"] for one in cited]
    assert all(shown["text"][one["start"] : one["end"]] == one["quote"] for one in cited)

    removed = tanya("sources", "remove", added["id"][:8], "--json")
    assert (removed.code, removed.record["status"]) == (0, "removed")
    assert tanya("sources", "show", added["id"]).code == 1
    assert added["id"] not in {one["document_id"] for one in tanya("search", "Kilat Biru", "--json").records}


def test_of_a_folder_the_good_files_are_kept_and_the_bad_ones_named(tanya: Tanya, tmp_path: Path) -> None:
    (tmp_path / "baik.md").write_text("# Judul baik\n\nIsi yang baik tentang kapal.", encoding="utf-8")
    (tmp_path / "kosong.txt").write_text(" \n", encoding="utf-8")
    (tmp_path / "gambar.png").write_bytes(b"\x89PNG")
    outcome = tanya("sources", "add", str(tmp_path), "--json")
    assert outcome.code == 1
    good, empty = outcome.records
    assert (good["title"], good["status"]) == ("Judul baik", "added")
    assert (empty["origin"], empty["status"]) == (str(tmp_path / "kosong.txt"), "refused")
    assert empty["message"] == outcome.err.strip()
    assert "kosong.txt" in outcome.err
    assert "Isi dulu berkasnya" in outcome.err
    assert "gambar.png" not in outcome.err, "a folder gives only what can be read"
    assert tanya("sources", "remove", good["id"]).code == 0


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("tidak-ada.md", "Periksa kembali letaknya"),
        ("gambar.png", "Ubah dulu menjadi salah satu dari: .docx, .epub, .htm, .html, .markdown, .md, .pdf, .txt."),
    ],
)
def test_a_file_that_cannot_be_added_is_told_with_the_remedy(
    name: str, said: str, tanya: Tanya, tmp_path: Path
) -> None:
    (tmp_path / "gambar.png").write_bytes(b"\x89PNG")
    outcome = tanya("sources", "add", str(tmp_path / name), "--json")
    assert outcome.code == 1
    assert [(one["status"], one["id"]) for one in outcome.records] == [("refused", "")]
    assert name in outcome.err
    assert said in outcome.err


def test_shipped_texts_are_listed_and_stay(tanya: Tanya) -> None:
    sources = tanya("sources", "list", "--json").records
    assert {"mef", "turki", "diplomasi-keamanan"} <= {source["slug"] for source in sources}
    outcome = tanya("sources", "remove", "mef")
    assert outcome.code == 1
    assert "teks bawaan" in outcome.err
    assert "mef" in {source["slug"] for source in tanya("sources", "list", "--json").records}
    assert tanya("sources", "show", "mef").out.startswith("Minimum Essential Force")


def test_the_collection_is_checked(tanya: Tanya, tmp_path: Path) -> None:
    clean = tanya("sources", "check", str(tmp_path))
    assert (clean.code, clean.out) == (0, "Koleksi teks studi bersih.\n")
    (tmp_path / "references.bib").write_text("@misc{x2020, title = {X}}", encoding="utf-8")
    checked = tanya("sources", "check", str(tmp_path))
    message = "Rujukan “x2020” tidak dipakai teks atau peristiwa mana pun."
    assert (checked.code, checked.out) == (1, f"references.bib: {message}\nYang harus dibenahi: 1.\n")
    as_json = tanya("sources", "check", str(tmp_path), "--json")
    assert as_json.code == 1
    assert as_json.record == {
        "problems": [{"rule": "unused_record", "place": "references.bib", "words": "x2020", "message": message}]
    }


@pytest.mark.parametrize("command", ["show", "remove"])
def test_an_unknown_source_is_refused_with_the_way_to_the_names(command: str, tanya: Tanya) -> None:
    outcome = tanya("sources", command, "mfe", "--json")
    assert (outcome.code, outcome.out) == (1, "")
    assert "“mfe”" in outcome.err
    assert "`tanya sources list`" in outcome.err


def test_the_index_is_built_once_and_verified(tanya: Tanya) -> None:
    first = tanya("index", "build", "--json")
    assert first.code == 0
    again = tanya("index", "build", "--json").record
    assert (again["added"], again["removed"], again["embedded"]) == (0, 0, 0)
    fresh = tanya("index", "build", "--fresh", "--json").record
    assert fresh["added"] == fresh["passages"] == again["passages"] > 0
    status = tanya("index", "status", "--json").record
    assert (status["model"], status["up_to_date"]) == ("hash-64", True)
    verified = tanya("index", "verify", "--json")
    assert (verified.code, verified.record) == (0, {"problems": []})
    assert "Indeks cocok dengan pustaka." in tanya("index", "verify").out


def test_before_the_first_build_the_index_says_so(
    tanya: Tanya, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TANYA_HOME", str(tmp_path / "new"))
    assert tanya("index", "status", "--json").record == {"up_to_date": False}
    verified = tanya("index", "verify", "--json")
    assert verified.code == 1
    assert verified.record["problems"] == ["absent"]


def test_another_model_is_refused_until_the_index_is_built_with_it(tanya: Tanya, tmp_path: Path) -> None:
    def open_with_other(settings: Settings) -> Workplace:
        return open_workplace(settings, embedder=HashEmbedder(32))

    assert tanya("index", "build").code == 0
    for command in (["ask", "Apa itu MEF?", "--json"], ["search", "MEF"]):
        refused = tanya(*command, opener=open_with_other)
        assert (refused.code, refused.out) == (1, "")
        assert "`tanya index build`" in refused.err
    assert tanya("index", "verify", opener=open_with_other).code == 1
    assert tanya("index", "build", opener=open_with_other).code == 0
    assert tanya("ask", FACT, opener=open_with_other).code == 0
    assert tanya("index", "build").code == 0


def test_evaluate_gives_figures_and_rows(tanya: Tanya, tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    base = {"lang": "id", "context": None, "topic": ""}
    questions = [
        {"id": "1", "kind": "fakta", "question": FACT, "must": [["Hassan Wirajuda"]], **base},
        {"id": "2", "kind": "tak-terjawab", "question": "Bagaimana cara memasak rendang sapi?", "must": [], **base},
    ]
    path.write_text("\n".join(map(json.dumps, questions)), encoding="utf-8")
    outcome = tanya("evaluate", str(path), "--json")
    assert outcome.code == 0
    assert list(outcome.record) == ["overall", "by_kind", "by_lang", "rows"]
    assert list(outcome.record["overall"]) == FIGURE_KEYS
    assert outcome.record["overall"]["answer_accuracy"] == 1.0
    assert outcome.record["overall"]["exact_slice_errors"] == 0
    assert {"id", "right", "abstained", "answer", "titles"} <= set(outcome.record["rows"][0])
    assert "answer_accuracy" in tanya("evaluate", str(path)).out


@pytest.mark.parametrize("content", [None, "", '{"id": 1}'])
def test_a_question_file_that_cannot_be_used(content: str | None, tanya: Tanya, tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    outcome = tanya("evaluate", str(path), "--json")
    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.err.startswith("Berkas pertanyaan tidak dapat dipakai")


def test_unusable_settings_are_told_in_a_sentence(tanya: Tanya, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TANYA_PORTT", "1")
    outcome = tanya("sources", "list", "--json")
    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.err.startswith("Pengaturan tidak dapat dipakai")
    assert "portt" in outcome.err


def test_a_missing_model_is_told_with_the_remedies(
    tanya: Tanya, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TANYA_EMBEDDING__MODEL", str(tmp_path))  # a folder without weights
    outcome = tanya("ask", "Apa itu MEF?", opener=open_workplace)
    assert outcome.code == 1
    assert "Model pencarian tidak ditemukan" in outcome.err
    assert "TANYA_EMBEDDING__MODEL" in outcome.err


def test_the_workplace_is_closed_when_the_command_ends(tanya: Tanya) -> None:
    opened: list[Workplace] = []

    def remember(settings: Settings) -> Workplace:
        opened.append(open_with_fake(settings))
        return opened[0]

    assert tanya("sources", "list", opener=remember).code == 0
    assert "Connections in pool: 0" in opened[0].library.engine.pool.status()


def test_the_installed_command_shows_its_commands() -> None:
    command = [sys.executable, "-c", "from assistant.cli import main; main()", "--help"]
    shown = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    for name in ("run", "ask", "search", "sources", "index", "evaluate"):
        assert f" {name} " in shown.stdout
