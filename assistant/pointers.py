"""Words of a question that point back to what was asked before: "itu", "dia", "-nya", "it", "this treaty"."""

import re

from index.morphology import content_tokens, tokenize
from index.term_map import TermMap, TermMatch

_POINTER = re.compile(
    r"\b(?:hal (?:itu|ini|tersebut)|tersebut|mereka|beliau|dia|ia|they|them|its?|their|he|she|his|her|him|those|these"
    r"|this|(?:(?<=is )|(?<=was )|(?<=did )|(?<=does )|(?<=of )|(?<=about )|(?<=for )|(?<=after ))that|that(?=\W*$)"
    r"|itu|ini)\b(?! (?:true|possible)\b)",
    re.IGNORECASE,
)
_OWNERS = frozenset("its their his her".split())
_DEMONSTRATIVES = frozenset("itu ini tersebut this these those that".split())
_NO_POINTER_AFTER = frozenset("apa apakah sih siapa saat hari tahun bulan abad selama dewasa masa kali minggu".split())
_CLAUSE = re.compile(
    r",|\b(?:dan|serta|lalu|tetapi|karena|sehingga|agar|bahwa|jika|and|but|because|when|if)\b", re.IGNORECASE
)
_POSSESSIVE = re.compile(r"\b(?P<noun>\w{3,})nya\b", re.IGNORECASE)
_NO_POSSESSIVE = frozenset(
    "cara soal masalah inti berta biasa umum misal akhir awal sebelum sesudah selanjut seterus sebaik "
    "seharus sebenar khusus terutama rupa "
    "nyata kata setidak tentu pasti ada banyak sendiri sepenuh".split()
)
_LINK = re.compile(r"\b(?:dengan|bagi|untuk|terhadap|ke(?:pada)?|pada|di|oleh)\b", re.IGNORECASE)
_ONLY_A_YEAR = re.compile(r"[\s\d–-]*")


def resolve_pointer(question: str, topic: str, terms: TermMap) -> str:
    """Return a question with the topic in the place of its first pointer; empty when nothing in it points back."""
    resolved = resolve_pronoun(question, topic, terms)
    if resolved:
        return resolved
    for found in _POSSESSIVE.finditer(question):
        if found["noun"].lower() not in _NO_POSSESSIVE and not _has_own_possessor(found, question, terms):
            return f"{question[: found.end('noun')]} {topic}{question[found.end() :]}"
    return ""


def resolve_pronoun(question: str, topic: str, terms: TermMap) -> str:
    """Do as `resolve_pointer` for pronouns and demonstratives alone; the noun of "perjanjian itu" goes with them."""
    held = {token.stem for token in content_tokens(topic)}
    for found in _POINTER.finditer(question):
        start, end = found.span()
        before, behind = tokenize(question[:start]), tokenize(question[end:])
        named = any(match.end == before[-1].end for match in subjects_in(question[:start], terms))
        repeated = bool(before) and before[-1].stem in held and not named
        if not repeated and not _points_back(found, question, terms):
            continue
        if repeated:
            start = before[-1].start
        elif behind and behind[0].stem in held:
            end += behind[0].end
        return f"{question[:start]}{topic}{question[end:]}"
    return ""


def subjects_in(text: str, terms: TermMap) -> list[TermMatch]:
    """Return the terms of a text that a question can be about: no common words, and not Indonesia itself."""
    found = terms.find(text)
    return [match for match in found if match.term.kind != "word" and match.term.indonesian != "Indonesia"]


def _points_back(found: re.Match[str], question: str, terms: TermMap) -> bool:
    """Say whether a pronoun means what was asked before, and nothing that its own question names."""
    word = found.group().lower()
    subjects = subjects_in(question[: found.start()], terms)
    if subjects and (word in _OWNERS or _CLAUSE.search(question, subjects[-1].end, found.start())):
        return False
    return word not in _DEMONSTRATIVES or not _marks_its_own_noun(found, question, subjects, terms)


def _marks_its_own_noun(found: re.Match[str], question: str, subjects: list[TermMatch], terms: TermMap) -> bool:
    """Say so of "apa itu X", "saat ini", "MEF itu singkatan apa?" and "rendang itu makanan apa?"."""
    before = tokenize(question[: found.start()])
    if not before:
        return False
    last = before[-1]
    if last.surface in _NO_POINTER_AFTER:
        return True
    if subjects and _ONLY_A_YEAR.fullmatch(question, subjects[-1].end, found.start()):
        return True
    opens = len(before) == 1 and bool(content_tokens(question[: found.start()]))
    return opens and not terms.find(question[last.start : last.end])


def _has_own_possessor(found: re.Match[str], question: str, terms: TermMap) -> bool:
    """Say so of "direkturnya Pindad", "Pindad direkturnya siapa?" and "lahirnya istilah diplomasi pertahanan"."""
    behind = question[found.end() :].lstrip()
    subjects = subjects_in(behind, terms)
    if behind[:1].isupper() or (subjects and not _LINK.search(behind, 0, subjects[0].start)):
        return True
    noun = found["noun"].lower()
    is_verb = noun.startswith("me") and tokenize(noun)[0].stem != noun
    return bool(subjects_in(question[: found.start()], terms)) and not is_verb
