"""What a question asks for, by its words: language, and kind (a definition, a list, a comparison, a time, ...)."""

import re
from enum import StrEnum

from index.morphology import tokenize


class Kind(StrEnum):
    """What would answer a question."""

    DEFINITION = "definition"
    LIST = "list"
    COMPARISON = "comparison"
    WHEN = "when"
    WHO = "who"
    IDENTITY = "identity"
    WHERE = "where"
    HOW_MANY = "how_many"
    WHY = "why"
    HOW = "how"
    OTHER = "other"


# In this order: "apa saja perbedaan" compares, "apa saja" lists, "berapa" counts even after "tahun" has been seen.
_PATTERNS: tuple[tuple[Kind, str], ...] = (
    (
        Kind.COMPARISON,
        r"\b(?:beda|bedanya|bedakan|perbedaan\w*|membedakan|berbeda|dibanding\w*|bandingkan|perbandingan|persamaan\w*"
        r"|versus|vs|differ\w*|compare[ds]?|comparison|contrast)\b",
    ),
    (
        Kind.WHEN,
        r"\b(?:kapan\w*|kpn|bilamana|(?:tahun|tanggal) (?:berapa|brp)|bulan apa|when"
        r"|(?:what|which|in what) (?:year|date|month|day))\b",
    ),
    (
        Kind.LIST,
        r"\b(?:(?:apa|siapa|mana) (?:aja|saja)|apa-apa|sebut(?:kan|in)?|daftar|what are|who are|which are|list|name the"
        r"|enumerate)\b",
    ),
    (Kind.WHY, r"\b(?:mengapa|kenapa|knp|napa|alasan\w*|apa (?:se)?sebab\w*|penyebab\w*|why|reasons?)\b"),
    (
        Kind.HOW_MANY,
        r"\b(?:berapa\w*|brp|seberapa|how (?:many|much|large|big|long|old)|what (?:percentage|share|value))\b",
    ),
    (
        Kind.DEFINITION,
        r"^(?:jelaskan |tolong )?(?:apa itu|apa sih|apakah itu|apa yang di(?:maksud|sebut)|apa arti|apaan)\b"
        r"|\bitu (?:apa|apaan|apa sih)\W*$",
    ),
    (
        Kind.DEFINITION,
        r"\b(?:definisi|pengertian|dimaksud dengan|kepanjangan\w*|singkatan dari|maksud dari|artinya apa|meaning of"
        r"|definition of|stand for|meant by)\b",
    ),
    (Kind.DEFINITION, r"^(?:what(?:'s| is)|define|explain what)\b(?!.* (?:of|for|by|between|in|at|to|with) )"),
    (Kind.WHERE, r"\b(?:di ?mana|ke ?mana|dari mana|where)\b"),
    (Kind.WHO, r"\b(?:siapa\w*|who|whom|whose)\b"),
    (Kind.HOW, r"\b(?:bagaimana\w*|gimana|gmn|how)\b"),
)
_COMPILED = tuple((kind, re.compile(pattern)) for kind, pattern in _PATTERNS)

# "Siapa Kron?", "Who was Alexander Downer?": a name and nothing else. Without a capital only a single word is a name.
_IDENTITY = re.compile(
    r"^(?:[Ss]iapa(?:kah)?(?: (?:itu|sih))?|[Ww]ho (?:is|was))\s+"
    r"(?:(?:[A-Z][\w.’'-]*\s*)+|(?!yang\b|saja\b|aja\b)\w+)\s*\?*$"
)

_INDONESIAN = frozenset(
    "yang dan di ke dari untuk pada dengan dalam oleh atau itu ini apa siapa kapan mana bagaimana gimana mengapa "
    "kenapa berapa adalah tidak ada saja aja sih kalau kalo menurut tahun antara sebutkan jelaskan tentang buat sudah "
    "akan bisa halo hai terima kasih kamu kerja sama bedanya apakah".split()
)
_ENGLISH = frozenset(
    "the of and to in for on with by from is are was were what who when where why how which does did do between "
    "about hello hi thanks thank you can could many much tell me explain a an it that this their".split()
)


def kind_of(question: str) -> Kind:
    """Return what a question asks for; OTHER when no pattern says so (yes-or-no questions, bare topics)."""
    written = " ".join(question.split())
    if _IDENTITY.match(written):
        return Kind.IDENTITY
    text = written.casefold()
    for kind, pattern in _COMPILED:
        if pattern.search(text):
            return kind
    return Kind.OTHER


def language_of(text: str, default: str = "id") -> str:
    """Return "id" or "en" by counting function words; ``default`` when neither leads.

    Statistical identifiers take short Indonesian questions for Malay or Javanese, so two closed lists decide.
    """
    words = [token.surface for token in tokenize(text)]
    indonesian = sum(word in _INDONESIAN for word in words)
    english = sum(word in _ENGLISH for word in words)
    if indonesian == english:
        return default
    return "id" if indonesian > english else "en"
