"""Which machines a fetch reaches: only public ones, and exactly those that were checked."""

import datetime
import socket
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from pathlib import Path

import httpcore
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import example, given
from hypothesis import strategies as st

from knowledge.errors import CannotFetch, TooLarge
from knowledge.web.connections import system_resolver
from knowledge.web.pages import FetchSettings, fetch_page
from tests.web_server import serve

PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\nhalo"
SETTINGS = FetchSettings()


@dataclass
class RecordingNetwork(httpcore.NetworkBackend):
    """Answers every connection with the same bytes, refuses those to ``dead``, and keeps whom it was led to."""

    answer: bytes = PAGE
    dead: tuple[str, ...] = ()
    reached: list[tuple[str, int]] = field(default_factory=list)

    def connect_tcp(self, host: str, port: int, *_: object, **__: object) -> httpcore.NetworkStream:
        self.reached.append((host, port))
        if host in self.dead:
            raise httpcore.ConnectError("refused")
        return httpcore.MockStream([self.answer])


def resolver(*addresses: str) -> Callable[[str, int], Sequence[str]]:
    return lambda host, port: addresses


def refusal(
    url: str, network: RecordingNetwork, *addresses: str, settings: FetchSettings = SETTINGS
) -> tuple[str, str]:
    with pytest.raises(CannotFetch) as caught:
        fetch_page(url, settings, resolve=resolver(*addresses), network=network)
    return caught.value.reason, caught.value.detail


@pytest.mark.parametrize(
    "addresses",
    [
        ("127.0.0.1",),
        ("10.1.2.3",),
        ("::1",),
        ("8.8.8.8", "192.168.0.1"),
        ("192.168.0.1", "8.8.8.8"),
        ("2001:4860:4860::8888", "fe80::1"),
    ],
)
def test_a_name_with_any_private_address_is_refused(addresses: tuple[str, ...]) -> None:
    network = RecordingNetwork()
    assert refusal("https://kampus.example/", network, *addresses) == ("private", "kampus.example")
    assert not network.reached


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "0177.0.0.1", "0", "169.254.169.254"]
)
def test_a_private_ip_address_is_refused_in_every_spelling(host: str) -> None:
    network = RecordingNetwork()
    assert refusal(f"http://{host}/", network, "8.8.8.8")[0] == "private"
    assert not network.reached


@pytest.mark.parametrize("host", ["localhost", "localhost."])
def test_this_machine_is_refused_by_its_name(host: str) -> None:
    with pytest.raises(CannotFetch) as caught:
        fetch_page(f"http://{host}/", SETTINGS)
    assert caught.value.reason == "private"


def test_the_connection_goes_to_the_address_that_was_checked() -> None:
    answers = [("8.8.8.8",), ("127.0.0.1",)]  # a name service that changes its mind
    network = RecordingNetwork()
    fetch_page("http://kampus.example:81/", SETTINGS, resolve=lambda *_: answers.pop(0), network=network)
    assert network.reached == [("8.8.8.8", 81)]


def test_every_redirect_is_looked_up_and_checked_anew() -> None:
    answers = [("8.8.8.8",), ("127.0.0.1",)]
    network = RecordingNetwork(b"HTTP/1.1 302 Found\r\nLocation: http://lain.example/\r\nContent-Length: 0\r\n\r\n")
    with pytest.raises(CannotFetch) as caught:
        fetch_page("http://kampus.example/", SETTINGS, resolve=lambda *_: answers.pop(0), network=network)
    assert (caught.value.reason, caught.value.detail) == ("private", "lain.example")
    assert network.reached == [("8.8.8.8", 80)]


def test_an_ip_address_needs_no_look_up() -> None:
    network = RecordingNetwork()
    fetch_page("http://[2606:4700::1111]:8080/", SETTINGS, resolve=resolver("127.0.0.1"), network=network)
    assert network.reached == [("2606:4700::1111", 8080)]


