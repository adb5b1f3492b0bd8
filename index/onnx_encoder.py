"""Embeds queries by ONNX Runtime and `tokenizers` alone, from the graph that `index.onnx_graph` writes.

Torch, transformers and sentence-transformers take about 7 s to import and load; this takes under one, most of it
for the 250,000 pieces of the tokenizer, and a query takes 12 ms instead of 26.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from onnxruntime.capi import onnxruntime_pybind11_state as states
from tokenizers import Tokenizer

GRAPH_ERRORS = (
    states.Fail,
    states.InvalidArgument,
    states.InvalidGraph,
    states.InvalidProtobuf,
    states.NoSuchFile,
    states.NotImplemented,
    states.RuntimeException,
)
_QUIET = 3  # errors only; a processor that ONNX Runtime does not know is no news to a student


class UnusableGraph(Exception):
    """ONNX Runtime cannot open the graph, or what the folder says of queries cannot be read."""


class OnnxQueryEncoder:
    """Queries to unit vectors; safe to call from several threads at once. Raises `UnusableGraph` when made."""

    def __init__(self, graph: Path) -> None:
        folder = graph.parent
        try:
            self._prompt = str(_read(folder / "config_sentence_transformers.json")["prompts"]["query"])
            longest = int(_read(folder / "sentence_bert_config.json")["max_seq_length"])
            self._session = onnxruntime.InferenceSession(graph, _options(), providers=["CPUExecutionProvider"])
        except (OSError, ValueError, KeyError, TypeError, *GRAPH_ERRORS) as error:
            raise UnusableGraph(f"{graph}: {error}") from error
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(longest)

    def encode(self, text: str) -> NDArray[np.float32]:
        """Return ``(dimension,)`` float32 of length 1; a text beyond the model's limit is cut there."""
        encoding = self._tokenizer.encode(self._prompt + text)
        tokens = {"input_ids": encoding.ids, "attention_mask": encoding.attention_mask}
        (vectors,) = self._session.run(None, {name: np.array([row], np.int64) for name, row in tokens.items()})
        vector: NDArray[np.float32] = vectors[0]
        return vector


def _options() -> onnxruntime.SessionOptions:
    options = onnxruntime.SessionOptions()
    # A query is too short to share: two threads took as long as one, and on a busy machine they wait for each other.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    # Without them as fast (11 ms), and what one long query needed is given back.
    options.enable_cpu_mem_arena = options.enable_mem_pattern = False
    options.log_severity_level = _QUIET
    return options


def _read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content
