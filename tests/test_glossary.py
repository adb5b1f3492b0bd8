"""The shipped glossary: well formed, without ambiguity, and expanding what users type to what the texts say."""

from collections import defaultdict

import pytest

from index.morphology import tokenize
from index.term_map import TermMap
from knowledge.errors import BadCollectionFile
from knowledge.glossary import KINDS, Term, load_glossary, read_glossary

EXPANSIONS = [
    ("What is security diplomacy?", "diplomasi keamanan"),
    ("How does defense diplomacy differ from it?", "diplomasi pertahanan"),
    ("Why is Indonesia's defence industry important?", "industri pertahanan"),
    ("apa itu indhan", "industri pertahanan"),
    ("Does the purchase require technology transfer?", "alih teknologi"),
    ("apa itu ToT", "alih teknologi"),
    ("What is the local content of the products?", "TKDN"),
    ("What was the MEF in 2019?", "kekuatan pokok minimum"),
    ("Which deterrent effect arises?", "efek tangkal"),
    ("How does it protect human rights?", "hak asasi manusia"),
    ("Which non-traditional threats does it name?", "ancaman nontradisional"),
    ("How many fighter jets were bought?", "jet tempur"),
    ("How many pesawat tempur were bought?", "jet tempur"),
    ("Who builds the submarines?", "kapal selam"),
    ("Where are the drones made?", "pesawat nirawak"),
    ("Who is the defence minister?", "Menteri Pertahanan"),
    ("Which companies did the Ministry of Defense bring?", "Kementerian Pertahanan"),
    ("apa kata Menlu", "menteri luar negeri"),
    ("What is a state-owned enterprise?", "BUMN"),
    ("Which raw materials are missing?", "bahan baku"),
    ("What is a defence expo for?", "pameran pertahanan"),
    ("When was the Lombok Treaty signed?", "Perjanjian Lombok"),
    ("What does the memorandum of understanding say?", "nota kesepahaman"),
    ("What about South Korea?", "Korea Selatan"),
    ("What did the UAE order?", "Uni Emirat Arab"),
    ("Apa isi UU 16/2012?", "UU Nomor 16 Tahun 2012"),
    ("How much is the KFX worth?", "KF-21"),
    ("What is the Kaplan MT?", "tank Harimau"),
]

KIND_OF = [
    ("Turki", "country"),
    ("Korea Selatan", "country"),
    ("Kron", "person"),
    ("Prabowo", "person"),
    ("Sjafrie", "person"),
    ("Erdogan", "person"),
    ("PT PAL", "organization"),
    ("ptdi", "organization"),
    ("Kemhan", "organization"),
    ("KAAN", "system"),
    ("tank Harimau", "system"),
    ("akinci", "system"),
    ("Perjanjian Lombok", "agreement"),
    ("DCA", "agreement"),
    ("Indo Defence", "event"),
    ("9/11", "event"),
    ("MEF", "concept"),
]

MAIN_TERMS = {
    "diplomasi-keamanan": [
        "diplomasi keamanan",
        "supremasi hukum",
        "hak asasi manusia",
        "Perjanjian Lombok",
        "Our Eyes",
    ],
    "industri-pertahanan": ["industri pertahanan", "alpalhankam", "pemandu utama", "BUMN", "BUMS", "KKIP"],
    "kemandirian-alutsista": ["kemandirian alutsista", "TKDN", "program prioritas", "propelan", "bahan baku"],
    "mef": ["MEF", "OEF", "Perisai Trisula Nusantara", "postur TNI", "interoperabilitas", "RPJMN"],
    "pameran-pertahanan": ["pameran pertahanan", "IDEX", "NAVDEX", "Indo Defence", "LPD", "kapal rumah sakit"],
    "turki": ["Turki", "KAAN", "tank Harimau", "Baykar", "fregat Istif", "IDEF", "DCA", "pertemuan 2+2"],
}

