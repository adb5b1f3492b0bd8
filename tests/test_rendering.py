from pathlib import Path
from urllib.parse import quote

import pytest
from fakes_screen import DIFFERENCE, HOSTILE_SOURCE, UNANSWERED, WHAT, ScriptedAssistant, make_library
from hypothesis import given
from hypothesis import strategies as st

from assistant.answers import Answer, AnswerSentence, Citation, Mode, QueryReady, Reason, SentenceReady, ShownPassage
from assistant.citations import quote_mark
from assistant.conversation import Conversation
from assistant.markup import Markup, join, tag, text
from assistant.reading import passage_at, render_document, render_pane_notice
from assistant.rendering import (
    citation_address,
    counted,
    grouped,
    render_answer,
    render_failure,
    render_not_prepared,
    render_partial,
    render_question,
    render_working,
)
from assistant.wording import LANGUAGES, catalogue, say
from knowledge.documents import Document, Passage, Reference
from tests.markup_reader import HOSTILE_TEXTS, Reader

# What HTML can hold: no control character but tab, newline and carriage return, and no lone surrogate.
REPRESENTABLE = st.text(st.characters(exclude_categories=("Cc", "Cs"), include_characters="\n\t\r"))


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> ScriptedAssistant:
    return ScriptedAssistant(make_library(tmp_path_factory.mktemp("library")))


def ask(assistant: ScriptedAssistant, question: str) -> Answer:
    *_, last = assistant.stream(question, Conversation())
    assert isinstance(last, Answer)
    return last


def one_quote(quote: str, title: str = "Judul") -> Answer:
    citation = Citation(1, "0123456789abcdef", title, "Bagian", None, 3, 9, quote)
    return Answer("Apa?", "Apa?", sentences=(AnswerSentence(quote, (1,)),), citations=(citation,))


# --- markup


@given(REPRESENTABLE)
def test_text_shows_exactly_what_it_was_given(value: str) -> None:
    reader = Reader(tag("p", value, title=value))
    assert reader.text == value
    assert reader.values("title") == [value]
    assert reader.tags == ["p"]


@given(st.text())
def test_markup_is_one_line_that_means_nothing_to_markdown(value: str) -> None:
    markup = text(value)
    assert len(markup.splitlines()) <= 1
    assert not set("<>*_`$[]\\\"'~|!#{}") & set(markup.replace("&#", ""))
    markup.encode("utf-8")


def test_control_characters_and_lone_surrogates_are_shown_as_replaced() -> None:
    assert text("a\x00b\x85c\ud800d") == "a\ufffdb\ufffdc\ufffdd"


def test_markup_children_are_kept_and_plain_ones_escaped() -> None:
    assert join((Markup("<b>"), "<")) == "<b>&#60;"
    assert tag("br") == "<br>"
    assert tag("a", class_="x", data_done="y", hidden=True, title=None, open=False) == (
        '<a class="x" data-done="y" hidden></a>'
    )


# --- answers


@given(REPRESENTABLE)
def test_a_question_is_shown_and_never_interpreted(question: str) -> None:
    reader = Reader(render_question(question))
    assert (reader.text, reader.tags) == (question, ["div"])


@given(REPRESENTABLE, REPRESENTABLE)
def test_any_quote_and_title_leave_the_structure_of_an_answer_as_it_is(quote: str, title: str) -> None:
    shown = Reader(render_answer(one_quote(quote, title), "id"))
    plain = Reader(render_answer(one_quote("a b" if " " in quote else "a", "Judul"), "id"))
    assert shown.tags == plain.tags
    assert quote in shown.text.replace("1", "", 1) or quote in shown.text


@pytest.mark.parametrize("hostile", HOSTILE_TEXTS)
def test_hostile_texts_stay_text_everywhere(hostile: str) -> None:
    passage = ShownPassage(1, "id", hostile, hostile, hostile, 0, 5, hostile, 1.0)
    answers = (
        one_quote(hostile, hostile),
        Answer(hostile, hostile + "x", mode=Mode.REPLY, short_answer=hostile),
        Answer(hostile, hostile + "x", abstained=True, reason=Reason.NOT_IN_SOURCES, passages=(passage,)),
        Answer(hostile, hostile, abstained=True, reason=Reason.NOT_IN_SOURCES, missing=(hostile,)),
    )
    allowed = {"div", "p", "span", "a", "blockquote"}
    for answer in answers:
        for language in LANGUAGES:
            markup = render_answer(answer, language)
            assert set(Reader(markup).tags) <= allowed
            assert "\n" not in markup
            assert "$$" not in markup


