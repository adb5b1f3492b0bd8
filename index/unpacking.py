"""Turns the 4-bit weight file into a folder that ``SentenceTransformer(folder)`` loads. Needs no torch.

Beside the weights lies a graph for ONNX Runtime that points into them: queries need no torch either.

The weights are written as float32: transformers then maps the file into memory, so that only the rows
of the word table that texts really use become resident. As float16 the file is half as long, but the
whole table of 250,037 x 384 becomes private memory at each start (measured: 1,208 MB resident instead of 856 MB).
"""

import hashlib
import json
import os
import shutil
import tempfile
import time
from pathlib import Path

from safetensors.numpy import save_file
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

from index.e5_q4 import BrokenWeights, Q4File, Shape, Vocabulary, bert_tensors, open_q4

LAYOUT = 1  # raise it when the written folder changes, so that older ones are made anew
STAMP = "stamp.json"
WEIGHTS = "model.safetensors"
QUERY_ENCODER = "query_encoder.onnx"
GRAPH_VERSION = 1  # raise it when `index.onnx_graph` writes another graph: it is then written anew, the rest is kept
_ABANDONED_SECONDS = 3600  # an unpacking takes about 10 s; what is this old was killed
_MODULES = (  # path in the folder, class of sentence-transformers 6
    ("", "sentence_transformers.base.modules.transformer.Transformer"),
    ("1_Pooling", "sentence_transformers.sentence_transformer.modules.pooling.Pooling"),
    ("2_Normalize", "sentence_transformers.base.modules.normalize.Normalize"),
)


def unpack(source: Path, sha256: str, folder: Path) -> None:
    """Make ``folder`` from the weight file ``source``, all or nothing: a kill leaves no half folder.

    Raises `BrokenWeights` when ``source`` has another SHA-256 than ``sha256``: it is not read at all then.
    """
    found = file_sha256(source)
    if found != sha256:
        raise BrokenWeights(f"{source}: SHA-256 is {found}, expected {sha256}; the file is not used")
    folder.parent.mkdir(parents=True, exist_ok=True)
    _sweep(folder)
    # mkdtemp in the same parent: os.replace is atomic only within one file system.
    work = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        write_model_folder(open_q4(source), work)
        _write_stamp(work, sha256)
        add_query_encoder(work)  # after the stamp, where it has a mark of its own: it is renewed without the rest
        work.chmod(0o755)
        if folder.exists() and not is_intact(folder, sha256):
            shutil.rmtree(folder)
        _move_into_place(work, folder, sha256)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def is_intact(folder: Path, sha256: str, *, thorough: bool = False) -> bool:
    """Say whether ``folder`` was unpacked from the file with this SHA-256, and by this layout.

    Compares names and sizes (microseconds); ``thorough`` also hashes the weights (465 MB, about a second).
    """
    try:
        stamp = json.loads((folder / STAMP).read_text(encoding="utf-8"))
        sizes = {name: (folder / name).stat().st_size for name in stamp["sizes"]}
    except (OSError, ValueError, KeyError, TypeError):
        return False
    if stamp["layout"] != LAYOUT or stamp["source_sha256"] != sha256 or sizes != stamp["sizes"]:
        return False
    return not thorough or file_sha256(folder / WEIGHTS) == stamp["weights_sha256"]


def has_query_encoder(folder: Path) -> bool:
    """Say whether ``folder`` was unpacked here and holds the graph of this version, by version and size."""
    try:
        stamp = json.loads((folder / STAMP).read_text(encoding="utf-8"))
        return bool(stamp["query_encoder"] == _graph_mark(folder))
    except (OSError, ValueError, KeyError, TypeError):
        return False


def add_query_encoder(folder: Path) -> None:
    """Write the graph into an intact ``folder`` that has none or an older one; nothing is unpacked again.

    Raises OSError when the folder cannot be written.
    """
    from index.onnx_graph import query_encoder_graph  # `onnx` is needed at this one time only

    _put(folder / QUERY_ENCODER, query_encoder_graph(folder, WEIGHTS))
    stamp = json.loads((folder / STAMP).read_text(encoding="utf-8"))
    _put_stamp(folder, stamp | {"query_encoder": _graph_mark(folder)})


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_model_folder(file: Q4File, folder: Path) -> None:
    """Write weights, tokenizer and the sentence-transformers description into the existing ``folder``."""
    save_file(bert_tensors(file), folder / WEIGHTS, metadata={"format": "pt"})
    build_tokenizer(file.vocabulary).save(str(folder / "tokenizer.json"), pretty=False)
    for name, content in _descriptions(file.shape, file.vocabulary).items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    for path in folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)


