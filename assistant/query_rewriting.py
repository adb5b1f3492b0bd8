"""From a follow-up to a standalone query, by rules over the last turns.

The shapes that are known: a bare question word ("kenapa?"), another year ("terus tahun 2023?"), a comparison with one
side or none ("apa bedanya dengan X?"), another subject ("kalau Turki?"), a pointer to what was asked before ("kapan itu
ditandatangani?", "apa targetnya?", "yang bahan baku?"), and a question too short to stand alone ("berapa unit?"). The
previous *query* is used, itself standalone, so a chain of follow-ups keeps its subject.
"""

import re
from dataclasses import dataclass

from assistant.answers import Mode, Reason
from assistant.conversation import Conversation
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
_TAIL = re.compile(r"\s*,?\s*(?:\b(?:berapa|brp|bagaimana|gimana|gmn|dong|sih|ya))?\s*[?.!]*$", re.IGNORECASE)
_BARE = re.compile(
    r"(?P<word>(?:(?:sejak|sampai|untuk|buat|oleh|dengan|dari|since|until|by|with|from) )?"
    r"(?:mengapa|kenapa|knp|why|kapan|kpn|when|siapa|who(?:m)?|(?:di |dari )?mana|where|berapa|brp|bagaimana|gimana|gmn"
    r"|how|apa)(?: (?:saja|aja|lama|banyak|besar|many|much|long))?|contoh(?:nya)?|alasan(?:nya)?|for example)"
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
_POINTER = re.compile(
    r"\b(?:hal (?:itu|ini|tersebut)|tersebut|mereka|beliau|dia|ia|they|them|its?|their|he|she|his|her|him|those|these"
    r"|this|(?:(?<=is )|(?<=was )|(?<=did )|(?<=does )|(?<=of )|(?<=about )|(?<=for )|(?<=after ))that|that(?=\W*$)"
    r"|itu|ini)\b(?! (?:true|possible|important)\b)",
    re.IGNORECASE,
)
_DEMONSTRATIVES = frozenset("itu ini tersebut this these those that".split())
_OWN = frozenset("its their his her".split())
_NO_POINTER_AFTER = frozenset("apa apakah sih siapa saat hari tahun bulan abad selama dewasa masa kali minggu".split())
_CLAUSE = re.compile(
    r",|\b(?:dan|serta|lalu|tetapi|karena|sehingga|agar|bahwa|jika|and|but|because|when|if)\b", re.IGNORECASE
)
_POSSESSIVE = re.compile(r"\b(?P<noun>\w{3,})nya\b", re.IGNORECASE)
_NO_POSSESSIVE = frozenset(
    "ha pu ta berta biasa umum misal akhir awal sebelum sesudah selanjut seterus sebaik seharus sebenar khusus terutama "
    "rupa nyata kata setidak tentu pasti ada banyak sendiri sepenuh".split()
)
_ASKS = re.compile(
    r"\b(?:apa(?:kah)?|siapa|kapan|mana|mengapa|kenapa|knp|bagaimana|gimana|gmn|berapa|brp|sebut\w+|jelaskan|what|who"
    r"|when|where|why|how|which)\b",
    re.IGNORECASE,
)
_LINK = re.compile(r"\b(?:dengan|bagi|untuk|terhadap|ke(?:pada)?|pada|di|oleh)\b", re.IGNORECASE)
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
        """Return the terms of a text that a follow-up can be about: no common words, and not Indonesia itself."""
        found = self.terms.find(text)
        return [match for match in found if match.term.kind != "word" and match.term.indonesian != "Indonesia"]


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
    return Query(typed, kind_of(typed))


def _earlier_queries(conversation: Conversation) -> tuple[str, ...]:
    """Return the queries that were searched, the latest first; small talk and empty questions are no subject."""
    answers = (turn.answer for turn in reversed(conversation.turns))
    searched = (Reason.NONE, Reason.NOT_IN_SOURCES)
    return tuple(a.query for a in answers if a.mode is Mode.QUOTE and a.reason in searched and a.query.strip())


def _topic_of(query: str, terms: TermMap) -> str:
    """Return what a query is about: its words without the question words, up to its last term or year.

    A long remainder is cut at its first term too; a query without any known term is its own topic.
    """
    rest = _rest_of(query)
    named = [match for match in terms.find(rest) if match.term.kind != "word"]
    subjects = [match for match in named if match.term.indonesian != "Indonesia"] or named
    if not subjects:
        return rest
    end = max([subjects[-1].end, *(year.end() for year in _YEAR.finditer(rest))])
    start = subjects[0].start if len(content_tokens(rest[:end])) > _LONGEST_TOPIC else 0
    return rest[start:end]


def _rest_of(query: str) -> str:
    return _QUESTION_WORDS.sub("", query.strip()).strip(" ?!.")


def _bare_word(follow_up: _FollowUp) -> str:
    found = _BARE.fullmatch(follow_up.asked.rstrip(" ?!."))
    rest = _rest_of(follow_up.previous)
    return f"{found['word']} {rest}?" if found and rest else ""


def _other_year(follow_up: _FollowUp) -> str:
    """ "Terus tahun 2023?", "yang 2018 berapa?", "and the year before?": the previous query with another year."""
    then = list(_YEAR.finditer(follow_up.previous))
    asked = _OTHER.sub("", follow_up.asked)
    wanted = _YEAR.search(asked)
    if wanted:
        named = {token.surface for token in content_tokens(_TAIL.sub("", asked).replace(wanted.group(), ""))}
        year = "" if named - _YEAR_WORDS else wanted.group()
    else:
        step = bool(_YEAR_AFTER.search(asked)) - bool(_YEAR_BEFORE.search(asked))
        year = str(int(then[-1].group()[-4:]) + step) if then and step else ""
    if not year:
        return ""
    if not then:
        return f"{follow_up.previous.rstrip(' ?!.')} {year}?"
    return follow_up.previous[: then[-1].start()] + year + follow_up.previous[then[-1].end() :]


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
                before = _POINTER.sub("", asked[: link.start()]).rstrip()
                pointed = _POINTER.search(asked[: link.start()])
                if pointed:
                    return f"{asked[: pointed.start()]}{words}{asked[pointed.end() :]}"
                return f"{before} {words} {asked[link.start() :]}"
    return ""


def _pointer(follow_up: _FollowUp) -> str:
    """Put the topic in the place of "itu", "it", "-nya", or of the noun before "yang"."""
    asked, topic = _OTHER.sub("", follow_up.asked), follow_up.topic
    if not topic:
        return ""
    if re.match(r"yang (?!dimaksud|disebut)", asked, re.IGNORECASE):
        return f"{topic} {asked}"
    for found in _POINTER.finditer(asked):
        start = _start_of_pointer(found, follow_up, asked)
        if start >= 0:
            return f"{asked[:start]}{topic}{asked[found.end() :]}"
    for found in _POSSESSIVE.finditer(asked):
        if found["noun"].lower() not in _NO_POSSESSIVE and not _is_inner(found, follow_up, asked):
            return f"{asked[: found.end('noun')]} {topic}{asked[found.end() :]}"
    return ""


def _start_of_pointer(found: re.Match[str], follow_up: _FollowUp, asked: str) -> int:
    """Return where the words that point back begin ("perjanjian itu" with its noun); -1 when they do not point back."""
    before = tokenize(asked[: found.start()])
    subjects = follow_up.subjects(asked[: found.start()])
    own = found.group().lower() in _OWN
    if subjects and (own or _CLAUSE.search(asked, subjects[-1].end, found.start())):
        return -1
    if found.group().lower() not in _DEMONSTRATIVES:
        return found.start()
    last = before[-1] if before else None
    if last and last.surface in _NO_POINTER_AFTER and (asked[found.end() :].strip(" ?!.") or last.surface != "siapa"):
        return -1
    if subjects and not _YEAR.sub("", asked[subjects[-1].end : found.start()]).strip():
        return -1  # "MEF itu singkatan apa?"
    if last and last.stem in {token.stem for token in tokenize(follow_up.topic)}:
        return last.start
    is_noun = last is not None and bool(content_tokens(asked[last.start : last.end]))
    if is_noun and last is not None and not follow_up.terms.find(asked[last.start : last.end]) and len(before) == 1:
        return -1  # "rendang itu makanan apa?"
    return found.start()


def _is_inner(found: re.Match[str], follow_up: _FollowUp, asked: str) -> bool:
    """Say whether "-nya" belongs to a name in the question itself: "direkturnya Pindad", "Pindad direkturnya siapa"."""
    behind = asked[found.end() :].lstrip()
    following = tokenize(behind)[:1]
    named = bool(following) and behind[0].isupper()
    subjects = follow_up.subjects(behind)
    linked = bool(subjects) and _LINK.search(behind, 0, subjects[0].start) is None
    is_verb = found["noun"].lower().startswith(("me", "di"))
    return named or linked or (bool(follow_up.subjects(asked[: found.start()])) and not is_verb)


def _other_subject(follow_up: _FollowUp) -> str:
    """ "Kalau Turki?": the previous query with another subject of the same kind, or with the new one appended."""
    found = _OTHER.match(follow_up.asked)
    subject = _TAIL.sub("", follow_up.asked[found.end() if found else 0 :])
    named = follow_up.terms.find(subject)
    whole = bool(named) and named[0].start == 0 and named[0].end == len(subject)
    if not subject or not (found or (follow_up.led and whole)) or _ASKS.search(subject):
        return ""
    kinds = {match.term.kind for match in named}
    previous = follow_up.previous
    same_kind = [match for match in follow_up.subjects(previous) if match.term.kind in kinds]
    if same_kind and len(content_tokens(subject)) <= 4:
        old = same_kind[-1]
        return previous[: old.start] + subject + previous[old.end :]
    return f"{previous.rstrip(' ?!.')}: {subject}?"


def _ellipsis(follow_up: _FollowUp) -> str:
    """ "Berapa unit?": a question of few words that names nothing gets the topic."""
    asked = follow_up.asked.rstrip(" ?!.")
    named = any(asked[token.start].isupper() or asked[token.start].isdigit() for token in tokenize(asked)[1:])
    kinds = {match.term.kind for match in follow_up.terms.find(asked)}
    elliptic = "word" in kinds or (_ASKS.search(asked) is not None and kind_of(asked) is not Kind.DEFINITION)
    if named or kinds - {"word"} or not elliptic or len(content_tokens(asked)) > _LONGEST_ELLIPSIS:
        return ""
    return f"{asked} {follow_up.topic}?" if follow_up.topic else ""
