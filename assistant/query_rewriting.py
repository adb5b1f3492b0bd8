"""From a follow-up to a standalone query, by rules over the last turns.

The shapes that are known: a bare question word ("kenapa?"), another year ("terus tahun 2023?"), a comparison with one
side or none ("apa bedanya dengan X?"), another subject ("kalau Turki?"), a pointer to what was asked before ("kapan itu
ditandatangani?", "apa targetnya?", "yang bahan baku?"), a question too short to stand alone ("berapa unit?"), and last
any short question that names nothing itself, which keeps the question before it in front. The previous *query* is used,
itself standalone, so a chain of follow-ups keeps its subject.
"""

import re
from dataclasses import dataclass

from assistant.answers import Mode, Reason
from assistant.conversation import Conversation
from assistant.pointers import resolve_pointer, resolve_pronoun, subjects_in
from assistant.question_kinds import Kind, kind_of
from index.morphology import content_tokens, tokenize
from index.term_map import TermMap, TermMatch

_LONGEST_FOLLOW_UP = 8  # content words; a longer question says itself what it is about
_LONGEST_TOPIC = 8  # content words
_LONGEST_ELLIPSIS = 2  # content words
_LEAD = re.compile(r"^(?:(?:lalu|terus|trus|nah|oke|ok|dan|tapi|tetapi|and|but|so|then)\b[\s,]*)+", re.IGNORECASE)
_OTHER = re.compile(
    r"^(?:kalau|kalo|klo|bagaimana (?:dengan|kalau)|(?:gimana|gmn) (?:dengan|kalau|kalo|sama)|(?:what|how) about"
    r"|sedangkan|dengan|untuk)\s+",
    re.IGNORECASE,
)
_PLACE = re.compile(r"^(?:di|pada|bagi|for|in)\s+", re.IGNORECASE)
_TAIL = re.compile(r"\s*,?\s*(?:\b(?:berapa|brp|bagaimana|gimana|gmn|dong|sih|ya))?\s*[?.!]*$", re.IGNORECASE)
_BARE = re.compile(
    r"(?P<word>(?:(?:sejak|sampai|untuk|buat|oleh|dengan|dari|since|until|by|with|from) )?"
    r"(?:mengapa|kenapa|knp|why|kapan|kpn|when|siapa|who(?:m)?|(?:di |dari )?mana|where|berapa|brp|bagaimana|gimana|gmn"
    r"|how|apa itu|siapa itu|apa)(?: (?:saja|aja|lama|banyak|besar|many|much|long))?|contoh(?:nya)?|alasan(?:nya)?"
    r"|for example)"
    r"(?:\s+(?:begitu|gitu|demikian|sih|so|that|bisa(?: begitu)?|is that|was that|tepatnya|exactly))?",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<![\d/])(?:19|20)\d{2}(?:\s?[–-]\s?(?:19|20)\d{2})?(?![\d/])")
