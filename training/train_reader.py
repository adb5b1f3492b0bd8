"""Trains the reader from multilingual-e5-small, or goes on from a checkpoint.

    python -m training.train_reader MODEL_FOLDER EXAMPLES.jsonl OUT.pt [--start CHECKPOINT.pt] [--passes N] [--rate R]

A row with a "claim" teaches verdicts (cross-entropy); any other is a question with a passage and teaches both which
sentences answer (binary cross-entropy, each sentence with its weight) and where the short answer stands (the negative
log of the probability that it starts, and ends, at one of the right tokens). The embedding table stays as it is. On a
GPU if there is one, in bfloat16 either way. A checkpoint is written every 250 steps; the same command goes on from it.
"""

import argparse
import json
import random
import time
from pathlib import Path
from typing import Any

import torch
from transformers import get_linear_schedule_with_warmup

from training.reader_model import Batch, Reader, Row, open_tokenizer, reading_batch, verdict_batch

SEED = 0
BATCH, VERDICT_BATCH = 16, 32
SPAN_WEIGHT = 0.3
CHECKPOINT_STEPS, LOGGED_STEPS = 250, 50
_SORTED = 1024  # examples sorted by length together, so that a batch has little padding
_FORBIDDEN = -1e4


def main() -> None:
    """Train, printing the mean loss of every 50 steps."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("examples", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--start", type=Path)
    parser.add_argument("--passes", type=int, default=1)
    parser.add_argument("--rate", type=float, default=1e-4)
    arguments = parser.parse_args()
    torch.manual_seed(SEED)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    reader = Reader(arguments.model)
    if arguments.start:
        reader.load_state_dict(torch.load(arguments.start, weights_only=True)["reader"])
    rows = [json.loads(line) for line in arguments.examples.read_text(encoding="utf-8").splitlines()]
    batches = [batch for number in range(arguments.passes) for batch in batches_of(rows, SEED + number)]
    _train(reader.to(device), open_tokenizer(arguments.model), batches, arguments.rate, arguments.out)


def _train(reader: Reader, tokenizer: Any, batches: list[list[Row]], rate: float, out: Path) -> None:
    reader.encoder.embeddings.word_embeddings.weight.requires_grad = False
    trained = [parameter for parameter in reader.parameters() if parameter.requires_grad]
    optimiser = torch.optim.AdamW(trained, lr=rate, weight_decay=0.01, fused=True)
    schedule = get_linear_schedule_with_warmup(optimiser, len(batches) // 20, len(batches))
    done = _resume(reader, optimiser, schedule, out, len(batches))
    reader.train()
    started, losses = time.monotonic(), dict[str, list[float]](reading=[], verdict=[])
    for step, batch in enumerate(batches[done:], done + 1):
        kind = "verdict" if "claim" in batch[0] else "reading"
        loss = _loss(reader, tokenizer, batch)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimiser.step()
        schedule.step()
        optimiser.zero_grad()
        losses[kind].append(loss.item())
        if step % LOGGED_STEPS == 0:
            means = ", ".join(
                f"{name} {sum(each[-50:]) / len(each[-50:]):.4f}" for name, each in losses.items() if each
            )
            print(f"{step}/{len(batches)} loss {means}, {time.monotonic() - started:.0f} s", flush=True)
        if step % CHECKPOINT_STEPS == 0 or step == len(batches):
            state = {"reader": reader.state_dict(), "steps": len(batches), "done": step}
            state |= {"optimiser": optimiser.state_dict(), "schedule": schedule.state_dict()}
            torch.save(state, out.with_suffix(".part"))
            out.with_suffix(".part").replace(out)


def _resume(reader: Reader, optimiser: Any, schedule: Any, out: Path, steps: int) -> int:
    """Go on from the checkpoint of an interrupted run of the same length; return how many steps it had done."""
    if not out.is_file():
        return 0
    state = torch.load(out, weights_only=True)
    if state["steps"] != steps:
        raise SystemExit(
            f"{out} is of a run of {state['steps']} steps, this one has {steps}: remove it or name another"
        )
    reader.load_state_dict(state["reader"])
    optimiser.load_state_dict(state["optimiser"])
    schedule.load_state_dict(state["schedule"])
    return int(state["done"])


def _loss(reader: Reader, tokenizer: Any, rows: list[Row]) -> torch.Tensor:
    device = next(reader.parameters()).device
    make = verdict_batch if "claim" in rows[0] else reading_batch
    batch: Batch = {name: tensor.to(device) for name, tensor in make(tokenizer, rows).items()}
    scores, spans, verdicts = reader(batch)
    if "verdicts" in batch:
        return torch.nn.functional.cross_entropy(verdicts, batch["verdicts"])
    each = torch.nn.functional.binary_cross_entropy_with_logits(scores, batch["labels"], reduction="none")
    judged = (each * batch["weights"]).sum() / batch["weights"].sum().clamp(min=1)
    found = _chosen(spans[..., 0], batch["choices"], batch["starts"]) + _chosen(
        spans[..., 1], batch["choices"], batch["ends"]
    )
    return judged + SPAN_WEIGHT * found


def _chosen(logits: torch.Tensor, choices: torch.Tensor, right: torch.Tensor) -> torch.Tensor:
    """Return the mean over rows of the negative log probability that one of the right tokens is chosen."""
    whole = torch.logsumexp(logits.masked_fill(choices == 0, _FORBIDDEN), dim=1)
    return (whole - torch.logsumexp(logits.masked_fill(right * choices == 0, _FORBIDDEN), dim=1)).mean()


def batches_of(rows: list[Row], seed: int) -> list[list[Row]]:
    """Return batches of one kind and near in length, in random order."""
    shuffle = random.Random(seed)
    batches = []
    for size, kind in ((BATCH, "text"), (VERDICT_BATCH, "evidence")):
        order = [row for row in rows if kind in row]
        shuffle.shuffle(order)
        for start in range(0, len(order), _SORTED):
            near = sorted(order[start : start + _SORTED], key=lambda row: len(row[kind]))
            batches += [near[first : first + size] for first in range(0, len(near), size)]
    shuffle.shuffle(batches)
    return batches


if __name__ == "__main__":
    main()
