"""The folder where the bytes lie that people have handed in, until they are taken in."""

import shutil
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class IncomingFolder:
    """Files and folders whose names begin with the id of their item."""

    root: Path

    def path(self, item_id: str, ending: str = "") -> Path:
        """Return where something of an item lies; the folder itself is made if it is not there."""
        self.root.mkdir(parents=True, exist_ok=True)
        return self.root / f"{item_id}{ending}"

    def sweep(self, kept: Collection[str]) -> None:
        """Remove all but the paths ``kept``: halves of uploads, and what belongs to nobody's item."""
        for stray in self.root.glob("*"):
            if str(stray) not in kept:
                _remove(stray)

    def drop(self, item_id: str) -> None:
        """Remove all that lies there of an item."""
        for left in self.root.glob(f"{item_id}*"):
            _remove(left)


def _remove(path: Path) -> None:
    shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
