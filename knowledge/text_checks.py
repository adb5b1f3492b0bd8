"""The rules that one study text keeps: pure functions, one a rule, each yielding what is wrong with its place."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from knowledge.collection import Exceptions, StudySentence, StudyText
from knowledge.loaders.front_matter import KNOWN_KEYS
from knowledge.sentences import split_sentences
from knowledge.timeline import is_iso_date

GROUPS = ("konsep", "hukum-lembaga", "multilateral", "bilateral", "industri", "nontradisional")
"""The groups of study texts, in the order of reading."""
LANGUAGES = ("id", "en")
LICENCE = "CC BY 4.0"
ABSTRACT_SENTENCES = 2
FEWEST_WORDS, MOST_WORDS = 900, 1600
FEWEST_HEADINGS, MOST_HEADINGS = 6, 12
LONGEST_SENTENCE = 45

# Words that need a noun from the sentence before; one with its noun ("Perjanjian itu") names its matter.
_PRONOUN = re.compile(
    r"(?:(?:hal|hal-hal)\s+(?:ini|itu|tersebut|demikian)|(?:ini|itu)(?:lah|pun)?|tersebut|demikian(?:lah)?"
    r"|ia(?:lah)?|dia|beliau|mereka|(?:ke(?:dua|tiga|empat|lima))nya|di\s+(?:sana|sini|situ)"
    r"|(?:karena|oleh\s+(?:karena|sebab)|sebab|selain|setelah|sesudah|sebelum)\s+(?:itu|ini)"
    r"|it|this|that|these|those|they|he|she)\b",
    re.IGNORECASE,
)
_MARKER = re.compile(r"[\s\"'“‘«(\[*•–—-]*(?:\d{1,3}[.)]\s+)?[\"'“‘«(\[]*")
# A figure stands alone or behind a currency; in "KF-21", "A400M", "ke-17" and "2+2" it is part of a name.
_FIGURE = re.compile(r"(?<![\w+/-])(?:Rp|US\$|USD|A\$)?(\d+(?:[.,]\d+)*)(?![\w+])")
_ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`]+")


@dataclass(frozen=True)
class Problem:
    """Something to mend: the rule, where ("slug:line" or a file's name), and the words that it is about."""

    rule: str
    place: str
    words: str


def missing_field(text: StudyText) -> Iterator[Problem]:
    """Every key of the front matter is filled."""
    yield from (_of(text, "missing_field", key) for key in KNOWN_KEYS if not getattr(text.front, key))


def unknown_field(text: StudyText) -> Iterator[Problem]:
    """The front matter has no other keys."""
    yield from (_of(text, "unknown_field", key) for key in text.front.others)


def bad_field(text: StudyText) -> Iterator[Problem]:
    """The group and the language are known, and the date of the facts is a date."""
    front = text.front
    if front.group and front.group not in GROUPS:
        yield _of(text, "bad_field", f"group: {front.group}")
    if front.language and front.language not in LANGUAGES:
        yield _of(text, "bad_field", f"language: {front.language}")
    if front.facts_as_of and not is_iso_date(front.facts_as_of):
        yield _of(text, "bad_field", f"facts_as_of: {front.facts_as_of}")


def slug(text: StudyText) -> Iterator[Problem]:
    """The slug is the name of the file."""
    if text.front.slug and text.front.slug != text.name:
        yield _of(text, "slug", text.front.slug)


def licence(text: StudyText) -> Iterator[Problem]:
    """All texts have the same licence."""
    if text.front.licence and text.front.licence != LICENCE:
        yield _of(text, "licence", text.front.licence)


def abstract(text: StudyText) -> Iterator[Problem]:
    """The abstract has two sentences."""
    if text.front.abstract and (number := len(split_sentences(text.front.abstract))) != ABSTRACT_SENTENCES:
        yield _of(text, "abstract", str(number))


def length(text: StudyText) -> Iterator[Problem]:
    """The text is neither too short nor too long, in words without citations and front matter."""
    if not FEWEST_WORDS <= text.words <= MOST_WORDS:
        yield _of(text, "length", str(text.words))


def heading_level(text: StudyText) -> Iterator[Problem]:
    """The title stands in the front matter, so no heading has level 1."""
    levels = [heading for heading in text.document.headings if heading.level == 1]
    yield from (_of(text, "heading_level", text.document.text[each.start : each.end]) for each in levels)


def heading_count(text: StudyText) -> Iterator[Problem]:
    """There are enough headings of level 2 to find one's way, and not too many."""
    number = sum(heading.level == 2 for heading in text.document.headings)
    if not FEWEST_HEADINGS <= number <= MOST_HEADINGS:
        yield _of(text, "heading_count", str(number))


def empty_section(text: StudyText) -> Iterator[Problem]:
    """Something stands under every heading: text, or a heading below it."""
    whole, headings = text.document.text, text.document.headings
    for number, heading in enumerate(headings):
        following = headings[number + 1] if number + 1 < len(headings) else None
        end = following.start if following else len(whole)
        deeper = following is not None and following.level > heading.level
        if not deeper and not whole[heading.end : end].strip():
            yield _of(text, "empty_section", whole[heading.start : heading.end])


def pronoun_start(text: StudyText) -> Iterator[Problem]:
    """No sentence begins with a word whose noun stands in another sentence."""
    for sentence in text.sentences:
        marker = _MARKER.match(sentence.text)
        if not sentence.is_row and _PRONOUN.match(sentence.text, marker.end() if marker else 0):
            yield _at(text, sentence, "pronoun_start")


def long_sentence(text: StudyText) -> Iterator[Problem]:
    """No sentence is too long to be quoted."""
    for sentence in text.sentences:
        if not sentence.is_row and len(sentence.text.split()) > LONGEST_SENTENCE:
            yield _at(text, sentence, "long_sentence")


def uncited_figure(text: StudyText, exceptions: Exceptions) -> Iterator[Problem]:
    """A sentence with a number or a year has a citation.

    A table row or list item has it from the sentence that introduces the block. A remark on the sources themselves
    ("... ditulis berbeda oleh sumber lain") needs none if a cited sentence of the text gives the same figures.
    """
    cited = {figure for each in text.sentences if each.keys for figure in figures(each.text, exceptions)}
    for sentence in text.sentences:
        found = figures(sentence.text, exceptions)
        if sentence.keys or sentence.introduction or not found:
            continue
        remark = any(phrase in sentence.text.casefold() for phrase in exceptions.remarks)
        if not (remark and found <= cited):
            yield _at(text, sentence, "uncited_figure")


def bad_link(text: StudyText) -> Iterator[Problem]:
    """A link leads to a well-formed address of the web."""
    yield from (_of(text, "bad_link", link) for link in text.links if not is_web_address(link))


def figures(sentence: str, exceptions: Exceptions) -> frozenset[str]:
    """Return the numbers of a sentence, without those in names such as "Leopard 2" that the exceptions list."""
    for name in exceptions.names:
        sentence = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", " ", sentence)
    marker = _MARKER.match(sentence)
    return frozenset(match.group(1) for match in _FIGURE.finditer(sentence, marker.end() if marker else 0))


def is_web_address(address: str) -> bool:
    """Return whether an address is well formed, http or https, with the name of a host; nothing is fetched."""
    if not _ADDRESS.fullmatch(address):
        return False
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return False
    return "." in host.strip(".")


def _of(text: StudyText, rule: str, words: str) -> Problem:
    return Problem(rule, f"{text.name}:1", words)


def _at(text: StudyText, sentence: StudySentence, rule: str) -> Problem:
    return Problem(rule, f"{text.name}:{sentence.line}", sentence.text)
