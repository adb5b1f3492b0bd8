"""Writes the trained reader as the file that the product opens: an ONNX graph with weights of eight bits.

    python -m training.export_reader MODEL_FOLDER CHECKPOINT.pt EXAMPLES.jsonl [OUT.onnx]

The embedding table is left out: the product takes the rows from the embedding model that it has anyway. What comes into
the matrices that project back to the hidden size has outliers, which eight bits do not hold; on some of the examples it
is measured how large they are, and they are evened out first (training/smoothing.py). With --exact these matrices are
stored as eight bits but multiplied as float32, and nothing is evened out.
"""

import argparse
import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from index.onnx_graph import reader_graph
from index.reader import SHIPPED_READER
from training.reader_model import Reader, open_tokenizer
from training.smoothing import input_scales, read_rows, smoothed

_AS_MATMUL = "_MatMul"  # how the quantiser names a Gemm that it has taken apart
_HEADS = ("sentence", "span", "verdict")


@dataclass(frozen=True)
class _Checkpoint:
    """The tensors of a checkpoint of `training.train_reader`, by the names that the graph uses."""

    tensors: dict[str, torch.Tensor]

    def place(self, name: str, shape: Sequence[int]) -> TensorProto:
        """Return the initialiser ``name``."""
        tensor = self.tensors[name if name.partition(".")[0] in _HEADS else f"encoder.{name}"]
        if list(tensor.shape) != list(shape):
            raise ValueError(f"{name}: {tuple(tensor.shape)} instead of {tuple(shape)}")
        return numpy_helper.from_array(np.ascontiguousarray(tensor.float().numpy()), name)


def main() -> None:
    """Export, even out, quantise and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("examples", type=Path)
    parser.add_argument("out", type=Path, nargs="?", default=SHIPPED_READER)
    parser.add_argument("--exact", action="store_true")
    arguments = parser.parse_args()
    config = json.loads((arguments.model / "config.json").read_text(encoding="utf-8"))
    tensors = torch.load(arguments.checkpoint, weights_only=True)["reader"]
    reader = Reader(arguments.model)
    reader.load_state_dict(tensors)
    tokenizer, rows = open_tokenizer(arguments.model), read_rows(arguments.examples)
    scales = {} if arguments.exact else input_scales(reader, tokenizer, rows)
    graph = reader_graph(config, _Checkpoint(smoothed(tensors, scales)))
    _divide_inputs(graph, scales)
    onnx.checker.check_model(graph)
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        whole, quantised = Path(folder) / "whole.onnx", Path(folder) / "quantised.onnx"
        names = _named_projections(graph)
        onnx.save(graph, whole)
        # The quantiser takes each apart and may know it by either name.
        exact = [name + suffix for name in names if arguments.exact for suffix in ("", _AS_MATMUL)]
        quantize_dynamic(whole, quantised, weight_type=QuantType.QInt8, per_channel=True, nodes_to_exclude=exact)
        onnx.save(_packed(onnx.load(quantised)), arguments.out)
    print(f"{arguments.out}: {arguments.out.stat().st_size / 1e6:.1f} MB")


def _divide_inputs(model: onnx.ModelProto, scales: dict[str, torch.Tensor]) -> None:
    """Divide what comes into the projections behind a Gelu by its scales, before it is multiplied."""
    graph = model.graph
    for place, node in reversed(list(enumerate(graph.node))):
        name = node.input[1].removesuffix(".weight") if node.op_type == "Gemm" else ""
        if name in scales and not name.endswith("attention.output.dense"):
            factor = (1 / scales[name]).float().numpy()
            graph.initializer.append(numpy_helper.from_array(factor, f"{name}.smoothing"))
            divided = f"{name}.divided"
            graph.node.insert(place, helper.make_node("Mul", [node.input[0], f"{name}.smoothing"], [divided]))
            node.input[0] = divided


def _named_projections(model: onnx.ModelProto) -> list[str]:
    """Name every node by what it makes; return those that project back to the hidden size."""
    for node in model.graph.node:
        node.name = node.output[0]
    projections = [node for node in model.graph.node if node.op_type == "Gemm" and "output.dense" in node.input[1]]
    return [node.name for node in projections]


def _packed(model: onnx.ModelProto) -> onnx.ModelProto:
    """Store the matrices that are still float32 as eight bits a number, with a scale a column; computed in float32."""
    graph = model.graph
    for tensor in [each for each in graph.initializer if each.data_type == TensorProto.FLOAT and len(each.dims) == 2]:
        matrix = numpy_helper.to_array(tensor)
        scale = np.maximum(np.abs(matrix).max(axis=0), 1e-8).astype(np.float32) / 127
        rounded = np.clip(np.round(matrix / scale), -127, 127).astype(np.int8)
        graph.initializer.remove(tensor)
        graph.initializer.append(numpy_helper.from_array(rounded, f"{tensor.name}_int8"))
        graph.initializer.append(numpy_helper.from_array(scale, f"{tensor.name}_scale"))
        inputs = [f"{tensor.name}_int8", f"{tensor.name}_scale"]
        graph.node.insert(0, helper.make_node("DequantizeLinear", inputs, [tensor.name], axis=1))
    return model


if __name__ == "__main__":
    main()
