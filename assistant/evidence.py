"""Does a sentence hold the kind of thing that was asked for: a date, a number, a name, a reason, a definition?

Needs no model and no training; each rule looks at the sentence alone, in Indonesian and English.
"""

import re
from collections.abc import Callable, Sequence

from assistant.query_rewriting import Query
from assistant.question_kinds import Kind
from index.morphology import content_tokens
from index.query_words import QueryWord

_MONTH = (
    r"(?:Januari|Februari|Maret|April|Mei|Juni|Juli|Agustus|September|Oktober|November|Desember"
    r"|January|February|March|May|June|July|August|October|December)"
)
_DATE = re.compile(rf"\b\d{{1,2}}(?:[–-]\d{{1,2}})? {_MONTH} \d{{4}}\b|\b{_MONTH} \d{{4}}\b")
_YEAR = re.compile(r"\b(?:19|20)\d{2}\b")
_YEAR_SPAN = re.compile(r"\b(?:19|20)\d{2}\s?[–-]\s?(?:19|20)\d{2}\b")
_BRACKETS = re.compile(r"\([^()]*\)")
_COMMA = re.compile(r"[,;] ")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NUMBER_WORD = re.compile(
    r"\b(?:satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh|sebelas|belasan|puluh\w*|ratus\w*|ribu\w*"
    r"|juta|miliar|triliun|persen|setengah|sebuah|seluruh)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?<!^)(?<![.!?] )\b[A-Z][\w’'-]+(?:[ -][A-Z][\w’'.-]+)*")
_PLACE = re.compile(r"\b(?:di|ke|dari|in|at|from) [A-Z]\w+")
_CAUSE = re.compile(
    r"\b(?:karena|sebab|akibat\w*|sehingga|agar|supaya|demi|alasan\w*|penyebab\w*|disebabkan|didorong|mendorong"
    r"|menghambat|terhambat|kendala\w*|hambatan|guna|bertujuan|tujuan\w*|untuk|because|due to|since|so that"
    r"|in order to)\b",
    re.IGNORECASE,
)
_STRONG_CAUSE = re.compile(
    r"\b(?:karena|sebab|akibat|sehingga|disebabkan|alasan\w*|menghambat|terhambat|agar|because|due to)\b", re.IGNORECASE
)
_FIRST_NAMES = re.compile(r"\b[A-Z][\w’'-]+\s(?:[A-Z]\.\s)*$")
_ROLE_REACH = 4  # words between a role and the last part of a name: "tesis magister Nicholas D. Kron"
_ROLE = re.compile(
    r"\b(?:presiden|menteri|menhan|menlu|panglima|kepala|direktur|dirjen|sekjen|ketua|anggota|pejabat|jenderal"
    r"|laksamana|laksda|laksdya|marsekal|marsda|letjen|mayjen|brigjen|kolonel|komisaris|duta besar|juru bicara"
    r"|penulis|peneliti|pengamat|profesor|dosen|tesis|disertasi|buku|artikel|karya|raja|perdana menteri|president"
    r"|minister|author|thesis)\b",
    re.IGNORECASE,
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
    r"\b(?:sedangkan|sementara|berbeda|perbedaan|dibanding\w*|daripada|namun|adapun|lebih|tidak hanya|bukan|whereas"
    r"|while|unlike|in contrast)\b",
    re.IGNORECASE,
)


def evidence(query: Query, words: Sequence[QueryWord], sentence: str) -> float:
    """Return 0 to 1: how far a sentence holds what a query of its kind asks for; 0 for HOW and OTHER.

    ``words`` are the content words of the query.
    """
    rule = _RULES.get(query.kind)
    return rule(words, query.text, sentence) if rule else 0.0


def _when(_words: Sequence[QueryWord], _: str, sentence: str) -> float:
    """A day or month is full evidence; a year less; a span of years, or a year in brackets as of a report, little."""
    if _DATE.search(sentence):
        return 1.0
    plain = _YEAR_SPAN.sub("", _BRACKETS.sub("", sentence))
    if _YEAR.search(plain):
        return 0.9
    return 0.3 if _YEAR.search(sentence) else 0.0


def _how_many(_: Sequence[QueryWord], query: str, sentence: str) -> float:
    asked = set(_NUMBER.findall(query))
    numbers = [n for n in _NUMBER.findall(_DATE.sub("", sentence)) if n not in asked and not _YEAR.fullmatch(n)]
    if numbers:
        return 1.0
    return 0.7 if _NUMBER_WORD.search(sentence) else 0.0


def _who(_: Sequence[QueryWord], query: str, sentence: str) -> float:
    asked = {token.stem for token in content_tokens(query)}
    names = [match.group() for match in _NAME.finditer(sentence)]
    new = [name for name in names if not {token.stem for token in content_tokens(name)} <= asked]
    return min(1.0, 0.5 * len(new))


def _identity(_: Sequence[QueryWord], query: str, sentence: str) -> float:
    """Full evidence: a role or a work before the whole name, as at its introduction; some: before a part of it."""
    tokens = content_tokens(query)
    name = query[tokens[0].start : tokens[-1].end] if tokens else ""
    position = sentence.casefold().find(name.casefold())
    if not name or position < 0:
        return 0.0
    before, after = sentence[:position], sentence[position + len(name) :]
    near = " ".join(before.split()[-_ROLE_REACH:])
    first_names = _FIRST_NAMES.search(before)
    whole = " " in name or (first_names and not _ROLE.match(first_names.group()))
    if _ROLE.search(near):
        return 1.0 if whole else 0.3
    return 0.3 if whole and _COPULA.search(" ".join(after.split()[:4])) else 0.0


def _where(_words: Sequence[QueryWord], _: str, sentence: str) -> float:
    return 1.0 if _PLACE.search(sentence) else 0.0


def _why(_words: Sequence[QueryWord], _: str, sentence: str) -> float:
    if _STRONG_CAUSE.search(sentence):
        return 1.0
    return 0.4 if _CAUSE.search(sentence) else 0.0


def _list(_words: Sequence[QueryWord], _: str, sentence: str) -> float:
    """Full evidence: four items or more behind a word that introduces them."""
    opening = _ENUMERATION.search(sentence)
    commas = _COMMA.findall(sentence[opening.end() :] if opening else sentence)
    if len(commas) < 2:
        return 0.0
    return (0.6 if opening else 0.3) + (0.4 if len(commas) > 2 else 0.0)


def _definition(words: Sequence[QueryWord], _: str, sentence: str) -> float:
    """Full evidence: the sentence opens with what is asked about, in any of its forms, and a copula follows."""
    copula = _COPULA.search(sentence)
    if not copula:
        return 0.0
    subject = {token.stem for token in content_tokens(sentence[: copula.start()])}
    named = [word for word in words if word.held_by(subject)]
    if not named:
        return 0.0
    forms = frozenset().union(*({word.token.stem, *(stem for form in word.forms for stem in form)} for word in named))
    purity = len(forms & subject) / max(len(subject), 1)
    return len(named) / len(words) * (0.5 + 0.5 * purity)


def _comparison(_words: Sequence[QueryWord], _: str, sentence: str) -> float:
    return 1.0 if _CONTRAST.search(sentence) else 0.0


_RULES: dict[Kind, Callable[[Sequence[QueryWord], str, str], float]] = {
    Kind.DEFINITION: _definition,
    Kind.LIST: _list,
    Kind.COMPARISON: _comparison,
    Kind.WHEN: _when,
    Kind.WHO: _who,
    Kind.IDENTITY: _identity,
    Kind.WHERE: _where,
    Kind.HOW_MANY: _how_many,
    Kind.WHY: _why,
}
