"""One web page, fetched because a person asked for it.

Nothing else of this package contacts the network, and this only for one address at a time, with limits on time, size
and redirects. No cookies, no referer, no proxy, no credentials; connections.py says which machines are reached.
"""

import ssl
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from importlib.metadata import PackageNotFoundError, version

import httpcore
from pydantic import BaseModel, ConfigDict, Field, field_validator

from knowledge.errors import CannotFetch, TooLarge
from knowledge.web.addresses import WebAddress, follow, read_address
from knowledge.web.connections import Deadline, GuardedNetwork, Resolver, system_resolver
from knowledge.web.content import TEXT_SUFFIXES, file_name_of, is_hopeless, media_type, suffix_of
from knowledge.web.encodings import Inflater, as_utf8

_MEGABYTE = 1_000_000
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_COMPRESSED = frozenset(("gzip", "x-gzip", "deflate"))
_MOST_DETAIL_CHARS = 100
_DIRECT = httpcore.SyncBackend()


class FetchSettings(BaseModel):
    """The limits of fetching a web page. Every one can be set: ``TANYA_FETCH__MOST_SECONDS`` and so on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    most_megabytes: int = Field(default=30, ge=1, le=2000, description="size of a page, unpacked")
    most_seconds: float = Field(default=30, gt=0, le=3600, description="time for the whole, redirects included")
    most_redirects: int = Field(default=5, ge=0, le=10, description="redirects that are followed")
    allowed_private: tuple[str, ...] = Field(
        default=(), description='servers ("host" or "host:port") that may lie in a private network, between commas'
    )

    @field_validator("allowed_private", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        """Take "a.kampus.id, 10.0.0.5:8080" too: an environment variable holds no list."""
        return tuple(filter(None, (part.strip() for part in value.split(",")))) if isinstance(value, str) else value


@dataclass(frozen=True)
class FetchedPage:
    """What lay at an address.

    ``url`` is where the redirects ended; ``suffix`` chooses the loader (".html", ".pdf", ".docx", ".epub", ".md",
    ".txt"); ``accessed`` is the date, "2026-11-24".
    """

    url: str
    data: bytes
    suffix: str
    file_name: str
    accessed: str


def fetch_page(
    url: str,
    settings: FetchSettings,
    *,
    report: Callable[[int, int], None] | None = None,
    today: Callable[[], date] = date.today,
    resolve: Resolver = system_resolver,
    network: httpcore.NetworkBackend = _DIRECT,
) -> FetchedPage:
    """Return what lies at a web address; ``resolve`` and ``network`` are the two contacts with the world outside.

    ``report`` is called with the bytes received and their number (0 where unknown) and may raise to cancel. Raises
    CannotFetch or TooLarge, both with ``url`` as their origin. A text whose character set only the header of the
    answer tells comes as UTF-8 with a byte order mark.
    """
    deadline = Deadline(time.monotonic() + settings.most_seconds)
    guarded = GuardedNetwork(url, settings.allowed_private, deadline, resolve, network)
    visit = _Visit(url, settings, report, guarded)
    try:
        place = read_address(url, origin=url)
        for _ in range(settings.most_redirects + 1):
            answer = _ask(place, visit)
            if isinstance(answer, WebAddress):
                place = answer
            else:
                return _page(place, answer, visit, today().isoformat())
    except httpcore.TimeoutException as error:
        raise CannotFetch(url, reason="slow", detail=f"{settings.most_seconds:g} s") from error
    except (httpcore.NetworkError, httpcore.ProtocolError, zlib.error) as error:
        raise CannotFetch(url, reason="unreachable", detail=_evidence(error)) from error
    raise CannotFetch(url, reason="redirects", detail=str(settings.most_redirects))


@dataclass(frozen=True)
class _Visit:
    """What stays the same from one redirect to the next."""

    origin: str
    settings: FetchSettings
    report: Callable[[int, int], None] | None
    network: GuardedNetwork


@dataclass(frozen=True)
class _Answer:
    """A successful answer: its headers by small name, and its unpacked body."""

    headers: dict[str, str]
    body: bytes


def _ask(place: WebAddress, visit: _Visit) -> _Answer | WebAddress:
    """Ask one server once; return its answer, or the address it leads on to."""
    origin = httpcore.Origin(place.scheme.encode(), place.host.encode(), place.port)
    address = httpcore.URL(scheme=place.scheme, host=place.host, port=place.port, target=place.target)
    context = ssl.create_default_context() if place.scheme == "https" else None
    with (
        httpcore.HTTPConnection(origin, context, network_backend=visit.network) as connection,
        connection.stream("GET", address, headers=_headers_sent(place)) as response,
    ):
        headers: dict[str, str] = {}
        for name, value in response.headers:
            headers.setdefault(name.decode("latin-1").lower(), _header_text(value))
        if response.status in _REDIRECTS and headers.get("location"):
            return follow(place, headers["location"], origin=visit.origin)
        if not 200 <= response.status < 300:
            raise CannotFetch(visit.origin, reason="status", detail=str(response.status))
        media = media_type(headers.get("content-type", ""))
        if is_hopeless(media):
            raise CannotFetch(visit.origin, reason="kind", detail=media[:_MOST_DETAIL_CHARS])
        return _Answer(headers, _read_body(response, headers, visit))


def _read_body(response: httpcore.Response, headers: dict[str, str], visit: _Visit) -> bytes:
    """Return the unpacked body; the limit holds for what comes over the line and for what it unpacks to."""
    limit = visit.settings.most_megabytes
    too_large = TooLarge(visit.origin, what="megabytes", limit=limit, key="TANYA_FETCH__MOST_MEGABYTES")
    packing = headers.get("content-encoding", "").strip().lower()
    if packing not in _COMPRESSED | {"", "identity"}:
        raise CannotFetch(visit.origin, reason="kind", detail=f"Content-Encoding: {packing}"[:_MOST_DETAIL_CHARS])
    length = headers.get("content-length", "")
    total = int(length) if length.isdecimal() else 0
    if total > limit * _MEGABYTE:
        raise too_large
    inflater = Inflater() if packing in _COMPRESSED else None
    body, received = bytearray(), 0
    for chunk in response.iter_stream():
        received += len(chunk)
        for piece in inflater.feed(chunk) if inflater else (chunk,):
            body += piece
            if max(len(body), received) > limit * _MEGABYTE:
                raise too_large
        if visit.report:
            visit.report(received, total)
    return bytes(body + inflater.finish()) if inflater else bytes(body)


def _page(place: WebAddress, answer: _Answer, visit: _Visit, accessed: str) -> FetchedPage:
    content_type = answer.headers.get("content-type", "")
    media = media_type(content_type)
    suffix = suffix_of(answer.body, media, place.path)
    if not suffix:
        raise CannotFetch(visit.origin, reason="kind", detail=media[:_MOST_DETAIL_CHARS])
    disposition = answer.headers.get("content-disposition", "")
    return FetchedPage(
        url=place.url,
        data=as_utf8(answer.body, content_type) if suffix in TEXT_SUFFIXES else answer.body,
        suffix=suffix,
        file_name=file_name_of(disposition, place.path, place.host, suffix),
        accessed=accessed,
    )


def _headers_sent(place: WebAddress) -> list[tuple[bytes | str, bytes | str]]:
    try:
        number = version("tanya-diplomasi")
    except PackageNotFoundError:  # run from a copy of the files
        number = "0"
    return [
        ("Host", place.place),
        ("User-Agent", f"TanyaDiplomasi/{number} (a person's request)"),
        ("Accept", "text/html,application/xhtml+xml,application/pdf,*/*;q=0.8"),
        ("Accept-Language", "id,en"),
        ("Accept-Encoding", "gzip"),
        ("Connection", "close"),
    ]


def _header_text(value: bytes) -> str:
    """Decode a header; the standard says ASCII, servers send UTF-8 or Latin-1."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")


def _evidence(error: Exception) -> str:
    """Return what the system said, without the numbers and marks of its libraries."""
    cause = error.__cause__
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"certificate: {cause.verify_message}"
    words = getattr(cause, "strerror", None) or str(error)
    return words[:_MOST_DETAIL_CHARS]
