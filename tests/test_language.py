"""Which language a text is in."""

import pytest

from knowledge.language import language_of_text

INDONESIAN = (
    "Indonesia menjadikan keamanan negara faktor yang penting dan berupaya menciptakannya untuk semua dengan damai. "
)
ENGLISH = "The government of Indonesia has agreed to share the burden of security with its neighbours in the region. "


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (INDONESIAN, "id"),
        (ENGLISH, "en"),
        ("", "id"),
        ("12 34 | 56", "id"),
        ("Security Diplomacy: Beyond Defense", "id"),
        ("Die Regierung hat sich mit den Nachbarn in der Region geeinigt.", "id"),
        (INDONESIAN * 30 + ENGLISH * 3, "id"),
        (ENGLISH * 30 + INDONESIAN * 3, "en"),
        (ENGLISH.upper(), "en"),
    ],
)
def test_by_its_function_words(text: str, language: str) -> None:
    assert language_of_text(text) == language


def test_a_summary_in_english_does_not_make_it_english() -> None:
    assert language_of_text(f"Abstract. {ENGLISH * 5} Abstrak. {INDONESIAN * 5} {INDONESIAN}") == "id"
