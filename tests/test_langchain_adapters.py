"""Our parts as LangChain components: LangChain's own standard tests, and what our adapters promise beyond them."""

from typing import Any

import pytest
from langchain_core.embeddings import Embeddings
from langchain_core.retrievers import BaseRetriever
from langchain_tests.integration_tests import EmbeddingsIntegrationTests, RetrieversIntegrationTests
from pydantic import ValidationError

from assistant.answering import Assistant
from assistant.langchain_adapters import LibraryEmbeddings, LibraryRetriever, as_runnable
from assistant.serialisation import answer_json
from tests.fakes import HashEmbedder

QUESTION = "Perjanjian Lombok ditandatangani oleh Menteri Luar Negeri Indonesia Hassan Wirajuda"


class TestStandardEmbeddings(EmbeddingsIntegrationTests):
    @property
    def embeddings_class(self) -> type[Embeddings]:
        return LibraryEmbeddings

    @property
    def embedding_model_params(self) -> dict[str, Any]:
        return {"embedder": HashEmbedder()}


class TestStandardRetriever(RetrieversIntegrationTests):
    @pytest.fixture(autouse=True)
    def _over_the_study_texts(self, assistant: Assistant) -> None:
        self.inner = assistant.open_retriever()

    @property
    def retriever_constructor(self) -> type[BaseRetriever]:
        return LibraryRetriever

    @property
    def retriever_constructor_params(self) -> dict[str, Any]:
        return {"retriever": self.inner}

    @property
    def retriever_query_example(self) -> str:
        return QUESTION


@pytest.fixture
def retriever(assistant: Assistant) -> LibraryRetriever:
    return LibraryRetriever(retriever=assistant.open_retriever())


def test_a_document_is_the_exact_slice_that_its_metadata_name(
    retriever: LibraryRetriever, assistant: Assistant
) -> None:
    found = retriever.invoke(QUESTION)
    assert len(found) == 8
    for document in found:
        metadata = document.metadata
        source = assistant.library.document(metadata["document_id"])
        assert document.page_content == source.text[metadata["start"] : metadata["end"]]
        assert metadata["title"] == source.title
        assert document.id == f"{source.id}-{metadata['start']}-{metadata['end']}"
        assert metadata["page"] is None
    assert any(document.metadata["heading"].startswith("Perjanjian Lombok sebagai instrumen") for document in found)
    scores = [document.metadata["score"] for document in found]
    assert scores == sorted(scores, reverse=True)


def test_nothing_is_found_for_a_blank_query(retriever: LibraryRetriever) -> None:
    assert retriever.invoke("  ") == []


@pytest.mark.parametrize("k", [0, -1])
def test_k_counts_from_one(k: int, assistant: Assistant) -> None:
    with pytest.raises(ValidationError, match="k"):
        LibraryRetriever(retriever=assistant.open_retriever(), k=k)


def test_what_cannot_retrieve_is_refused() -> None:
    with pytest.raises(ValidationError, match="retriever"):
        LibraryRetriever(retriever="tank Harimau")


def test_embeddings_are_those_of_the_embedder() -> None:
    embeddings, embedder = LibraryEmbeddings(HashEmbedder()), HashEmbedder()
    assert embeddings.embed_query("laut") == pytest.approx(embedder.embed_query("laut").tolist())
    assert embeddings.embed_documents([]) == []


def test_the_runnable_answers_as_the_command_line_does(assistant: Assistant) -> None:
    def without_times(answer: dict[str, Any]) -> dict[str, Any]:
        return {key: value for key, value in answer.items() if key != "timings_ms"}

    runnable, questions = as_runnable(assistant), [QUESTION, "halo", ""]
    expected = [without_times(answer_json(assistant.answer(question))) for question in questions]
    assert without_times(runnable.invoke(QUESTION)) == expected[0]
    assert [without_times(answer) for answer in runnable.batch(questions)] == expected


def test_the_runnable_composes(assistant: Assistant) -> None:
    chain = as_runnable(assistant) | (lambda answer: answer["citations"][0]["quote"])
    assert chain.invoke(QUESTION).startswith("Perjanjian Lombok ditandatangani")
