"""Who is asking: each browser is a person of its own, nobody passes for another, and logins hold where they are on."""

import re
from pathlib import Path

import httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from assistant.logins import Logins
from assistant.ui.identity import COOKIE, Identity, person_of

TOKEN = "0123456789abcdef" * 2


async def whoami(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that answers with the name of the person."""
    await PlainTextResponse(person_of(scope))(scope, receive, send)


def browser(address: str = "http://testserver", logins: Logins | None = None) -> TestClient:
    return TestClient(Identity(whoami, logins), base_url=address)


def with_cookie(value: str) -> httpx.Response:
    return browser().get("/", headers={"cookie": value})


def test_a_browser_is_the_same_person_at_every_visit_and_gets_its_token_once() -> None:
    client = browser()
    first, second = client.get("/"), client.get("/documents")
    assert first.text == second.text
    assert re.fullmatch(r"browser-[0-9a-f]{32}", first.text)
    assert COOKIE in first.cookies
    assert "set-cookie" not in second.headers


def test_two_browsers_are_two_people() -> None:
    assert len({browser().get("/").text for _ in range(5)}) == 5


def test_scripts_and_other_sites_cannot_use_the_token() -> None:
    parts = browser().get("/").headers["set-cookie"].split("; ")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(parts)
    assert "Secure" not in parts
    assert "Secure" in browser("https://testserver").get("/").headers["set-cookie"].split("; ")
    (age,) = [part for part in parts if part.startswith("Max-Age=")]
    assert int(age.partition("=")[2]) > 300 * 24 * 3600


def test_the_name_of_a_person_does_not_tell_the_token() -> None:
    response = with_cookie(f"{COOKIE}={TOKEN}")
    assert "set-cookie" not in response.headers, "a token that could be ours is taken as it is"
    assert TOKEN not in response.text


def test_the_token_is_found_among_other_cookies() -> None:
    alone = with_cookie(f"{COOKIE}={TOKEN}").text
    assert with_cookie(f"a=b; {COOKIE}={TOKEN}; theme=dark").text == alone
    assert with_cookie(f"x{COOKIE}={TOKEN}").text != alone


@pytest.mark.parametrize(
    "value",
    ["", "abc", TOKEN.upper(), TOKEN + "0", f"{TOKEN[:-1]}g", f"{TOKEN[:-1]}%", "../../etc/passwd", "browser-x"],
)
def test_what_is_no_token_of_ours_gets_a_fresh_one(value: str) -> None:
    response = with_cookie(f"{COOKIE}={value}")
    assert re.fullmatch(r"[0-9a-f]{32}", response.cookies[COOKIE])
    assert response.cookies[COOKIE] != value
    assert response.text.startswith("browser-")


@pytest.mark.parametrize("header", ["=", ";;;", f"{COOKIE}", "a b c\x7f", f'{COOKIE}="{TOKEN[:5]}', "é=1"])
def test_a_broken_header_is_a_browser_without_a_token(header: str) -> None:
    response = browser().get("/", headers={"cookie": header.encode("latin-1")})
    assert (response.status_code, COOKIE in response.cookies) == (200, True)


def test_what_is_no_request_passes() -> None:
    seen: list[str] = []

    async def lifespan(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope["type"])
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})

    with TestClient(Identity(lifespan)):
        assert seen == ["lifespan"]


# --- with logins


@pytest.fixture
def logins(tmp_path: Path) -> Logins:
    made = Logins(tmp_path / "logins")
    made.put("ana", "rahasia: 1")
    made.put("budi", "kata sandi é")
    return made


def test_without_a_login_nothing_is_shown_but_the_health_of_the_server(logins: Logins) -> None:
    client = browser(logins=logins)
    for path in ("/", "/documents", "/library/progress", "/healthz/x"):
        response = client.get(path)
        assert (response.status_code, response.text) == (401, "Login")
        assert response.headers["www-authenticate"].startswith('Basic realm="')
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 200


def test_a_person_is_the_login_in_whatever_browser(logins: Logins) -> None:
    one = browser(logins=logins).get("/", auth=("ana", "rahasia: 1"))
    other = browser(logins=logins).get("/", auth=("ana", "rahasia: 1"))
    assert one.text == other.text == "login-ana"
    assert "set-cookie" not in one.headers
    assert browser(logins=logins).get("/", auth=("budi", "kata sandi é")).text == "login-budi"


@pytest.mark.parametrize(
    "header",
    [
        "Basic",
        "Basic !!!",
        "Basic YW5h",  # "ana"
        "Basic /////w==",  # no UTF-8
        "Bearer YW5hOnJhaGFzaWE6IDE=",
        "Basic Om5vYm9keQ==",  # ":nobody"
    ],
)
def test_a_login_that_says_nothing_is_refused(header: str, logins: Logins) -> None:
    assert browser(logins=logins).get("/", headers={"authorization": header}).status_code == 401


@pytest.mark.parametrize(
    ("name", "password"), [("ana", "salah"), ("ana", ""), ("ana", "rahasia"), ("cici", "rahasia: 1"), ("", "")]
)
def test_a_wrong_login_is_refused(name: str, password: str, logins: Logins) -> None:
    assert browser(logins=logins).get("/", auth=(name, password)).status_code == 401


def test_a_cookie_is_no_login(logins: Logins) -> None:
    assert browser(logins=logins).get("/", headers={"cookie": f"{COOKIE}={TOKEN}"}).status_code == 401


def test_who_was_taken_off_the_list_is_out_at_once(logins: Logins) -> None:
    client, login = browser(logins=logins), ("ana", "rahasia: 1")
    assert client.get("/", auth=login).status_code == 200
    logins.remove("ana")
    assert client.get("/", auth=login).status_code == 401


def test_an_old_password_is_out_at_once(logins: Logins) -> None:
    client, login = browser(logins=logins), ("ana", "rahasia: 1")
    assert client.get("/", auth=login).text == "login-ana"
    logins.put("ana", "yang baru")
    assert client.get("/", auth=login).status_code == 401
    assert client.get("/", auth=("ana", "yang baru")).text == "login-ana"
    logins.put("ana", "rahasia: 1")
    assert client.get("/", auth=login).text == "login-ana"