def test_the_next_address_is_tried_where_one_is_dead() -> None:
    network = RecordingNetwork(dead=("2606:4700::1111",))
    page = fetch_page("http://a.id/", SETTINGS, resolve=resolver("2606:4700::1111", "1.1.1.1"), network=network)
    assert page.data == b"halo"
    assert network.reached == [("2606:4700::1111", 80), ("1.1.1.1", 80)]


def test_all_dead_is_unreachable() -> None:
    network = RecordingNetwork(dead=("8.8.8.8", "1.1.1.1"))
    assert refusal("http://a.id/", network, "8.8.8.8", "1.1.1.1") == ("unreachable", "refused")


@pytest.mark.parametrize("allowed", ["10.0.0.5", "10.0.0.5:8080", "e.kampus.example", "E.Kampus.Example:8080"])
def test_a_server_that_the_settings_name_may_be_private(allowed: str) -> None:
    host = "10.0.0.5" if allowed.startswith("10") else "e.kampus.example"
    network = RecordingNetwork()
    settings = FetchSettings(allowed_private=(allowed,))
    fetch_page(f"http://{host}:8080/", settings, resolve=resolver("10.0.0.5"), network=network)
    assert network.reached == [("10.0.0.5", 8080)]


@pytest.mark.parametrize("url", ["http://10.0.0.5/", "http://10.0.0.6:8080/", "http://e.kampus.example:8080/"])
def test_and_no_other_server_or_port(url: str) -> None:
    settings = FetchSettings(allowed_private=("10.0.0.5:8080",))
    assert refusal(url, RecordingNetwork(), "10.0.0.5", settings=settings)[0] == "private"


def test_a_name_that_nobody_has() -> None:
    def unknown(host: str, port: int) -> tuple[str, ...]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with pytest.raises(CannotFetch) as caught:
        fetch_page("https://tidakada.example/", SETTINGS, resolve=unknown)
    assert caught.value.reason == "unresolved"
    assert caught.value.detail == "tidakada.example: Name or service not known"
    assert refusal("https://tidakada.example/", RecordingNetwork()) == ("unresolved", "tidakada.example")


def test_the_system_is_asked_for_addresses_each_of_them_once() -> None:
    found = system_resolver("127.0.0.1", 80)
    assert found == ("127.0.0.1",)


