"""What is small talk gets a word; what asks for a source does not."""

import pytest

from assistant.small_talk import small_talk
from assistant.wording import LANGUAGES, catalogue

TALK = {
    "reply.greeting": ["halo", "Halo!", "hai kak", "Selamat pagi", "assalamualaikum", "hello there", "Good morning",
                       "halo, apa kabar?", "Hi"],
    "reply.thanks": ["terima kasih", "Terima kasih banyak!", "makasih ya", "oke makasih kak", "thanks",
                     "Thank you so much", "terima kasih atas jawabannya"],
    "reply.farewell": ["sampai jumpa", "bye", "see you"],
    "reply.abilities": ["kamu bisa apa?", "apa saja yang bisa kamu jawab?", "siapa kamu?", "what can you do?",
                        "who are you", "help", "bantuan", "gimana cara pakai ini?"],
}  # fmt: skip

QUESTIONS = [
    "halo, apa itu MEF?",
    "terima kasih, lalu kapan itu ditandatangani?",
    "siapa Kron?",
    "apa fungsi KKIP?",
    "bantuan kemanusiaan",
    "what can the MEF do?",
    "apa kabar industri pertahanan?",
    "thanks to whom was the treaty signed?",
    "siapa kamu di mata Turki",
    "hai negara apa",
    "",
]


@pytest.mark.parametrize(("said", "key"), [(said, key) for key, several in TALK.items() for said in several])
def test_small_talk_gets_its_reply_in_any_case_and_spacing(said: str, key: str) -> None:
    for written in (said, said.upper(), f"  {said} \n"):
        assert small_talk(written) == key
    assert all(key in catalogue(language) for language in LANGUAGES)


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_is_no_small_talk(question: str) -> None:
    assert small_talk(question) is None


def test_a_long_text_is_judged_at_once() -> None:
    assert small_talk("halo " * 20_000 + "MEF") is None
