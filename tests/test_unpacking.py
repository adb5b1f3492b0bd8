"""Unpacking makes a folder that transformers and sentence-transformers understand, all or nothing."""

import json
import os
import stat
import time
from pathlib import Path

import pytest
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from index import unpacking
from index.e5_q4 import BrokenWeights, open_q4
from index.unpacking import (
    QUERY_ENCODER,
    STAMP,
    WEIGHTS,
    add_query_encoder,
    build_tokenizer,
    file_sha256,
    has_query_encoder,
    is_intact,
    unpack,
)
from tests import q4_files
from tests.q4_files import write_q4

FULL_WIDTH = "".join(chr(ord(letter) + 0xFEE0) for letter in "laut")  # NFKC makes such letters plain


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write_q4(tmp_path / "tiny.bin").path


@pytest.fixture
def tokenizer(source: Path) -> Tokenizer:
    return build_tokenizer(open_q4(source).vocabulary)


def test_the_folder_is_whole_and_readable_by_everyone(tmp_path: Path, source: Path) -> None:
    folder = tmp_path / "home" / "models" / "tiny"
    unpack(source, file_sha256(source), folder)
    assert is_intact(folder, file_sha256(source), thorough=True)
    assert has_query_encoder(folder)
    assert [path.name for path in folder.parent.iterdir()] == ["tiny"]
    for path in [folder, *folder.rglob("*")]:
        wanted = 0o755 if path.is_dir() else 0o644
        assert stat.S_IMODE(path.stat().st_mode) == wanted, path
    assert load_file(folder / WEIGHTS)["embeddings.word_embeddings.weight"].shape == (q4_files.VOCABULARY, 32)


def test_a_source_with_another_checksum_is_not_read(tmp_path: Path, source: Path) -> None:
    with pytest.raises(BrokenWeights, match="SHA-256"):
        unpack(source, "0" * 64, tmp_path / "models" / "tiny")
    assert not (tmp_path / "models").exists()


def test_a_failure_half_way_leaves_nothing(tmp_path: Path, source: Path) -> None:
    source.write_bytes(source.read_bytes()[:-1])
    with pytest.raises(BrokenWeights):
        unpack(source, file_sha256(source), tmp_path / "models" / "tiny")
    assert list((tmp_path / "models").iterdir()) == []


def test_a_damaged_folder_is_noticed_and_made_anew(tmp_path: Path, source: Path) -> None:
    folder, sha256 = tmp_path / "models" / "tiny", file_sha256(source)
    unpack(source, sha256, folder)
    (folder / WEIGHTS).write_bytes(b"cut")
    assert not is_intact(folder, sha256)
    unpack(source, sha256, folder)
    assert is_intact(folder, sha256, thorough=True)


def test_only_a_thorough_look_sees_a_flipped_byte(tmp_path: Path, source: Path) -> None:
    folder, sha256 = tmp_path / "models" / "tiny", file_sha256(source)
    unpack(source, sha256, folder)
    content = bytearray((folder / WEIGHTS).read_bytes())
    content[-1] ^= 1
    (folder / WEIGHTS).write_bytes(content)
    assert is_intact(folder, sha256)
    assert not is_intact(folder, sha256, thorough=True)


def test_a_whole_folder_that_is_already_there_is_kept(tmp_path: Path, source: Path) -> None:
    folder, sha256 = tmp_path / "models" / "tiny", file_sha256(source)
    unpack(source, sha256, folder)
    first = (folder / WEIGHTS).stat().st_ino
    unpack(source, sha256, folder)
    assert (folder / WEIGHTS).stat().st_ino == first
    assert [path.name for path in folder.parent.iterdir()] == ["tiny"]


def _as_unpacked_before_there_were_graphs(folder: Path) -> None:
    stamp = json.loads((folder / STAMP).read_text())
    del stamp["query_encoder"]
    (folder / STAMP).write_text(json.dumps(stamp))
    (folder / QUERY_ENCODER).unlink()


def test_an_older_folder_gets_its_graph_and_keeps_the_rest(tmp_path: Path, source: Path) -> None:
    folder, sha256 = tmp_path / "tiny", file_sha256(source)
    unpack(source, sha256, folder)
    graph, names = (folder / QUERY_ENCODER).read_bytes(), sorted(folder.rglob("*"))
    _as_unpacked_before_there_were_graphs(folder)
    assert is_intact(folder, sha256)
    assert not has_query_encoder(folder)
    weights = (folder / WEIGHTS).stat()
    add_query_encoder(folder)
    assert has_query_encoder(folder)
    assert is_intact(folder, sha256, thorough=True)
    assert (folder / WEIGHTS).stat() == weights
    assert (folder / QUERY_ENCODER).read_bytes() == graph
    assert sorted(folder.rglob("*")) == names
    assert stat.S_IMODE((folder / QUERY_ENCODER).stat().st_mode) == 0o644