# What is not the same must not be taken for the same.
DIFFERENT = [
    ("BUMN", "swasta"),
    ("MEF", "OEF"),
    ("supremasi hukum", "penegakan hukum"),
    ("diplomasi keamanan", "diplomasi pertahanan"),
    ("Kemhan", "Menhan"),
    ("IDEX", "NAVDEX"),
    ("kontrak", "nota kesepahaman"),
    ("KAAN", "KF-21"),
    ("Korea Selatan", "Korea Utara"),
    ("alutsista", "alpalhankam"),
]


@pytest.fixture(scope="module")
def terms() -> TermMap:
    return TermMap(load_glossary())


def _key(form: str) -> tuple[str, ...]:
    return tuple(token.stem for token in tokenize(form))


def _only(text: str, terms: TermMap) -> Term:
    found = terms.find(text)
    assert len(found) == 1, f"{text!r} names {[match.term.indonesian for match in found]}"
    return found[0].term


def test_glossary_is_large_enough_and_of_known_kinds() -> None:
    glossary = load_glossary()
    assert len(glossary) >= 150
    assert {term.kind for term in glossary} == KINDS
    assert all(isinstance(form, str) and form == form.strip() for term in glossary for form in term.forms)


def test_every_form_belongs_to_one_term() -> None:
    claims: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
    for term in load_glossary():
        for form in term.forms:
            assert _key(form), f"{form!r} has no words"
            claims[_key(form)].add(term.indonesian)
    assert {key: claimed for key, claimed in claims.items() if len(claimed) > 1} == {}


def test_every_form_finds_its_own_term(terms: TermMap) -> None:
    lost = [form for term in load_glossary() for form in term.forms if [m.term for m in terms.find(form)] != [term]]
    assert lost == []


def test_abbreviations_are_found_in_lower_case(terms: TermMap) -> None:
    short = [(term, term.abbreviation) for term in load_glossary() if term.abbreviation]
    lost = [form for term, form in short if [m.term for m in terms.find(form.lower())] != [term]]
    assert lost == []


@pytest.mark.parametrize(("question", "form"), EXPANSIONS)
def test_question_is_expanded(question: str, form: str, terms: TermMap) -> None:
    assert form in terms.expansions(question)


@pytest.mark.parametrize(("text", "kind"), KIND_OF)
def test_kind_of_an_entity(text: str, kind: str, terms: TermMap) -> None:
    assert _only(text, terms).kind == kind


@pytest.mark.parametrize("slug", MAIN_TERMS)
def test_main_terms_of_each_text_are_present(slug: str, terms: TermMap) -> None:
    for text in MAIN_TERMS[slug]:
        _only(text, terms)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different_things_are_different_terms(one: str, other: str, terms: TermMap) -> None:
    assert _only(one, terms) != _only(other, terms)


@pytest.mark.parametrize(
    "text", ["such as this, tell us more", "peserta serta pengadaan", "Mohamed bin", "pal dan len"]
)
def test_ordinary_words_are_no_names_of_countries_or_people(text: str, terms: TermMap) -> None:
    assert not [match for match in terms.find(text) if match.term.kind in {"country", "person", "concept"}]


def test_a_term_is_read_with_its_definition() -> None:
    text = "terms:\n- {indonesian: garis, definition: Garis adalah deret titik., source: satu, spellings: [grs]}\n"
    term = Term("garis", spellings=("grs",), definition="Garis adalah deret titik.", source="satu")
    assert read_glossary(text) == (term,)
    assert term.forms == ("garis", "grs"), "a definition is no form"


@pytest.mark.parametrize(
    "text", ["", "[]", "terms: []\nothers: []", "terms: {a: 1}", "terms: [{colour: red}]", "terms: [{indonesian: 9}]"]
)
def test_a_glossary_that_cannot_be_used(text: str) -> None:
    with pytest.raises(BadCollectionFile, match=r"^glossary\.yaml cannot be used"):
        read_glossary(text)
