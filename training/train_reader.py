"""Trains the reader from multilingual-e5-small, or goes on from a checkpoint.

    python -m training.train_reader MODEL_FOLDER EXAMPLES.jsonl OUT.pt [--start CHECKPOINT.pt] [--passes N] [--rate R]

Sentences are judged one by one (binary cross-entropy); an example may give each sentence a weight ("weights"). The
embedding table stays as it is. A checkpoint is written every 500 steps.
"""

import argparse
import json
import random
import time
from pathlib import Path
from typing import Any

import torch
from transformers import get_linear_schedule_with_warmup

from training.reader_model import Reader, batch_of, open_tokenizer

SEED = 0
BATCH = 16
_SORTED = 1024  # examples sorted by length together, so that a batch has little padding


def main() -> None:
    """Train, printing the mean loss of every 50 steps."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("examples", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--start", type=Path)
    parser.add_argument("--passes", type=int, default=1)
    parser.add_argument("--rate", type=float, default=1e-4)
    parser.add_argument("--frozen", type=int, default=0, help="lower layers that stay as they are")
    arguments = parser.parse_args()
    torch.manual_seed(SEED)
    torch.set_num_threads(2)
    reader = Reader(arguments.model)
    if arguments.start:
        reader.load_state_dict(torch.load(arguments.start, weights_only=True))
    rows = [json.loads(line) for line in arguments.examples.read_text(encoding="utf-8").splitlines()]
    _train(reader, open_tokenizer(arguments.model), rows, arguments)


def _train(reader: Reader, tokenizer: Any, rows: list[dict[str, Any]], arguments: argparse.Namespace) -> None:
    reader.encoder.embeddings.word_embeddings.weight.requires_grad = False
    for layer in reader.encoder.encoder.layer[: arguments.frozen]:
        layer.requires_grad_(requires_grad=False)
    trained = [parameter for parameter in reader.parameters() if parameter.requires_grad]
    optimiser = torch.optim.AdamW(trained, lr=arguments.rate, weight_decay=0.01)
    batches = [batch for number in range(arguments.passes) for batch in _batches(rows, SEED + number)]
    schedule = get_linear_schedule_with_warmup(optimiser, len(batches) // 20, len(batches))
    reader.train()
    started, losses = time.monotonic(), []
    for step, batch in enumerate(batches, 1):
        tensors = batch_of(tokenizer, batch)
        loss = _loss(reader(tensors), tensors, batch)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimiser.step()
        schedule.step()
        optimiser.zero_grad()
        losses.append(loss.item())
        if step % 50 == 0:
            print(
                f"{step}/{len(batches)} loss {sum(losses[-50:]) / 50:.4f} {time.monotonic() - started:.0f} s",
                flush=True,
            )
        if step % 500 == 0 or step == len(batches):
            torch.save(reader.state_dict(), arguments.out)


def _loss(scores: torch.Tensor, tensors: dict[str, torch.Tensor], rows: list[dict[str, Any]]) -> torch.Tensor:
    weights = tensors["there"].clone()
    for i, row in enumerate(rows):
        for j, weight in enumerate(row.get("weights", [])):
            weights[i, j] *= weight
    each = torch.nn.functional.binary_cross_entropy_with_logits(scores, tensors["labels"], reduction="none")
    return (each * weights).sum() / weights.sum().clamp(min=1)


def _batches(rows: list[dict[str, Any]], seed: int) -> list[list[dict[str, Any]]]:
    shuffle = random.Random(seed)
    order = shuffle.sample(rows, len(rows))
    batches = []
    for start in range(0, len(order), _SORTED):
        near = sorted(order[start : start + _SORTED], key=lambda row: len(row["text"]))
        batches += [near[first : first + BATCH] for first in range(0, len(near), BATCH)]
    shuffle.shuffle(batches)
    return batches


if __name__ == "__main__":
    main()