def test_a_graph_that_is_absent_cut_or_older_is_not_used(
    tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "tiny"
    assert not has_query_encoder(folder)
    unpack(source, file_sha256(source), folder)
    monkeypatch.setattr(unpacking, "GRAPH_VERSION", unpacking.GRAPH_VERSION + 1)
    assert not has_query_encoder(folder)
    monkeypatch.undo()
    assert has_query_encoder(folder)
    (folder / QUERY_ENCODER).write_bytes(b"cut")
    assert not has_query_encoder(folder)
    (folder / STAMP).write_text("[]")
    assert not has_query_encoder(folder)


def test_a_write_that_fails_leaves_the_folder_as_it_was(
    tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_names: str) -> None:
        raise PermissionError("read only")

    folder = tmp_path / "tiny"
    unpack(source, file_sha256(source), folder)
    names = sorted(folder.rglob("*"))
    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(PermissionError):
        add_query_encoder(folder)
    assert sorted(folder.rglob("*")) == names


@pytest.mark.parametrize("stamp", ["", "[]", "{}", '{"sizes": {}, "layout": 0, "source_sha256": "x"}'])
def test_an_unreadable_or_older_stamp_is_not_intact(tmp_path: Path, stamp: str) -> None:
    (tmp_path / STAMP).write_text(stamp)
    assert not is_intact(tmp_path, "x")


def test_leftovers_of_killed_unpackings_are_swept_but_not_running_ones(tmp_path: Path, source: Path) -> None:
    old, running = tmp_path / "models" / ".tiny-old", tmp_path / "models" / ".tiny-running"
    old.mkdir(parents=True)
    running.mkdir()
    os.utime(old, (time.time() - 7200, time.time() - 7200))
    unpack(source, file_sha256(source), tmp_path / "models" / "tiny")
    assert not old.exists()
    assert running.exists()


def test_the_descriptions_state_prompts_pooling_and_length(tmp_path: Path, source: Path) -> None:
    unpack(source, file_sha256(source), tmp_path / "tiny")
    read = {name: json.loads((tmp_path / "tiny" / name).read_text()) for name in _DESCRIPTIONS}
    assert read["config_sentence_transformers.json"]["prompts"] == {"query": "query: ", "document": "passage: "}
    assert read["sentence_bert_config.json"]["max_seq_length"] == q4_files.POSITIONS
    assert read["1_Pooling/config.json"] == {"embedding_dimension": 32, "pooling_mode": "mean"}
    assert read["config.json"]["num_attention_heads"] == 2
    assert [module["idx"] for module in read["modules.json"]] == [0, 1, 2]


_DESCRIPTIONS = (
    "config_sentence_transformers.json",
    "sentence_bert_config.json",
    "1_Pooling/config.json",
    "config.json",
    "modules.json",
)


def test_the_tokenizer_wraps_pieces_in_begin_and_end(tokenizer: Tokenizer) -> None:
    assert tokenizer.encode("query: laut").tokens == ["<s>", "▁query", ":", "▁laut", "</s>"]
    assert tokenizer.encode("").tokens == ["<s>", "</s>"]
    assert tokenizer.encode("laut", "kapal").tokens == ["<s>", "▁laut", "</s>", "</s>", "▁kapal", "</s>"]


@pytest.mark.parametrize(
    "text",
    [
        "laut kapal",
        "  laut \n\t kapal ",
        "laut\u200bkapal",
        "laut\ufeff kapal",
        "la\u0007ut kapal",
        FULL_WIDTH + " kapal",
    ],
)
def test_the_tokenizer_normalises_like_sentencepiece(tokenizer: Tokenizer, text: str) -> None:
    assert tokenizer.encode(text).tokens == ["<s>", "▁laut", "▁kapal", "</s>"]


def test_unknown_characters_become_the_unknown_piece(tokenizer: Tokenizer) -> None:
    assert tokenizer.encode("laut 水").tokens[-2:] == ["水", "</s>"]
    assert q4_files.PIECES.index("<unk>") in tokenizer.encode("laut 水").ids
