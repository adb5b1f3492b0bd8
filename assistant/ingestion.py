"""One file into the library: recognised, loaded, compared, embedded, stored. The index is brought up to date after it.

Vectors are kept as they are made, and the document is stored last and at once. So a kill at any point leaves the
library as it was, and the next attempt goes on where this one ended.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from assistant.keeping import Keeping
from index.courtesy import Courtesy
from index.texts import passage_text
from knowledge.errors import SourceError, UnreadableSource
from knowledge.loading_process import LoadingCancelled, LoadingProcess
from knowledge.sources import Incoming, find_similar, prepare, recognise, set_apart

Tell = Callable[[str, int, int], None]
"""Called with a stage ("reading", "vectors"), how much of it is done, and how much there is (0: unknown)."""

_BLOCK = 1 << 20


@dataclass(frozen=True)
class Outcome:
    """What became of one file.

    ``status`` is "added", "changed", "unchanged", "similar" (nothing is stored yet: the person chooses), "refused"
    (with the ``error``) or "cancelled". ``document_id`` and ``title`` name the document, for a similar one the other
    document, which shares ``share`` (0 to 1) with it and may be replaced by it if it is ``replaceable``: the person's.
    """

    status: str
    document_id: str = ""
    title: str = ""
    error: Exception | None = None
    share: float = 0.0
    replaceable: bool = False


@dataclass(frozen=True)
class Ingestion:
    """What takes files in; `ingest` may be called for one file after another."""

    keeping: Keeping
    loading: LoadingProcess
    courtesy: Courtesy

    def ingest(
        self,
        incoming: Incoming,
        *,
        keep_similar: bool = False,
        tell: Tell = lambda stage, done, total: None,  # noqa: ARG005
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Outcome:
        """Take one file in and return what became of it; with ``keep_similar`` another version of a text is welcome."""
        try:
            return self._ingest(incoming, keep_similar=keep_similar, tell=tell, cancelled=cancelled)
        except LoadingCancelled:
            return Outcome("cancelled")
        except SourceError as error:
            return Outcome("refused", error=error)

    def _ingest(self, incoming: Incoming, *, keep_similar: bool, tell: Tell, cancelled: Callable[[], bool]) -> Outcome:
        library, chunking = self.keeping.library, self.keeping.chunking
        file = hash_of(incoming.path, incoming.origin)
        same = recognise(library.marks(incoming.owner, file=file, origin=incoming.origin), incoming, file, chunking)
        if same:
            return Outcome("unchanged", same.document_id, same.title)
        tell("reading", 0, 0)
        loaded = self.loading.load(
            incoming.path,
            incoming.origin,
            suffix=incoming.suffix,
            report=lambda done, total: tell("reading", done, total),
            cancelled=cancelled,
        )
        incoming = set_apart(library, incoming, loaded)
        similar = None if keep_similar else find_similar(library, incoming, loaded)
        if similar and similar.mark.digest != loaded.digest:
            own = similar.mark.owner == incoming.owner and not similar.mark.is_study_text
            return Outcome(
                "similar", similar.mark.document_id, similar.mark.title, share=similar.share, replaceable=own
            )
        prepared = prepare(library, incoming, loaded, file=file, chunking=chunking)
        if prepared.status != "unchanged":
            texts = [passage_text(prepared.document, passage) for passage in prepared.passages]
            self.keeping.embeddings.warm(texts, progress=self._between(tell, cancelled, incoming.origin))
            if cancelled():
                raise LoadingCancelled(incoming.origin)
            self.keeping.store(prepared, incoming.path, file)
        return Outcome(prepared.status, prepared.document.id, prepared.document.title)

    def _between(self, tell: Tell, cancelled: Callable[[], bool], origin: str) -> Callable[[int, int], None]:
        def between(done: int, total: int) -> None:
            tell("vectors", done, total)
            if cancelled():
                raise LoadingCancelled(origin)
            self.courtesy.stand_aside()

        return between


def hash_of(path: Path, origin: str) -> str:
    """Return the SHA-256 of a file, read in pieces; UnreadableSource when the system does not let it be read."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
    except OSError as error:
        raise UnreadableSource(origin, reason=error.strerror or str(error)) from error
    return digest.hexdigest()
