"""Greetings, thanks, farewells and questions about the assistant itself: they get a word, not a citation."""

import re

_COURTESY = r"(?:\s*(?:ya|dong|kak|min|pak|bu|bro|gan|semua(?:nya)?|tanya diplomasi|there|so much|a lot|very much))*"
_PATTERNS: tuple[tuple[str, str], ...] = (
    (
        "reply.greeting",
        r"(?:(?:halo|hallo|hai|hi|hello|hey|permisi|assalamu?'?alaikum\w*|selamat (?:pagi|siang|sore|malam)|good"
        r" (?:morning|afternoon|evening)|apa kabar|how are you)[\s,!.]*)+",
    ),
    (
        "reply.thanks",
        r"(?:(?:oke?|ok|baik|sip|mantap)[\s,!.]*)*(?:terima ?kasih|makasih|trims|tks|thx|thanks|thank you|thank u|tq)"
        r"(?: (?:banyak|atas \w+(?: \w+){0,3}|for .{1,40}))?",
    ),
    ("reply.farewell", r"(?:sampai jumpa|dadah?|bye|goodbye|see you)(?: lagi)?"),
    (
        "reply.abilities",
        r"(?:apa (?:saja |aja )?yang (?:bisa|dapat) (?:kamu|anda|kau|lo) (?:jawab|lakukan|bantu|kerjakan)"
        r"|(?:kamu|anda) (?:ini )?(?:bisa (?:apa|jawab apa|bantu apa)(?: saja| aja)?|siapa)"
        r"|siapa (?:kamu|anda)(?: ini)?|apa (?:kemampuan|fungsi)(?:mu| kamu| anda)"
        r""
        r"|what can you (?:do|answer)(?: for me)?|who are you|what are you|help|bantuan"
        r"|(?:bagaimana|gimana) cara (?:pakai|memakai|menggunakan)(?: (?:ini|aplikasi ini))?)",
    ),
)
_COMPILED = tuple((key, re.compile(rf"{pattern}{_COURTESY}[\s!.?,]*")) for key, pattern in _PATTERNS)


def small_talk(question: str) -> str | None:
    """Return the message key of the fitting reply, or None when the question is one for the sources."""
    text = " ".join(question.casefold().split())
    for key, pattern in _COMPILED:
        if pattern.fullmatch(text):
            return key
    return None
