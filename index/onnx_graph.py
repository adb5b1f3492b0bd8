"""Describes a BERT encoder as an ONNX graph: of queries, and of the reader that judges the sentences of a passage.

The query encoder takes its weights from the model's own safetensors file. The graph file is a few tens of
kilobytes: each weight is "external data" (onnx.proto, ``TensorProto.external_data``),
a place and a length in ``model.safetensors``, which ONNX Runtime maps into memory. Nothing is stored twice.
The safetensors layout: 8 bytes with the length of the header, the header in JSON with the place of every
tensor counted from its end, the tensors (https://github.com/huggingface/safetensors, section "Format").
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from onnx import GraphProto, ModelProto, NodeProto, TensorProto, helper

from index.e5_q4 import BrokenWeights

_OPSET, _IR_VERSION = 20, 9  # the first with the operator Gelu; read by ONNX Runtime 1.17 and later
_HEADER_LENGTH_BYTES, _LONGEST_HEADER = 8, 100_000_000  # the library's own limit
_MASKED = -3.4028234663852886e38  # the smallest float32, as transformers puts it in the place of a masked score
_IDS, _MASK = "input_ids", "attention_mask"
_VECTORS = "sentence_embedding"
_WORDS, _MEMBERS, _SCORES, _SPANS, _VERDICTS = "words", "members", "scores", "spans", "verdicts"


def query_encoder_graph(folder: Path, weights: str) -> bytes:
    """Return a file that belongs into a model folder, beside ``config.json`` and the file ``weights``.

    Inputs of the graph: ``input_ids`` and ``attention_mask``, (batch, length) int64. Output:
    ``sentence_embedding``, (batch, hidden) float32: the mean over the mask, of length 1. Equal input gives equal bytes.
    Raises `BrokenWeights` when a weight is missing or has another shape than the configuration says.
    """
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    content: bytes = _bert(config, _Weights(folder / weights)).SerializeToString(deterministic=True)
    return content


@dataclass(frozen=True)
class _Weights:
    """The tensors of a safetensors file, by where they lie."""

    path: Path

    @cached_property
    def _header(self) -> tuple[int, dict[str, Any]]:
        """Where the tensors begin, and what the header says of each."""
        with self.path.open("rb") as file:
            length = int.from_bytes(file.read(_HEADER_LENGTH_BYTES), "little")
            try:
                return _HEADER_LENGTH_BYTES + length, json.loads(file.read(min(length, _LONGEST_HEADER)))
            except ValueError as error:
                raise BrokenWeights(f"{self.path}: the header is damaged ({error})") from error

    def place(self, name: str, shape: Sequence[int]) -> TensorProto:
        """Return an initialiser of ``shape`` that points at the tensor ``name``; raises `BrokenWeights`."""
        begin, tensors = self._header
        entry = tensors.get(name, {})
        if entry.get("dtype") != "F32" or entry.get("shape") != list(shape):
            raise BrokenWeights(f"{self.path}: the tensor {name!r} is not there as float32 of {tuple(shape)}")
        start, stop = entry["data_offsets"]
        tensor = TensorProto(name=name, data_type=TensorProto.FLOAT, dims=shape, data_location=TensorProto.EXTERNAL)
        for key, value in {"location": self.path.name, "offset": begin + start, "length": stop - start}.items():
            tensor.external_data.add(key=key, value=str(value))
        return tensor


class Weights(Protocol):
    """Where the weights of a graph come from."""

    def place(self, name: str, shape: Sequence[int]) -> TensorProto:
        """Return the initialiser ``name`` of ``shape``; raises `BrokenWeights` when there is none."""


@dataclass
class _Builder:
    """Collects nodes and initialisers; every method returns the name of the value that it adds."""

    weights: Weights
    nodes: list[NodeProto] = field(default_factory=list)
    initialisers: dict[str, TensorProto] = field(default_factory=dict)

    def add(self, operator: str, *inputs: str, output: str = "", **attributes: float | Sequence[int]) -> str:
        output = output or f"{operator}_{len(self.nodes)}"
        node = helper.make_node(operator, inputs, [output])
        node.attribute.extend(helper.make_attribute(name, value) for name, value in attributes.items())
        self.nodes.append(node)
        return output

    def weight(self, name: str, *shape: int) -> str:
        self.initialisers[name] = self.weights.place(name, shape)
        return name

    def numbers(self, *values: int) -> str:
        """Add a vector of int64."""
        name = "numbers_" + "_".join(map(str, values))
        self.initialisers[name] = helper.make_tensor(name, TensorProto.INT64, [len(values)], values)
        return name

    def index(self, value: int) -> str:
        """Add one int64, which takes its axis away where it gathers."""
        name = f"index_{value}"
        self.initialisers[name] = helper.make_tensor(name, TensorProto.INT64, [], [value])
        return name

    def scalar(self, value: float) -> str:
        name = f"scalar_{value!r}"
        self.initialisers[name] = helper.make_tensor(name, TensorProto.FLOAT, [], [value])
        return name

    def linear(self, rows: str, name: str, *, wide: int, narrow: int) -> str:
        """``(n, narrow)`` to ``(n, wide)``; torch stores the matrix as (wide, narrow), and so it is used."""
        matrix, bias = self.weight(f"{name}.weight", wide, narrow), self.weight(f"{name}.bias", wide)
        return self.add("Gemm", rows, matrix, bias, transB=1)

    def normalised(self, rows: str, name: str, *, hidden: int, epsilon: float) -> str:
        scale, bias = self.weight(f"{name}.weight", hidden), self.weight(f"{name}.bias", hidden)
        return self.add("LayerNormalization", rows, scale, bias, axis=-1, epsilon=epsilon)


def reader_graph(config: dict[str, Any], weights: Weights) -> ModelProto:
    """Return the graph of the reader (`index.reader`), with the tensors "sentence", "span" and "verdict" as its heads.

    Inputs: ``words`` (batch, length, hidden) float32, the rows of the embedding table of the tokens; ``attention_mask``
    (batch, length) int64; ``members`` (batch, sentences, length) float32, in each row 1 / n for the n tokens of a
    sentence. Outputs, all float32: ``scores`` (batch, sentences); ``spans`` (batch, length, 2), of start and end;
    ``verdicts`` (batch, 3), from the first token.
    """
    graph, hidden = _Builder(weights), config["hidden_size"]
    shape = graph.add("Shape", _MASK)
    rows = _encoded(graph, config, graph.add("Identity", _WORDS), shape)
    tokens = graph.add("Reshape", rows, graph.add("Concat", shape, graph.numbers(hidden), axis=0))
    judged = _head(graph, graph.add("MatMul", _MEMBERS, tokens), "sentence", wide=1, hidden=hidden)
    graph.add("Squeeze", judged, graph.numbers(2), output=_SCORES)
    graph.add("Identity", _head(graph, tokens, "span", wide=2, hidden=hidden), output=_SPANS)
    first = graph.add("Gather", tokens, graph.index(0), axis=1)
    graph.add("Identity", _head(graph, first, "verdict", wide=3, hidden=hidden), output=_VERDICTS)
    described = GraphProto(
        name="reader",
        node=graph.nodes,
        initializer=graph.initialisers.values(),
        input=[
            helper.make_tensor_value_info(_WORDS, TensorProto.FLOAT, ("batch", "length", hidden)),
            helper.make_tensor_value_info(_MASK, TensorProto.INT64, ("batch", "length")),
            helper.make_tensor_value_info(_MEMBERS, TensorProto.FLOAT, ("batch", "sentences", "length")),
        ],
        output=[
            helper.make_tensor_value_info(_SCORES, TensorProto.FLOAT, ("batch", "sentences")),
            helper.make_tensor_value_info(_SPANS, TensorProto.FLOAT, ("batch", "length", 2)),
            helper.make_tensor_value_info(_VERDICTS, TensorProto.FLOAT, ("batch", 3)),
        ],
    )
    return helper.make_model(described, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=_IR_VERSION)


def _head(graph: _Builder, vectors: str, name: str, *, wide: int, hidden: int) -> str:
    """Return (..., wide): a linear head over vectors (..., hidden)."""
    column = graph.add("Transpose", graph.weight(f"{name}.weight", wide, hidden), perm=(1, 0))
    return graph.add("Add", graph.add("MatMul", vectors, column), graph.weight(f"{name}.bias", wide))


def _bert(config: dict[str, Any], weights: Weights) -> ModelProto:
    """Return the graph of transformers' ``BertModel`` (Devlin et al., 2019, arXiv:1810.04805) with mean pooling."""
    graph = _Builder(weights)
    shape = graph.add("Shape", _IDS)  # (batch, length)
    table = graph.weight("embeddings.word_embeddings.weight", config["vocab_size"], config["hidden_size"])
    rows = _encoded(graph, config, graph.add("Gather", table, _IDS), shape)
    _pool(graph, rows, graph.add("Concat", shape, graph.numbers(config["hidden_size"]), axis=0))
    tokens: tuple[Any, ...] = ("batch", "length")
    described = GraphProto(
        name="query_encoder",
        node=graph.nodes,
        initializer=graph.initialisers.values(),
        input=[helper.make_tensor_value_info(name, TensorProto.INT64, tokens) for name in (_IDS, _MASK)],
        output=[helper.make_tensor_value_info(_VECTORS, TensorProto.FLOAT, ("batch", config["hidden_size"]))],
    )
    return helper.make_model(described, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=_IR_VERSION)


