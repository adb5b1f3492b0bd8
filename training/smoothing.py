"""Evens out what the reader's projections take in, so that eight bits hold it.

SmoothQuant (Xiao et al. 2023, arXiv:2211.10438): the input of a projection back to the hidden size has a few channels
with outliers. Each channel j is divided by

    s_j = sqrt(max |x_j| / max |w_j|)

and the weights w_j of that channel are multiplied by it: the product stays, and both factors fill their eight bits.
"""

import json
from pathlib import Path
from typing import Any

import torch

from training.reader_model import Reader, Row, reading_batch, verdict_batch

ROWS, TOGETHER = 128, 8
_LEAST = 1e-5


def input_scales(reader: Reader, tokenizer: Any, rows: list[Row]) -> dict[str, torch.Tensor]:
    """Return, by the name of a projection ("encoder.layer.0.output.dense"), the s of each of its input channels."""
    modules = {
        name: module
        for name, module in reader.encoder.named_modules()
        if name.endswith("output.dense") and isinstance(module, torch.nn.Linear)
    }
    highest: dict[str, torch.Tensor] = {}

    def watch(name: str) -> Any:
        def seen(_module: torch.nn.Module, inputs: tuple[torch.Tensor, ...]) -> None:
            most = inputs[0].detach().float().abs().flatten(0, -2).amax(0)
            highest[name] = torch.maximum(highest.get(name, most), most)

        return seen

    hooks = [module.register_forward_pre_hook(watch(name)) for name, module in modules.items()]
    reader.eval()
    with torch.no_grad():
        for kind, make in (("text", reading_batch), ("evidence", verdict_batch)):
            some = [row for row in rows if kind in row][:ROWS]
            for first in range(0, len(some), TOGETHER):
                reader(make(tokenizer, some[first : first + TOGETHER]))
    for hook in hooks:
        hook.remove()
    return {name: _scales(highest[name], module.weight.detach().float()) for name, module in modules.items()}


def smoothed(tensors: dict[str, torch.Tensor], scales: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Return the tensors of a checkpoint with the scales in the weights.

    What divides the input is in the value projection of an attention layer; behind the Gelu of a feed-forward layer,
    the graph has to divide.
    """
    changed = dict(tensors)
    for name, scale in scales.items():
        changed[f"encoder.{name}.weight"] = tensors[f"encoder.{name}.weight"] * scale
        if name.endswith("attention.output.dense"):
            value = f"encoder.{name.removesuffix('output.dense')}self.value"
            changed[f"{value}.weight"] = tensors[f"{value}.weight"] / scale[:, None]
            changed[f"{value}.bias"] = tensors[f"{value}.bias"] / scale
    return changed


def read_rows(path: Path, tokens: int = ROWS) -> list[Row]:
    """Return the first rows of a file of examples, enough of each kind for `input_scales`."""
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line, _ in zip(file, range(10 * tokens), strict=False)]


def _scales(inputs: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    return (inputs.clamp(min=_LEAST) / weight.abs().amax(0).clamp(min=_LEAST)).sqrt()
