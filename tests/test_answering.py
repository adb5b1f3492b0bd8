"""The asking arrow: what every answer keeps to, whatever was asked, in whatever conversation, from how many threads."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.answering import Assistant
from assistant.answers import Answer, Event, Mode, QueryReady, Reason, SentenceReady
from assistant.conversation import Conversation
from assistant.opening import Workplace
from assistant.settings import LONGEST_QUESTION, AnsweringSettings
from tests.small_index import add_source
from tests.small_workplace import small_workplace

QUESTIONS = [
    "Apa itu MEF?",
    "Kapan Perjanjian Lombok ditandatangani?",
    "Siapa mitra Pindad untuk tank Harimau?",
    "Apa bedanya diplomasi keamanan dan diplomasi pertahanan?",
    "Berapa capaian MEF pada 2022?",
    "What is security diplomacy?",
    "Bagaimana cara memasak rendang sapi?",
    "kalau 2023?",
    "kenapa?",
    "siapa penandatangannya?",
    "halo",
    "",
]
ASKED = st.sampled_from(QUESTIONS) | st.text(st.characters(), max_size=80) | st.text(" \n\t", max_size=5)


def stream(assistant: Assistant, question: str, conversation: Conversation | None = None) -> tuple[list[Event], Answer]:
    """Return the events before the answer, and the answer; exactly one answer, and it comes last."""
    *events, last = assistant.stream(question, conversation or Conversation())
    assert isinstance(last, Answer)
    assert not any(isinstance(event, Answer) for event in events)
    return events, last


def without_times(answer: Answer) -> Answer:
    return replace(answer, timings_ms={})


def check(answer: Answer, question: str, assistant: Assistant) -> None:
    """Check what is promised of every answer."""
    assert answer.question == question
    assert answer.language in {"id", "en"}
    assert answer.timings_ms["total"] >= 0
    assert [citation.n for citation in answer.citations] == list(range(1, len(answer.citations) + 1))
    assert [passage.n for passage in answer.passages] == list(range(1, len(answer.passages) + 1))
    assert len({(passage.document_id, passage.start) for passage in answer.passages}) == len(answer.passages)
    for passage in answer.passages:
        assert assistant.library.document(passage.document_id).text[passage.start : passage.end] == passage.text
    for citation in answer.citations:
        assert assistant.library.document(citation.document_id).text[citation.start : citation.end] == citation.quote
        assert any(
            passage.document_id == citation.document_id
            and passage.start <= citation.start < citation.end <= passage.end
            for passage in answer.passages
        )
    quotes = {citation.n: citation.quote for citation in answer.citations}
    if answer.abstained:
        assert answer.reason is not Reason.NONE
        assert (answer.sentences, answer.citations) == ((), ())
    elif answer.mode is Mode.QUOTE:
        assert answer.reason is Reason.NONE
        assert answer.sentences
        assert all(sentence.text == quotes[n] for sentence in answer.sentences for n in sentence.citations)
        assert all(sentence.citations for sentence in answer.sentences)
    else:
        assert (len(answer.sentences), answer.citations, answer.passages) == (1, (), ())


@given(st.lists(ASKED, min_size=1, max_size=3))
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_every_answer_of_every_conversation_keeps_its_promises(assistant: Assistant, asked: list[str]) -> None:
    conversation = Conversation()
    for question in asked:
        events, answer = stream(assistant, question, conversation)
        check(answer, question, assistant)
        shown = [event for event in events if isinstance(event, SentenceReady)]
        assert answer.mode is Mode.REPLY or tuple(event.sentence for event in shown) == answer.sentences
        assert tuple(citation for event in shown for citation in event.citations) == answer.citations
        conversation = conversation.with_turn(question, answer)


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_same_question_gets_the_same_answer(question: str, assistant: Assistant) -> None:
    check(assistant.answer(question), question, assistant)
    assert without_times(assistant.answer(question)) == without_times(assistant.answer(question))


def test_the_query_is_known_before_the_first_sentence(assistant: Assistant) -> None:
    earlier = Conversation().with_turn("Apa itu MEF?", assistant.answer("Apa itu MEF?"))
    events, answer = stream(assistant, "kapan dicanangkan?", earlier)
    assert events[0] == QueryReady("Kapan dicanangkan MEF?", rewritten=True)
    assert answer.query == "Kapan dicanangkan MEF?"
    assert all(isinstance(event, SentenceReady) for event in events[1:])
    assert len(events) > 1


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("", Reason.EMPTY_QUESTION),
        (" \n\t ", Reason.EMPTY_QUESTION),
        ("x" * (LONGEST_QUESTION + 1), Reason.LONG_QUESTION),
        ("apa " * 100_000, Reason.LONG_QUESTION),
        ("Bagaimana cara memasak rendang sapi?", Reason.NOT_IN_SOURCES),
        ("???", Reason.NOT_IN_SOURCES),
        ("😀", Reason.NOT_IN_SOURCES),
    ],
)
def test_what_cannot_be_answered_says_why(question: str, reason: Reason, assistant: Assistant) -> None:
    answer = assistant.answer(question)
    assert (answer.abstained, answer.reason) == (True, reason)
    assert bool(answer.passages) == (reason is Reason.NOT_IN_SOURCES), "what is nearest is shown"
    check(answer, question, assistant)


def test_a_question_of_the_longest_length_is_searched(assistant: Assistant) -> None:
    question = "Apa itu MEF? ".ljust(LONGEST_QUESTION, "a")
    assert assistant.answer(question).reason is not Reason.LONG_QUESTION
    assert assistant.answer("  " + question + "  ").reason is not Reason.LONG_QUESTION


def test_a_refusal_names_the_missing_words(assistant: Assistant) -> None:
    assert {"rendang", "sapi"} <= set(assistant.answer("Bagaimana cara memasak rendang sapi?").missing)


def test_small_talk_is_answered_without_a_source_in_its_language(assistant: Assistant) -> None:
    hello = assistant.answer("hello")
    assert (hello.mode, hello.abstained, hello.language) == (Mode.REPLY, False, "en")
    abilities = assistant.answer("kamu bisa apa?")
    assert f"{len(assistant.library.summaries())} teks" in abilities.sentences[0].text
    assert assistant.library.summaries()[0].title in abilities.sentences[0].text


def test_a_comparison_reads_about_both_sides(assistant: Assistant) -> None:
    one_passage = replace(assistant, settings=AnsweringSettings(context_passages=1))
    answer = one_passage.answer("Apa bedanya tank Harimau dan jet KAAN?")
    check(answer, "Apa bedanya tank Harimau dan jet KAAN?", assistant)
    quotes = " ".join(sentence.text for sentence in answer.sentences)
    assert len(answer.passages) > 1
    assert "Harimau" in quotes
    assert "KAAN" in quotes


def test_settings_bound_the_answer(workplace: Workplace) -> None:
    narrow = AnsweringSettings(context_passages=2, most_sentences=2, most_words=60)
    answer = replace(workplace.assistant(), settings=narrow).answer("Apa itu MEF?")
    assert len(answer.passages) == 2
    assert 1 <= len(answer.sentences) <= 2


def test_an_empty_index_is_a_stated_outcome(own_workplace: Workplace) -> None:
    assistant = own_workplace.assistant()
    answer = assistant.answer("Apa itu MEF?")
    assert (answer.abstained, answer.reason, answer.passages) == (True, Reason.EMPTY_INDEX, ())
    assert assistant.search("MEF", 5) == ()


def test_two_conversations_do_not_influence_each_other(assistant: Assistant) -> None:
    about_mef = Conversation().with_turn("Apa itu MEF?", assistant.answer("Apa itu MEF?"))
    about_kaan = Conversation().with_turn("Apa itu jet KAAN?", assistant.answer("Apa itu jet KAAN?"))
    alone = [without_times(assistant.answer("kapan?", one)) for one in (about_mef, about_kaan)]
    assert [answer.query for answer in alone] == ["Kapan MEF?", "Kapan jet KAAN?"]
    streams = [assistant.stream("kapan?", one) for one in (about_mef, about_kaan)]
    ended: list[Answer | None] = [None, None]
    while None in ended:  # one event of each in turn
        for number, events in enumerate(streams):
            event = next(events, None)
            if isinstance(event, Answer):
                ended[number] = without_times(event)
    assert ended == alone
    assert without_times(assistant.answer("kapan?")).query == "kapan?"


def test_eight_threads_get_the_answers_that_one_gets(workplace: Workplace) -> None:
    questions = QUESTIONS * 4
    expected = [without_times(workplace.assistant().answer(question)) for question in QUESTIONS] * 4
    fresh = workplace.assistant()  # its index is opened by the threads themselves
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(fresh.answer, questions))
    assert [without_times(answer) for answer in answers] == expected


# --- answers from some documents only


KILAT = "# Catatan Kilat Biru\n\nRudal Kilat Biru diuji di Pulau Morotai pada 3 Mei 2024. Ujinya berhasil."
GUNTUR = "# Catatan Guntur\n\nTorpedo Guntur diuji di Pulau Bawean pada 7 Juni 2023. Ujinya gagal."
WITHIN_QUESTIONS = [
    "Di mana rudal Kilat Biru diuji?",
    "Kapan torpedo Guntur diuji?",
    "Apa bedanya rudal Kilat Biru dan torpedo Guntur?",
    "Siapa yang menandatangani Perjanjian Lombok?",
    "Berapa capaian kekuatan pokok minimum?",
    "Where was the Kilat Biru missile tested?",
    "kamu bisa apa?",
    "halo",
    "",
]


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workplace]:
    """A workplace of the study texts and of one text each of Ana and Budi."""
    folder = tmp_path_factory.mktemp("shared")
    with small_workplace(folder / "home") as opened:
        for owner, text in (("ana", KILAT), ("budi", GUNTUR)):
            path = folder / f"{owner}.md"
            path.write_text(text)
            add_source(opened.library, path, opened.settings.chunking, owner=owner)
        opened.update()
        yield opened


@given(
    st.sampled_from(WITHIN_QUESTIONS),
    st.sampled_from([None, *WITHIN_QUESTIONS[:5]]),
    st.sets(st.sampled_from(["Minimum Essential Force", "Perjanjian Lombok", "Catatan Kilat Biru", "Catatan Guntur"])),
)
@settings(deadline=None, max_examples=60)
def test_nothing_of_other_documents_is_quoted_shown_or_named(
    shared: Workplace, question: str, before: str | None, titles: set[str]
) -> None:
    assistant, within = shared.assistant(), {shared.library.find(title).id for title in titles}
    conversation = Conversation()
    if before:
        conversation = conversation.with_turn(before, assistant.answer(before, conversation, within))
    *_, answer = assistant.stream(question, conversation, within)
    assert isinstance(answer, Answer)
    assert {citation.document_id for citation in answer.citations} <= within
    assert {passage.document_id for passage in answer.passages} <= within
    said = " ".join(sentence.text for sentence in answer.sentences)
    for title in ("Minimum Essential Force", "Perjanjian Lombok", "Catatan Kilat Biru", "Catatan Guntur"):
        assert title in titles or title not in said
    found = assistant.search(question, 50, within)
    assert {passage.document_id for passage in found} <= within


def test_each_person_is_answered_from_what_they_see(shared: Workplace) -> None:
    assistant, library = shared.assistant(), shared.library
    question = WITHIN_QUESTIONS[0]
    for viewer, answered in (("ana", True), ("budi", False), ("", False), (None, True)):
        answer = assistant.answer(question, within=library.scope(viewer))
        quotes = [citation.quote for citation in answer.citations]
        assert ("Rudal Kilat Biru diuji di Pulau Morotai pada 3 Mei 2024." in quotes) == answered, viewer


def test_what_another_person_adds_while_one_asks_is_not_quoted(tmp_path: Path) -> None:
    with small_workplace(tmp_path / "home") as opened:
        opened.update()
        assistant, question = opened.assistant(), WITHIN_QUESTIONS[0]
        within = opened.library.scope("budi")
        assert {each.title for each in opened.library.summaries()} == {"Minimum Essential Force", "Perjanjian Lombok"}
        (tmp_path / "ana.md").write_text(KILAT)
        add_source(opened.library, tmp_path / "ana.md", opened.settings.chunking, owner="ana")
        opened.update()
        assert "Morotai" in str(assistant.answer(question, within=opened.library.scope("ana")))
        assert "Morotai" not in str(assistant.answer(question, within=within))


def test_a_word_that_only_another_persons_text_holds_is_missing(shared: Workplace) -> None:
    assistant, library = shared.assistant(), shared.library
    question = "Apa yang terjadi di Bawean?"
    assert "Bawean" in assistant.answer(question, within=library.scope("ana")).missing
    assert "Bawean" not in assistant.answer(question, within=library.scope("budi")).missing


def test_what_the_assistant_says_of_itself_counts_only_what_the_person_sees(shared: Workplace) -> None:
    said = shared.assistant().answer("kamu bisa apa?", within=shared.library.scope("ana")).sentences[0].text
    assert "3 teks" in said
    assert "Catatan Kilat Biru" in said
    assert "Catatan Guntur" not in said


def test_within_no_document_is_like_an_empty_index(shared: Workplace) -> None:
    answer = shared.assistant().answer(WITHIN_QUESTIONS[0], within=frozenset())
    assert (answer.abstained, answer.reason, answer.passages) == (True, Reason.EMPTY_INDEX, ())


def test_within_every_document_the_answer_is_the_same_as_without_a_restriction(shared: Workplace) -> None:
    assistant, every = shared.assistant(), {each.id for each in shared.library.summaries()}
    for question in WITHIN_QUESTIONS:
        assert without_times(assistant.answer(question, within=every)) == without_times(assistant.answer(question))
