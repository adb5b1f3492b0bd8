"""The reader of the 4-bit weight file, against files whose weights are known."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.e5_q4 import BLOCK, BrokenWeights, Shape, bert_tensors, dequantise, open_q4
from tests import q4_files
from tests.q4_files import write_q4


def test_shape_and_vocabulary_are_read(tmp_path: Path) -> None:
    file = open_q4(write_q4(tmp_path / "tiny.bin").path)
    epsilon = float(np.float32(1e-12))
    assert file.shape == Shape(32, 1, 2, 64, q4_files.VOCABULARY, 48, 2, epsilon)
    assert file.vocabulary.pieces == q4_files.PIECES
    assert file.vocabulary.scores == pytest.approx(q4_files.SCORES)
    assert (file.vocabulary.begin, file.vocabulary.padding) == (0, 1)
    assert (file.vocabulary.end, file.vocabulary.unknown) == (2, 3)


def test_every_matrix_comes_back_exactly(tmp_path: Path) -> None:
    written = write_q4(tmp_path / "tiny.bin")
    file = open_q4(written.path)
    for name, weights in written.weights.items():
        found = file.tensor(name, *weights.shape)
        assert found.dtype == np.float32
        np.testing.assert_array_equal(found, weights)


def test_bert_names_hold_the_right_tensors(tmp_path: Path) -> None:
    written = write_q4(tmp_path / "tiny.bin")
    tensors = bert_tensors(open_q4(written.path))
    assert len(tensors) == len(written.weights)
    pairs = {
        "embeddings.word_embeddings.weight": "emb.word",
        "encoder.layer.0.attention.self.key.weight": "l0.k.w",
        "encoder.layer.0.attention.output.LayerNorm.bias": "l0.aln.b",
        "encoder.layer.0.intermediate.dense.weight": "l0.fi.w",
        "encoder.layer.0.output.dense.weight": "l0.fo.w",
    }
    for ours, theirs in pairs.items():
        np.testing.assert_array_equal(tensors[ours], written.weights[theirs])


@given(st.floats(0, 60000, width=16), st.lists(st.integers(0, 255), min_size=16, max_size=16))
def test_dequantising_loses_nothing(scale: float, packed: list[int]) -> None:
    block = np.zeros(1, [("scale", "<f2"), ("nibbles", "u1", (16,))])
    block["scale"], block["nibbles"] = scale, packed
    nibbles = [byte & 15 for byte in packed] + [byte >> 4 for byte in packed]
    assert dequantise(block).tolist() == [(nibble - 8) * scale for nibble in nibbles]
    assert len(dequantise(block)) == BLOCK


def test_wrong_magic_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BrokenWeights, match="not an E5S1"):
        open_q4(write_q4(tmp_path / "tiny.bin", magic=b"GGUF").path)


@pytest.mark.parametrize("size", [0, 3, 4, 30, 90, 250, 800])
def test_a_file_cut_in_its_header_is_refused(tmp_path: Path, size: int) -> None:
    path = write_q4(tmp_path / "tiny.bin").path
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(BrokenWeights):
        open_q4(path)


def test_a_file_cut_in_its_tensors_is_refused(tmp_path: Path) -> None:
    path = write_q4(tmp_path / "tiny.bin").path
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(BrokenWeights, match="cut off"):
        bert_tensors(open_q4(path))


def test_a_missing_or_misshapen_tensor_is_refused(tmp_path: Path) -> None:
    file = open_q4(write_q4(tmp_path / "tiny.bin").path)
    with pytest.raises(BrokenWeights, match="missing"):
        file.tensor("l7.q.w", 32, 32)
    with pytest.raises(BrokenWeights, match="is not"):
        file.tensor("l0.q.w", 64, 32)
