"""Fetching a web page: what comes, what is refused, and that nothing lasts or weighs more than the limits say."""

import gzip
import itertools
import socket
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import date

import httpcore
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.errors import CannotFetch, TooLarge
from knowledge.web.pages import FetchedPage, FetchSettings, fetch_page
from tests.web_server import Site, serve

HTML = b"<!doctype html><html><title>Diplomasi</title><p>Diplomasi keamanan.</p></html>"
TODAY = date(2026, 11, 24)


@pytest.fixture
def site() -> Iterator[Site]:
    with serve() as running:
        yield running


def fetch(site: Site, url: str, **limits: float) -> FetchedPage:
    return fetch_page(url, site.settings(**limits), today=lambda: TODAY)


def reason(site: Site, url: str, **limits: float) -> tuple[str, str]:
    with pytest.raises(CannotFetch) as caught:
        fetch(site, url, **limits)
    assert caught.value.origin == url
    return caught.value.reason, caught.value.detail


class TestWhatComes:
    def test_a_page_with_its_address_kind_name_and_date(self, site: Site) -> None:
        url = site.put("/berita/kerja-sama.html?no=7", HTML, content_type="text/html; charset=utf-8")
        assert fetch(site, f"  {url}#bagian-2\n") == FetchedPage(
            url=url, data=HTML, suffix=".html", file_name="kerja-sama.html", accessed="2026-11-24"
        )

    def test_the_request_is_honest_and_tells_nothing_of_the_person(self, site: Site) -> None:
        site.put("/akhir", HTML)
        fetch(site, site.put("/mulai", status=302, location="/akhir", set_cookie="a=b"))
        assert [path for path, _ in site.asked] == ["/mulai", "/akhir"]
        for _, headers in site.asked:
            assert headers["User-Agent"].startswith("TanyaDiplomasi/")
            assert headers["Accept-Language"] == "id,en"
            assert headers["Host"] == f"127.0.0.1:{site.port}"
            assert not {"cookie", "referer", "authorization", "from"} & {name.lower() for name in headers}

    def test_a_pdf_is_known_by_its_bytes(self, site: Site) -> None:
        url = site.put("/unduh.php?id=3", b"%PDF-1.7 ...", content_type="application/octet-stream")
        page = fetch(site, url)
        assert (page.suffix, page.file_name) == (".pdf", "unduh.php.pdf")

    def test_the_server_names_the_file(self, site: Site) -> None:
        url = site.put("/unduh", b"%PDF-1.7 ...", content_disposition='attachment; filename="../buku putih.pdf"')
        assert fetch(site, url).file_name == "buku putih.pdf"

    def test_a_character_set_that_only_the_header_names_is_kept(self, site: Site) -> None:
        url = site.put(
            "/a.txt", "pertahanan – “kekuatan”".encode("cp1252"), content_type="text/plain; charset=ISO-8859-1"
        )
        assert fetch(site, url).data == b"\xef\xbb\xbf" + "pertahanan – “kekuatan”".encode()

    def test_bytes_that_are_no_text_are_left_as_they_are(self, site: Site) -> None:
        body = b"%PDF-1.7 \xe9\xff"
        assert fetch(site, site.put("/a.pdf", body, content_type="application/pdf; charset=iso-8859-1")).data == body

    @pytest.mark.parametrize("packing", ["gzip", "x-gzip", "GZIP"])
    def test_a_compressed_page_is_unpacked(self, site: Site, packing: str) -> None:
        url = site.put("/", gzip.compress(HTML), content_type="text/html", content_encoding=packing)
        assert fetch(site, url).data == HTML

    def test_a_page_without_a_length_is_read_to_its_end(self, site: Site) -> None:
        url = site.put_stream("/", lambda: iter([HTML[:20], HTML[20:]]), content_type="text/html")
        assert fetch(site, url).data == HTML

    def test_and_so_is_one_in_chunks(self, site: Site) -> None:
        chunks = [b"%x\r\n%b\r\n" % (len(part), part) for part in (HTML[:20], HTML[20:], b"")]
        url = site.put_stream("/", lambda: iter(chunks), content_type="text/html", transfer_encoding="chunked")
        assert fetch(site, url).data == HTML

    def test_an_empty_page_is_a_page(self, site: Site) -> None:
        assert fetch(site, site.put("/", content_type="text/html")).data == b""

    def test_progress_is_told_in_bytes_of_the_line(self, site: Site) -> None:
        told: list[tuple[int, int]] = []
        packed = gzip.compress(HTML * 1000)
        url = site.put("/", packed, content_type="text/html", content_encoding="gzip")
        fetch_page(url, site.settings(), report=lambda done, total: told.append((done, total)))
        assert told[-1] == (len(packed), len(packed))
        assert told == sorted(told)


