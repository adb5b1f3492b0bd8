"""Follow-ups become standalone queries; what stands alone stays as typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answers import Answer, Mode, Reason
from assistant.conversation import Conversation
from assistant.query_rewriting import Query, rewrite
from assistant.question_kinds import Kind
from index.term_map import TermMap
from knowledge.glossary import load_glossary

TERMS = TermMap(load_glossary())

# What was asked, in order; the query that the last one becomes.
FOLLOW_UPS = [
    # another subject
    ("Bagaimana ekspor senjata Korea Selatan? | kalau Turki?", "Bagaimana ekspor senjata Turki?"),
    ("Apa kerja sama Indonesia dengan Korea Selatan? | kalo turki?", "Apa kerja sama Indonesia dengan turki?"),
    ("How does Indonesia work with South Korea? | what about Turkey?", "How does Indonesia work with Turkey?"),
    ("Apa peran Pindad? | kalo PT PAL gimana?", "Apa peran PT PAL?"),
    ("Berapa peserta Indo Defence 2018? | kalau IDEX?", "Berapa peserta IDEX 2018?"),
    ("Apa itu OEF? | bagaimana dengan Perisai Trisula Nusantara?", "Apa itu Perisai Trisula Nusantara?"),
    ("Apa itu OEF? | dan MEF?", "Apa itu MEF?"),
    ("Apa kata Sukamta soal swasta? | kalau soal modal asing?", "Apa kata Sukamta soal swasta: soal modal asing?"),
    ("Apa dampak UU Cipta Kerja? | and for private companies?", "Apa dampak UU Cipta Kerja for private companies?"),
    ("Berapa ekspor Korea Selatan pada 2022? | kalau Turki 2021?", "Berapa ekspor Turki pada 2021?"),
    # a bare question word
    ("Mengapa target MEF 2024 tidak tercapai? | kenapa?", "Kenapa target MEF 2024 tidak tercapai?"),
    ("Apakah ketergantungan Turki menurun? | kenapa begitu?", "Kenapa ketergantungan Turki menurun?"),
    ("What is security diplomacy? | why?", "Why security diplomacy?"),
    ("Apa itu TKDN? | contohnya?", "Contohnya TKDN?"),
    ("Apa dampak UU Cipta Kerja? | terus menurut siapa?", "Menurut siapa dampak UU Cipta Kerja?"),
    ("What is the KAAN? | how many?", "How many KAAN?"),
    # a pointer
    ("Apa itu Perjanjian Lombok? | kapan itu ditandatangani?", "Kapan Perjanjian Lombok ditandatangani?"),
    ("Kapan Perjanjian Lombok ditandatangani? | siapa penandatangannya?", "Siapa penandatangan Perjanjian Lombok?"),
    ("Siapa yang menandatangani Perjanjian Lombok? | apa isinya?", "Apa isi Perjanjian Lombok?"),
    ("Apa target MEF 2024? | tercapai nggak?", "Tercapai nggak target MEF 2024?"),
    ("Apa itu KKIP? | siapa ketuanya?", "Siapa ketua KKIP?"),
    ("Apa itu KKIP? | apa saja program prioritasnya?", "Apa saja program prioritas KKIP?"),
    ("Apa itu Perisai Trisula Nusantara? | siapa penggagasnya?", "Siapa penggagas Perisai Trisula Nusantara?"),
    ("Apa itu KAAN? | kapan Erdogan mengumumkannya?", "Kapan Erdogan mengumumkan KAAN?"),
    ("Apa itu tank Harimau? | tank itu buatan siapa?", "Tank Harimau buatan siapa?"),
    ("Apa itu tank Harimau? | emang itu penting?", "Emang tank Harimau penting?"),
    ("Siapa Kron? | dia orang mana?", "Kron orang mana?"),
    ("Siapa Kron? | what did he argue?", "What did Kron argue?"),
    ("What is security diplomacy? | how does it differ from defence diplomacy?",
     "How does security diplomacy differ from defence diplomacy?"),
    ("What is the Lombok Treaty? | when was that treaty signed?", "When was Lombok Treaty signed?"),
    ("How heavy is the Harimau tank? | and what gun does it carry?", "What gun does Harimau tank carry?"),
    ("Mengapa Indonesia membeli jet KAAN? | berapa harganya?", "Berapa harga jet KAAN?"),
    ("Apa itu IDEF? | apa hubungannya dengan Turki?", "Apa hubungan IDEF dengan Turki?"),
    ("Berapa capaian MEF pada 2019? | targetnya waktu itu berapa?", "Target capaian MEF pada 2019 berapa?"),
    ("Berapa jumlah BUMN pertahanan? | yang di bidang propelan?", "Jumlah BUMN pertahanan yang di bidang propelan?"),
    # too short to stand alone
    ("Apa itu jet KAAN? | berapa unit?", "Berapa unit jet KAAN?"),
    ("Apa itu Our Eyes? | kapan diluncurkan?", "Kapan diluncurkan Our Eyes?"),
    ("Apa itu pertemuan 2+2? | kapan dan di mana?", "Kapan dan di mana pertemuan 2+2?"),
    ("Apa itu DCA? | udah diteken belum?", "Udah diteken belum DCA?"),
    # another year
    ("Berapa capaian MEF 2022? | terus tahun 2023?", "Berapa capaian MEF 2023?"),
    ("Berapa capaian MEF pada 2022? | kalau 2023?", "Berapa capaian MEF pada 2023?"),
    ("Berapa peserta Indo Defence 2016? | terus yang 2018 berapa?", "Berapa peserta Indo Defence 2018?"),
    ("How much of the MEF was realised in 2021? | and in 2022?", "How much of the MEF was realised in 2022?"),
    ("How large were exports in 2022? | and the year before?", "How large were exports in 2021?"),
    ("Kapan Indo Defence 2022 digelar? | tahun berikutnya?", "Kapan Indo Defence 2023 digelar?"),
    ("Berapa capaian MEF? | kalau 2023?", "Berapa capaian MEF 2023?"),
    # a comparison with one side, or none
    ("Apa itu diplomasi keamanan? | Apa bedanya dengan diplomasi pertahanan?",
     "Apa bedanya diplomasi keamanan dengan diplomasi pertahanan?"),
    ("Apa itu diplomasi keamanan? | Siapa Kron? | Apa bedanya dengan diplomasi pertahanan?",
     "Apa bedanya diplomasi keamanan dengan diplomasi pertahanan?"),
    ("Apa itu MEF? | Apa itu OEF? | apa bedanya?", "Apa bedanya MEF dan OEF?"),
    ("Apa itu Our Eyes? | bandingkan dengan Perjanjian Lombok", "Bandingkan Our Eyes dengan Perjanjian Lombok"),
    # chains of three
    ("Apa itu jet KAAN? | kapan kontraknya diteken? | di mana?", "Di mana kontrak jet KAAN diteken?"),
    ("Apa itu jet KAAN? | kapan kontraknya diteken? | nilainya berapa?", "Nilai kontrak jet KAAN berapa?"),
    ("Berapa capaian MEF 2022? | kalau 2021? | kenapa turun?", "Kenapa turun capaian MEF 2021?"),
    ("Bagaimana ekspor Korea Selatan? | kalau Turki? | kalau Australia?", "Bagaimana ekspor Australia?"),
]  # fmt: skip

STANDALONE = [
    "Apa itu MEF?",
    "apa itu mef",
    "apa sih itu TKDN?",
    "Apakah itu diplomasi pertahanan?",
    "MEF itu singkatan apa?",
    "IDEX 2023 itu penyelenggaraan yang keberapa?",
    "Diplomasi keamanan itu apa?",
    "Siapa mitra Pindad untuk tank Harimau?",
    "siapa mitra pindad untuk tank harimau?",
    "Kenapa industri pertahanan itu penting?",
    "Berapa jumlah BUMN pertahanan saat ini?",
    "Apa saja tujuh program prioritas KKIP?",
    "Apa bedanya diplomasi keamanan dan diplomasi pertahanan?",
    "apa bedanya mef dan oef?",
    "Apa itu MEF dan kapan ia berakhir?",
    "What is the MEF and when does it end?",
    "What is the law that regulates the defence industry?",
    "Where did Baykar and Republikorp sign their deal?",
    "Apa sebab lahirnya istilah diplomasi pertahanan?",
    "Pindad direkturnya siapa?",
    "Untuk apa MEF dibuat?",
    "Dengan siapa Pindad bekerja sama di IDEX 2023?",
    "Apa yang dimaksud dengan fotosintesis?",
    "resep rendang",
]


def after(*asked: str) -> Query:
    """Return the query of the last question, each earlier one having been answered."""
    conversation = Conversation()
    for question in asked[:-1]:
        query = rewrite(question, conversation, TERMS).text
        conversation = conversation.with_turn(question, Answer(question, query))
    return rewrite(asked[-1], conversation, TERMS)


@pytest.mark.parametrize(("asked", "expected"), FOLLOW_UPS)
def test_a_follow_up_becomes_a_standalone_query(asked: str, expected: str) -> None:
    query = after(*asked.split(" | "))
    assert query.text == expected
    assert query.rewritten


@pytest.mark.parametrize(
    "earlier", ["Apa itu jet KAAN?", "Berapa capaian MEF pada 2022?", "Apa itu Perjanjian Lombok?"]
)
@pytest.mark.parametrize("question", STANDALONE)
def test_a_question_that_stands_alone_stays_as_typed(question: str, earlier: str) -> None:
    assert after(earlier, question) == after(question)
    assert after(question).text == question


@pytest.mark.parametrize("asked", [asked for asked, _ in FOLLOW_UPS])
def test_without_a_conversation_nothing_is_rewritten(asked: str) -> None:
    question = asked.rsplit(" | ", maxsplit=1)[-1]
    query = after(question)
    assert (query.text, query.rewritten) == (question, False)


@pytest.mark.parametrize(
    "between",
    [
        Answer("terima kasih", "terima kasih", mode=Mode.REPLY),
        Answer("  ", "", abstained=True, reason=Reason.EMPTY_QUESTION),
        Answer("x" * 2000, "x" * 2000, abstained=True, reason=Reason.LONG_QUESTION),
    ],
)
def test_turns_that_searched_nothing_are_passed_over(between: Answer) -> None:
    conversation = Conversation().with_turn("Apa itu jet KAAN?", Answer("Apa itu jet KAAN?", "Apa itu jet KAAN?"))
    conversation = conversation.with_turn(between.question, between)
    assert rewrite("berapa unit?", conversation, TERMS).text == "Berapa unit jet KAAN?"


def test_a_question_that_was_refused_is_still_what_a_follow_up_is_about() -> None:
    refused = Answer("Apa itu Rafale?", "Apa itu Rafale?", abstained=True, reason=Reason.NOT_IN_SOURCES)
    assert rewrite("berapa unit?", Conversation().with_turn("Apa itu Rafale?", refused), TERMS).text == (
        "Berapa unit Rafale?"
    )


def test_the_kind_is_that_of_the_rewritten_query() -> None:
    assert after("Berapa capaian MEF 2022?", "terus 2023?").kind is Kind.HOW_MANY
    assert after("Apa itu MEF?", "kapan?").kind is Kind.WHEN


@given(
    st.lists(st.text(max_size=60) | st.sampled_from(["kalau", "itu", "nya", "kenapa?", "2023?", "yang"]), max_size=4)
)
def test_whatever_was_typed_a_query_comes_out(asked: list[str]) -> None:
    query = after(*asked, "kalau " + " ".join(asked))
    assert query.text.strip()
    assert not after(" \n ").text


@given(st.sampled_from([asked for asked, _ in FOLLOW_UPS]), st.text(max_size=80))
def test_arbitrary_text_after_a_conversation_is_never_lost(asked: str, text: str) -> None:
    query = after(*asked.split(" | "), text)
    assert bool(query.text.strip()) == bool(text.strip())
    if not query.rewritten:
        assert query.text == " ".join(text.split())