class TestCertificates:
    def test_one_that_nobody_vouches_for_is_refused(self, tmp_path: Path) -> None:
        with serve(_certificate(tmp_path, "kampus.example")) as site:
            settings = FetchSettings(allowed_private=("kampus.example",))
            with pytest.raises(CannotFetch) as caught:
                fetch_page(f"https://kampus.example:{site.port}/", settings, resolve=resolver("127.0.0.1"))
        assert caught.value.reason == "unreachable"
        assert caught.value.detail.startswith("certificate: ")
        assert not site.asked

    def test_it_is_held_against_the_name_and_not_the_ip_address(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        context = _certificate(tmp_path, "kampus.example")
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
        settings = FetchSettings(allowed_private=("kampus.example", "lain.example"))
        with serve(context) as site:
            site.put("/", b"halo", content_type="text/plain")
            url = f"https://kampus.example:{site.port}/"
            assert fetch_page(url, settings, resolve=resolver("127.0.0.1")).data == b"halo"
            with pytest.raises(CannotFetch) as caught:
                fetch_page(url.replace("kampus", "lain"), settings, resolve=resolver("127.0.0.1"))
        assert caught.value.reason == "unreachable"
        assert "lain.example" in caught.value.detail

    def test_a_server_that_does_not_speak_tls(self) -> None:
        with serve() as site, pytest.raises(CannotFetch) as caught:
            fetch_page(site.url().replace("http:", "https:"), site.settings())
        assert caught.value.reason == "unreachable"


# Written down apart from the product: the registries of special addresses at IANA, and all that is not 2000::/3.
_SPECIAL = [
    ip_network(network)
    for network in """
        0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24
        192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/3
        ::/3 4000::/2 8000::/1 2001::/23 2001:db8::/32 3fff::/20
    """.split()
]
_NAT64 = ip_network("64:ff9b::/96")


def _is_special(address: str) -> bool:
    ip = ip_address(address)
    if isinstance(ip, IPv6Address) and ip in _NAT64:
        ip = IPv4Address(int(ip) & 0xFFFFFFFF)
    if isinstance(ip, IPv6Address) and ip.sixtofour:
        return _is_special(str(ip.sixtofour))
    return any(ip in network for network in _SPECIAL)


_NEAR = st.sampled_from(_SPECIAL).flatmap(
    lambda network: st.sampled_from([-1, 0, 1, network.num_addresses - 1, network.num_addresses]).map(
        lambda step: str(type(network[0])((int(network[0]) + step) % 2**network.max_prefixlen))
    )
)
_V4 = st.ip_addresses(v=4)
_ADDRESSES = st.one_of(
    st.sampled_from(["8.8.8.8", "1.1.1.1", "2606:4700::1111"]),
    _NEAR,
    _V4.map(str),
    st.ip_addresses(v=6).map(str),
    st.ip_addresses(network=str(_NAT64)).map(str),
)
_HOSTS = st.one_of(
    st.sampled_from(["kampus.id", "localhost", "a.id.", "ⓛocalhost", "127。0。0。1", "①.1"]),
    _ADDRESSES.map(lambda address: f"[{address}]" if ":" in address else address),
    _V4.map(lambda ip: str(int(ip))),
    _V4.map(lambda ip: hex(int(ip))),
    _V4.map(lambda ip: ".".join(f"0{part:o}" for part in ip.packed)),
)
_URLS = _HOSTS.map(lambda host: f"http://{host}/")
_ODD_URLS = st.builds(
    "".join,
    st.tuples(
        st.sampled_from(["http://", "HTTP://", "http:", "//", "", "ftp://"]),
        st.sampled_from(["", "ana@", "ana:x@", "a.id@"]),
        _HOSTS | st.text(max_size=12),
        st.sampled_from(["", ":80", ":0", ":x", "@127.0.0.1", "#@127.0.0.1", "\\@127.0.0.1", "%00.a.id"]),
        st.text(max_size=8).map(lambda path: f"/{path}") | st.just(""),
    ),
)


def _wander(url: str, found: list[str], onward: str) -> RecordingNetwork:
    """Follow an address to a server that always leads on; return whom it reached."""
    location = " ".join(onward.encode(errors="ignore").decode().split()).encode()
    network = RecordingNetwork(b"HTTP/1.1 302 Found\r\nLocation: %b\r\nContent-Length: 0\r\n\r\n" % location)
    with pytest.raises((CannotFetch, TooLarge)):
        fetch_page(url, FetchSettings(most_redirects=2), resolve=resolver(*found), network=network)
    return network


@given(url=_URLS, found=st.lists(_ADDRESSES, max_size=2), onward=_URLS)
@example("http://127.0.0.1/", [], "http://a.id/")
@example("http://a.id/", ["8.8.8.8"], "http://[::ffff:10.0.0.1]/")
def test_no_address_and_no_redirect_reaches_a_private_machine(url: str, found: list[str], onward: str) -> None:
    assert not [host for host, _ in _wander(url, found, onward).reached if _is_special(host)]


@given(url=_ODD_URLS | st.text(), onward=_ODD_URLS | st.text(max_size=20))
def test_whatever_stands_for_an_address_ends_in_one_of_the_two_errors(url: str, onward: str) -> None:
    assert not [host for host, _ in _wander(url, ["8.8.8.8"], onward).reached if _is_special(host)]
    assert not [host for host, _ in _wander("http://a.id/", ["8.8.8.8"], onward).reached if _is_special(host)]


def _certificate(folder: Path, name: str) -> ssl.SSLContext:
    """Return the context of a server with a certificate of its own for ``name``, written to certificate.pem."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    return context
