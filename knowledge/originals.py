"""The original files of the user's sources, kept once each under the hash of their bytes."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Originals:
    """The folder of the originals: ``ab/abcd….pdf`` for the SHA-256 ``abcd…``."""

    folder: Path

    def path(self, file: str, suffix: str) -> Path:
        """Return where the original with a SHA-256 lies, whether it is there or not."""
        return self.folder / file[:2] / f"{file}{suffix}"

    def keep(self, source: Path, file: str, suffix: str) -> None:
        """Keep a copy of a file; a kill leaves the whole copy or none."""
        target = self.path(file, suffix)
        if target.is_file():
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(f"{target.name}.{os.getpid()}.partial")
        shutil.copyfile(source, partial)
        os.replace(partial, target)

    def forget(self, file: str, suffix: str) -> None:
        """Remove an original; one that is not there is no error."""
        target = self.path(file, suffix)
        target.unlink(missing_ok=True)
        if target.parent.is_dir() and not any(target.parent.iterdir()):
            target.parent.rmdir()

    def sweep(self) -> None:
        """Remove the halves of copies that a kill has left; only while nobody is copying."""
        for partial in self.folder.glob("*/*.partial"):
            partial.unlink(missing_ok=True)
