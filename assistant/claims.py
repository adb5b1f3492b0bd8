"""What a question takes for granted, or asks to be confirmed, checked against the sources.

"Kenapa Indonesia membatalkan Perjanjian Lombok pada 2015?" assumes that it did; "Benarkah ...?" asks whether.
"""

import re
from dataclasses import dataclass

from assistant.answers import CheckedClaim
from assistant.citations import citation_of
from assistant.query_rewriting import Query
from assistant.question_kinds import Kind, kind_of
from assistant.sentence_scoring import ScoredSentence
from assistant.verification import Check, Evidence, Support, Verifier
from index.morphology import content_tokens
from index.texts import head_text
from knowledge.library import Library

COMPARED = 6
"""Sentences that a claim is compared with: the best of the answer."""

_FEWEST_WORDS = 3  # a shorter one says too little to be checked
_LEAD = r"^(?:(?:lalu|terus|trus|nah|jadi|dan|tapi|so|then|but|and)\b[\s,]*)*"
_CONFIRM = re.compile(
    _LEAD + r"(?:(?:apa(?:kah)?|emang(?:nya)?|memang(?:nya)?)\s+)?(?:sudah\s+)?"
    r"(?:benar(?:kah)?|bener(?:kah|an)?|betul(?:kah)?|is it (?:true|correct)|is it right)\b"
    r"(?:\s+(?:sih|ya|kalau|kalo|klo|jika|that|(?:(?:informasi|anggapan|klaim|pernyataan|kabar|berita)\s+)?bahwa)\b)*"
    r"[\s,]+(?P<claim>.+?)[\s?!.]*$",
    re.IGNORECASE | re.DOTALL,
)
_WHETHER = re.compile(_LEAD + r"apakah\s+(?P<claim>.+?)[\s?!.]*$", re.IGNORECASE | re.DOTALL)
_WHY = re.compile(
    _LEAD + r"(?:mengapa|kenapa|knp|napa|why (?:did|does|do|is|are|was|were|has|have|had))(?:\s+(?:sih|kok))*"
    r"\s+(?P<claim>.+?)[\s?!.]*$",
    re.IGNORECASE | re.DOTALL,
)
_FURTHER = re.compile(
    r"\?.*|,?\s+(?:dan|serta|and)\s+"
    r"(?:apa|berapa|kapan|siapa|mengapa|kenapa|bagaimana|di mana|what|when|who|why|how)\b.*",
    re.IGNORECASE | re.DOTALL,
)
"""A further question behind the statement."""
_NO_STATEMENT = re.compile(
    r"(?:yang|apa|anda|kamu|kalian|di balik|dengan|tujuan|isi|peran\w*|fungsi|dampak|manfaat|strategi|contoh|nama|dasar"
    r"|alasan|penyebab|sebab|faktor|hambatan|tantangan|makna|arti|definisi|pengertian|perbedaan|bentuk|jenis|prinsip|langkah|upaya"
    r"|kepentingan|posisi|sikap|syarat|hasil|sasaran|unsur|ciri\w*|maksud|hubungan|kegiatan|tugas|wewenang|kendala)\b",
    re.IGNORECASE,
)
"""What "apakah" asks for where it means "what", and what is no statement by itself."""
_ALTERNATIVES = re.compile(r"\b(?:atau|or)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Claim:
    """A statement within a question; ``assumed`` if the question takes it for granted."""

    text: str
    assumed: bool


def claim_of(query: Query) -> Claim | None:
    """Return the statement that a question confirms or assumes; None when it makes none that can be checked."""
    confirm = _CONFIRM.match(query.text)
    whether = None if confirm or query.kind is not Kind.OTHER else _WHETHER.match(query.text)
    why = _WHY.match(query.text) if query.kind is Kind.WHY and not confirm else None
    found = confirm or whether or why
    if found is None:
        return None
    text = _FURTHER.sub("", found["claim"]).strip(" ,.!")
    is_question = kind_of(text) is not Kind.OTHER or bool(_ALTERNATIVES.search(text) and not why)
    if is_question or _NO_STATEMENT.match(text) or len(content_tokens(text)) < _FEWEST_WORDS:
        return None
    return Claim(text[0].upper() + text[1:], assumed=why is not None)


def check_claim(
    query: Query, scored: list[ScoredSentence], verifier: Verifier, library: Library
) -> CheckedClaim | None:
    """Return the claim of a query with its verdict; None where there is nothing to say.

    What is asked is always judged. What is assumed is spoken of only when the sources say the contrary, or hold a
    number or a name of it nowhere near: in other words than theirs, a true assumption may look unsupported.
    """
    claim = claim_of(query)
    if claim is None:
        return None
    compared = scored[:COMPARED]
    checks = verifier.check(claim.text, [evidence_of(candidate) for candidate in compared])
    places = range(len(checks))
    best = min(places, key=lambda place: _rank(checks[place]), default=None)
    if best is None:
        return None if claim.assumed else CheckedClaim(claim.text, Support.UNSUPPORTED, assumed=False)
    check = checks[best]
    nowhere = frozenset.intersection(*(frozenset(each.missing) for each in checks))
    if claim.assumed and (check.support is not Support.UNSUPPORTED or not (check.contradicted or nowhere)):
        return None
    cited = citation_of(compared[best], library, n=0)
    return CheckedClaim(claim.text, check.support, check.contradicted, claim.assumed, cited)


def evidence_of(candidate: ScoredSentence) -> Evidence:
    """Return a sentence with its title and headings, as it is compared with a claim."""
    return Evidence(candidate.text, head_text(candidate.retrieved.document, candidate.retrieved.passage))


def _rank(check: Check) -> tuple[int, int]:
    """Order verdicts: what supports first, then what contradicts, then the evidence that lacks least."""
    order = {Support.SUPPORTED: 0, Support.PARTLY: 1}
    return order.get(check.support, 2 if check.contradicted else 3), len(check.missing)
