"""Logins: one file says who may log in, and holds no password."""

import stat
from pathlib import Path

import pytest

from assistant.logins import BadLogin, Logins
from assistant.opening import open_workplace
from tests.command_line import run_command, settings_of_nobody


@pytest.fixture
def logins(tmp_path: Path) -> Logins:
    return Logins(tmp_path / "home" / "logins")


def test_nobody_may_log_in_where_there_is_no_file(logins: Logins) -> None:
    assert logins.names() == ()
    assert not logins.accept("sari", "")
    assert not logins.remove("sari")


def test_the_password_of_a_name_is_accepted_and_no_other(logins: Logins) -> None:
    logins.put("sari", "rahasia: laut 7")
    logins.put("budi", "lain")
    assert logins.accept("sari", "rahasia: laut 7")
    assert not any(logins.accept(*pair) for pair in (("sari", "lain"), ("sari", ""), ("Sari", "lain"), ("nn", "x")))
    logins.put("sari", "baru")
    assert (logins.accept("sari", "baru"), logins.accept("sari", "rahasia: laut 7")) == (True, False)
    assert logins.names() == ("sari", "budi")
    assert logins.remove("sari")
    assert not logins.accept("sari", "baru")
    assert logins.accept("budi", "lain")


def test_the_file_is_its_owners_and_tells_no_password(logins: Logins) -> None:
    for name in ("sari", "budi"):
        logins.put(name, "sama-sama")
    content = logins.path.read_text(encoding="utf-8")
    assert "sama-sama" not in content
    kept = [line.split(":", 1)[1] for line in content.splitlines()]
    assert kept[0] != kept[1], "equal passwords do not look equal"
    assert stat.S_IMODE(logins.path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("name", "password", "said"),
    [("", "x", "name"), ("a:b", "x", "name"), ("a\nb", "x", "name"), ("sari", "", "password")],
)
def test_what_cannot_be_kept_is_refused(logins: Logins, name: str, password: str, said: str) -> None:
    with pytest.raises(BadLogin, match=said):
        logins.put(name, password)
    assert logins.names() == ()


def test_the_command_line_adds_lists_and_removes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings_of_nobody(monkeypatch, tmp_path)
    added = run_command(["users", "add", "sari", "--password", "rahasia"], open_workplace, capsys)
    assert (added.code, "sari" in added.out, "rahasia" in added.out + added.err) == (0, True, False)
    assert run_command(["users", "list", "--json"], open_workplace, capsys).out.split() == ["[", '"sari"', "]"]
    assert run_command(["users", "add", "a b", "--password", "x"], open_workplace, capsys).code == 1
    assert run_command(["users", "remove", "sari"], open_workplace, capsys).code == 0
    unknown = run_command(["users", "remove", "sari"], open_workplace, capsys)
    assert (unknown.code, "sari" in unknown.err) == (1, True)
