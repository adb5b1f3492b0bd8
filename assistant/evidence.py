"""Does a sentence hold the kind of thing that was asked for: a date, a number, a name, a reason, a definition?

Needs no model and no training; each rule looks at the sentence alone, in Indonesian and English.
"""

import re
from collections.abc import Callable

from assistant.question_kinds import Kind
from index.morphology import content_tokens

_MONTH = (
    r"(?:Januari|Februari|Maret|April|Mei|Juni|Juli|Agustus|September|Oktober|November|Desember"
    r"|January|February|March|May|June|July|August|October|December)"
)
_DATE = re.compile(rf"\b\d{{1,2}}(?:[–-]\d{{1,2}})? {_MONTH} \d{{4}}\b|\b{_MONTH} \d{{4}}\b")
_YEAR = re.compile(r"\b(?:19|20)\d{2}\b")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NUMBER_WORD = re.compile(
    r"\b(?:satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh|sebelas|belasan|puluh\w*|ratus\w*|ribu\w*|juta|miliar"
    r"|triliun|persen|setengah|sebuah|seluruh)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?<!^)(?<![.!?] )\b[A-Z][\w’'-]+(?:[ -][A-Z][\w’'.-]+)*")
_PLACE = re.compile(r"\b(?:di|ke|dari|in|at|from) [A-Z]\w+")
_CAUSE = re.compile(
    r"\b(?:karena|sebab|akibat\w*|sehingga|agar|supaya|demi|alasan\w*|penyebab\w*|disebabkan|didorong|mendorong|"
    r"menghambat|terhambat|kendala\w*|hambatan|guna|bertujuan|tujuan\w*|untuk|because|due to|since|so that|in order to)\b",
    re.IGNORECASE,
)
_STRONG_CAUSE = re.compile(
    r"\b(?:karena|sebab|akibat|sehingga|disebabkan|alasan\w*|menghambat|terhambat|agar|because|due to)\b", re.IGNORECASE
)
_ENUMERATION = re.compile(
    r"\b(?:yaitu|yakni|ialah|adalah|terdiri atas|terdiri dari|meliputi|mencakup|antara lain|misalnya|berupa|dibagi|"
    r"including|such as|consists? of)\b",
    re.IGNORECASE,
)
_COPULA = re.compile(
    r"\b(?:adalah|ialah|merupakan|diartikan|dipahami|didefinisikan|berarti|mengartikan|mendefinisikan|yaitu|"
    r"singkatan|is|are|means|refers to)\b",
    re.IGNORECASE,
)
_CONTRAST = re.compile(
    r"\b(?:sedangkan|sementara|berbeda|perbedaan|dibanding\w*|daripada|namun|adapun|lebih|tidak hanya|bukan|whereas|while|"
    r"unlike|in contrast)\b",
    re.IGNORECASE,
)


def evidence(kind: Kind, query: str, sentence: str) -> float:
    """Return 0 to 1: how far a sentence holds what a question of this kind asks for; 0 for HOW and OTHER."""
    rule = _RULES.get(kind)
    return rule(query, sentence) if rule else 0.0


def _when(_: str, sentence: str) -> float:
    if _DATE.search(sentence):
        return 1.0
    return 0.9 if _YEAR.search(sentence) else 0.0


def _how_many(query: str, sentence: str) -> float:
    asked = set(_NUMBER.findall(query))
    numbers = [n for n in _NUMBER.findall(_DATE.sub("", sentence)) if n not in asked and not _YEAR.fullmatch(n)]
    if numbers:
        return 1.0
    return 0.7 if _NUMBER_WORD.search(sentence) else 0.0


def _who(query: str, sentence: str) -> float:
    asked = {token.stem for token in content_tokens(query)}
    names = [match.group() for match in _NAME.finditer(sentence)]
    new = [name for name in names if not {token.stem for token in content_tokens(name)} <= asked]
    return min(1.0, 0.5 * len(new))


def _where(_: str, sentence: str) -> float:
    return 1.0 if _PLACE.search(sentence) else 0.0


def _why(_: str, sentence: str) -> float:
    if _STRONG_CAUSE.search(sentence):
        return 1.0
    return 0.4 if _CAUSE.search(sentence) else 0.0


def _list(_: str, sentence: str) -> float:
    commas = sentence.count(", ") + sentence.count("; ")
    if commas < 2:
        return 0.0
    return 1.0 if _ENUMERATION.search(sentence) else 0.6


def _definition(query: str, sentence: str) -> float:
    """Full evidence: the sentence opens with what is asked about and a copula follows."""
    copula = _COPULA.search(sentence)
    if not copula:
        return 0.0
    asked = {token.stem for token in content_tokens(query)}
    subject = {token.stem for token in content_tokens(sentence[: copula.start()])}
    if not asked or not asked & subject:
        return 0.0
    share = len(asked & subject) / len(asked)
    purity = len(asked & subject) / max(len(subject), 1)
    return share * (0.5 + 0.5 * min(1.0, 2 * purity))


def _comparison(_: str, sentence: str) -> float:
    return 1.0 if _CONTRAST.search(sentence) else 0.0


_RULES: dict[Kind, Callable[[str, str], float]] = {
    Kind.DEFINITION: _definition,
    Kind.LIST: _list,
    Kind.COMPARISON: _comparison,
    Kind.WHEN: _when,
    Kind.WHO: _who,
    Kind.WHERE: _where,
    Kind.HOW_MANY: _how_many,
    Kind.WHY: _why,
}
