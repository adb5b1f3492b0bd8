"""The connections of one fetch: to public machines only, and never longer than the whole may take.

A name is looked up once. Unless a setting names the server, every address it has must be public, and the connection
goes to an address that was checked, so that neither a redirect nor a second, different answer of the name service
(DNS rebinding) leads into a private network.
"""

import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address

import httpcore

from knowledge.errors import CannotFetch
from knowledge.web.addresses import is_public, names_of

Resolver = Callable[[str, int], Sequence[str]]
"""A host and a port to its IP addresses; OSError where there are none. May take its time: it is not waited for."""


def system_resolver(host: str, port: int) -> Sequence[str]:
    """Return the IP addresses that the system knows for a host; OSError where there are none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(address[0]) for *_, address in found))


@dataclass(frozen=True)
class Deadline:
    """The moment, on the monotonic clock, when the whole must be done."""

    moment: float

    def left(self) -> float:
        """Return the seconds left, more than 0; httpcore.TimeoutException where there are none."""
        seconds = self.moment - time.monotonic()
        if seconds <= 0:
            raise httpcore.TimeoutException("the time for the whole is over")
        return seconds


class _TimedStream(httpcore.NetworkStream):
    """A connection that gives every step only what is left of the whole time: a server may send a byte a second."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream, self._deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        return self._stream.read(max_bytes, self._deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        self._stream.write(buffer, self._deadline.left())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        try:
            left = self._deadline.left()
        except httpcore.TimeoutException:  # httpcore closes what it knows, and this it does not know yet
            self.close()
            raise
        return _TimedStream(self._stream.start_tls(ssl_context, server_hostname, left), self._deadline)

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)


@dataclass(frozen=True)
class GuardedNetwork(httpcore.NetworkBackend):
    """Connects to public machines only, or to those the settings name, at the very address that was checked."""

    origin: str
    allowed: tuple[str, ...]
    deadline: Deadline
    resolve: Resolver
    network: httpcore.NetworkBackend

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Return a connection to one of the addresses of ``host``, tried in order, each with a share of the time left.

        Raises CannotFetch for ``origin`` with the reason "private" or "unresolved", and the errors of httpcore.
        """
        *first, last = self._checked(host, port)
        for number, address in enumerate(first):
            # A dead address must leave time for the next.
            share = self.deadline.left() / (len(first) + 1 - number)
            with suppress(httpcore.ConnectError, httpcore.ConnectTimeout):
                stream = self.network.connect_tcp(address, port, share, local_address, socket_options)
                return _TimedStream(stream, self.deadline)
        stream = self.network.connect_tcp(last, port, self.deadline.left(), local_address, socket_options)
        return _TimedStream(stream, self.deadline)

    def _checked(self, host: str, port: int) -> Sequence[str]:
        try:
            found: Sequence[str] = (str(ip_address(host)),)
        except ValueError:
            found = self._look_up(host, port)
        allowed = {name.lower() for name in self.allowed}
        if not found:
            raise CannotFetch(self.origin, reason="unresolved", detail=host)
        if allowed.isdisjoint(names_of(host, port)) and not all(map(is_public, found)):
            raise CannotFetch(self.origin, reason="private", detail=host)
        return found

    def _look_up(self, host: str, port: int) -> Sequence[str]:
        """Ask the resolver on a thread of its own: the system's cannot be given a time limit."""
        answers: queue.SimpleQueue[Sequence[str] | OSError | UnicodeError] = queue.SimpleQueue()

        def ask() -> None:
            try:
                answers.put(self.resolve(host, port))
            except (OSError, UnicodeError) as error:
                answers.put(error)

        threading.Thread(target=ask, name="name look-up", daemon=True).start()
        try:
            answer = answers.get(timeout=self.deadline.left())
        except queue.Empty:
            raise httpcore.ConnectTimeout("the name service does not answer") from None
        if isinstance(answer, OSError | UnicodeError):
            words = getattr(answer, "strerror", None)
            detail = f"{host}: {words}" if words else host
            raise CannotFetch(self.origin, reason="unresolved", detail=detail) from answer
        return answer
