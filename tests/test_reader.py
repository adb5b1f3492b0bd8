"""The shipped reader: it tells the sentence that answers from those that do not, and says when it does not fit."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from assistant.opening import Workplace, open_workplace
from assistant.query_rewriting import Query
from assistant.question_kinds import kind_of
from assistant.sentence_scoring import Scorer
from assistant.settings import Settings
from index.reader import Found, OnnxReader, Reading, open_reader
from index.retrieval import HybridRetriever
from index.term_map import TermMap
from tests.fakes import WordReader

SENTENCES = (
    "KRI Nusantara diluncurkan di Surabaya pada 3 Maret 2021.",
    "Kapal itu diawaki 120 orang.",
    "Galangan berencana membuka kantor baru.",
)


def reading(*sentences: str, head: str = "Kapal › KRI Nusantara") -> Reading:
    starts = [sum(len(each) + 1 for each in sentences[:n]) for n in range(len(sentences))]
    spans = tuple((start, start + len(each)) for start, each in zip(starts, sentences, strict=True))
    return Reading(head, " ".join(sentences), spans)


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workplace]:
    opened = open_workplace(Settings(home=tmp_path_factory.mktemp("real")))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def reader(real: Workplace) -> OnnxReader:
    assert isinstance(real.reader, OnnxReader)
    return real.reader


@pytest.mark.weights
@pytest.mark.parametrize(
    ("question", "answers"),
    [
        ("Kapan KRI Nusantara diluncurkan?", 0),
        ("Where was the KRI Nusantara launched?", 0),
        ("berapa awak KRI Nusantara?", 1),
    ],
)
def test_the_sentence_that_answers_has_the_best_odds(question: str, answers: int, reader: OnnxReader) -> None:
    (found,) = reader.read(question, [reading(*SENTENCES)])
    assert int(np.argmax([each.odds for each in found])) == answers


@pytest.mark.weights
@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Kapan KRI Nusantara diluncurkan?", "3 Maret 2021"),
        ("Di mana KRI Nusantara diluncurkan?", "Surabaya"),
        ("berapa awak KRI Nusantara?", "120 orang"),
    ],
)
def test_the_short_answer_is_part_of_its_sentence(question: str, answer: str, reader: OnnxReader) -> None:
    passage = reading(*SENTENCES)
    (found,) = reader.read(question, [passage])
    best = max(found, key=lambda each: each.surety)
    assert answer in passage.text[best.start : best.end]
    for each, (start, end) in zip(found, passage.sentences, strict=True):
        assert start <= each.start < each.end <= end


@pytest.mark.weights
def test_a_claim_is_told_from_its_contrary(reader: OnnxReader) -> None:
    evidence = f"Kapal\n{SENTENCES[0]}"
    true, contrary, other = reader.check(
        [
            ("KRI Nusantara diluncurkan pada Maret 2021.", evidence),
            ("KRI Nusantara belum pernah diluncurkan.", evidence),
            ("Galangan itu merugi sejak lama.", evidence),
        ]
    )
    assert true.supported > max(contrary.supported, other.supported)
    assert contrary.contradicted > true.contradicted
    assert reader.check([]) == []
    assert all(abs(sum(vars(each).values()) - 1) < 1e-5 for each in (true, contrary, other))


@pytest.mark.weights
def test_what_nothing_answers_has_worse_odds_than_what_something_does(reader: OnnxReader) -> None:
    (answered,) = reader.read("Kapan KRI Nusantara diluncurkan?", [reading(*SENTENCES)])
    (other,) = reader.read("Bagaimana cara memasak rendang sapi?", [reading(*SENTENCES)])
    assert max(each.odds for each in other) < max(each.odds for each in answered)


@pytest.mark.weights
def test_every_passage_gets_its_list_and_every_sentence_its_odds(reader: OnnxReader) -> None:
    matter = [reading(*SENTENCES), reading(SENTENCES[1], head=""), reading(*SENTENCES[:2])]
    assert [len(found) for found in reader.read("Siapa?", matter)] == [3, 1, 2]
    assert reader.read("Siapa?", []) == []


@pytest.mark.weights
def test_a_sentence_beyond_the_limit_of_tokens_answers_nothing(reader: OnnxReader) -> None:
    (found,) = reader.read("Siapa?", [reading("kata " * 400, "Di luar batas.")])
    assert found[1] == Found(-np.inf)


def test_another_model_goes_without_the_reader(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    header = json.dumps(
        {"embeddings.word_embeddings.weight": {"dtype": "F32", "shape": [4, 2], "data_offsets": [0, 32]}}
    ).encode()
    path = tmp_path / "model.safetensors"
    path.write_bytes(len(header).to_bytes(8, "little") + header + bytes(32))
    with caplog.at_level(logging.WARNING):
        assert open_reader(tmp_path) is None
        path.unlink()
        assert open_reader(tmp_path) is None
    assert len(caplog.records) == 2


def test_what_the_reader_says_moves_a_sentence(workplace: Workplace) -> None:
    """The fake reader likes the words of the question; the sentence that holds them all gains on the others."""
    retriever: HybridRetriever = workplace.assistant().open_retriever()
    question = "Tank Harimau dikembangkan oleh siapa?"
    query, context = Query(question, kind_of(question)), retriever.retrieve(question, 4)
    plain = Scorer(retriever.embedder, retriever.keywords, TermMap([])).score(query, context)
    read = Scorer(retriever.embedder, retriever.keywords, TermMap([]), WordReader()).score(query, context)
    before = {candidate.place: candidate.score for candidate in plain}
    gains = [(candidate.odds or 0.0, candidate.score - before[candidate.place]) for candidate in read]
    assert all(candidate.odds is None for candidate in plain)
    assert sorted(gains) == sorted(gains, key=lambda gain: gain[1])
    assert len({round(gain, 6) for _, gain in gains}) > 1
