"""Web addresses: what a person pasted or a server answered, taken apart, and which machines it may lead to.

A link can be made to lead into the network of whoever opens it. So an address is read in one strict way, whatever
number or script its host is written in, and used only in the parts that were read here; and a machine counts as
public only where the registries of special addresses (RFC 6890 and its successors) leave no doubt.
"""

import re
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import quote, urljoin, urlsplit

from knowledge.errors import CannotFetch
from knowledge.repair import normalise_spaces

DEFAULT_PORTS = {"http": 80, "https": 443}
_MOST_CHARS = 8000  # more than any browser's address line sends
_MOST_HOST_CHARS = 253

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_AUTHORITY = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^\[\]:@%\\]+)(?::([0-9]{0,5}))?")
_HOST = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_SAFE_IN_PATH = "/%:@!$&'()*+,;=~"  # "%": what is escaped already stays so
_SAFE_IN_QUERY = _SAFE_IN_PATH + "?"

# What is not caught by the flags of `ipaddress`, which differ between versions of Python.
_NO_PUBLIC_V4 = tuple(
    IPv4Network(network)
    for network in (
        "100.64.0.0/10",  # behind a carrier's address translation
        "168.63.129.16/32",  # Azure's host, as its machines see it
        "192.0.0.0/24",  # protocol assignments, and the metadata service of Oracle's cloud
        "192.88.99.0/24",  # relays of 6to4
    )
)
_GLOBAL_V6 = IPv6Network("2000::/3")
_NO_PUBLIC_V6 = tuple(IPv6Network(network) for network in ("2001::/23", "2001:db8::/32", "3fff::/20"))
_NAT64 = IPv6Network("64:ff9b::/96")  # how a network without IPv4 writes IPv4 addresses


@dataclass(frozen=True)
class WebAddress:
    """An address in its one normal form: all ASCII, a small host, an explicit port, no fragment.

    ``host`` is a name or an IP address (IPv6 without brackets); ``target`` is the path with the query, percent-encoded.
    """

    scheme: str
    host: str
    port: int
    target: str

    @property
    def place(self) -> str:
        """The host as it stands in an address, with the port where it is not the usual one."""
        host = _bracketed(self.host)
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """The whole address."""
        return f"{self.scheme}://{self.place}{self.target}"

    @property
    def path(self) -> str:
        """The path alone, still percent-encoded."""
        return self.target.partition("?")[0]


def read_address(text: str, *, origin: str) -> WebAddress:
    """Return the address that a person pasted; a bare name such as "kemlu.go.id/portal" gets "https://" in front.

    Raises CannotFetch for ``origin`` with the reason "scheme" or "malformed"; a user name in the address counts
    as malformed.
    """
    text = normalise_spaces(text).strip()
    if len(text) > _MOST_CHARS or _CONTROL.search(text):
        raise CannotFetch(origin, reason="malformed")
    if _is_bare(text):
        text = f"https://{text}"
    scheme = _SCHEME.match(text)
    if scheme and scheme.group(1).lower() not in DEFAULT_PORTS:
        raise CannotFetch(origin, reason="scheme", detail=scheme.group(1).lower())
    address = _parse(text) if scheme else None
    if address is None:
        raise CannotFetch(origin, reason="malformed")
    return address


def follow(address: WebAddress, location: str, *, origin: str) -> WebAddress:
    """Return where a redirect leads: ``location`` may be relative to ``address``. Raises what ``read_address`` does."""
    try:
        return read_address(urljoin(address.url, location.strip()), origin=origin)
    except ValueError as error:  # brackets that hold no IPv6 address
        raise CannotFetch(origin, reason="malformed") from error


def is_public(address: str) -> bool:
    """Say whether an IP address is one of the public internet; False for what is no IP address."""
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    return _is_public_v4(ip) if isinstance(ip, IPv4Address) else _is_public_v6(ip)


def names_of(host: str, port: int) -> frozenset[str]:
    """Return how a setting may name a server: the host alone or with the port, an IPv6 address in brackets or not."""
    return frozenset((host, _bracketed(host), f"{_bracketed(host)}:{port}"))


def _is_public_v4(ip: IPv4Address) -> bool:
    special = ip.is_private or ip.is_multicast or ip.is_reserved or ip.is_unspecified or ip.is_link_local
    return ip.is_global and not special and not any(ip in network for network in _NO_PUBLIC_V4)


def _is_public_v6(ip: IPv6Address) -> bool:
    if ip in _NAT64:
        return _is_public_v4(IPv4Address(ip.packed[-4:]))
    if ip.sixtofour is not None and not _is_public_v4(ip.sixtofour):
        return False
    return ip in _GLOBAL_V6 and ip.is_global and not any(ip in network for network in _NO_PUBLIC_V6)


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _is_bare(text: str) -> bool:
    """Say whether a text begins with a name that has a dot, as people paste "www.kemlu.go.id:443/portal"."""
    authority = re.split(r"[/?#\\]", text, maxsplit=1)[0]
    host, _, port = authority.partition(":")
    return "." in host and "@" not in authority and (port == "" or port.isdecimal())


def _parse(text: str) -> WebAddress | None:
    try:
        parts = urlsplit(text)
        authority = _AUTHORITY.fullmatch(parts.netloc)
        host = _normal_host(authority.group(1)) if authority else ""
        path = quote(parts.path or "/", safe=_SAFE_IN_PATH)
        query = quote(parts.query, safe=_SAFE_IN_QUERY)
    except ValueError:  # brackets that hold no address, a host that hides a slash, half a surrogate pair
        return None
    port = int((authority.group(2) if authority else "") or DEFAULT_PORTS[parts.scheme])
    if not host or not 0 < port < 65536:
        return None
    return WebAddress(parts.scheme, host, port, f"{path}?{query}" if query else path)


def _normal_host(text: str) -> str:
    """Return the host in ASCII, numbers as an ordinary IP address; empty or ValueError for what is no host."""
    if text.startswith("["):
        return str(IPv6Address(text[1:-1]))
    host = text.encode("idna").decode("ascii").lower().removesuffix(".")
    if len(host) > _MOST_HOST_CHARS or not _HOST.fullmatch(host):
        return ""
    if not _NUMBER.fullmatch(host.rpartition(".")[2]):
        return host
    try:  # "2130706433", "0x7f.1" and "0177.0.0.1" all mean 127.0.0.1 to the system
        return socket.inet_ntoa(socket.inet_aton(host))
    except OSError:
        return ""
