"""Files, folders, archives and web addresses named on the command line, into the library one after another."""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from os.path import isfile
from pathlib import Path

from assistant.ingestion import Ingestion, Outcome
from assistant.opening import Workplace
from knowledge.archives import ARCHIVE_SUFFIX, Unpacked, unpack
from knowledge.errors import SourceError, TooLarge
from knowledge.loading_process import LoadingProcess
from knowledge.sources import WEB_PREFIX, Incoming, files_to_add, local_file, refuse_too_large
from knowledge.web.pages import fetch_page

Tell = Callable[[str, str, int, int], None]
"""Called with a name, a stage ("fetching", "reading", "vectors", "done"), how much is done, and of how much."""

_SCHEMES = ("http://", "https://", "www.")


@dataclass(frozen=True)
class Added:
    """What became of one file or address; ``origin`` is what was named, or a file in it."""

    origin: str
    outcome: Outcome


def add_all(
    workplace: Workplace, places: Iterable[str], *, choose: Callable[[Added], str], tell: Tell
) -> Iterator[Added]:
    """Yield what becomes of each file, in order; the index is not touched.

    ``choose`` says what happens to another version of a text: "keep", "replace" or "skip".
    """
    with LoadingProcess(workplace.settings.sources) as loading, tempfile.TemporaryDirectory() as folder:
        ingestion = workplace.ingestion(loading)
        for name, found in _incoming(workplace, places, Path(folder), tell):
            if isinstance(found, SourceError):
                yield Added(name, Outcome("refused", error=found))
                continue
            yield _add(ingestion, name, found, choose, tell)
            tell(name, "done", 1, 1)


def _add(ingestion: Ingestion, name: str, incoming: Incoming, choose: Callable[[Added], str], tell: Tell) -> Added:
    def told(stage: str, done: int, total: int) -> None:
        tell(name, stage, done, total)

    added = Added(name, ingestion.ingest(incoming, tell=told))
    if added.outcome.status != "similar":
        return added
    chosen = choose(added)
    if chosen == "keep":
        return Added(name, ingestion.ingest(incoming, keep_similar=True, tell=told))
    if chosen == "replace":
        return Added(name, ingestion.ingest(replace(incoming, in_place_of=added.outcome.document_id), tell=told))
    return added


def _incoming(
    workplace: Workplace, places: Iterable[str], folder: Path, tell: Tell
) -> Iterator[tuple[str, Incoming | SourceError]]:
    limits = workplace.settings.sources
    for place in places:
        if place.lower().startswith(_SCHEMES):
            yield place, _attempt(lambda place=place: _fetched(workplace, place, folder, tell))  # type: ignore[misc]
            continue
        paths = list(files_to_add([Path(place)]))
        if len(paths) > limits.most_files:
            yield place, TooLarge(place, what="files", limit=limits.most_files, key="TANYA_SOURCES__MOST_FILES")
            continue
        for path in paths:
            if path.suffix.lower() == ARCHIVE_SUFFIX and isfile(path):  # raises nothing for odd names
                yield from _unpacked(workplace, path, folder)
            else:
                yield str(path), _attempt(lambda path=path: local_file(path, limits))  # type: ignore[misc]


def _attempt(make: Callable[[], Incoming]) -> Incoming | SourceError:
    try:
        return make()
    except SourceError as error:
        return error


def _fetched(workplace: Workplace, url: str, folder: Path, tell: Tell) -> Incoming:
    tell(url, "fetching", 0, 0)
    page = fetch_page(url, workplace.settings.fetch, report=lambda done, total: tell(url, "fetching", done, total))
    path = folder / f"page{page.suffix}"
    path.write_bytes(page.data)
    return Incoming(path, f"{WEB_PREFIX}/{url}", page.suffix, url=page.url, accessed=page.accessed)


def _unpacked(workplace: Workplace, path: Path, folder: Path) -> Iterator[tuple[str, Incoming | SourceError]]:
    limits, archive = workplace.settings.sources, path.resolve()
    try:
        refuse_too_large(str(path), archive.stat().st_size, limits)
        with tempfile.TemporaryDirectory(dir=folder) as into:
            for found in unpack(archive, str(path), Path(into), limits):
                if isinstance(found, Unpacked):
                    name = f"{archive}/{found.name}"
                    yield name, Incoming(found.path, f"file:{name}", found.path.suffix)
                else:
                    yield found.origin, found
    except SourceError as error:
        yield str(path), error
