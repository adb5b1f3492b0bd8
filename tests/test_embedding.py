"""The embedder over real, tiny sentence-transformers folders that the tests make themselves."""

import logging
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.embedding import (
    BrokenModel,
    Embedder,
    EmbeddingSettings,
    SentenceTransformerEmbedder,
    Vectors,
    open_embedder,
    unit_rows,
)
from index.model_weights import ResolvedModel
from index.unpacking import QUERY_ENCODER, WEIGHTS, file_sha256, unpack
from tests.fakes import HashEmbedder
from tests.q4_files import HIDDEN, write_q4

TEXTS = ["laut", "kapal laut a n d", "", "laut kapal " * 60, "kapal", "laut"]
_NETWORK_EVENTS = ("socket.connect", "socket.getaddrinfo", "socket.sendto")
_network: list[str] = []


def _watch(event: str, _arguments: tuple[Any, ...]) -> None:
    if event in _NETWORK_EVENTS:
        _network.append(event)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("models")
    source = write_q4(root / "tiny.bin").path
    unpack(source, file_sha256(source), root / "tiny")
    return root / "tiny"


@pytest.fixture(scope="module")
def folder_without_graph(folder: Path) -> Path:
    plain = folder.with_name("plain")
    shutil.copytree(folder, plain)
    (plain / QUERY_ENCODER).unlink()
    return plain


@pytest.fixture(scope="module", params=["folder", "folder_without_graph"])
def embedder(request: pytest.FixtureRequest) -> SentenceTransformerEmbedder:
    resolved = ResolvedModel(request.getfixturevalue(request.param), "tiny@1")
    made = SentenceTransformerEmbedder(resolved, EmbeddingSettings(batch_size=2))
    made.embed_query("laut")  # the graph is opened only while the model is not loaded
    return made


@pytest.fixture(scope="module")
def static_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A static model without prompts: one vector a word."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer, models, pre_tokenizers

    words = ["[UNK]", "query", "passage", ":", "laut", "kapal"]
    tokenizer = Tokenizer(models.WordLevel({word: number for number, word in enumerate(words)}, unk_token=words[0]))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    weights = np.eye(len(words), 8, dtype=np.float32)
    path = tmp_path_factory.mktemp("static") / "static"
    SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_weights=weights)], device="cpu").save(str(path))
    return path


def test_passages_are_unit_rows_in_the_order_given(embedder: Embedder) -> None:
    vectors = embedder.embed_passages(TEXTS)
    assert vectors.shape == (len(TEXTS), HIDDEN)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-5)
    for text, vector in zip(TEXTS, vectors, strict=True):
        np.testing.assert_allclose(embedder.embed_passages([text])[0], vector, atol=1e-5)


def test_no_passages_give_no_rows(embedder: Embedder) -> None:
    assert embedder.embed_passages([]).shape == (0, embedder.dimension) == (0, HIDDEN)


def test_a_query_is_one_unit_vector_with_its_own_prompt(embedder: Embedder) -> None:
    query = embedder.embed_query("laut")
    assert query.shape == (HIDDEN,)
    assert query.dtype == np.float32
    assert np.linalg.norm(query) == pytest.approx(1, rel=1e-5)
    assert not np.allclose(query, embedder.embed_passages(["laut"])[0], atol=1e-3)


@pytest.mark.parametrize("text", ["", " ", "\n", "\u200b", "\ud800", "laut " * 3000])
def test_no_text_crashes(embedder: Embedder, text: str) -> None:
    assert np.linalg.norm(embedder.embed_query(text)) == pytest.approx(1, rel=1e-5)
    assert np.linalg.norm(embedder.embed_passages([text])[0]) == pytest.approx(1, rel=1e-5)


def test_progress_reaches_the_end_in_steps_of_a_batch(embedder: SentenceTransformerEmbedder) -> None:
    seen: list[tuple[int, int]] = []
    embedder.embed_passages(["laut"] * 5, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(2, 5), (4, 5), (5, 5)]


def test_threads_get_the_vectors_of_their_own_texts(embedder: SentenceTransformerEmbedder) -> None:
    expected = {text: embedder.embed_query(text) for text in TEXTS}
    got: list[tuple[str, Vectors]] = []
    threads = [threading.Thread(target=lambda t=text: got.append((t, embedder.embed_query(t)))) for text in TEXTS * 4]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == len(TEXTS) * 4
    for text, vector in got:
        np.testing.assert_allclose(vector, expected[text], atol=1e-6)


