"""Every error that this package raises on purpose.

    KnowledgeError
    ├── SourceError               a file could not become a document        .origin
    │   ├── SourceNotFound        there is no such file
    │   ├── UnsupportedFormat     no loader for this kind of file           .suffix .supported
    │   ├── UnreadableSource      the bytes are not what the suffix says    .reason
    │   ├── EmptySource           there is no text in it
    │   ├── NoTextLayer           a PDF of pictures                         .pages
    │   ├── LockedSource          it opens only with a password
    │   ├── TooLarge              it exceeds a limit of the settings        .what .limit .key
    │   ├── CannotFetch           a web address gave no text                .reason .detail
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


UNREADABLE = {
    "binary": "the file holds binary data, not text",
    "is_pdf": "this is a PDF file",
    "is_zip": "this is a ZIP, DOCX or EPUB file",
    "is_old_office": "this is an old Word, Excel or PowerPoint file",
    "is_picture": "this is a picture",
    "is_archive": "this is an archive of a kind that cannot be read",
    "is_rtf": "this is an RTF file",
    "not_pdf": "this is no PDF file",
    "not_docx": "this is no Word document (.docx)",
    "not_epub": "this is no EPUB book",
    "not_zip": "this is no ZIP archive",
    "damaged": "the file is damaged or cut off",
    "entities": "it declares XML entities, which can exhaust the memory",
    "nested": "it is an archive inside an archive",
    "unsafe_name": "its name leads out of the archive",
    "crashed": "reading it made the reader crash",
    "too_slow": "reading it takes too long",
    "too_hungry": "reading it takes too much memory",
}
"""What can be wrong with the bytes of a source: the codes of ``UnreadableSource.reason``, in English words."""


class UnreadableSource(SourceError):
    """The bytes cannot be read; ``reason`` is a code of UNREADABLE, or what the system said."""

    def __init__(self, origin: str, *, reason: str) -> None:
        words = UNREADABLE.get(reason, reason)
        super().__init__(f"{origin}: {words}. Check that the file opens elsewhere, then save it again.", origin=origin)
        self.reason = reason


class EmptySource(SourceError):
    """The source holds no text."""

    def __init__(self, origin: str) -> None:
        super().__init__(f"{origin}: there is no text in it. Add text, or leave the file out.", origin=origin)


class NoTextLayer(SourceError):
    """A PDF whose ``pages`` are pictures without text."""

    def __init__(self, origin: str, *, pages: int) -> None:
        super().__init__(
            f"{origin}: none of its {pages} pages holds text. Recognise its text (OCR) first.", origin=origin
        )
        self.pages = pages


class LockedSource(SourceError):
    """The source is encrypted and opens only with a password."""

    def __init__(self, origin: str) -> None:
        super().__init__(f"{origin}: it is locked with a password. Save a copy without one.", origin=origin)


class TooLarge(SourceError):
    """The source exceeds a limit: ``what`` ("megabytes", "pages", "words", "unpacked", "files"), and its ``key``."""

    def __init__(self, origin: str, *, what: str, limit: int, key: str) -> None:
        super().__init__(f"{origin}: more than {limit} {what}. Split it, or raise {key}.", origin=origin)
        self.what, self.limit, self.key = what, limit, key


UNFETCHED = {
    "scheme": "only addresses that begin with http:// or https:// can be fetched",
    "malformed": "this is no complete web address",
    "private": "the address leads into a private network or to this machine",
    "unresolved": "no server of that name was found",
    "unreachable": "the server cannot be reached",
    "slow": "the server takes too long",
    "redirects": "the address leads on too many times",
    "status": "the server refused",
    "kind": "what lies there is of a kind that cannot be read",
}
"""Why a web address gave nothing: the codes of ``CannotFetch.reason``, in English words."""


class CannotFetch(SourceError):
    """A web address gave no source; ``reason`` is a code of UNFETCHED, ``detail`` what the server said ("404")."""

    def __init__(self, origin: str, *, reason: str, detail: str = "") -> None:
        evidence = f" ({detail})" if detail else ""
        super().__init__(f"{origin}: {UNFETCHED[reason]}{evidence}. Open the address in a browser.", origin=origin)
        self.reason, self.detail = reason, detail


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
