"""What every loader is given besides the bytes: limits, and whom to tell how far it is."""

from collections.abc import Callable
from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict, Field

from knowledge.documents import Document

Report = Callable[[int, int], None]
"""Called with the pages (or chapters) read and their number; it may raise to stop the reading."""


class SourceLimits(BaseModel):
    """What a source may be at most. Every limit can be set: ``TANYA_SOURCES__MOST_PAGES`` and so on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    most_megabytes: int = Field(default=100, ge=1, description="size of a file, or of a web page")
    most_pages: int = Field(default=3000, ge=1, description="pages of a PDF")
    most_words: int = Field(default=2_000_000, ge=1, description="words of the text of one source")
    most_unpacked_megabytes: int = Field(default=400, ge=1, description="what a ZIP, DOCX or EPUB holds when opened")
    most_files: int = Field(default=2000, ge=1, description="files of one folder, ZIP or upload")
    most_seconds: int = Field(default=600, ge=1, description="time for reading one file")
    reader_megabytes: int = Field(default=1200, ge=200, description="memory of the process that reads files")


@dataclass(frozen=True)
class Reading:
    """The circumstances of one reading."""

    limits: SourceLimits = field(default_factory=SourceLimits)
    report: Report = lambda done, total: None  # noqa: ARG005


DEFAULT_READING = Reading()

Loader = Callable[[bytes, str, Reading], Document]
"""Bytes, origin ("file:/data/tesis.pdf") and circumstances to a Document; raises SourceError only."""
