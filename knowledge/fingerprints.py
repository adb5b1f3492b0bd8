"""Fingerprints: what tells that a source, or the way it is cut into passages, has changed."""

import hashlib

from knowledge.chunking import CHUNKING_VERSION, ChunkingSettings
from knowledge.documents import content_id

LOADING_VERSION = "1"
"""Raise it when a loader gives another canonical text for the same bytes."""

_ROWS_VERSION = "2"  # raise it when the store keeps something new of a document: every document is stored anew then


def chunking_signature(settings: ChunkingSettings) -> str:
    """Return what decides how a text is cut into passages, as 16 hexadecimal digits."""
    return content_id(str(CHUNKING_VERSION), LOADING_VERSION, settings.model_dump_json())


def cutting_signature(settings: ChunkingSettings) -> str:
    """Return the second half of a fingerprint: how a document was cut and stored."""
    return f"{chunking_signature(settings)}.{_ROWS_VERSION}"


def fingerprint(data: bytes, settings: ChunkingSettings) -> str:
    """Return the fingerprint of a source: the hash of its bytes, and how it is cut and stored."""
    return f"{file_hash(data)[:40]}-{cutting_signature(settings)}"


def file_hash(data: bytes) -> str:
    """Return the SHA-256 of some bytes in hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()
