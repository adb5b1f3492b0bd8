"""The reader as it is trained: a BERT encoder over question and passage that scores each sentence of the passage.

    score(sentence) = w . mean of the sentence's token vectors + b

The sigmoid of a score is the probability that the sentence answers the question.
"""

from pathlib import Path
from typing import Any

import torch
from transformers import AutoTokenizer, BertModel

MOST_TOKENS = 320


class Reader(torch.nn.Module):
    """Encoder and head; `forward` takes what `batch_of` makes and returns one score a sentence."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.encoder = BertModel.from_pretrained(folder, add_pooling_layer=False)
        self.head = torch.nn.Linear(self.encoder.config.hidden_size, 1)

    def forward(self, batch: dict[str, torch.Tensor]) -> torch.Tensor:
        """Return scores (batch, most sentences); those of sentences that are not there mean nothing."""
        with torch.autocast("cpu", dtype=torch.bfloat16):
            hidden = self.encoder(input_ids=batch["ids"], attention_mask=batch["mask"]).last_hidden_state
        pooled = batch["members"] @ hidden.float()
        return self.head(pooled)[..., 0]


def batch_of(tokenizer: Any, rows: list[dict[str, Any]]) -> dict[str, torch.Tensor]:
    """Return the inputs of `Reader` for some examples, their labels, and which sentences are there at all."""
    encoded = tokenizer(
        [row["question"] for row in rows],
        [f"{row['head']}\n{row['text']}" if row["head"] else row["text"] for row in rows],
        truncation="only_second",
        max_length=MOST_TOKENS,
        padding=True,
        return_offsets_mapping=True,
        return_tensors="pt",
    )
    most, length = max(len(row["sentences"]) for row in rows), encoded["input_ids"].shape[1]
    members = torch.zeros(len(rows), most, length)
    labels, there = torch.zeros(len(rows), most), torch.zeros(len(rows), most)
    for i, row in enumerate(rows):
        shift = len(row["head"]) + 1 if row["head"] else 0
        starts = encoded["offset_mapping"][i, :, 0] - shift
        second = torch.tensor([part == 1 for part in encoded.sequence_ids(i)])
        for j, (start, end) in enumerate(row["sentences"]):
            held = second & (starts >= start) & (starts < end)
            if held.any():
                members[i, j, held] = 1 / held.sum()
                there[i, j] = 1
                labels[i, j] = row.get("labels", [0] * most)[j]
    return {
        "ids": encoded["input_ids"],
        "mask": encoded["attention_mask"],
        "members": members,
        "labels": labels,
        "there": there,
    }


def open_tokenizer(folder: Path) -> Any:
    """Return the tokenizer of a model folder."""
    return AutoTokenizer.from_pretrained(folder)
