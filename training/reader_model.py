"""The reader as it is trained: a BERT encoder over two texts, with three linear heads.

question + passage    sentence(s) = w . mean of the sentence's token vectors + b: the log-odds that it answers
                      start, end of the short answer, a distribution over the tokens; the first token means "none"
claim + evidence      verdict: supported, not told or contradicted, from the first token's vector
"""

from pathlib import Path
from typing import Any

import torch
from transformers import AutoTokenizer, BertModel

MOST_TOKENS = 320
VERDICTS = ("supported", "untold", "contradicted")

Row = dict[str, Any]
Batch = dict[str, torch.Tensor]


class Reader(torch.nn.Module):
    """Encoder and heads; `forward` takes what `reading_batch` or `verdict_batch` makes."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        # Without dropout a pass takes half the time, and no row is seen often enough to be learnt by heart.
        self.encoder = BertModel.from_pretrained(
            folder,
            add_pooling_layer=False,
            attn_implementation="eager",
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
        )
        hidden = self.encoder.config.hidden_size
        self.sentence = torch.nn.Linear(hidden, 1)
        self.span = torch.nn.Linear(hidden, 2)
        self.verdict = torch.nn.Linear(hidden, len(VERDICTS))

    def encode(self, batch: Batch) -> torch.Tensor:
        """Return the token vectors (batch, length, hidden) float32."""
        with torch.autocast(batch["ids"].device.type, dtype=torch.bfloat16):
            encoded = self.encoder(input_ids=batch["ids"], attention_mask=batch["mask"]).last_hidden_state
        return encoded.float()

    def forward(self, batch: Batch) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Return scores (batch, sentences), log-odds of starts and ends (batch, length, 2), of verdicts (batch, 3)."""
        hidden = self.encode(batch)
        scores = self.sentence(batch["members"] @ hidden)[..., 0] if "members" in batch else hidden.new_zeros(0)
        return scores, self.span(hidden), self.verdict(hidden[:, 0])


def reading_batch(tokenizer: Any, rows: list[Row]) -> Batch:
    """Return the inputs for rows with question and passage, and what is to be learnt from them.

    ``labels`` and ``weights`` are (batch, sentences). ``starts`` and ``ends`` (batch, length) mark the tokens where the
    answer may start and end: those of the span, any of an answering sentence where the span is not known, the first
    where nothing answers. ``choices`` are the tokens that it is chosen from: a sentence of weight 0 has none.
    """
    encoded = _encoded(tokenizer, [row["question"] for row in rows], [_passage(row) for row in rows])
    most, length = max(len(row["sentences"]) for row in rows), encoded["input_ids"].shape[1]
    members, labels, weights = torch.zeros(len(rows), most, length), *torch.zeros(2, len(rows), most)
    starts, ends, choices = torch.zeros(3, len(rows), length)
    for i, row in enumerate(rows):
        offsets = encoded["offset_mapping"][i] - (len(row["head"]) + 1 if row["head"] else 0)
        second = torch.tensor([part == 1 for part in encoded.sequence_ids(i)])
        choices[i, 0] = 1
        for j, (start, end) in enumerate(row["sentences"]):
            held = second & (offsets[:, 1] > start) & (offsets[:, 0] < end)
            if not held.any():
                continue
            members[i, j, held] = 1 / held.sum()
            labels[i, j] = row.get("labels", [0] * most)[j]
            weights[i, j] = row["weights"][j] if "weights" in row else 1.0
            if weights[i, j] > 0:
                choices[i, held] = 1
            if labels[i, j]:
                starts[i, held] = ends[i, held] = 1
        if row.get("span"):
            held = second & (offsets[:, 0] < row["span"][1]) & (offsets[:, 1] > row["span"][0])
            places = held.nonzero()
            if len(places):
                starts[i], ends[i] = 0, 0
                starts[i, places[0]] = ends[i, places[-1]] = 1
                choices[i, held] = 1
        if not starts[i].any():
            starts[i, 0] = ends[i, 0] = 1
    return {
        "ids": encoded["input_ids"],
        "mask": encoded["attention_mask"],
        "members": members,
        "labels": labels,
        "weights": weights,
        "starts": starts,
        "ends": ends,
        "choices": choices,
    }


def verdict_batch(tokenizer: Any, rows: list[Row]) -> Batch:
    """Return the inputs for rows with claim and evidence; ``verdicts`` (batch) are places in VERDICTS."""
    encoded = _encoded(tokenizer, [row["claim"] for row in rows], [row["evidence"] for row in rows])
    verdicts = torch.tensor([VERDICTS.index(row["verdict"]) for row in rows])
    return {"ids": encoded["input_ids"], "mask": encoded["attention_mask"], "verdicts": verdicts}


def open_tokenizer(folder: Path) -> Any:
    """Return the tokenizer of a model folder."""
    return AutoTokenizer.from_pretrained(folder)


def _passage(row: Row) -> str:
    return f"{row['head']}\n{row['text']}" if row["head"] else str(row["text"])


def _encoded(tokenizer: Any, first: list[str], second: list[str]) -> Any:
    return tokenizer(
        first,
        second,
        truncation="only_second",
        max_length=MOST_TOKENS,
        padding=True,
        return_offsets_mapping=True,
        return_tensors="pt",
    )
