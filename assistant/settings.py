"""Settings: the sections of all packages in one frozen object, from the environment and a file.

Precedence: arguments, environment (``TANYA_PORT``, ``TANYA_EMBEDDING__MODEL``), ``TANYA_HOME/settings.toml``,
defaults. An unknown key is refused wherever it stands, so that a typing error never passes for a setting.
"""

import os
import tomllib
from pathlib import Path
from typing import Any, Literal

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from index.embedding import EmbeddingSettings
from index.retrieval import RetrievalSettings
from knowledge.chunking import ChunkingSettings
from knowledge.loaders.contract import SourceLimits
from knowledge.store import sqlite_url
from knowledge.web.pages import FetchSettings

PREFIX = "TANYA_"
LONGEST_QUESTION = 1000
"""Characters of a question; the longest of our test questions has fewer than 300."""


class SettingsError(Exception):
    """The settings cannot be used; the message names the key and what it takes."""


class AnsweringSettings(BaseModel):
    """How answers are made."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    read_passages: int = Field(default=12, ge=1, le=50, description="passages whose sentences are read and scored")
    context_passages: int = Field(default=8, ge=1, le=50, description="passages that are shown, best first")
    most_sentences: int = Field(default=5, ge=2, le=10, description="sentences of a quoted answer")
    most_words: int = Field(default=150, ge=30, le=1000, description="words of a quoted answer")


class Settings(BaseModel):
    """Everything that can be configured. ``home`` holds all that is kept."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    home: Path = Field(default_factory=lambda: Path(platformdirs.user_data_dir("tanya-diplomasi")))
    host: str = "127.0.0.1"
    port: int = Field(default=7860, ge=1, le=65535)
    language: Literal["id", "en"] = "id"
    database_url: str = ""
    login: bool = Field(default=False, description="whether people log in; `tanya users add NAME` lets them")
    chunking: ChunkingSettings = ChunkingSettings()
    embedding: EmbeddingSettings = EmbeddingSettings()
    retrieval: RetrievalSettings = RetrievalSettings()
    answering: AnsweringSettings = AnsweringSettings()
    sources: SourceLimits = SourceLimits()
    fetch: FetchSettings = FetchSettings()

    @field_validator("home")
    @classmethod
    def _absolute(cls, home: Path) -> Path:
        try:
            return home.expanduser().resolve()
        except RuntimeError as error:  # "~name" of nobody
            raise ValueError(str(error)) from error

    @property
    def logins_path(self) -> Path:
        """The file of those who may log in."""
        return self.home / "logins"

    @property
    def store_url(self) -> str:
        """The URL of the relational store: the configured one, else a SQLite file under ``home``."""
        return self.database_url or sqlite_url(self.home / "tanya.sqlite3")


def load_settings(environment: dict[str, str] | None = None, **overrides: str | int | Path | None) -> Settings:
    """Return the settings of this process; SettingsError names what cannot be used.

    ``environment`` defaults to ``os.environ``; ``overrides`` are top-level keys that win over everything,
    None meaning "not given".
    """
    variables = dict(os.environ) if environment is None else environment
    values = _from_environment(variables)
    given = {key: value for key, value in overrides.items() if value is not None}
    above = _merge(values, given)
    try:
        home = Settings.model_validate({"home": above["home"]} if "home" in above else {}).home
        return Settings.model_validate({"home": home, **_merge(_from_file(home / "settings.toml"), above)})
    except ValidationError as error:
        raise SettingsError(_explain(error)) from error


def _from_environment(variables: dict[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    # Backwards, so that a value for a whole section (TANYA_EMBEDDING) lies over its keys and is refused, not lost.
    for name, value in sorted(variables.items(), reverse=True):
        if name.startswith(PREFIX) and value != "":
            section, _, key = name.removeprefix(PREFIX).lower().partition("__")
            values = _merge(values, {section: {key: value}} if key else {section: value})
    return values


def _from_file(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is not valid TOML: {error}. Correct it or remove the file.") from error


def _merge(lower: dict[str, Any], upper: dict[str, Any]) -> dict[str, Any]:
    """Return ``lower`` overlaid by ``upper``, section by section."""
    merged = dict(lower)
    for key, value in upper.items():
        below = merged.get(key)
        merged[key] = _merge(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return merged


def _explain(error: ValidationError) -> str:
    lines = []
    for entry in error.errors():
        key = ".".join(str(part) for part in entry["loc"])
        hint = f" (known keys: {_known_keys(key)})" if entry["type"] == "extra_forbidden" else ""
        lines.append(f"{key}: {entry['msg']}{hint}")
    return "In the environment (TANYA_KEY, TANYA_SECTION__KEY) or settings.toml: " + "; ".join(lines) + "."


def _known_keys(key: str) -> str:
    """Return the names that exist beside an unknown key: those of its section, or the top-level ones."""
    section = Settings.model_fields.get(key.partition(".")[0]) if "." in key else None
    model = section.annotation if section else Settings
    return ", ".join(sorted(model.model_fields)) if isinstance(model, type) and issubclass(model, BaseModel) else ""
