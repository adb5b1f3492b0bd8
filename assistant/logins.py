"""Who may log in: names and hashed passwords in one file, for an installation that several people share.

A line is ``name:salt:hash``, both in hexadecimal digits; the hash is scrypt (RFC 7914) with N = 2^14, r = 8, p = 1, as
its section 2 advises for logging in.
"""

import hashlib
import hmac
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

_COST = {"n": 2**14, "r": 8, "p": 1, "dklen": 32}
_NAME = re.compile(r"[\w.@-]{1,60}")


class BadLogin(Exception):
    """A name or password that cannot be kept; the message says why."""


@dataclass(frozen=True)
class Logins:
    """The file of logins; one that is not there holds nobody."""

    path: Path

    def names(self) -> tuple[str, ...]:
        """Return who may log in, in the order of the file."""
        return tuple(self._lines())

    def put(self, name: str, password: str) -> None:
        """Let somebody log in, or give them another password. Raises BadLogin for an empty password or an odd name."""
        if not _NAME.fullmatch(name):
            raise BadLogin("name")
        if not password:
            raise BadLogin("password")
        salt = secrets.token_bytes(16)
        self._write(self._lines() | {name: f"{salt.hex()}:{_hash(password, salt).hex()}"})

    def remove(self, name: str) -> bool:
        """Let somebody log in no more; return whether they could before."""
        lines = self._lines()
        known = lines.pop(name, None) is not None
        if known:
            self._write(lines)
        return known

    def accept(self, name: str, password: str) -> bool:
        """Say whether a password is the one of a name; an unknown name takes as long as a known one."""
        salt, _, kept = self._lines().get(name, "00:").partition(":")
        made = _hash(password, bytes.fromhex(salt)).hex()
        return hmac.compare_digest(made, kept)

    def kept(self, name: str) -> str:
        """Return what is kept of somebody's password, which another password changes; "" for an unknown name."""
        return self._lines().get(name, "")

    def _lines(self) -> dict[str, str]:
        if not self.path.is_file():
            return {}
        lines = self.path.read_text(encoding="utf-8").splitlines()
        return dict(line.split(":", 1) for line in lines if line.count(":") == 2)

    def _write(self, lines: dict[str, str]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        partial = self.path.with_name(f"{self.path.name}.partial")
        partial.touch(mode=0o600)
        partial.write_text("".join(f"{name}:{kept}\n" for name, kept in lines.items()), encoding="utf-8")
        os.replace(partial, self.path)


def _hash(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, **_COST)