def test_a_question_does_not_wait_for_a_whole_indexing_run(embedder: SentenceTransformerEmbedder) -> None:
    steps: list[int] = []
    asked, answered_at = threading.Event(), []

    def ask() -> None:
        asked.wait()
        embedder.embed_query("laut")
        answered_at.append(len(steps))

    def step(done: int, _total: int) -> None:
        steps.append(done)
        asked.set()

    thread = threading.Thread(target=ask)
    thread.start()
    embedder.embed_passages(["laut kapal"] * 600, progress=step)
    thread.join()
    assert answered_at[0] < len(steps)


def test_the_graph_gives_the_vectors_of_sentence_transformers(folder: Path, folder_without_graph: Path) -> None:
    fast, slow = (
        SentenceTransformerEmbedder(ResolvedModel(path, "tiny@1"), EmbeddingSettings())
        for path in (folder, folder_without_graph)
    )
    assert fast.dimension == slow.dimension
    for text in [*TEXTS, " laut\n", "\ud800", "laut " * 3000]:
        np.testing.assert_allclose(fast.embed_query(text), slow.embed_query(text), atol=1e-5)
    np.testing.assert_allclose(fast.embed_passages(TEXTS), slow.embed_passages(TEXTS), atol=1e-5)


def test_a_loaded_model_embeds_queries_too_instead_of_a_second_copy(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedder = SentenceTransformerEmbedder(ResolvedModel(folder, "tiny@1"), EmbeddingSettings())
    embedder.load()
    monkeypatch.setitem(sys.modules, "index.onnx_encoder", None)
    assert embedder.embed_query("laut").shape == (HIDDEN,)


def test_texts_and_the_dimension_need_no_torch_and_no_network(folder: Path) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "def refuse(event, arguments):\n"
        "    if event in ('socket.connect', 'socket.getaddrinfo', 'socket.sendto'): raise SystemExit(event)\n"
        "sys.addaudithook(refuse)\n"
        "from index.embedding import EmbeddingSettings, SentenceTransformerEmbedder\n"
        "from index.model_weights import ResolvedModel\n"
        "embedder = SentenceTransformerEmbedder(ResolvedModel(Path(sys.argv[1]), 'tiny@1'), EmbeddingSettings())\n"
        "assert embedder.embed_query('laut').shape == (embedder.dimension,)\n"
        "assert embedder.embed_passages(['laut', 'kapal perang']).shape == (2, embedder.dimension)\n"
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'sklearn', 'onnx'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    command = [sys.executable, "-c", code, str(folder)]
    done = subprocess.run(
        command, check=True, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": os.getcwd()}
    )
    assert (done.stdout, done.stderr) == ("", "")


@pytest.mark.parametrize("damaged", [QUERY_ENCODER, WEIGHTS, "config_sentence_transformers.json"])
def test_a_graph_that_cannot_be_opened_is_passed_over(
    folder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture, damaged: str
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    content = (copy / damaged).read_bytes()
    (copy / damaged).write_bytes(content[:300].ljust(len(content), b"?") if damaged == QUERY_ENCODER else content[:20])
    embedder = SentenceTransformerEmbedder(ResolvedModel(copy, "tiny@1"), EmbeddingSettings())
    with caplog.at_level(logging.WARNING, "index.embedding"):
        if damaged == QUERY_ENCODER:
            assert embedder.embed_query("laut").shape == embedder.embed_query("kapal").shape == (HIDDEN,)
        else:
            with pytest.raises(BrokenModel, match="copy"):
                embedder.embed_query("laut")
    assert [record.message.count("sentence-transformers") for record in caplog.records] == [1]


def test_torch_keeps_its_threads_after_a_query(embedder: SentenceTransformerEmbedder) -> None:
    import torch

    before = torch.get_num_threads()
    embedder.embed_query("laut")
    assert torch.get_num_threads() == before


def test_the_model_is_loaded_once_for_reading_only_and_in_float32(embedder: SentenceTransformerEmbedder) -> None:
    model = embedder.load()
    assert embedder.load() is model
    assert not model.training
    assert {(str(weight.dtype), weight.requires_grad) for weight in model.parameters()} == {("torch.float32", False)}


def test_the_identity_is_known_without_loading(tmp_path: Path) -> None:
    absent = SentenceTransformerEmbedder(ResolvedModel(tmp_path / "absent", "x@1"), EmbeddingSettings())
    assert absent.identity == "x@1"


def test_a_folder_that_cannot_be_loaded_is_named(tmp_path: Path, folder: Path) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    for path in folder.iterdir():
        if path.is_file():
            (broken / path.name).write_bytes(path.read_bytes()[:100])
    for missing in (broken, tmp_path / "absent"):
        with pytest.raises(BrokenModel, match=missing.name):
            SentenceTransformerEmbedder(ResolvedModel(missing, "x@1"), EmbeddingSettings()).load()


def test_loading_is_silent_and_touches_no_network(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    sys.addaudithook(_watch)  # cannot be taken off again, so it only writes down
    _network.clear()
    SentenceTransformerEmbedder(ResolvedModel(folder, "tiny@1"), EmbeddingSettings()).embed_passages(["laut"])
    assert _network == []
    assert capfd.readouterr() == ("", "")


def test_a_configured_model_without_prompts_gets_none(static_folder: Path, tmp_path: Path) -> None:
    embedder = open_embedder(EmbeddingSettings(model=str(static_folder)), tmp_path)
    assert embedder.identity.startswith("static@")
    np.testing.assert_allclose(embedder.embed_query("laut"), np.eye(8)[4], atol=1e-6)
    np.testing.assert_allclose(embedder.embed_passages(["kapal"])[0], np.eye(8)[5], atol=1e-6)


@pytest.mark.parametrize(
    ("name", "prompted"),
    [
        ("intfloat/multilingual-e5-small", True),
        ("e5", True),
        ("my_E5_base", True),
        ("multilingual-e5-large-instruct", False),
        ("bge5-small", False),
        ("e50", False),
    ],
)
def test_e5_prompts_are_added_to_e5_models_only(static_folder: Path, name: str, prompted: bool) -> None:
    embedder = SentenceTransformerEmbedder(ResolvedModel(static_folder, f"{name}@1"), EmbeddingSettings())
    direction = np.eye(8)[[1, 3, 4]].sum(axis=0) / np.sqrt(3) if prompted else np.eye(8)[4]
    np.testing.assert_allclose(embedder.embed_query("laut"), direction, atol=1e-6)


def test_a_text_without_tokens_gets_a_unit_vector_too(static_folder: Path) -> None:
    embedder = SentenceTransformerEmbedder(ResolvedModel(static_folder, "static@1"), EmbeddingSettings())
    np.testing.assert_allclose(embedder.embed_passages([""])[0], np.full(8, 1 / np.sqrt(8)), atol=1e-6)


def test_unit_rows_scales_rows_and_gives_zero_a_direction() -> None:
    rows = unit_rows(np.array([[3, 4], [0, 0]], np.float32))
    np.testing.assert_allclose(rows, [[0.6, 0.8], [np.sqrt(0.5), np.sqrt(0.5)]], rtol=1e-6)
    assert unit_rows(np.zeros((0, 3), np.float32)).shape == (0, 3)


def test_importing_the_module_imports_no_torch() -> None:
    code = (
        "import sys, index.embedding, index.vector_cache\n"
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'huggingface_hub'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env={**os.environ, "PYTHONPATH": os.getcwd()})


@pytest.mark.parametrize("size", [0, 257])
def test_the_batch_size_is_bounded(size: int) -> None:
    with pytest.raises(ValueError, match="batch_size"):
        EmbeddingSettings(batch_size=size)


def test_unknown_settings_are_refused() -> None:
    with pytest.raises(ValueError, match="modle"):
        EmbeddingSettings.model_validate({"modle": "x"})


def test_the_fake_puts_texts_that_share_words_near_each_other() -> None:
    fake: Embedder = HashEmbedder()
    passages = fake.embed_passages(["kapal perang di laut", "anggaran pertahanan negara", ""])
    scores = passages @ fake.embed_query("kapal laut")
    assert fake.identity == "hash-64"
    assert scores[0] > 0.5 > scores[1]
    np.testing.assert_allclose(np.linalg.norm(passages, axis=1), 1, rtol=1e-5)
    assert fake.embed_passages([]).shape == (0, 64)
    assert HashEmbedder(128).dimension == 128
