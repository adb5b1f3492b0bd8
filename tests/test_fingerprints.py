"""Fingerprints tell every change of bytes and of cutting, and nothing else."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from knowledge import store
from knowledge.chunking import ChunkingSettings
from knowledge.fingerprints import chunking_signature, cutting_signature, file_hash, fingerprint

WIDE = ChunkingSettings()
NARROW = ChunkingSettings(target_words=5, min_words=1, max_words=6)


def test_the_signature_names_the_settings() -> None:
    assert chunking_signature(WIDE) == chunking_signature(ChunkingSettings()) != chunking_signature(NARROW)
    assert cutting_signature(WIDE) == cutting_signature(ChunkingSettings()) != cutting_signature(NARROW)


@given(st.binary(max_size=50), st.binary(max_size=50))
def test_other_bytes_or_another_cutting_have_another_fingerprint(one: bytes, other: bytes) -> None:
    assert (fingerprint(one, WIDE) == fingerprint(other, WIDE)) == (one == other)
    assert fingerprint(one, WIDE) != fingerprint(one, NARROW)


def test_its_halves_are_the_file_and_the_cutting() -> None:
    file, cutting = fingerprint(b"isi", WIDE).split("-")
    assert file_hash(b"isi") == hashlib.sha256(b"isi").hexdigest()
    assert file_hash(b"isi").startswith(file)
    assert cutting == cutting_signature(WIDE)


def test_it_fits_its_column() -> None:
    assert len(fingerprint(b"isi", WIDE)) <= store.documents.c.fingerprint.type.length
    assert len(file_hash(b"isi")) <= store.documents.c.file.type.length
