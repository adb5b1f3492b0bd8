"""The study texts of a folder as one collection: texts sentence by sentence, references, timeline and term map.

It is read for the checks and the generated pages; the library reads the same files for answering.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from knowledge.anticipated import ANTICIPATED_FOLDER, Anticipation, read_anticipations
from knowledge.chunking import split_passages
from knowledge.documents import STUDY_TEXT_PREFIX, Document, Reference
from knowledge.errors import BadCollectionFile, KnowledgeError
from knowledge.glossary import Term, read_glossary
from knowledge.loaders import load
from knowledge.loaders.front_matter import FrontMatter, read_front_matter
from knowledge.loaders.plain_text import read_text
from knowledge.references import read_references
from knowledge.sentences import is_table_row, starts_list_item
from knowledge.timeline import TIMELINE_FILE, Event, load_timeline
from knowledge.yaml_records import parse_yaml, texts_of

EXCEPTIONS_FILE = "exceptions.yaml"
REFERENCES_FILE = "references.bib"
GLOSSARY_FILE = "glossary.yaml"

_T = TypeVar("_T")
_CITATION = re.compile(r"\[[^\[\]]*@[^\[\]]*\]")
_WORD = re.compile(r"\w+")
_LINK = re.compile(r"\]\(\s*<?([^)\s>]*)|<(\w+:[^>\s]*)>|(?<![(<\w])(https?:[^\s)>\]]*)")
_PROBE = 5  # so many words of a sentence are looked for in the file, to tell its line


@dataclass(frozen=True)
class StudySentence:
    """A sentence of a study text, the line of the file where it begins, and the keys cited in it.

    ``introduction`` holds, for a table row and a list item, the keys of the sentence that introduces the block.
    """

    text: str
    line: int
    keys: tuple[str, ...] = ()
    introduction: tuple[str, ...] = ()

    @property
    def is_row(self) -> bool:
        """Say whether it is a row of a table and so no sentence in the sense of grammar."""
        return is_table_row(self.text)


@dataclass(frozen=True)
class StudyText:
    """One study text: the name of its file without suffix, its front matter, document, sentences and web links."""

    name: str
    front: FrontMatter
    document: Document
    sentences: tuple[StudySentence, ...]
    links: tuple[str, ...] = ()

    @property
    def words(self) -> int:
        """Count the words of the text, headings included, citations and front matter not."""
        return len(self.document.text.split())


@dataclass(frozen=True)
class Exceptions:
    """What the checks let pass: phrases of remarks on sources, names with figures, and sentences by rule."""

    remarks: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    allowed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Collection:
    """All that a folder holds; ``faults`` are the files that could not be read, with the reason.

    ``anticipations`` are those of each text, by its name.
    """

    texts: tuple[StudyText, ...] = ()
    references: Mapping[str, Reference] = field(default_factory=dict)
    events: tuple[Event, ...] = ()
    anticipations: Mapping[str, tuple[Anticipation, ...]] = field(default_factory=dict)
    terms: tuple[Term, ...] = ()
    exceptions: Exceptions = field(default_factory=Exceptions)
    faults: tuple[tuple[str, str], ...] = ()

    @property
    def slugs(self) -> frozenset[str]:
        """The names of the texts."""
        return frozenset(text.name for text in self.texts)

    @property
    def lacks_references(self) -> bool:
        """Say whether the references could not be read, so that nothing can be said about keys."""
        return any(name == REFERENCES_FILE for name, _ in self.faults)


def read_collection(folder: Path) -> Collection:
    """Return what a folder of study texts holds; a file that is missing is empty, one that is faulty is a fault."""
    faults: list[tuple[str, str]] = []

    def attempt(name: str, read: Callable[[Path], _T], otherwise: _T) -> _T:
        path = folder / name
        try:
            return read(path) if path.is_file() else otherwise
        except KnowledgeError as error:
            faults.append((name, str(error)))
            return otherwise

    asked = sorted((folder / ANTICIPATED_FOLDER).glob("*.jsonl"))
    texts = [attempt(path.name, read_study_text, None) for path in sorted(folder.glob("*.md"))]
    return Collection(
        texts=tuple(text for text in texts if text),
        references=attempt(REFERENCES_FILE, _references, {}),
        anticipations={path.stem: attempt(f"{ANTICIPATED_FOLDER}/{path.name}", _anticipations, ()) for path in asked},
        events=attempt(TIMELINE_FILE, lambda path: load_timeline(path.parent), ()),
        terms=attempt(GLOSSARY_FILE, lambda path: read_glossary(path.read_text(encoding="utf-8")), ()),
        exceptions=attempt(EXCEPTIONS_FILE, _exceptions, Exceptions()),
        faults=tuple(faults),
    )


def read_study_text(path: Path) -> StudyText:
    """Return one study text; raises SourceError where it cannot be read."""
    data, origin = path.read_bytes(), STUDY_TEXT_PREFIX + path.name
    document = load(data, origin, suffix=path.suffix)
    source = read_text(data, origin)
    front, body = read_front_matter(source, origin)
    above = source[: len(source) - len(body)].count("\n")
    links = tuple(next(part for part in match.groups() if part is not None) for match in _LINK.finditer(body))
    return StudyText(path.stem, front, document, tuple(_sentences(document, body, above)), links)


def _sentences(document: Document, body: str, above: int) -> Iterator[StudySentence]:
    """Yield the sentences as the index has them; ``above`` counts the lines of the front matter."""
    passages = split_passages(document)
    spans = [(passage.heading_path, each.start, each.end) for passage in passages for each in passage.sentences]
    lines = _lines(body, [document.text[start:end] for _, start, end in spans])
    heading: tuple[str, ...] = ()
    introduction: tuple[str, ...] = ()
    for (path, start, end), line in zip(spans, lines, strict=True):
        text = document.text[start:end]
        keys = tuple(key for each in document.mentions if start < each.position <= end for key in each.keys)
        in_block = is_table_row(text) or starts_list_item(text)
        if path != heading or not in_block:
            heading, introduction = path, () if in_block else keys
        yield StudySentence(text, above + line, keys, introduction if in_block else ())


def _lines(body: str, sentences: Iterable[str]) -> Iterator[int]:
    """Yield the line of the body, from 1, where each sentence begins: where its first words stand next in order."""
    plain = _CITATION.sub(lambda match: "\n" * match.group().count("\n"), body)
    words = [(word, number) for number, line in enumerate(plain.split("\n"), 1) for word in _WORD.findall(line)]
    position = 0
    for sentence in sentences:
        probe = _WORD.findall(sentence)[:_PROBE]
        found = range(position, len(words) - len(probe) + 1)
        position = next((at for at in found if [word for word, _ in words[at : at + len(probe)]] == probe), position)
        yield words[position][1] if words else 1


def _references(path: Path) -> dict[str, Reference]:
    return read_references(path.read_text(encoding="utf-8"))


def _anticipations(path: Path) -> tuple[Anticipation, ...]:
    return read_anticipations(path.read_text(encoding="utf-8"), f"{ANTICIPATED_FOLDER}/{path.name}")


def _exceptions(path: Path) -> Exceptions:
    value = parse_yaml(path.read_text(encoding="utf-8"), path.name)
    if not isinstance(value, dict) or not {"remarks", "names", "allowed"} >= set(value):
        raise BadCollectionFile(path.name, detail='it may hold "remarks", "names" and "allowed" only')
    allowed = value.get("allowed") or {}
    if not isinstance(allowed, dict):
        raise BadCollectionFile(path.name, detail='"allowed" must be lists of sentences by rule')
    return Exceptions(
        remarks=texts_of(value, "remarks", path.name),
        names=texts_of(value, "names", path.name),
        allowed={str(rule): texts_of(allowed, rule, path.name) for rule in allowed},
    )
