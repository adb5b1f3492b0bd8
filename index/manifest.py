"""The manifest: how an index was built. A mismatch is refused with the command that mends it."""

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from index.errors import IndexingError
from knowledge.documents import content_id

_NAME = "manifest.json"


class IndexMismatch(IndexingError):
    """The index on disk was built in another way than the one that is configured."""

    def __init__(self, field_name: str, built: str, configured: str) -> None:
        self.field_name, self.built, self.configured = field_name, built, configured
        super().__init__(
            f"The index was built with {field_name} {built!r}, but {configured!r} is configured. "
            "Run `tanya index build` to rebuild it, or restore the setting."
        )


@dataclass(frozen=True)
class Manifest:
    """How an index was built: what must agree before it may be searched, and what it holds.

    ``passages_digest`` comes from the ids of all passages, so it changes whenever the content does;
    ``build`` changes with every build, so that whoever has the index open notices a rebuild of the same content.
    ``words`` is the version of the tokens in the keyword index, which is made anew without asking when it differs;
    ``versions`` records libraries for the reader; a difference there is not refused.
    """

    model: str
    dimension: int
    chunking: str
    texts: str
    words: str = ""
    passages: int = 0
    sentences: int = 0
    passages_digest: str = ""
    build: str = ""
    versions: dict[str, str] = field(default_factory=dict)

    def refuse_mismatch(self, configured: "Manifest") -> None:
        """Raise IndexMismatch if an index built so cannot serve what is configured."""
        for name in ("model", "dimension", "chunking", "texts"):
            built, wanted = getattr(self, name), getattr(configured, name)
            if built != wanted:
                raise IndexMismatch(name, str(built), str(wanted))


def digest_of(passage_ids: Iterable[str]) -> str:
    """Return a digest of a set of passage ids, whatever their order."""
    return content_id(*sorted(passage_ids))


def read_manifest(folder: Path) -> Manifest | None:
    """Return the manifest of an index folder; None when there is none, or none that can be read (then rebuild)."""
    try:
        return Manifest(**json.loads((folder / _NAME).read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest in one step: a reader sees the old one or the new one, never a part."""
    folder.mkdir(parents=True, exist_ok=True)
    partial = folder / (_NAME + ".partial")
    partial.write_text(json.dumps(asdict(manifest), indent=2, ensure_ascii=False), encoding="utf-8")
    os.replace(partial, folder / _NAME)