def test_a_marker_links_to_the_span_and_names_its_place(assistant: ScriptedAssistant) -> None:
    answer = ask(assistant, WHAT)
    reader = Reader(render_answer(answer, "id"))
    first = answer.citations[0]
    address = f"#kutipan/{first.document_id}/{first.start}-{first.end}/{quote_mark(first.quote)}"
    assert reader.values("href")[0] == address == citation_address(first)
    assert reader.values("title")[0] == f"Kutipan 1: {first.title}, {first.heading}"
    assert all(sentence.text in reader.text for sentence in answer.sentences)


def test_the_foot_counts_quotes_and_sources_in_the_language(assistant: ScriptedAssistant) -> None:
    answer = ask(assistant, WHAT)
    assert "Mode kutipan · 3 kutipan dari 2 sumber · 0,2 detik" in Reader(render_answer(answer, "id")).text
    assert "Quote mode · 3 quotes from 2 sources · 0.2 seconds" in Reader(render_answer(answer, "en")).text
    single = Reader(render_answer(one_quote("Satu."), "en")).text
    assert single.endswith("1 quote from 1 source")


def test_citations_of_one_place_share_a_line(assistant: ScriptedAssistant) -> None:
    reader = Reader(render_answer(ask(assistant, DIFFERENCE), "id"))
    assert reader.values("class").count("source") == 1
    assert reader.values("class").count("source-line") == 1
    assert "1, 2" in reader.text


def test_a_page_is_named_where_there_is_one() -> None:
    citation = Citation(1, "id", "Judul", "", "xii", 0, 4, "Satu")
    answer = Answer("?", "?", sentences=(AnswerSentence("Satu", (1,)),), citations=(citation,))
    assert "Judul, hlm. xii" in Reader(render_answer(answer, "id")).values("title")[0]


def test_a_rewritten_query_is_shown_and_an_equal_one_is_not() -> None:
    rewritten = Answer("Kapan?", "Kapan perjanjian tank Harimau?", sentences=(AnswerSentence("Nanti."),))
    assert "Dicari: Kapan perjanjian tank Harimau?" in Reader(render_answer(rewritten, "id")).text
    assert "Dicari" not in Reader(render_answer(Answer("Apa  itu?", "Apa itu?"), "id")).text


def test_a_citation_number_without_citation_shows_no_marker() -> None:
    answer = Answer("?", "?", sentences=(AnswerSentence("Tanpa bukti.", (7,)),))
    reader = Reader(render_answer(answer, "id"))
    assert "a" not in reader.tags
    assert "blockquote" not in reader.tags


def test_an_abstention_shows_three_nearest_passages_that_open(assistant: ScriptedAssistant) -> None:
    answer = ask(assistant, UNANSWERED)
    reader = Reader(render_answer(answer, "id"))
    assert "Sumber tidak memuat jawabannya" in reader.text
    assert "“cabai”, “surabaya”" in reader.text
    questions = [f"#tanya/{quote(question, safe='')}" for question in answer.suggestions]
    assert reader.values("href") == [*(citation_address(passage) for passage in answer.passages), *questions]
    assert all(question in reader.text for question in answer.suggestions)


def test_an_abstention_without_passages_says_so() -> None:
    answer = Answer("?", "?", abstained=True, reason=Reason.NOT_IN_SOURCES)
    assert say("screen.nothing_near") in Reader(render_answer(answer, "id")).text


@pytest.mark.parametrize("reason", [Reason.EMPTY_QUESTION, Reason.EMPTY_INDEX, Reason.LONG_QUESTION])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_other_reason_has_words(reason: Reason, language: str) -> None:
    reader = Reader(render_answer(Answer("x" * 2000, "", abstained=True, reason=reason), language))
    assert len(reader.text) > 20
    assert "{" not in reader.text


def test_a_reply_claims_no_source() -> None:
    answer = Answer("Halo", "Halo", mode=Mode.REPLY, sentences=(AnswerSentence("Halo juga.", verdict=""),))
    reader = Reader(render_answer(answer, "id"))
    assert reader.text == "Halo juga."
    assert "a" not in reader.tags


