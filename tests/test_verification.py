"""Claims against sentences: the rules that no model may overrule, and what a person reads in the verdict."""

from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.opening import Workplace
from assistant.verification import Check, Evidence, Support, Verifier, denied_otherwise
from index.reader import Found, Reading, Verdict

SENTENCE = "Indonesia dan Turki menandatangani perjanjian pada 15 September 2010 di Ankara."


@dataclass(frozen=True)
class Believer:
    """A reader that believes every claim: what is refused beside it, the rules refuse."""

    verdict: Verdict

    def read(self, question: str, readings: Sequence[Reading]) -> list[list[Found]]:
        """Find nothing."""
        del question
        return [[Found(0.0) for _ in reading.sentences] for reading in readings]

    def check(self, pairs: Sequence[tuple[str, str]]) -> list[Verdict]:
        """Return the one verdict for every pair."""
        return [self.verdict for _ in pairs]


def check(workplace: Workplace, claim: str, sentence: str, verdict: Verdict | None = None) -> Check:
    assistant = workplace.assistant()
    reader = Believer(verdict or Verdict(0.99, 0.005, 0.005))
    verifier = Verifier(assistant.open_retriever().keywords, assistant.terms, reader)
    (found,) = verifier.check(claim, [Evidence(sentence, "Kerja sama dengan Turki")])
    return found


@pytest.mark.parametrize(
    "claim",
    [
        "Perjanjian Indonesia dengan Turki diteken di Ankara pada 15 September 2010.",
        "Indonesia and Turkey signed the agreement on 15 September 2010.",
        "Penandatanganan berlangsung pada tahun 2010.",
    ],
)
def test_a_true_claim_in_other_words_is_supported(claim: str, workplace: Workplace) -> None:
    assert check(workplace, claim, SENTENCE) == Check(Support.SUPPORTED)


@pytest.mark.parametrize(
    ("claim", "missing"),
    [
        ("Indonesia dan Turki menandatangani perjanjian pada 2011.", "2011"),
        ("Indonesia dan Turki menandatangani perjanjian pada 15 Oktober 2010.", "Oktober"),
        ("Perjanjian Indonesia dan Turki ditandatangani di Istanbul.", "Istanbul"),
        ("Indonesia dan Malaysia menandatangani perjanjian pada 15 September 2010.", "Malaysia"),
        ("Indonesia dan Turki menandatangani tujuh perjanjian.", "tujuh"),
    ],
)
def test_no_model_makes_up_for_a_number_or_a_name(claim: str, missing: str, workplace: Workplace) -> None:
    found = check(workplace, claim, SENTENCE)
    assert (found.support, found.missing) == (Support.UNSUPPORTED, (missing,))


@pytest.mark.parametrize(
    ("claim", "sentence"),
    [
        ("It was signed on 15 October 2010.", "Perjanjian diteken pada 15 Oktober 2010."),
        ("Nilainya Rp1,2 triliun.", "Nilainya 1.200 miliar rupiah."),
        ("Nilainya US$8,1 miliar.", "Nilainya 8,1 miliar dolar AS."),
        ("Pada abad XXI.", "Pada abad ke-21."),
        ("Indonesia menempati urutan ke-96.", "Indonesia menempati peringkat 96."),
        ("The House approved it.", "DPR menyetujuinya."),
    ],
)
def test_another_way_of_writing_is_not_missing(claim: str, sentence: str, workplace: Workplace) -> None:
    assert check(workplace, claim, sentence).missing == ()


def test_a_name_that_opens_the_claim_counts_too(workplace: Workplace) -> None:
    assert check(workplace, "Malaysia menandatangani perjanjian di Ankara.", SENTENCE).missing == ("Malaysia",)


def test_a_rule_alone_is_no_contradiction(workplace: Workplace) -> None:
    claim = "Larangan itu resmi tidak berlaku lagi mulai Maret 2006."
    found = check(workplace, claim, "Larangan itu resmi berakhir pada Maret 2006.")
    assert (found.support, found.contradicted) == (Support.UNSUPPORTED, False)


