"""Does evidence support a claim? A model's judgement under rules that it may not overrule.

The rules: every number, date and name of the claim must stand in the evidence, in any of their forms, and what is
denied in one must not be affirmed in the other. They can only take support away.
"""

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass
from enum import StrEnum

from assistant.quantities import amount_in, quantities, unsupported_quantities
from assistant.question_kinds import language_of
from index.keyword_search import KeywordIndex
from index.morphology import Token, content_tokens, tokenize
from index.query_words import QueryWord, query_words
from index.reader import Reader, Verdict
from index.term_map import TermMap

# Chosen on validation claims: docs/decisions.md.
SUPPORTED = 0.85
"""Least probability of support for "supported" ..."""
PARTLY = 0.4
"""... and for "partly"."""
CONTRADICTED = 0.6
WORDS_SUPPORTED, WORDS_PARTLY = 0.95, 0.6
"""Without a reader: least share of the claim's words in the evidence."""

_NEGATORS = frozenset(
    "tidak tak bukan belum tanpa jangan nggak ngga gak ga enggak kagak tdk tiada"
    " not no never without neither nor cannot".split()
)
_NEGATED_REACH = 3  # words that a negator is taken to deny
_NOT_ONLY = frozenset("hanya cuma sekadar saja only merely just".split())  # "tidak hanya" denies nothing
_ADVERBS = frozenset(
    "resmi sepenuhnya pernah lagi benar segera langsung selalu sekaligus otomatis tegas jelas"
    " officially fully ever yet".split()
)
"""Words between a negator and what it denies: "tidak secara resmi mengakui"."""
_AFFIXED_NOT = re.compile(r"\w+n['’]t$")
_PARTICLE = re.compile(r"(?:lah|kah)$")
_NUMBER_SIGN = re.compile(r"\.?\s*\d")
_CAPITALISED = re.compile(r"[^\W\d_]")
_NAMED_KINDS = ("country", "organization", "person", "system", "event", "agreement")


class Support(StrEnum):
    """What evidence does for a claim."""

    SUPPORTED = "supported"
    PARTLY = "partly"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True)
class Evidence:
    """A sentence of a source, and the words around it that say what it is about: title and headings."""

    sentence: str
    around: str = ""


@dataclass(frozen=True)
class Check:
    """The verdict on a claim: ``support``, and whether the evidence says the contrary.

    ``missing`` are the numbers and names of the claim that the evidence does not hold, as written; ``denied`` the words
    that one of them denies and the other does not.
    """

    support: Support
    contradicted: bool = False
    missing: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()


@dataclass(frozen=True)
class Verifier:
    """What checking needs: rarity and forms of words, and the reader, without which shared words decide."""

    keywords: KeywordIndex
    terms: TermMap
    reader: Reader | None = None

    def check(self, claim: str, evidence: Sequence[Evidence]) -> list[Check]:
        """Return the verdict of each piece of evidence on one claim."""
        if self.reader is None:
            return [self._by_words(claim, each) for each in evidence]
        texts = [f"{each.around}\n{each.sentence}" if each.around else each.sentence for each in evidence]
        verdicts = self.reader.check([(claim, text) for text in texts])
        return [self._ruled(claim, each, verdict) for each, verdict in zip(evidence, verdicts, strict=True)]

    def _ruled(self, claim: str, evidence: Evidence, verdict: Verdict) -> Check:
        missing, denied = self._missing(claim, evidence), denied_otherwise(claim, evidence.sentence)
        contradicted = verdict.contradicted >= (max(verdict.supported, verdict.untold) if denied else CONTRADICTED)
        if missing or denied or contradicted or verdict.supported < PARTLY:
            return Check(Support.UNSUPPORTED, contradicted, missing, denied)
        return Check(Support.SUPPORTED if verdict.supported >= SUPPORTED else Support.PARTLY)

    def _by_words(self, claim: str, evidence: Evidence) -> Check:
        missing, denied = self._missing(claim, evidence), denied_otherwise(claim, evidence.sentence)
        held = _stems(f"{evidence.around} {evidence.sentence}")
        words = query_words(claim, self.keywords, self.terms)
        share = sum(word.held_by(held) for word in words) / max(len(words), 1)
        if missing or denied or share < WORDS_PARTLY:
            return Check(Support.UNSUPPORTED, missing=missing, denied=denied)
        return Check(Support.SUPPORTED if share >= WORDS_SUPPORTED else Support.PARTLY)

    def _missing(self, claim: str, evidence: Evidence) -> tuple[str, ...]:
        """Return the numbers, dates and names of a claim that the evidence does not hold, as they are written."""
        whole = f"{evidence.around} {evidence.sentence}"
        held = _stems(whole)
        names = [word.written for word in self._names(claim) if not word.held_by(held)]
        return tuple(dict.fromkeys([*unsupported_quantities(claim, whole), *names]))

    def _names(self, claim: str) -> list[QueryWord]:
        """Return the names of a claim.

        The first word is written with a capital whatever it is, so only one that the term map knows counts as a name.
        An English claim writes other words so too ("the House"), so there only what the library knows counts.
        """
        opening = next((match for match in self.terms.find(claim) if match.term.kind in _NAMED_KINDS), None)
        opens = opening is not None and opening.start == 0
        numbers = {word for each in quantities(claim) for word in each.written.split()}
        english = language_of(claim) == "en"
        return [
            word
            for word in query_words(claim, self.keywords, self.terms)
            if _CAPITALISED.match(word.written)
            and (word.name or (word.token.start == 0 and opens))
            and not (set(re.split(r"[^\w]+", word.written)) & numbers or amount_in(word.written))
            and (word.known or not english)
        ]


def denied_otherwise(claim: str, evidence: str) -> tuple[str, ...]:
    """Return the stems that one text denies while the other has them undenied.

    What only one of the two texts mentions is no matter for this rule, but a claim that denies something is never borne
    out by evidence without any denial.
    """
    said, told = _denied(claim), _denied(evidence)
    conflict = {stem for stem in said.denied if stem in told.affirmed} | {
        stem for stem in told.denied if stem in said.affirmed
    }
    if said.denied and not told.negated:
        conflict |= said.denied
    return tuple(sorted(conflict))


@dataclass(frozen=True)
class _Polarity:
    """The stems of a text that stand behind a negator, and the others; whether there is a negator at all."""

    denied: Set[str]
    affirmed: Set[str]
    negated: bool


def _denied(text: str) -> _Polarity:
    content = {token.start for token in content_tokens(text)}
    denied: set[str] = set()
    affirmed: set[str] = set()
    reach = 0
    before: Token | None = None
    for token in tokenize(text):
        if before is not None and re.search(r"[,;.:()]", text[before.end : token.start]):
            reach = 0
        before = token
        if _is_negator(token, text):
            reach = _NEGATED_REACH
            continue
        if token.surface in _NOT_ONLY:
            reach = 0
        if token.start in content and token.surface not in _ADVERBS:
            (denied if reach else affirmed).add(token.stem)
            reach = 0
        reach = max(reach - 1, 0)
    # What a text both denies and affirms ("membeli tank, tidak membeli pesawat") decides nothing.
    return _Polarity(denied - affirmed, affirmed - denied, negated=bool(denied))


def _is_negator(token: Token, text: str) -> bool:
    if token.surface == "no" and _NUMBER_SIGN.match(text, token.end):
        return False  # "UU No 34"
    return _PARTICLE.sub("", token.surface) in _NEGATORS or bool(_AFFIXED_NOT.match(token.surface))


def _stems(text: str) -> frozenset[str]:
    return frozenset(token.stem for token in content_tokens(text))
