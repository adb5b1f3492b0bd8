"""Who is asking: a login where there are some, else a browser, known by a random cookie.

What a person adds is seen by that person alone.
"""

import base64
import hashlib
import re
import secrets
from http.cookies import CookieError, SimpleCookie

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.logins import Logins

COOKIE = "tanya_person"
_TOKEN = re.compile(r"[0-9a-f]{32}")
_KEPT = 400 * 24 * 3600  # seconds: as long as browsers allow
_KEY = "tanya.person"
_CHALLENGE = 'Basic realm="Tanya Diplomasi", charset="UTF-8"'
_OPEN = frozenset(("/healthz", "/readyz"))


class Identity:
    """ASGI middleware that tells the application whose request it is.

    With ``logins`` every request but a look at the server's health needs name and password (HTTP Basic, RFC 7617, which
    browsers ask for and remember); over a network it belongs behind HTTPS. Without, every browser gets a token.
    """

    def __init__(self, app: ASGIApp, logins: Logins | None = None) -> None:
        self.app, self._logins = app, logins
        # Hash of an Authorization header that was right -> name, and what was kept of the password then.
        self._accepted: dict[str, tuple[str, str]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with the person in its scope, or ask for a login."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
        elif self._logins is not None and scope["path"] not in _OPEN:
            await self._with_login(scope, receive, send, self._logins)
        else:
            await self._with_token(scope, receive, send)

    async def _with_login(self, scope: Scope, receive: Receive, send: Send, logins: Logins) -> None:
        header = Headers(scope=scope).get("authorization", "")
        mark = hashlib.sha256(header.encode()).hexdigest()
        name, kept = self._accepted.get(mark, ("", ""))
        if not name or logins.kept(name) != kept:
            name = await run_in_threadpool(_login, header, logins)
        if not name:
            self._accepted.pop(mark, None)
            refusal = PlainTextResponse("Login", 401, {"WWW-Authenticate": _CHALLENGE})
            await refusal(scope, receive, send)
            return
        self._accepted[mark] = (name, logins.kept(name))
        scope[_KEY] = f"login-{name}"
        await self.app(scope, receive, send)

    async def _with_token(self, scope: Scope, receive: Receive, send: Send) -> None:
        token = _token(Headers(scope=scope).get("cookie", ""))
        fresh = token or secrets.token_hex(16)
        scope[_KEY] = _person(fresh)

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).append("Set-Cookie", _cookie(fresh, secure=scope["scheme"] == "https"))
            await send(message)

        await self.app(scope, receive, send if token else send_with_cookie)


def person_of(scope: Scope) -> str:
    """Return the name under which what a person adds is kept; it does not tell the token."""
    return str(scope[_KEY])


def _login(header: str, logins: Logins) -> str:
    """Return the name in an Authorization header whose password is right, else ""."""
    kind, _, encoded = header.partition(" ")
    if kind.lower() != "basic":
        return ""
    try:
        name, _, password = base64.b64decode(encoded, validate=True).decode("utf-8").partition(":")
    except ValueError:
        return ""
    return name if logins.accept(name, password) else ""


def _person(token: str) -> str:
    return "browser-" + hashlib.sha256(token.encode()).hexdigest()[:32]


def _token(header: str) -> str:
    try:
        morsel = SimpleCookie(header).get(COOKIE)
    except CookieError:
        return ""
    return morsel.value if morsel and _TOKEN.fullmatch(morsel.value) else ""


def _cookie(token: str, *, secure: bool) -> str:
    # Not for scripts, and not sent with requests that another site begins, but for following a link.
    parts = [f"{COOKIE}={token}", f"Max-Age={_KEPT}", "Path=/", "HttpOnly", "SameSite=Lax"]
    return "; ".join([*parts, "Secure"] if secure else parts)
