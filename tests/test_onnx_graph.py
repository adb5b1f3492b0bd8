"""The graph computes what transformers' BertModel computes, from the same file of weights."""

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from numpy.typing import NDArray

from index.e5_q4 import BrokenWeights
from index.onnx_graph import query_encoder_graph

WEIGHTS = "model.safetensors"
POSITIONS, VOCABULARY = 40, 50
Tokens = NDArray[np.int64]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny BERT with random weights, biases and scales, far from the starting values of a training."""
    import torch
    from transformers import BertConfig, BertModel

    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=VOCABULARY,
        hidden_size=24,
        num_hidden_layers=3,
        num_attention_heads=4,
        intermediate_size=56,
        max_position_embeddings=POSITIONS,
        layer_norm_eps=1e-3,
    )
    model = BertModel(config, add_pooling_layer=False)
    for weight in model.parameters():
        torch.nn.init.normal_(weight, std=0.4)
    path = tmp_path_factory.mktemp("bert")
    model.save_pretrained(path)
    (path / "graph.onnx").write_bytes(query_encoder_graph(path, WEIGHTS))
    return path


def _tokens(*lengths: int) -> tuple[Tokens, Tokens]:
    """Return random ids and the mask, (batch, longest); padding holds ids too, which must not matter."""
    random = np.random.default_rng(sum(lengths))
    ids = random.integers(0, VOCABULARY, (len(lengths), max(lengths)))
    return ids, (np.arange(max(lengths)) < np.array(lengths)[:, None]).astype(np.int64)


def _by_torch(folder: Path, ids: Tokens, mask: Tokens) -> NDArray[np.float32]:
    import torch
    from transformers import BertModel

    model = BertModel.from_pretrained(folder, add_pooling_layer=False).eval()
    with torch.inference_mode():
        states = model(input_ids=torch.tensor(ids), attention_mask=torch.tensor(mask)).last_hidden_state.numpy()
    means = (states * mask[..., None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
    unit: NDArray[np.float32] = means / np.linalg.norm(means, axis=1, keepdims=True)
    return unit


@pytest.mark.parametrize("lengths", [(1,), (2,), (7,), (POSITIONS,), (5, 5), (3, 17, 1, POSITIONS)])
def test_the_graph_computes_the_unit_mean_of_the_model(folder: Path, lengths: tuple[int, ...]) -> None:
    ids, mask = _tokens(*lengths)
    session = onnxruntime.InferenceSession(folder / "graph.onnx", providers=["CPUExecutionProvider"])
    (vectors,) = session.run(None, {"input_ids": ids, "attention_mask": mask})
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(vectors, _by_torch(folder, ids, mask), atol=1e-5)


def test_the_graph_is_valid_and_holds_no_weight_itself(folder: Path) -> None:
    onnx.checker.check_model(str(folder / "graph.onnx"), full_check=True)
    graph = onnx.load(str(folder / "graph.onnx"), load_external_data=False).graph
    external = [tensor for tensor in graph.initializer if tensor.data_location == onnx.TensorProto.EXTERNAL]
    assert {entry.value for tensor in external for entry in tensor.external_data if entry.key == "location"} == {
        WEIGHTS
    }
    assert len(external) == 5 + 3 * 16
    assert all(np.prod(tensor.dims) <= 4 for tensor in graph.initializer if tensor not in external)


def test_equal_folders_give_equal_graphs(folder: Path) -> None:
    assert query_encoder_graph(folder, WEIGHTS) == query_encoder_graph(folder, WEIGHTS)


@pytest.mark.parametrize("kind", ["absent", "another shape", "another type"])
def test_weights_that_do_not_fit_the_configuration_are_named(folder: Path, tmp_path: Path, kind: str) -> None:
    from safetensors.numpy import load_file, save_file

    tensors, name = load_file(folder / WEIGHTS), "encoder.layer.1.output.dense.bias"
    changed = {
        "absent": {},
        "another shape": {name: tensors[name][1:]},
        "another type": {name: tensors[name].astype("f2")},
    }
    del tensors[name]
    save_file(tensors | changed[kind], tmp_path / WEIGHTS)
    (tmp_path / "config.json").write_bytes((folder / "config.json").read_bytes())
    with pytest.raises(BrokenWeights, match=name):
        query_encoder_graph(tmp_path, WEIGHTS)


@pytest.mark.parametrize("content", [b"", b"\x05", b"\x05" + bytes(7) + b"{....", b"\xff" * 20])
def test_a_damaged_header_is_named(folder: Path, tmp_path: Path, content: bytes) -> None:
    (tmp_path / WEIGHTS).write_bytes(content)
    (tmp_path / "config.json").write_bytes((folder / "config.json").read_bytes())
    with pytest.raises(BrokenWeights, match="header"):
        query_encoder_graph(tmp_path, WEIGHTS)