class TestRedirects:
    def _chain(self, site: Site, length: int) -> str:
        for step in range(length):
            site.put(f"/{step}", status=(301, 302, 303, 307, 308)[step % 5], location=str(step + 1))
        site.put(f"/{length}", HTML, content_type="text/html")
        return site.url("/0")

    def test_five_are_followed(self, site: Site) -> None:
        assert fetch(site, self._chain(site, 5)).url == site.url("/5")

    def test_a_sixth_is_not(self, site: Site) -> None:
        assert reason(site, self._chain(site, 6)) == ("redirects", "5")
        assert len(site.asked) == 6

    def test_none_are_followed_where_the_settings_say_so(self, site: Site) -> None:
        assert reason(site, self._chain(site, 1), most_redirects=0) == ("redirects", "0")

    @pytest.mark.parametrize(
        ("location", "expected"),
        [
            ("http://127.0.0.1:1/", "private"),
            ("http://169.254.169.254/latest/meta-data/", "private"),
            ("//[::1]/", "private"),
            ("file:///etc/passwd", "scheme"),
            ("javascript:alert(1)", "scheme"),
            ("http://ana:rahasia@127.0.0.1/", "malformed"),
            ("http://[::1/", "malformed"),
        ],
    )
    def test_a_redirect_is_checked_like_an_address(self, site: Site, location: str, expected: str) -> None:
        assert reason(site, site.put("/", status=302, location=location))[0] == expected

    def test_a_redirect_to_nowhere_is_a_status(self, site: Site) -> None:
        assert reason(site, site.put("/", status=302)) == ("status", "302")


class TestRefusals:
    @pytest.mark.parametrize("status", [403, 404, 500, 304])
    def test_a_refusal_of_the_server_is_named(self, site: Site, status: int) -> None:
        assert reason(site, site.put("/", status=status)) == ("status", str(status))

    @pytest.mark.parametrize("media", ["image/png", "application/json", "application/zip"])
    def test_a_kind_that_cannot_be_read(self, site: Site, media: str) -> None:
        assert reason(site, site.put("/a", b"PK\x03\x04 \x00", content_type=media)) == ("kind", media)

    def test_a_film_is_refused_before_it_comes(self, site: Site) -> None:
        url = site.put_stream("/", _endless, content_type="video/mp4", content_length="1000000000")
        assert reason(site, url) == ("kind", "video/mp4")

    def test_a_packing_that_was_not_asked_for(self, site: Site) -> None:
        url = site.put("/", b"\x0b", content_type="text/html", content_encoding="br")
        assert reason(site, url) == ("kind", "Content-Encoding: br")

    @pytest.mark.parametrize("cut", [5, 20, -1])
    def test_a_compressed_page_that_was_cut_off(self, site: Site, cut: int) -> None:
        url = site.put("/", gzip.compress(HTML)[:cut], content_type="text/html", content_encoding="gzip")
        assert reason(site, url)[0] == "unreachable"

    def test_a_page_that_was_cut_off(self, site: Site) -> None:
        url = site.put("/", HTML[:9], content_type="text/html", content_length="99")
        assert reason(site, url)[0] == "unreachable"

    def test_a_server_that_does_not_run(self, site: Site) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
        settings = FetchSettings(allowed_private=("127.0.0.1",))
        with pytest.raises(CannotFetch) as caught:
            fetch_page(f"http://127.0.0.1:{port}/", settings)
        assert caught.value.reason == "unreachable"
        assert "refused" in caught.value.detail