def _additive_mask(graph: _Builder) -> str:
    """Return (batch, 1, 1, length): 0 for a token, the smallest number for padding."""
    kept = graph.add("Cast", _MASK, to=TensorProto.FLOAT)
    padding = graph.add("Sub", graph.scalar(1.0), graph.add("Unsqueeze", kept, graph.numbers(1, 2)))
    return graph.add("Mul", padding, graph.scalar(_MASKED))


def _encoded(graph: _Builder, config: dict[str, Any], words: str, shape: str) -> str:
    """Return (batch * length, hidden): the last layer over ``words``, the embedded tokens (batch, length, hidden)."""
    masked = _additive_mask(graph)
    rows = _embeddings(graph, config, words, shape)
    for layer in range(config["num_hidden_layers"]):
        rows = _layer(graph, config, f"encoder.layer.{layer}", rows=rows, masked=masked, shape=shape)
    return rows


def _embeddings(graph: _Builder, config: dict[str, Any], words: str, shape: str) -> str:
    """Return (batch * length, hidden): word, position and token type 0, normalised."""
    hidden = config["hidden_size"]
    table = {
        kind: graph.weight(f"embeddings.{kind}_embeddings.weight", config[size], hidden)
        for kind, size in (("position", "max_position_embeddings"), ("token_type", "type_vocab_size"))
    }
    length = graph.add("Slice", shape, graph.numbers(1), graph.numbers(2))
    positions = graph.add("Slice", table["position"], graph.numbers(0), length)
    kind = graph.add("Slice", table["token_type"], graph.numbers(0), graph.numbers(1))
    summed = graph.add("Add", words, graph.add("Add", positions, kind))
    rows = graph.add("Reshape", summed, graph.numbers(-1, hidden))
    return graph.normalised(rows, "embeddings.LayerNorm", hidden=hidden, epsilon=config["layer_norm_eps"])


