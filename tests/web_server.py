"""A small web server on this machine, for tests of fetching: real sockets, answers written by the test."""

import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from knowledge.web.pages import FetchSettings

Page = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Site:
    """The pages of a server by path, what it was asked, and the moment when it must stop."""

    port: int
    pages: dict[str, Page] = field(default_factory=dict)
    asked: list[tuple[str, Message]] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)
    left_alone: threading.Event = field(default_factory=threading.Event)

    def url(self, path: str = "/") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def settings(self, **limits: float) -> FetchSettings:
        """Limits that let this server alone be reached, for at most ten seconds."""
        return FetchSettings.model_validate(
            {"most_seconds": 10, "allowed_private": (f"127.0.0.1:{self.port}",), **limits}
        )

    def put(self, path: str, body: bytes = b"", *, status: int = 200, **headers: str) -> str:
        """Set an answer with its length; header names are written with "_" for "-". Returns the address."""
        self.pages[path] = lambda request: send(request, body, status=status, headers=headers)
        return self.url(path)

    def put_stream(self, path: str, pieces: Callable[[], Iterator[bytes]], **headers: str) -> str:
        """Set an answer that is sent piece by piece until the reader hangs up (`left_alone`) or the test is over."""

        def answer(request: BaseHTTPRequestHandler) -> None:
            send_head(request, 200, headers)
            try:
                for piece in pieces():
                    request.wfile.write(piece)
                    request.wfile.flush()
                    if self.stopped.is_set():
                        return
            except ConnectionError:
                self.left_alone.set()

        self.pages[path] = answer
        return self.url(path)


def send(request: BaseHTTPRequestHandler, body: bytes, *, status: int = 200, headers: Mapping[str, str]) -> None:
    send_head(request, status, {"content_length": str(len(body)), **headers})
    request.wfile.write(body)


def send_head(request: BaseHTTPRequestHandler, status: int, headers: Mapping[str, str]) -> None:
    request.send_response(status)
    for name, value in headers.items():
        request.send_header(name.replace("_", "-"), value)
    request.end_headers()


@contextmanager
def serve(certificate: ssl.SSLContext | None = None) -> Iterator[Site]:
    """Run a server on a free port of 127.0.0.1 until the block is left; with a certificate it speaks TLS."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            site.asked.append((self.path, self.headers))
            site.pages.get(self.path, lambda request: send(request, b"", status=404, headers={}))(self)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        if certificate:
            server.socket = certificate.wrap_socket(server.socket, server_side=True)
        site = Site(server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield site
        finally:
            site.stopped.set()
            server.shutdown()
            thread.join()