def build_tokenizer(vocabulary: Vocabulary) -> Tokenizer:
    """Return the XLM-RoBERTa tokenizer: NFKC with SentencePiece's additions, then a unigram model.

    The two replacements are where SentencePiece's ``nmt_nfkc`` differs from plain NFKC: control
    characters vanish, and separators without width become spaces (compared with the table in the file).
    """
    pieces = list(zip(vocabulary.pieces, vocabulary.scores, strict=True))
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=vocabulary.unknown, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex("[\u0001-\u0008\u000b\u000e-\u001f\u007f\u008f\u009f]"), ""),
            normalizers.Replace(Regex("[\u200b-\u200f\u2028\u2029\u2581\ufeff\ufffd]"), " "),
            normalizers.NFKC(),
            normalizers.Replace(Regex(r"\s+"), " "),
            normalizers.Strip(),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(prepend_scheme="always")
    begin, end = vocabulary.pieces[vocabulary.begin], vocabulary.pieces[vocabulary.end]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{begin} $A {end}",
        pair=f"{begin} $A {end} {end} $B {end}",
        special_tokens=[(begin, vocabulary.begin), (end, vocabulary.end)],
    )
    tokenizer.add_special_tokens(
        [AddedToken(token, special=True, normalized=False) for token in _special(vocabulary).values()]
    )
    return tokenizer


def _special(vocabulary: Vocabulary) -> dict[str, str]:
    begin, end = vocabulary.pieces[vocabulary.begin], vocabulary.pieces[vocabulary.end]
    return {
        "bos_token": begin,
        "pad_token": vocabulary.pieces[vocabulary.padding],
        "eos_token": end,
        "unk_token": vocabulary.pieces[vocabulary.unknown],
        "cls_token": begin,
        "sep_token": end,
        "mask_token": "<mask>",
    }


def _descriptions(shape: Shape, vocabulary: Vocabulary) -> dict[str, object]:
    config = {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "dtype": "float32",
        "hidden_act": "gelu",
        "hidden_size": shape.hidden,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "intermediate_size": shape.feed_forward,
        "vocab_size": shape.vocabulary,
        "max_position_embeddings": shape.positions,
        "type_vocab_size": shape.types,
        "layer_norm_eps": shape.epsilon,
        "pad_token_id": vocabulary.padding,
    }
    return {
        "config.json": config,
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": shape.positions,
            **_special(vocabulary),
        },
        "modules.json": [
            {"idx": number, "name": str(number), "path": path, "type": kind}
            for number, (path, kind) in enumerate(_MODULES)
        ],
        # The pooling layer of BertModel is not part of the file, and mean pooling does not use it.
        "sentence_bert_config.json": {
            "max_seq_length": shape.positions,
            "do_lower_case": False,
            "model_kwargs": {"add_pooling_layer": False},
        },
        "1_Pooling/config.json": {"embedding_dimension": shape.hidden, "pooling_mode": "mean"},
        "2_Normalize/config.json": {},
        "config_sentence_transformers.json": {
            "prompts": {"query": "query: ", "document": "passage: "},
            "similarity_fn_name": "cosine",
        },
    }


def _write_stamp(folder: Path, sha256: str) -> None:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    stamp = {
        "layout": LAYOUT,
        "source_sha256": sha256,
        "weights_sha256": file_sha256(folder / WEIGHTS),
        "sizes": {path.relative_to(folder).as_posix(): path.stat().st_size for path in files},
    }
    _put_stamp(folder, stamp)


def _put_stamp(folder: Path, stamp: dict[str, object]) -> None:
    _put(folder / STAMP, (json.dumps(stamp, indent=2) + "\n").encode())


def _put(path: Path, content: bytes) -> None:
    """Write a file in one step, for another process may be reading it."""
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        try:
            file.write(content)
            file.flush()
            os.chmod(file.name, 0o644)
            os.replace(file.name, path)
        finally:
            Path(file.name).unlink(missing_ok=True)


def _graph_mark(folder: Path) -> dict[str, int]:
    return {"version": GRAPH_VERSION, "size": (folder / QUERY_ENCODER).stat().st_size}


def _move_into_place(work: Path, folder: Path, sha256: str) -> None:
    try:
        os.replace(work, folder)
    except OSError:
        # Another process may have finished the same work first; its folder is as good as ours.
        if not is_intact(folder, sha256):
            raise


def _sweep(folder: Path) -> None:
    """Remove what killed unpackings left beside ``folder``, but never one that may still be running."""
    for leftover in folder.parent.glob(f".{folder.name}-*"):
        if time.time() - leftover.stat().st_mtime > _ABANDONED_SECONDS:
            shutil.rmtree(leftover, ignore_errors=True)
