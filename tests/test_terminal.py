"""What a person sees in the terminal."""

import pytest

from assistant.answers import Answer, AnswerSentence, Citation, Mode, Reason, ShownPassage
from assistant.evaluation import Row, report
from assistant.settings import LONGEST_QUESTION
from assistant.terminal import print_answer, print_figures, print_passages, print_sources, terminal_progress
from knowledge.documents import Reference
from knowledge.rows import DocumentSummary, Holding

REFERENCE = Reference("kron2015", "Security Diplomacy", authors=("Kron, Nicholas D.",), date="2015")
SENTENCE = "MEF [bold]tidak[/bold] tercapai pada 2024."
CITATION = Citation(1, "d", "MEF", "Capaian", None, 0, 9, SENTENCE, (REFERENCE,))
PASSAGE = ShownPassage(1, "d", "MEF", "", None, 0, 9, "Teks [1] bagian.", 0.8765)


def printed(capsys: pytest.CaptureFixture[str]) -> str:
    return " ".join(capsys.readouterr().out.split())


def test_an_answer_shows_quotes_numbers_places_and_references(capsys: pytest.CaptureFixture[str]) -> None:
    print_answer(Answer("MEF?", "MEF?", sentences=(AnswerSentence(SENTENCE, (1,)),), citations=(CITATION,)))
    shown = printed(capsys)
    assert f"“{SENTENCE}” [1]" in shown, "what looks like markup of the terminal stays text"
    assert "[1] MEF › Capaian" in shown
    assert "Security Diplomacy" in shown
    assert "Dicari" not in shown


def test_the_query_is_shown_when_it_is_not_what_was_typed(capsys: pytest.CaptureFixture[str]) -> None:
    print_answer(Answer("kapan?", "Kapan MEF?", sentences=(AnswerSentence("x", (1,)),)))
    print_answer(Answer("when?", "When MEF?", sentences=(AnswerSentence("x", (1,)),), language="en"))
    shown = printed(capsys)
    assert "Dicari: Kapan MEF?" in shown
    assert "Searched: When MEF?" in shown


def test_a_reply_is_no_quote(capsys: pytest.CaptureFixture[str]) -> None:
    print_answer(Answer("halo", "halo", mode=Mode.REPLY, sentences=(AnswerSentence("Halo!", verdict=""),)))
    assert printed(capsys) == "Halo!"


def test_an_abstention_says_why_what_is_missing_and_what_is_near(capsys: pytest.CaptureFixture[str]) -> None:
    refused = Answer("Rafale?", "Rafale?", abstained=True, reason=Reason.NOT_IN_SOURCES)
    print_answer(Answer(**{**vars(refused), "missing": ("Rafale", "harga"), "passages": (PASSAGE,)}))
    shown = printed(capsys)
    assert shown.startswith("Sumber tidak memuat jawabannya. Tidak ditemukan dalam sumber: Rafale, harga.")
    assert "Bagian yang paling dekat: 1. MEF (0.876) Teks [1] bagian." in shown


@pytest.mark.parametrize("reason", [reason for reason in Reason if reason])
@pytest.mark.parametrize("language", ["id", "en"])
def test_every_reason_is_said(reason: Reason, language: str, capsys: pytest.CaptureFixture[str]) -> None:
    print_answer(Answer("x" * 2000, "", abstained=True, reason=reason, language=language))
    shown = printed(capsys)
    assert shown
    assert "{" not in shown
    if reason is Reason.LONG_QUESTION:
        assert str(LONGEST_QUESTION) in shown
        assert "2000" in shown


def test_passages_without_any_have_no_title(capsys: pytest.CaptureFixture[str]) -> None:
    print_passages([], title="Bagian")
    assert printed(capsys) == ""


def test_sources_are_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    thesis = DocumentSummary(
        "0123",
        "",
        "Tesis",
        "kuliah",
        "file:/t.pdf",
        "2025-03",
        812,
        ("Sari",),
        96,
        240,
        holding=Holding(added="2026-11-25"),
    )
    print_sources([thesis])
    shown = printed(capsys)
    for cell in ("ID", "Judul", "0123", "Tesis", "Sari", "2025", "96", "240"):
        assert cell in shown


def test_figures_show_each_group_and_what_went_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        Row("q1", "fakta", "id", True, False, True, True, 0, 9, 5.0, "Apa itu MEF?", "MEF adalah", ("MEF",)),
        Row("q2", "alasan", "en", False, False, False, True, 0, 9, 5.0, "Why MEF?", "Karena [x]", ("MEF",)),
    ]
    print_figures(report(rows))
    shown = printed(capsys)
    for words in ("semua", "fakta", "alasan", "answer_accuracy", "q2 (alasan, en): Why MEF? Karena [x]"):
        assert words in shown
    assert "q1 (" not in shown


def test_progress_leaves_standard_output_alone(capsys: pytest.CaptureFixture[str]) -> None:
    with terminal_progress() as progress:
        for stage, done, total in (("model", 0, 0), ("vectors", 1, 2), ("vectors", 2, 2), ("questions", 1, 1)):
            progress(stage, done, total)
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", ""), "and where nobody looks, standard error too"
