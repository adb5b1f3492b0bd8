"""The embedding model in torch, through sentence-transformers: for models without a graph for ONNX Runtime."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from index.errors import IndexingError
from index.model_weights import ResolvedModel

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

# The E5 models are trained with these (Wang et al., 2024, arXiv:2402.05672, section 3); their folders do not say so.
_E5_PROMPTS = {"query": "query: ", "document": "passage: "}
_E5_NAME = re.compile(r"(^|[-_/])e5([-_]|$)", re.IGNORECASE)


class BrokenModel(IndexingError):
    """The model folder exists but cannot be loaded."""


@contextmanager
def one_thread() -> Iterator[None]:
    """Let torch compute in this thread alone.

    A query is too short to share: 27 ms alone, 19 ms by two threads on two idle cores, but 1,070 ms by two
    when another process keeps a core busy, for each waits for the other at every step.
    """
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def load_model(resolved: ResolvedModel) -> "SentenceTransformer":
    """Return the model of a folder, for reading only and in float32, with the prompts of E5 where it is one.

    Raises BrokenModel.
    """
    # Read at import: without it `tokenizers` warns at every later fork, and the hub client reports its use.
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    from safetensors import SafetensorError
    from sentence_transformers import SentenceTransformer
    from transformers.utils.logging import disable_progress_bar, enable_progress_bar, is_progress_bar_enabled

    bars_wanted = is_progress_bar_enabled()
    disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        model = SentenceTransformer(str(resolved.folder), device="cpu", local_files_only=True)
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        raise BrokenModel(f"the embedding model in {resolved.folder} cannot be loaded: {error}") from error
    finally:
        if bars_wanted:
            enable_progress_bar()  # type: ignore[no-untyped-call]
    if not any(model.prompts.values()) and _E5_NAME.search(resolved.name) and "instruct" not in resolved.name:
        model.prompts.update(_E5_PROMPTS)
    return model.float().eval().requires_grad_(requires_grad=False)
