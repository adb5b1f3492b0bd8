"""Writes the trained reader as the file that the product opens: an ONNX graph with weights of eight bits.

    python -m training.export_reader MODEL_FOLDER CHECKPOINT.pt [OUT.onnx]

The embedding table is left out: the product takes the rows from the embedding model that it has anyway.
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
from onnx import TensorProto, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from index.onnx_graph import reader_graph
from index.reader import SHIPPED_READER


@dataclass(frozen=True)
class _Checkpoint:
    """The tensors of a checkpoint of `training.train_reader`, by the names that the graph uses."""

    tensors: dict[str, torch.Tensor]

    def place(self, name: str, shape: Sequence[int]) -> TensorProto:
        """Return the initialiser ``name``."""
        tensor = self.tensors[name if name.startswith("head.") else f"encoder.{name}"]
        if list(tensor.shape) != list(shape):
            raise ValueError(f"{name}: {tuple(tensor.shape)} instead of {tuple(shape)}")
        return numpy_helper.from_array(np.ascontiguousarray(tensor.float().numpy()), name)


def main() -> None:
    """Export, quantise and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("out", type=Path, nargs="?", default=SHIPPED_READER)
    arguments = parser.parse_args()
    config = json.loads((arguments.model / "config.json").read_text(encoding="utf-8"))
    graph = reader_graph(config, _Checkpoint(torch.load(arguments.checkpoint, weights_only=True)))
    onnx.checker.check_model(graph)
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "reader.onnx"
        onnx.save(graph, whole)
        quantize_dynamic(whole, arguments.out, weight_type=QuantType.QInt8, per_channel=True)
    print(f"{arguments.out}: {arguments.out.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