def test_no_model_makes_up_for_a_denial(workplace: Workplace) -> None:
    claim = "Indonesia dan Turki tidak menandatangani perjanjian pada 2010."
    assert check(workplace, claim, SENTENCE).support is Support.UNSUPPORTED
    found = check(workplace, claim, SENTENCE, Verdict(0.3, 0.3, 0.4))
    assert (found.support, found.contradicted) == (Support.UNSUPPORTED, True)
    assert found.denied


@pytest.mark.parametrize(
    ("claim", "evidence", "otherwise"),
    [
        ("Indonesia tidak mengakui klaim itu.", "Indonesia mengakui klaim itu.", True),
        ("Indonesia mengakui klaim itu.", "Indonesia tidak mengakui klaim itu.", True),
        ("Indonesia bukan negara pengklaim.", "Indonesia bukan negara pengklaim di laut itu.", False),
        ("The treaty was never ratified.", "Perjanjian itu belum pernah diratifikasi.", False),
        ("Indonesia membeli 42 pesawat.", "Indonesia membeli 42 pesawat, bukan 36 kapal.", False),
        (
            "Kerja sama itu mencakup industri.",
            "Kerja sama itu tidak hanya mencakup industri.",
            False,
        ),
        ("They don't recognise the claim.", "Mereka mengakui klaim itu.", True),
        ("Indonesia membeli tank.", "Indonesia membeli tank, tidak membeli pesawat.", False),
        ("Indonesia tidak secara resmi mengakui klaim itu.", "Indonesia tidak mengakui klaim itu.", False),
        ("ASEAN adalah pakta militer.", "ASEAN bukanlah pakta militer.", True),
        ("Natuna bukanlah sengketa.", "Natuna bukan sengketa.", False),
        ("UU No 34 Tahun 2004 mengatur tugas TNI.", "UU Nomor 34 Tahun 2004 mengatur tugas TNI.", False),
        ("Indonesia ga ikut pakta itu.", "Indonesia tidak ikut pakta itu.", False),
    ],
)
def test_what_one_denies_the_other_must_not_affirm(claim: str, evidence: str, *, otherwise: bool) -> None:
    assert bool(denied_otherwise(claim, evidence)) is otherwise


@given(st.text(max_size=200))
def test_no_text_denies_itself(text: str) -> None:
    assert denied_otherwise(text, text) == ()


@pytest.mark.parametrize(
    ("verdict", "support", "contradicted"),
    [
        (Verdict(0.97, 0.02, 0.01), Support.SUPPORTED, False),
        (Verdict(0.55, 0.4, 0.05), Support.PARTLY, False),
        (Verdict(0.05, 0.9, 0.05), Support.UNSUPPORTED, False),
        (Verdict(0.05, 0.05, 0.9), Support.UNSUPPORTED, True),
    ],
)
def test_the_model_decides_where_the_rules_allow(
    verdict: Verdict, support: Support, *, contradicted: bool, workplace: Workplace
) -> None:
    found = check(workplace, "Turki menandatangani perjanjian.", SENTENCE, verdict)
    assert (found.support, found.contradicted) == (support, contradicted)


def test_without_a_reader_shared_words_decide_and_the_rules_hold(workplace: Workplace) -> None:
    assistant = workplace.assistant()
    verifier = Verifier(assistant.open_retriever().keywords, assistant.terms)
    claims = {
        SENTENCE: Support.SUPPORTED,
        "Indonesia dan Turki menandatangani perjanjian tentang kereta.": Support.PARTLY,
        "Turki membangun jembatan panjang.": Support.UNSUPPORTED,
        "Indonesia dan Turki menandatangani perjanjian pada 15 September 2011 di Ankara.": Support.UNSUPPORTED,
    }
    for claim, support in claims.items():
        assert verifier.check(claim, [Evidence(SENTENCE)])[0].support is support, claim
