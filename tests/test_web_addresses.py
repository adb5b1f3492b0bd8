"""Reading a web address in one strict way, and which machines are of the public internet."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from knowledge.errors import CannotFetch
from knowledge.web.addresses import WebAddress, follow, is_public, names_of, read_address


def refusal(text: str) -> str:
    with pytest.raises(CannotFetch) as caught:
        read_address(text, origin="yang ditempel")
    assert caught.value.origin == "yang ditempel"
    return caught.value.reason


@pytest.mark.parametrize(
    ("pasted", "read"),
    [
        ("https://kemlu.go.id/portal", "https://kemlu.go.id/portal"),
        ("www.kemlu.go.id", "https://www.kemlu.go.id/"),
        ("kemlu.go.id/portal?hal=2#isi", "https://kemlu.go.id/portal?hal=2"),
        ("jurnal.kampus.id:8080/a", "https://jurnal.kampus.id:8080/a"),
        ("HTTP://Kemlu.GO.id:80/A", "http://kemlu.go.id/A"),
        ("https://kemlu.go.id:443", "https://kemlu.go.id/"),
        ("https://kemlu.go.id:/x", "https://kemlu.go.id/x"),
        ("https://kemlu.go.id./x", "https://kemlu.go.id/x"),
        (" \u200bhttps://kemlu.go.id/x\u00a0\n", "https://kemlu.go.id/x"),
        ("https://bücher.example/ä ö?ü=€", "https://xn--bcher-kva.example/%C3%A4%20%C3%B6?%C3%BC=%E2%82%AC"),
        ("https://a.id/%C3%A4?b%5B%5D=1", "https://a.id/%C3%A4?b%5B%5D=1"),
        ("https://a.id/wiki/Perang_(buku)", "https://a.id/wiki/Perang_(buku)"),
        ("http://localhost:7860/", "http://localhost:7860/"),
        ("http://[2001:DB8::1]:8080/", "http://[2001:db8::1]:8080/"),
        ("http://a_b.example/", "http://a_b.example/"),
    ],
)
def test_what_people_paste(pasted: str, read: str) -> None:
    assert read_address(pasted, origin="").url == read


@pytest.mark.parametrize(
    "text",
    ["http://2130706433/", "http://0x7f.1", "0x7f.0.0.1/x", "http://0177.0.0.1/", "http://127.1", "http://①②⑦.⓪.⓪.①/"],
)
def test_a_number_is_the_ip_address_that_the_system_takes_it_for(text: str) -> None:
    assert read_address(text, origin="").host == "127.0.0.1"


@pytest.mark.parametrize(
    "text", ["ftp://a.id/x", "file:///etc/passwd", "javascript:alert(1)", "mailto:ana@a.id", "data:,x"]
)
def test_other_schemes_are_refused(text: str) -> None:
    assert refusal(text) == "scheme"


MALFORMED = [
    *("", "diplomasi keamanan", "localhost", "//a.id/", "/etc/hosts", "http:", "http://", "http:///a", "http:a.id"),
    *("http://ana@a.id/", "https://ana:rahasia@a.id/", "http://a.id\\@b.id/", "http://a.id\\b"),
    *("http://a.id:0/", "http://a.id:65536/", "http://a.id:8o/", "http://a.id:-1/", "http://a.id:٣/"),
    *("http://a..id/", "http://-a.id/", "http://a b.id/", "http://%61.id/", "http://.id/", f"http://{'a' * 64}.id/"),
    *("http://[::1/", "http://::1/", "http://[::1]a/", "http://[fe80::1%25eth0]/", "http://[1.2.3.4]/"),
    *("http://1.2.3.4.5/", "http://256.1.1.1/", "http://0x/", "http://a.id/\nb", "http://\ud800.id/", "http://℀.id/"),
    *("http://[v1.a]/", "http://a.id/" + "a" * 8000, "http://" + "a." * 200),
]


@pytest.mark.parametrize("text", MALFORMED)
def test_what_is_no_complete_address_is_refused(text: str) -> None:
    assert refusal(text) == "malformed"


@given(
    st.text()
    | st.builds(
        "".join,
        st.lists(
            st.sampled_from(
                ["http", "https", ":", "//", "/", "@", "[", "]", "%", "\\", "?", "#", ".", "127.1", "é", "a"]
            )
        ),
    )
)
@example("http://a.id/?%")
def test_an_address_that_was_read_reads_the_same_again(text: str) -> None:
    try:
        address = read_address(text, origin="")
    except CannotFetch:
        return
    assert read_address(address.url, origin="") == address
    assert address.url.isascii()
    assert address.url.isprintable()
    assert " " not in address.url


@pytest.mark.parametrize(
    ("location", "url"),
    [
        ("akhir", "https://a.id/x/akhir"),
        ("/akhir?b", "https://a.id/akhir?b"),
        ("?c", "https://a.id/x/y?c"),
        ("//b.id/z", "https://b.id/z"),
        ("http://b.id", "http://b.id/"),
        (" /ä#b ", "https://a.id/%C3%A4"),
    ],
)
def test_redirects_may_be_relative(location: str, url: str) -> None:
    start = WebAddress("https", "a.id", 443, "/x/y?z")
    assert follow(start, location, origin="").url == url


PRIVATE = """
    0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 100.100.100.200 127.0.0.1 127.255.255.254 168.63.129.16 169.254.169.254
    172.16.0.1 172.31.255.255 192.0.0.1 192.0.0.192 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.19.255.255
    198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
    :: ::1 ::7f00:1 ::8.8.8.8 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:8.8.8.8 ::ffff:0:127.0.0.1
    64:ff9b::127.0.0.1 64:ff9b::10.0.0.1 64:ff9b::a9fe:a9fe 64:ff9b:1::8.8.8.8 100::1 2001::1 2001:0:4136:e378::1
    2001:2::1 2001:10::1 2001:20::1 2001:db8::1 2002:7f00:1::1 2002:a00:1::1 2002:c0a8:101:: 3fff::1 5f00::1
    fc00::1 fd00:ec2::254 fe80::1 fe80::1%eth0 febf::1 fec0::1 ff02::1 ff0e::1 4000::1
    kampus.id 127.1 8.8.8 0x8.8.8.8
""".split()
PUBLIC = """
    1.1.1.1 8.8.8.8 11.0.0.1 100.63.255.255 100.128.0.1 103.10.66.1 126.255.255.255 128.0.0.1 172.15.255.255 172.32.0.1
    192.0.1.1 192.167.255.255 192.169.0.1 198.17.255.255 198.20.0.1 223.255.255.255
    2001:4860:4860::8888 2400:cb00::1 2606:4700::1111 2a00:1450::1 2002:808:808::1 64:ff9b::8.8.8.8
""".split()


@pytest.mark.parametrize("address", PRIVATE)
def test_these_are_no_public_machines(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_these_are(address: str) -> None:
    assert is_public(address)


def test_how_a_setting_may_name_a_server() -> None:
    assert names_of("kampus.id", 8080) == {"kampus.id", "kampus.id:8080"}
    assert names_of("::1", 80) == {"::1", "[::1]", "[::1]:80"}
