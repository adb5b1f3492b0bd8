"""Words as they are searched: what belongs together meets, what differs stays apart, and offsets stay exact."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.morphology import content_tokens, fold, index_terms, stop_words, tokenize

TEXTS = st.text(st.sampled_from("aknMEFşİıß0129.,-/'’ \n_é\u0301ﬁ中"), max_size=40) | st.text(max_size=40)


@pytest.mark.parametrize(
    ("text", "surfaces"),
    [
        ("MEF dan TNI", ["mef", "dan", "tni"]),
        ("jet KF-21", ["jet", "kf-21"]),
        ("F-16, J-10; Su-35", ["f-16", "j-10", "su-35"]),
        ("63,19 persen", ["63,19", "persen"]),
        ("Rp 1.200.000,50.", ["rp", "1.200.000,50"]),
        ("MEF 2020-2024", ["mef", "2020", "2024"]),
        ("100-1000 unit", ["100", "1000", "unit"]),
        ("negara-negara", ["negara"]),
        ("negara-negaranya", ["negara"]),
        ("Indonesia-Turki", ["indonesia", "turki"]),
        ("IDEX/NAVDEX", ["idex", "navdex"]),
        ("Jum'at", ["jum'at"]),
        ("Indonesia's defence", ["indonesia", "defence"]),
        ("Türkiye, Erdoğan", ["turkiye", "erdogan"]),
        ("INDO DEFENCE", ["indo", "defence"]),
        ("... -- ? _", []),
        ("", []),
    ],
)
def test_words_of_a_text(text: str, surfaces: list[str]) -> None:
    assert [token.surface for token in tokenize(text)] == surfaces


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ditandatangani", "penandatanganan"),
        ("menandatangani", "signed"),
        ("diteken", "ditandatangani"),
        ("kerjasama", "kerja"),
        ("Türkiye", "Turki"),
        ("Turkey", "Turki"),
        ("keamanannya", "keamanan"),
        ("pertahananlah", "pertahanan"),
        ("membangun", "pembangunan"),
        ("negara-negara", "negaranya"),
        ("thn", "tahun"),
    ],
)
def test_forms_of_one_word_share_a_stem(one: str, other: str) -> None:
    assert tokenize(one)[0].stem == tokenize(other)[0].stem


@pytest.mark.parametrize(
    ("one", "other"), [("menteri", "kementerian"), ("KF-21", "KF-16"), ("63,19", "63,91"), ("TNI", "Polri")]
)
def test_different_words_keep_different_stems(one: str, other: str) -> None:
    assert tokenize(one)[0].stem != tokenize(other)[0].stem


def test_an_acronym_is_not_stemmed() -> None:
    assert tokenize("BERAN")[0].stem == "beran"
    assert tokenize("MEF")[0].stem == "mef"


@pytest.mark.parametrize("word", ["kerja", "luar", "dua", "besar", "peserta", "pengadaan", "keamanan", "negara", "MEF"])
def test_words_that_carry_meaning_are_kept(word: str) -> None:
    assert content_tokens(word)


@pytest.mark.parametrize("question", ["apa itu?", "Siapakah dia?", "gimana sih", "what is the", "ADALAH", "apanya"])
def test_function_and_question_words_fall_away(question: str) -> None:
    assert content_tokens(question) == []


def test_an_exact_form_gives_two_terms_and_they_differ() -> None:
    assert index_terms("yang bekerja") == ["bekerja", "~kerja"]
    assert index_terms("kerja") == ["kerja", "~kerja"]


def test_stop_words_are_folded_words_without_comments() -> None:
    words = stop_words()
    assert {"yang", "apakah", "the", "which"} <= words
    assert all(fold(word) == word and word.isalpha() for word in words)


@given(TEXTS)
def test_tokens_stand_where_they_say_in_order(text: str) -> None:
    end = 0
    for token in tokenize(text):
        assert end <= token.start < token.end <= len(text)
        assert fold(text[token.start : token.end]) == token.surface
        assert token.stem
        end = token.end


@given(st.text(max_size=12))
def test_folding_twice_changes_nothing(word: str) -> None:
    assert fold(fold(word)) == fold(word)
    assert fold("Akıncı") == fold("AKINCI") == fold("akıncı")


@pytest.mark.parametrize(
    "same",
    [
        ("Rp17,3", "17,3", "17.3"),
        ("1.500", "1,500", "1500"),
        ("Rp1.500,75", "1,500.75"),
        ("63,19", "63.19"),
        ("2000s", "2000"),
    ],
)
def test_a_number_is_one_term_however_it_is_punctuated(same: tuple[str, ...]) -> None:
    assert len({tokenize(written)[0].stem for written in same}) == 1


def test_different_numbers_stay_different() -> None:
    stems = [tokenize(written)[0].stem for written in ("17,3", "173", "1,73", "2024", "2,024,1", "KF-21", "21")]
    assert len(set(stems)) == len(stems)
