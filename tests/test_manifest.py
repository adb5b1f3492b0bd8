"""The manifest: read as written, refused when it does not fit, forgiven when it cannot be read."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.manifest import IndexMismatch, Manifest, digest_of, read_manifest, write_manifest

MANIFEST = Manifest("e5", 384, "c1", "1", words="1", passages=3, passages_digest="d", versions={"bm25s": "0.3"})


def test_what_is_written_is_read(tmp_path: Path) -> None:
    write_manifest(tmp_path / "new" / "index", MANIFEST)
    assert read_manifest(tmp_path / "new" / "index") == MANIFEST
    later = replace(MANIFEST, passages=4, model="é5 — ş")
    write_manifest(tmp_path / "new" / "index", later)
    assert read_manifest(tmp_path / "new" / "index") == later
    assert [path.name for path in (tmp_path / "new" / "index").iterdir()] == ["manifest.json"]


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff\xfe\x00", b"[]", b"null", b"3", b'{"model": "e5"}', b'{"unknown": 1}', b"\x00" * 9]
)
def test_what_cannot_be_read_counts_as_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "manifest.json").write_bytes(content)
    assert read_manifest(tmp_path) is None


def test_no_manifest_is_none(tmp_path: Path) -> None:
    assert read_manifest(tmp_path) is None
    assert read_manifest(tmp_path / "absent") is None


@pytest.mark.parametrize(
    ("field_name", "value"), [("model", "other"), ("dimension", 64), ("chunking", "c2"), ("texts", "2")]
)
def test_what_decides_the_vectors_must_agree(field_name: str, value: str | int) -> None:
    with pytest.raises(IndexMismatch, match="tanya index build") as caught:
        MANIFEST.refuse_mismatch(replace(MANIFEST, **{field_name: value}))
    assert (caught.value.field_name, caught.value.configured) == (field_name, str(value))
    assert caught.value.built == str(getattr(MANIFEST, field_name))


@pytest.mark.parametrize("change", [{"passages": 9}, {"versions": {}}, {"words": "2"}, {"passages_digest": "x"}])
def test_contents_and_versions_are_not_refused(change: dict[str, object]) -> None:
    MANIFEST.refuse_mismatch(replace(MANIFEST, **change))


@given(st.sets(st.text(max_size=6)), st.sets(st.text(max_size=6)))
def test_the_digest_names_the_set(one: set[str], other: set[str]) -> None:
    assert digest_of(sorted(one)) == digest_of(sorted(one, reverse=True))
    assert (digest_of(one) == digest_of(other)) == (one == other)