def test_a_partial_answer_grows_to_the_final_one(assistant: ScriptedAssistant) -> None:
    events = list(assistant.stream(WHAT, Conversation()))
    sentences = [event for event in events if isinstance(event, SentenceReady)]
    partial = Reader(render_partial(QueryReady("lain", rewritten=True), sentences[:2], "id"))
    assert partial.text.startswith("Dicari: lain")
    assert sentences[1].sentence.text in partial.text
    assert sentences[2].sentence.text not in partial.text
    assert Reader(render_partial(None, (), "id")).text == ""


def test_working_and_failure_say_what_happens() -> None:
    assert Reader(render_working("Mencari di 612 bagian teks…")).text == "Mencari di 612 bagian teks…"
    assert "model <x>" in Reader(render_not_prepared(RuntimeError("model <x>"), "id")).text
    assert say("screen.failed_remedy", "en") in Reader(render_failure("en")).text


def test_numbers_follow_the_language() -> None:
    assert (grouped(31400, "id"), grouped(31400, "en")) == ("31.400", "31,400")
    assert counted("screen.words", 1, "en") == "1 word"


def test_both_catalogues_have_the_same_keys() -> None:
    assert catalogue("id").keys() == catalogue("en").keys()


# --- the reading pane


def test_the_whole_text_is_shown_with_the_quote_marked(assistant: ScriptedAssistant) -> None:
    for question in (WHAT, DIFFERENCE, HOSTILE_SOURCE):
        for citation in ask(assistant, question).citations:
            document = assistant.library.document(citation.document_id)
            reader = Reader(
                render_document(
                    document,
                    citation.start,
                    citation.end,
                    passages=assistant.library.passages(document.id),
                    references=(),
                    language="id",
                )
            )
            assert reader.marked == citation.quote
            assert document.text.replace("\n", "") in reader.text
            assert f"“{citation.quote}” ({document.title})" in reader.values("data-copy")


@given(st.data())
def test_any_span_of_any_text_is_marked_exactly(data: st.DataObject) -> None:
    source = data.draw(REPRESENTABLE)
    start = data.draw(st.integers(0, len(source)))
    end = data.draw(st.integers(start, len(source)))
    document = Document("Judul", source, "uji:1")
    reader = Reader(render_document(document, start, end, passages=(), references=(), language="id"))
    assert reader.marked == source[start:end].replace("\n", "")
    assert source.replace("\n", "") in reader.text
    assert "script" not in reader.tags


def test_a_whole_passage_is_ruled_and_not_marked(assistant: ScriptedAssistant) -> None:
    shown = ask(assistant, UNANSWERED).passages[0]
    document = assistant.library.document(shown.document_id)
    passages = assistant.library.passages(document.id)
    markup = render_document(document, shown.start, shown.end, passages=passages, references=(), language="id")
    assert "mark" not in Reader(markup).tags
    assert "ruled" in Reader(markup).values("class")


def test_references_are_lines_with_a_safe_link() -> None:
    document = Document("Judul", "Satu kalimat.", "uji:1")
    passages = (Passage(document.id, 0, 0, 13, ("Atas", "Bawah")),)
    web = Reference("a", "Karya <satu>", authors=("Kron, Nicholas D.",), url="https://example.org/a?b=1&c=2")
    script = Reference("b", "Karya dua", url="javascript:alert(1)")
    reader = Reader(render_document(document, 0, 4, passages=passages, references=(web, script), language="id"))
    assert reader.values("href") == ["https://example.org/a?b=1&c=2"]
    assert reader.values("rel") == ["noopener noreferrer"]
    assert "Karya <satu>" in reader.text
    assert "Atas › Bawah" in reader.text


def test_the_later_of_two_overlapping_passages_is_taken() -> None:
    passages = (Passage("d", 0, 0, 10), Passage("d", 1, 8, 20))
    found = [passage_at(passages, offset) for offset in (7, 8, 20)]
    assert found == [passages[0], passages[1], None]


def test_a_notice_in_the_pane_is_words_alone() -> None:
    assert "Teks <b>" in Reader(render_pane_notice("Teks <b>", "id")).text


def test_a_library_text_holds_what_the_script_says(tmp_path: Path) -> None:
    library = make_library(tmp_path)
    answer = ask(ScriptedAssistant(library), HOSTILE_SOURCE)
    (citation,) = answer.citations
    assert library.document(citation.document_id).text[citation.start : citation.end] == citation.quote
    assert "$$E = mc^2$$" in citation.quote
