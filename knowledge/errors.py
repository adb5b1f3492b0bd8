"""Every error that this package raises on purpose.

    KnowledgeError
    ├── SourceError               a file could not become a document        .origin
    │   ├── SourceNotFound        there is no such file
    │   ├── UnsupportedFormat     no loader for this kind of file           .suffix .supported
    │   ├── UnreadableSource      the bytes are not what the suffix says    .reason
    │   ├── EmptySource           there is no text in it
    │   └── BadFrontMatter        the YAML block cannot be used             .detail .line
    ├── BadReferences             a BibTeX file cannot be read              .origin .detail
    │   └── DuplicateReference    two records with one key                  .key
    ├── BadCollectionFile         a YAML file of the collection is faulty   .origin .detail
    ├── UnknownReference          a citation key without a record           .key .known
    ├── StoreUnavailable          the relational store cannot be opened         .reason
    └── UnknownDocument           no such document in the catalogue         .name

A message says in English what happened and what mends it. Whoever speaks another language to a person
translates by class and attributes and never by message.
"""


class KnowledgeError(Exception):
    """The root of the tree."""


class SourceError(KnowledgeError):
    """A source could not become a document; ``origin`` says which ("file:/data/tesis.txt")."""

    def __init__(self, message: str, *, origin: str) -> None:
        super().__init__(message)
        self.origin = origin


class SourceNotFound(SourceError):
    """There is no file at the path that was given."""

    def __init__(self, origin: str) -> None:
        super().__init__(f"{origin}: there is no such file. Check the path.", origin=origin)


class UnsupportedFormat(SourceError):
    """No loader is known for the suffix; ``supported`` lists the suffixes that have one."""

    def __init__(self, origin: str, *, suffix: str, supported: tuple[str, ...]) -> None:
        kind = f'files ending in "{suffix}"' if suffix else "files without a suffix"
        super().__init__(
            f"{origin}: cannot read {kind}. Convert it to one of: {', '.join(supported)}.",
            origin=origin,
        )
        self.suffix = suffix
        self.supported = supported


class UnreadableSource(SourceError):
    """The bytes cannot be read as text; ``reason`` is the evidence, in a few English words."""

    def __init__(self, origin: str, *, reason: str) -> None:
        super().__init__(f"{origin}: {reason}. Check that the file opens elsewhere, then save it again.", origin=origin)
        self.reason = reason


class EmptySource(SourceError):
    """The source holds no text."""

    def __init__(self, origin: str) -> None:
        super().__init__(f"{origin}: there is no text in it. Add text, or leave the file out.", origin=origin)


class BadFrontMatter(SourceError):
    """The YAML block at the top cannot be used; ``line`` counts from 1 in the file, None when not known."""

    def __init__(self, origin: str, *, detail: str, line: int | None = None) -> None:
        place = f"{origin}, line {line}" if line else origin
        super().__init__(f"{place}: the front matter cannot be used: {detail}. Mend the YAML block.", origin=origin)
        self.detail = detail
        self.line = line


class BadReferences(KnowledgeError):
    """A BibTeX file cannot be read; ``detail`` is what the parser found."""

    def __init__(self, origin: str, *, detail: str) -> None:
        super().__init__(f"{origin}: the references cannot be read: {detail}. Mend that record.")
        self.origin = origin
        self.detail = detail


class DuplicateReference(BadReferences):
    """Two records of one BibTeX file share the citation key ``key``."""

    def __init__(self, origin: str, *, key: str) -> None:
        super().__init__(origin, detail=f'two records have the key "{key}"')
        self.key = key


class BadCollectionFile(KnowledgeError):
    """A YAML file beside the study texts (timeline, glossary, exceptions) cannot be used; ``detail`` says why."""

    def __init__(self, origin: str, *, detail: str) -> None:
        super().__init__(f"{origin} cannot be used: {detail}. Mend that record.")
        self.origin = origin
        self.detail = detail


class UnknownReference(KnowledgeError):
    """A text cites ``key``, and no record has it; ``known`` holds the keys most like it."""

    def __init__(self, key: str, *, known: tuple[str, ...] = ()) -> None:
        hint = f" Similar keys: {', '.join(known)}." if known else ""
        super().__init__(f'No reference has the key "{key}". Add the record, or correct the citation.{hint}')
        self.key = key
        self.known = known


class UnknownDocument(KnowledgeError):
    """No document of the catalogue has the id, slug or origin ``name``, or more than one id begins so."""

    def __init__(self, name: str) -> None:
        super().__init__(f'No single document answers to "{name}". List the sources to see their names.')
        self.name = name


class StoreUnavailable(KnowledgeError):
    """The relational store cannot be opened; ``reason`` is the evidence, in a few English words."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"The database cannot be opened: {reason}. Check TANYA_DATABASE_URL, or leave it unset.")
        self.reason = reason
