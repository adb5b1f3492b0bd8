"""The pieces of a model's tokenizer: opened once for all that use it, as it takes some 200 MB."""

from functools import cache
from pathlib import Path

from tokenizers import Encoding, Tokenizer


@cache
def open_tokenizer(folder: Path) -> Tokenizer:
    """Return the tokenizer of a model folder, without padding or truncation: callers share it and cut themselves."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def pieces_of(encoding: Encoding, most: int) -> list[int]:
    """Return the numbers of the pieces, at most ``most``: those in the middle stay, and the mark at the end."""
    ids: list[int] = encoding.ids
    return ids if len(ids) <= most else [*ids[: most - 1], ids[-1]]
