"""Sketches of texts: how much two texts share is estimated well, whatever their order, and versions are told apart."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from knowledge.near_documents import NEAR, resemblance, sketch
from knowledge.study_texts import study_text_folder

TEXTS = st.text() | st.lists(st.sampled_from("abcd"), max_size=40).map(" ".join)
RUN = 5


def runs(text: str) -> set[tuple[str, ...]]:
    """The runs of words of a text; a text shorter than a run is one."""
    words = text.split()
    return {tuple(words[at : at + RUN]) for at in range(max(1, len(words) - RUN + 1))} if words else set()


def share(one: str, other: str) -> float:
    """How much two texts share, by comparing all their runs."""
    return len(runs(one) & runs(other)) / len(runs(one) | runs(other))


@given(TEXTS, TEXTS)
def test_resemblance_is_a_share_and_has_no_direction(one: str, other: str) -> None:
    first, second = sketch(one), sketch(other)
    assert 0.0 <= resemblance(first, second) <= 1.0
    assert resemblance(first, second) == resemblance(second, first)
    assert resemblance(first, first) == (1.0 if first else 0.0)


@given(*[st.lists(st.sampled_from("abcdefg"), min_size=1, max_size=60).map(" ".join)] * 2)
def test_of_short_texts_it_is_exact(one: str, other: str) -> None:
    assert resemblance(sketch(one), sketch(other)) == share(one, other)


def test_of_long_texts_it_is_near() -> None:
    words = [f"kata{number * number % 4999}" for number in range(6000)]
    for kept in (500, 1500, 3000, 4500, 5800):
        one, other = " ".join(words), " ".join([*words[:kept], *(f"lain{each}" for each in words[kept:])])
        assert abs(resemblance(sketch(one), sketch(other)) - share(one, other)) < 0.1, "three standard errors"
    for part in (600, 3000, 4500):  # a chapter and the whole
        one, other = " ".join(words), " ".join(words[:part])
        assert abs(resemblance(sketch(one), sketch(other)) - share(one, other)) < 0.1


@given(TEXTS)
def test_a_sketch_is_small_and_nothing_without_words(text: str) -> None:
    assert len(sketch(text * 50)) <= 1024
    assert bool(sketch(text)) == any(character.isalnum() or character == "_" for character in text)


def test_no_words_are_like_nothing() -> None:
    for other in ("", " ... ", "Laut Natuna."):
        assert resemblance(sketch("—"), sketch(other)) == resemblance(sketch(other), b"") == 0.0


def test_capitals_punctuation_and_line_breaks_do_not_matter() -> None:
    one = "Enam negara, yaitu Indonesia dan Brunei, meluncurkan Our Eyes di Bali."
    assert sketch(one) == sketch("ENAM NEGARA\nyaitu Indonesia — dan Brunei —\n\nmeluncurkan “Our Eyes” di Bali")


def test_the_order_of_paragraphs_matters_little_and_the_order_of_words_much() -> None:
    paragraphs = [" ".join(f"k{number}x{word}" for word in range(60)) for number in range(20)]
    text = "\n\n".join(paragraphs)
    assert resemblance(sketch(text), sketch("\n\n".join(reversed(paragraphs)))) > 0.8
    words = text.split()
    assert resemblance(sketch(text), sketch(" ".join(words[::2] + words[1::2]))) < 0.1


def test_a_revised_study_text_is_another_version_and_no_two_study_texts_are() -> None:
    texts = [path.read_text(encoding="utf-8") for path in sorted(study_text_folder().glob("*.md"))]
    sketches = [sketch(text) for text in texts]
    for text, own in zip(texts, sketches, strict=True):
        lines = text.split("\n")
        revised = "\n".join([*lines[: len(lines) * 9 // 10], "Bagian ini ditulis ulang seluruhnya oleh penulisnya."])
        assert resemblance(own, sketch(revised)) >= NEAR
    assert max(resemblance(one, other) for one, other in combinations(sketches, 2)) < NEAR / 2