def _layer(graph: _Builder, config: dict[str, Any], name: str, *, rows: str, masked: str, shape: str) -> str:
    """Return (batch * length, hidden): attention and feed-forward, each added to its input and normalised."""
    hidden, inner, epsilon = config["hidden_size"], config["intermediate_size"], config["layer_norm_eps"]
    context = _attention(graph, config, f"{name}.attention.self", rows=rows, masked=masked, shape=shape)
    attended = graph.linear(context, f"{name}.attention.output.dense", wide=hidden, narrow=hidden)
    rows = graph.normalised(
        graph.add("Add", attended, rows), f"{name}.attention.output.LayerNorm", hidden=hidden, epsilon=epsilon
    )
    widened = graph.add("Gelu", graph.linear(rows, f"{name}.intermediate.dense", wide=inner, narrow=hidden))
    narrowed = graph.linear(widened, f"{name}.output.dense", wide=hidden, narrow=inner)
    return graph.normalised(
        graph.add("Add", narrowed, rows), f"{name}.output.LayerNorm", hidden=hidden, epsilon=epsilon
    )


def _attention(graph: _Builder, config: dict[str, Any], name: str, *, rows: str, masked: str, shape: str) -> str:
    """Return (batch * length, hidden): scaled dot-product attention of all heads side by side."""
    hidden, heads = config["hidden_size"], config["num_attention_heads"]
    by_head = graph.add("Concat", shape, graph.numbers(heads, hidden // heads), axis=0)

    def split(part: str, order: tuple[int, ...]) -> str:
        projected = graph.linear(rows, f"{name}.{part}", wide=hidden, narrow=hidden)
        return graph.add("Transpose", graph.add("Reshape", projected, by_head), perm=order)

    query, key, value = split("query", (0, 2, 1, 3)), split("key", (0, 2, 3, 1)), split("value", (0, 2, 1, 3))
    scores = graph.add("Mul", graph.add("MatMul", query, key), graph.scalar((hidden // heads) ** -0.5))
    weights = graph.add("Softmax", graph.add("Add", scores, masked), axis=-1)
    context = graph.add("Transpose", graph.add("MatMul", weights, value), perm=(0, 2, 1, 3))
    return graph.add("Reshape", context, graph.numbers(-1, hidden))


def _pool(graph: _Builder, rows: str, shape: str) -> None:
    """Add the output (batch, hidden): the mean of the tokens under the mask, scaled to length 1."""
    kept = graph.add("Unsqueeze", graph.add("Cast", _MASK, to=TensorProto.FLOAT), graph.numbers(2))
    tokens = graph.add("Mul", graph.add("Reshape", rows, shape), kept)
    # The mean would divide by the number of tokens, which the scaling to length 1 takes back.
    summed = graph.add("ReduceSum", tokens, graph.numbers(1), keepdims=0)
    graph.add("LpNormalization", summed, output=_VECTORS, axis=-1, p=2)
