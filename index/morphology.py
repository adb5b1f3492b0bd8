"""Indonesian words as keyword search sees them: tokens, surface forms and stems.

Stems come from PySastrawi: Snowball's Indonesian over-stems common verbs ("mengatakan" -> "ata").
Stems are for matching only and are never shown.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

MORPHOLOGY_VERSION = "2"
"""Raise it when the same text would give other index terms."""

# A word may hold inner points, commas, hyphens and apostrophes ("63,19", "KF-21", "Jum'at"), but not end with one.
_WORD = re.compile(r"[^\W_]+(?:[-.,'’/][^\W_]+)*")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_AMOUNT = re.compile(r"(?:rp|us)?(?P<whole>\d+(?:[.,]\d{3})*)(?:[.,](?P<part>\d{1,2}))?s?")
_POSSESSIVE = re.compile(r"['’]s$")
_CLITIC = re.compile(r"(?<=\w{3})(?:nya|lah|kah|pun)$")
# Stem lookups dominate indexing: 290 microseconds a word without a cache.
_STEM_CACHE = 200_000

# Words that the stemmer leaves apart although they belong together, and colloquial spellings of common words.
_VARIANTS = {
    "diteken": "tandatangan",
    "meneken": "tandatangan",
    "teken": "tandatangan",
    "signed": "tandatangan",
    "kerjasama": "kerja",
    "yg": "yang",
    "dgn": "dengan",
    "utk": "untuk",
    "krn": "karena",
    "karna": "karena",
    "gmn": "bagaimana",
    "gmana": "bagaimana",
    "knp": "kenapa",
    "kpn": "kapan",
    "brp": "berapa",
    "sm": "sama",
    "dg": "dengan",
    "thn": "tahun",
    "bln": "bulan",
    "kementerian": "kementerian",  # else the same stem as "menteri"
    "turkiye": "turki",
    "turkey": "turki",
    "ri": "indonesia",
}

# Prefixes of colloquial verbs and what the root may begin with: "ngebuka" from buka, "nyari" from cari, "ngirim" from
# kirim. Nasal prefixes take the first letter of the root away, as they do in the standard language.
_COLLOQUIAL_PREFIXES = (("nge", ("",)), ("ny", ("s", "c")), ("ng", ("k", "", "g")), ("n", ("t",)), ("m", ("p",)))


@dataclass(frozen=True)
class Token:
    """A word of a text: what it looks like (folded), its stem, and where it stands ``[start, end)``."""

    surface: str
    stem: str
    start: int
    end: int


def tokenize(text: str) -> list[Token]:
    """Return the words of a text in order, function words included.

    Folding: NFKC, lower case, diacritics off. A reduplicated word ("negara-negara") gives one token; a compound with a
    hyphen or slash ("Indonesia-Turki", "IDEX/NAVDEX") one for each part; names with digits ("KF-21"), numbers
    ("63,19") and acronyms stay whole and are not stemmed.
    """
    tokens: list[Token] = []
    for match in _WORD.finditer(text):
        for part, start in _parts(match.group(), match.start()):
            surface = fold(part)
            if surface:
                tokens.append(Token(surface, _stem_of(part, surface), start, start + len(part)))
    return tokens


def content_tokens(text: str) -> list[Token]:
    """Return the tokens of a text that are not function or question words."""
    return [token for token in tokenize(text) if not is_stop_word(token)]


def is_stop_word(token: Token) -> bool:
    """Say whether a token is a function or question word."""
    words = stop_words()
    # Not by the stem: "peserta" comes from "serta", "pengadaan" from "ada", and both carry meaning.
    return token.surface in words or _CLITIC.sub("", token.surface) in words


def index_terms(text: str) -> list[str]:
    """Return the terms that keyword search indexes and looks up: for each content word its surface form and its stem.

    A stem is marked with "~", so that "kerja" as written and "kerja" as the stem of "pekerja" are different terms:
    an exact match then counts twice, an inflected one once.
    """
    return [term for token in content_tokens(text) for term in (token.surface, f"~{token.stem}")]


def fold(word: str) -> str:
    """Return a word in NFKC, lower case, without diacritics ("Erdoğan" -> "erdogan", "Türkiye" -> "turkiye")."""
    decomposed = unicodedata.normalize("NFKD", word.replace("ı", "i")).casefold()
    return unicodedata.normalize("NFC", "".join(char for char in decomposed if not unicodedata.combining(char)))


@cache
def stop_words() -> frozenset[str]:
    """Return the function and question words, folded."""
    lines = files("index").joinpath("stop_words.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def _parts(word: str, start: int) -> list[tuple[str, int]]:
    """Split a word with inner marks into what is searched, each part with its offset."""
    if _NUMBER.fullmatch(word):
        return [(word, start)]
    pieces = [(piece.group(), start + piece.start()) for piece in re.finditer(r"[^-/’']+", word)]
    if len(pieces) == 2 and "-" in word:
        first, second = pieces[0][0], pieces[1][0]
        if first.isdigit() and second.isdigit():  # a range: 2020-2024
            return pieces
        if fold(second).startswith(fold(first)) and len(first) > 2:  # reduplication, perhaps with a clitic
            return pieces[:1]
        if any(char.isdigit() for char in second) and len(second) <= 4 and len(first) <= 4:  # KF-21, J-10, B-50
            return [(word, start)]
    if len(pieces) > 1 and "-" not in word and "/" not in word:  # an apostrophe belongs to the word: Jum'at
        return [(_POSSESSIVE.sub("", word), start)]
    return [(piece.strip(".,"), offset) for piece, offset in pieces]


def _stem_of(written: str, surface: str) -> str:
    if surface in _VARIANTS:
        return _VARIANTS[surface]
    if "andatangan" in surface:  # "ditandatangani", "penandatangannya": the stemmer leaves the family apart
        return "tandatangan"
    amount = _AMOUNT.fullmatch(surface)
    if amount:  # "Rp17,3", "17,3" and the English "17.3" are one number; so are "1.500" and "1,500", "2000s" and "2000"
        whole = re.sub(r"[.,]", "", amount["whole"])
        return f"{whole},{amount['part']}" if amount["part"] else whole
    if written.isupper() or any(char.isdigit() for char in written):
        return surface
    return _stem(surface)


@lru_cache(maxsize=_STEM_CACHE)
def _stem(surface: str) -> str:
    stem, roots = _stemmer()
    found = stem(surface) or surface
    if found in roots:
        return found
    return next((root for root in map(stem, _colloquial(surface)) if root in roots), found)


def _colloquial(surface: str) -> Iterator[str]:
    """Yield the standard shapes that a Jakarta-style verb may have ("ngebuka" -> "buka", "nyelenggarain")."""
    bodies = [surface]
    if surface.endswith("in") and len(surface) > 5:
        bodies.append(surface[:-2])  # -in stands for -kan and -i
    for body in bodies:
        yield body
        for prefix, replacements in _COLLOQUIAL_PREFIXES:
            if body.startswith(prefix) and len(body) - len(prefix) >= 3:
                yield from (replacement + body[len(prefix) :] for replacement in replacements)


@cache
def _stemmer() -> tuple[Callable[[str], str], frozenset[str]]:
    """Return the stemming function and the root words that it knows."""
    from Sastrawi.Stemmer.StemmerFactory import StemmerFactory

    factory = StemmerFactory()
    return factory.create_stemmer().stem, frozenset(factory.get_words())