_YEAR_BEFORE = re.compile(r"\b(?:tahun sebelumnya|setahun sebelumnya|year before|previous year)\b", re.IGNORECASE)
_YEAR_AFTER = re.compile(
    r"\b(?:(?:se)?tahun (?:berikut|selanjut|sesudah|setelah)nya|year after|following year|next year)\b", re.IGNORECASE
)
_YEAR_WORDS = frozenset("tahun thn year capaiannya nilainya".split())
_AT_THAT_TIME = re.compile(
    r"\s*\b(?:(?:pada )?(?:saat|waktu|ketika|kala|masa|tahun) itu|at (?:that|the) time|back then)\b", re.IGNORECASE
)
_ASKS = re.compile(
    r"\b(?:apa(?:kah)?|siapa|kapan|mana|mengapa|kenapa|knp|bagaimana|gimana|gmn|berapa|brp|sebut\w+|jelaskan|sudah|udah"
    r"|belum|what|who|when|where|why|how|which|(?:nggak|ngga|enggak|gak|ga|tidak|kah|nggk|tdk)(?=\W*$))\b",
    re.IGNORECASE,
)
_WITH = re.compile(r"\b(?:dengan|dari|from|with|than|dibanding(?:kan)?|to)\b", re.IGNORECASE)
_QUESTION_WORDS = re.compile(
    r"^(?:(?:tolong|please|coba|mohon)\s+)?"
    r"(?:apa (?:itu|saja|aja|sih|yang dimaksud(?: dengan)?|isi|arti)|apakah|apa|siapa (?:saja|itu)|siapa|kapan|di ?mana"
    r"|mengapa|kenapa|bagaimana|gimana|berapa|sebutkan|jelaskan|how much of|how many|how much"
    r"|(?:what|who|when|where|why|how(?: \w+)?) (?:is|are|was|were|did|does|do)|what|who|when|why|how|where|which)\b"
    r"\s*(?:the\b\s*)?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Query:
    """The standalone text that is searched, and what kind of question it is; ``rewritten`` if not as typed."""

    text: str
    kind: Kind
    rewritten: bool = False


@dataclass(frozen=True)
class _FollowUp:
    """What a rule looks at: the question without "lalu" or "and", and the queries before it, the latest first."""

    asked: str
    led: bool
    queries: tuple[str, ...]
    terms: TermMap

    @property
    def previous(self) -> str:
        return self.queries[0]

    @property
    def topic(self) -> str:
        return _topic_of(self.previous, self.terms)

    def subjects(self, text: str) -> list[TermMatch]:
        """Return the terms of a text that a follow-up can be about."""
        return subjects_in(text, self.terms)


def rewrite(question: str, conversation: Conversation, terms: TermMap) -> Query:
    """Return the standalone query of a question; a question that stands alone is returned as typed."""
    typed = " ".join(question.split())
    queries = _earlier_queries(conversation)
    if queries and len(content_tokens(typed)) <= _LONGEST_FOLLOW_UP:
        asked = _AT_THAT_TIME.sub("", _LEAD.sub("", typed)) or typed
        follow_up = _FollowUp(asked, _LEAD.match(typed) is not None, queries, terms)
        for rule in (_bare_word, _other_year, _comparison, _pointer, _other_subject, _ellipsis):
            text = rule(follow_up)
            if text:
                text = text[0].upper() + text[1:]
                return Query(text, kind_of(text), rewritten=text != typed)
        continued = _continued(follow_up)
        if continued:
            return Query(continued, kind_of(asked), rewritten=True)
    return Query(typed, kind_of(typed))


def _earlier_queries(conversation: Conversation) -> tuple[str, ...]:
    """Return the queries that were searched, the latest first; small talk and empty questions are no subject."""
    answers = (turn.answer for turn in reversed(conversation.turns))
    searched = (Reason.NONE, Reason.NOT_IN_SOURCES)
    return tuple(a.query for a in answers if a.mode is Mode.QUOTE and a.reason in searched and a.query.strip())


def _topic_of(query: str, terms: TermMap) -> str:
    """Return what a query is about: its words without the question words, up to its last term or year.

    A long remainder, or the clause behind "why" and "siapa yang", is cut at its first term too. A query without any
    known term is its own topic.
    """
    rest = _rest_of(query)
    named = [match for match in terms.find(rest) if match.term.kind != "word"]
    subjects = [match for match in named if match.term.indonesian != "Indonesia"] or named
    if not subjects:
        return rest
    end = max([subjects[-1].end, *(year.end() for year in _YEAR.finditer(rest))])
    is_clause = (
        kind_of(query) is Kind.WHY or rest.startswith("yang ") or len(content_tokens(rest[:end])) > _LONGEST_TOPIC
    )
    return rest[subjects[0].start if is_clause else 0 : end]


def _rest_of(query: str) -> str:
    return _QUESTION_WORDS.sub("", query.strip()).strip(" ?!.")


def _bare_word(follow_up: _FollowUp) -> str:
    found = _BARE.fullmatch(follow_up.asked.rstrip(" ?!."))
    rest = _rest_of(follow_up.previous)
    return f"{found['word']} {rest}?" if found and rest else ""


def _other_year(follow_up: _FollowUp) -> str:
    """Return the previous query with another year: "terus tahun 2023?", "yang 2018 berapa?", "the year before?"."""
    then = _YEAR.findall(follow_up.previous)
    asked = _OTHER.sub("", follow_up.asked)
    wanted = _YEAR.search(asked)
    if wanted:
        named = {token.surface for token in content_tokens(_TAIL.sub("", asked).replace(wanted.group(), ""))}
        year = "" if named - _YEAR_WORDS else wanted.group()
    else:
        step = bool(_YEAR_AFTER.search(asked)) - bool(_YEAR_BEFORE.search(asked))
        year = str(int(then[-1][-4:]) + step) if then and step else ""
    return _with_year(follow_up.previous, year) if year else ""


def _with_year(query: str, year: str) -> str:
    """Return a query with another year in the place of its last one, or with the year added."""
    then = list(_YEAR.finditer(query))
    return query[: then[-1].start()] + year + query[then[-1].end() :] if then else f"{query.rstrip(' ?!.')} {year}?"


def _comparison(follow_up: _FollowUp) -> str:
    """Fill the missing sides of "apa bedanya dengan X?" and "apa bedanya?" with the latest subjects of one kind."""
    if kind_of(follow_up.asked) is not Kind.COMPARISON:
        return ""
    asked, sides, link = follow_up.asked, follow_up.subjects(follow_up.asked), _WITH.search(follow_up.asked)
    earlier = [(m, query[m.start : m.end]) for query in follow_up.queries for m in reversed(follow_up.subjects(query))]
    if not sides and len(content_tokens(asked)) <= 1:
        for latest, later in earlier[:1]:
            for match, words in earlier:
                if match.term.kind == latest.term.kind and match.term != latest.term:
                    return f"{asked.rstrip(' ?!.')} {words} dan {later}?"
    if len(sides) == 1 and link and link.start() < sides[0].start:
        for match, words in earlier:
            if match.term.kind == sides[0].term.kind and match.term != sides[0].term:
                inserted = f"{asked[: link.start()]}{words} {asked[link.start() :]}"
                return resolve_pronoun(asked, words, follow_up.terms) or inserted
    return ""


def _pointer(follow_up: _FollowUp) -> str:
    """Put the topic in the place of "itu", "it", "-nya", or of the noun before "yang"."""
    asked = _OTHER.sub("", follow_up.asked)
    if re.match(r"yang (?!dimaksud|disebut)", asked, re.IGNORECASE) and follow_up.topic:
        return f"{follow_up.topic} {asked}"
    return resolve_pointer(asked, follow_up.topic, follow_up.terms) if follow_up.topic else ""


def _other_subject(follow_up: _FollowUp) -> str:
    """Return the previous query with another subject ("kalau Turki?"), in place of one of its kind or appended."""
    other, place = _OTHER.match(follow_up.asked), _PLACE.match(follow_up.asked)
    opening = other or place
    subject, previous = _TAIL.sub("", follow_up.asked[opening.end() if opening else 0 :]), follow_up.previous
    year = _YEAR.search(subject)
    if year:
        subject, previous = subject.replace(year.group(), "").strip(), _with_year(previous, year.group())
    named = follow_up.terms.find(subject)
    whole = bool(named) and named[0].start == 0 and named[0].end == len(subject)
    if not subject or _ASKS.search(subject) or not (other or (whole and (place or follow_up.led))):
        return ""
    kinds = {match.term.kind for match in named} - ({"concept"} if place else set())
    same_kind = [match for match in follow_up.subjects(previous) if match.term.kind in kinds]
    if same_kind and len(content_tokens(subject)) <= 4:
        old = same_kind[-1]
        return previous[: old.start] + subject + previous[old.end :]
    return f"{previous.rstrip(' ?!.')}{' ' + place.group().strip() if place else ':'} {subject}?"


def _continued(follow_up: _FollowUp) -> str:
    """Put the question before in front of one that names nothing itself: "yang datang berapa negara?"."""
    asked = follow_up.asked
    named = any(asked[token.start].isupper() or asked[token.start].isdigit() for token in tokenize(asked)[1:])
    alone = kind_of(asked) in (Kind.DEFINITION, Kind.IDENTITY)
    if named or alone or follow_up.subjects(asked) or not _ASKS.search(asked):
        return ""
    before = follow_up.previous.split("? ")[0].rstrip(" ?!.")
    return f"{before}? {asked[0].upper()}{asked[1:]}"


def _ellipsis(follow_up: _FollowUp) -> str:
    """Add the topic to a question of few words that names nothing: "berapa unit?"."""
    asked = follow_up.asked.rstrip(" ?!.")
    named = any(asked[token.start].isupper() or asked[token.start].isdigit() for token in tokenize(asked)[1:])
    kinds = {match.term.kind for match in follow_up.terms.find(asked)}
    elliptic = "word" in kinds or (_ASKS.search(asked) is not None and kind_of(asked) is not Kind.DEFINITION)
    if named or kinds - {"word"} or not elliptic or len(content_tokens(asked)) > _LONGEST_ELLIPSIS:
        return ""
    return f"{asked} {follow_up.topic}?" if follow_up.topic else ""
