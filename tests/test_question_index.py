"""A question in other words than the text finds its sentence by the questions anticipated for it."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from index.keyword_search import KeywordIndex
from index.question_index import NO_QUESTIONS, anticipated_questions, build_question_index
from index.retrieval import HybridRetriever, RetrievalSettings
from index.term_map import TermMap
from index.vector_store import VectorStore
from knowledge.anticipated import Anticipation, with_questions
from knowledge.chunking import split_passages
from knowledge.documents import Document
from tests.small_index import SmallIndex, small_index

TEXT = "Alutsista tua diganti bertahap. Galangan membangun fregat baru. Anggaran pertahanan naik setiap tahun."
ASKED = "kapan senjata usang dipensiunkan"


@pytest.fixture
def index(tmp_path: Path) -> Iterator[SmallIndex]:
    with small_index(tmp_path) as opened:
        document = Document(title="Bacaan", text=TEXT, origin="corpus:bacaan.md")
        asked = [Anticipation(("Alutsista tua",), (ASKED, "seberapa kuno"))]
        document = with_questions(document, asked)
        opened.library.put(document, split_passages(document, opened.chunking), fingerprint="f")
        opened.put("Milik pengguna", "Kapan pun senjata dijual, izin diperlukan.")
        yield opened


def test_every_question_leads_to_its_sentence(index: SmallIndex) -> None:
    first = index.library.passages(index.library.find("Bacaan").id)[0]
    assert list(anticipated_questions(index.library)) == [
        (ASKED, (first.id, first.start)),
        ("seberapa kuno", (first.id, first.start)),
    ]


def test_within_other_documents_the_anticipated_questions_lead_nowhere(index: SmallIndex) -> None:
    index.update()
    study, mine = index.library.find("Bacaan"), index.library.find("Milik pengguna")
    with closing(VectorStore(index.folder.vectors)) as vectors:
        retriever = HybridRetriever(
            index.library,
            index.embedder,
            vectors=vectors,
            keywords=KeywordIndex(index.folder.keywords, TermMap([])),
            settings=RetrievalSettings(),
            questions=build_question_index(index.library, index.embedder),
        )
        assert retriever.within({study.id}).retrieve(ASKED, 1)[0].asked
        found = retriever.within({mine.id}).retrieve(ASKED, 5)
    assert [(each.document.id, each.asked) for each in found] == [(mine.id, {})]


def test_a_build_embeds_the_questions_so_that_opening_embeds_nothing(index: SmallIndex) -> None:
    index.update()
    assert ASKED in index.embedder.embedded
    index.embedder.embedded.clear()
    index.embeddings.embed([text for text, _ in anticipated_questions(index.library)])
    assert index.embedder.embedded == []


def test_the_nearest_question_of_a_sentence_counts(index: SmallIndex) -> None:
    questions = build_question_index(index.library, index.embedder)
    ((_, cosine),) = questions.nearest(index.embedder.embed_query(ASKED)).items()
    assert cosine == pytest.approx(1.0, abs=1e-5)


def test_the_passage_of_the_nearest_question_comes_first(index: SmallIndex) -> None:
    index.update()
    with closing(VectorStore(index.folder.vectors)) as vectors:

        def best(questions: bool) -> str:
            retriever = HybridRetriever(
                index.library,
                index.embedder,
                vectors=vectors,
                keywords=KeywordIndex(index.folder.keywords, TermMap([])),
                settings=RetrievalSettings(),
                questions=build_question_index(index.library, index.embedder) if questions else NO_QUESTIONS,
            )
            found = retriever.retrieve(ASKED, 1)[0]
            assert bool(found.asked) == questions
            return found.text

        assert best(questions=False) == "Kapan pun senjata dijual, izin diperlukan."
        assert best(questions=True) == "Alutsista tua diganti bertahap."


def test_no_questions_are_near_to_nothing() -> None:
    assert NO_QUESTIONS.nearest(np.ones(3, np.float32)) == {}