class TestLimits:
    def test_a_page_that_says_it_is_too_large_is_not_read(self, site: Site) -> None:
        told: list[int] = []
        url = site.put_stream("/", _endless, content_type="text/html", content_length="1000001")
        with pytest.raises(TooLarge) as caught:
            fetch_page(url, site.settings(most_megabytes=1), report=lambda done, total: told.append(done))
        assert (caught.value.origin, caught.value.what, caught.value.limit) == (url, "megabytes", 1)
        assert caught.value.key == "TANYA_FETCH__MOST_MEGABYTES"
        assert not told

    def test_a_page_that_does_not_say_it_is_too_large(self, site: Site) -> None:
        with pytest.raises(TooLarge):
            fetch(site, site.put_stream("/", _endless, content_type="text/html"), most_megabytes=1)

    def test_a_page_of_exactly_the_limit_comes(self, site: Site) -> None:
        url = site.put("/a.txt", b"a" * 1_000_000, content_type="text/plain")
        assert len(fetch(site, url, most_megabytes=1).data) == 1_000_000

    @pytest.mark.parametrize(
        "bomb",
        [
            pytest.param(lambda: gzip.compress(b"\0" * 40_000_000), id="that grows"),
            pytest.param(lambda: gzip.compress(b"") * 60_000, id="that never ends and holds nothing"),
        ],
    )
    def test_a_decompression_bomb_does_not_go_off(self, site: Site, bomb: Callable[[], bytes]) -> None:
        body = bomb()
        url = site.put_stream("/", lambda: iter([body]), content_type="text/html", content_encoding="gzip")
        tracemalloc.start()
        try:
            with pytest.raises(TooLarge):
                fetch(site, url, most_megabytes=1)
            assert tracemalloc.get_traced_memory()[1] < 5_000_000
        finally:
            tracemalloc.stop()

    def test_a_server_that_sends_a_byte_now_and_then_is_cut_off(self, site: Site) -> None:
        url = site.put_stream("/", _slowly, content_type="text/html", content_length="100000")
        assert reason(site, url, most_seconds=0.3) == ("slow", "0.3 s")

    def test_so_is_one_that_never_ends_its_headers(self, site: Site) -> None:
        site.pages["/"] = lambda request: _drip(site, request.wfile.write)
        assert reason(site, site.url("/"), most_seconds=0.3)[0] == "slow"

    def test_and_a_name_service_that_does_not_answer(self) -> None:
        over = threading.Event()

        def silent(host: str, port: int) -> tuple[str, ...]:
            over.wait(10)
            return ()

        with pytest.raises(CannotFetch) as caught:
            fetch_page("https://kampus.example/", FetchSettings(most_seconds=0.1), resolve=silent)
        over.set()
        assert caught.value.reason == "slow"


def test_cancelling_hangs_up(site: Site) -> None:
    class Cancelled(Exception):
        pass

    def cancel(done: int, total: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        fetch_page(site.put_stream("/", _endless, content_type="text/html"), site.settings(), report=cancel)
    assert site.left_alone.wait(5)


class TestSettings:
    def test_servers_may_stand_between_commas(self) -> None:
        settings = FetchSettings.model_validate({"allowed_private": " e.kampus.id ,10.0.0.5:8080,"})
        assert settings.allowed_private == ("e.kampus.id", "10.0.0.5:8080")

    @pytest.mark.parametrize(
        "wrong", [{"most_redirects": 11}, {"most_seconds": "inf"}, {"most_seconds": "nan"}, {"a": 1}]
    )
    def test_what_cannot_be_is_refused(self, wrong: dict[str, object]) -> None:
        with pytest.raises(ValueError, match="validation error"):
            FetchSettings.model_validate(wrong)


_STATUS = [b"1.1 200 OK", b"1.0 200 \xff", b"1.1 301 X", b"1.1 101 X", b"1.1 100 X", b"1.0 204", b"9.9 999", b"x"]
_HEADERS = [
    b"Location: /a",
    b"Location: http://[",
    b"Location: \xff\x80://x",
    b"Content-Length: 5",
    b"Content-Length: -1",
    b"Content-Length: 99999999999999999999",
    b"Transfer-Encoding: chunked",
    b"Content-Encoding: gzip",
    b"Content-Type: text/html; charset=utf-16",
    b"Content-Type: text/plain; charset=koi8-r",
    b"Content-Type: ",
    b'Content-Disposition: attachment; filename="',
    b"Content-Disposition: x; filename*=utf-8''%ff%00/..",
]
_BODIES = [b"halo!", b"5\r\nhalo!\r\n0\r\n\r\n", gzip.compress(b"halo"), gzip.compress(b"halo")[:9], b"PK\x03\x04", b""]
_ANSWERS = st.builds(
    lambda status, headers, body: b"\r\n".join([b"HTTP/" + status, *headers, b"", body]),
    st.sampled_from([*[_STATUS[0]] * 6, *_STATUS]),
    st.lists(st.sampled_from(_HEADERS), max_size=4),
    st.sampled_from(_BODIES) | st.binary(max_size=40),
)


@given(answer=_ANSWERS | st.binary(min_size=1))
def test_whatever_a_server_answers_it_is_a_page_or_one_of_the_two_errors(answer: bytes) -> None:
    try:
        page = fetch_page(
            "http://kampus.example/",
            FetchSettings(most_megabytes=1),
            resolve=lambda *_: ("8.8.8.8",),
            network=httpcore.MockBackend([answer]),
        )
    except (CannotFetch, TooLarge):
        return
    assert page.file_name.endswith(page.suffix)
    assert len(page.data) < 300


def _endless() -> Iterator[bytes]:
    return itertools.repeat(b"<p>lagi dan lagi</p>" * 500)


def _slowly() -> Iterator[bytes]:
    for _ in range(200):
        time.sleep(0.02)
        yield b"a"


def _drip(site: Site, write: Callable[[bytes], object]) -> None:
    try:
        write(b"HTTP/1.1 200 OK\r\nX-Long: ")
        for piece in _slowly():
            if site.stopped.is_set():
                return
            write(piece)
    except ConnectionError:
        return
