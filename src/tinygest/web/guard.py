"""Who may talk to the server, and how much: one ASGI middleware in front of every route.

A browser on this machine visits other pages too, and those can send requests to 127.0.0.1. So a request
must name us as Host (no DNS rebinding), come from our own page if it comes from a page at all (Origin,
Sec-Fetch-Site), carry the token if there is one, and stay within a size.
"""

from __future__ import annotations

import hmac
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tinygest.web.settings import Settings

MAX_BODY_BYTES = 64 << 20
COOKIE = "tinygest_token"
POLICY_VIOLATION = 1008
"""WebSocket close code (RFC 6455, 7.4.1)."""


class Guard:
    """Refuses with a sentence; passes everything else on unchanged."""

    def __init__(self, app: ASGIApp, settings: Settings):
        self._app = app
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if (refusal := self._refusal(scope, headers)) is not None:
            await _refuse(scope, receive, send, *refusal)
        elif self._brings_token(scope):
            await self._keep_token(scope)(scope, receive, send)
        else:
            await self._app(scope, _bounded(receive), send)

    def _refusal(self, scope: Scope, headers: Headers) -> tuple[int, str] | None:
        names = self._settings.host_names
        if headers.get("host", "") not in names:
            return 421, f"this server answers to {names[0]}; open it under that name"
        origin = headers.get("origin")
        if origin is not None and origin.partition("://")[2] not in names:
            return 403, "the request comes from another page"
        if _is_foreign(scope, headers):
            return 403, "the request comes from another page"
        if not self._has_token(scope, headers):
            return 401, "open the address with the token that the gateway printed"
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > MAX_BODY_BYTES:
            return 413, f"a request may hold at most {MAX_BODY_BYTES >> 20} MiB"
        return None

    def _has_token(self, scope: Scope, headers: Headers) -> bool:
        if not self._settings.token:
            return True
        bearer = headers.get("authorization", "").removeprefix("Bearer ")
        given = (bearer, _cookie(headers), _query_token(scope))
        return any(hmac.compare_digest(text.encode(), self._settings.token.encode()) for text in given)

    def _brings_token(self, scope: Scope) -> bool:
        return bool(self._settings.token) and scope["type"] == "http" and bool(_query_token(scope))

    def _keep_token(self, scope: Scope) -> Response:
        """The token moves from the address, which is copied and logged, into a cookie."""
        response = RedirectResponse(scope["path"] or "/", status_code=303)
        response.set_cookie(COOKIE, self._settings.token, httponly=True, samesite="strict", path="/")
        return response


def _is_foreign(scope: Scope, headers: Headers) -> bool:
    """A link on another site may open the page, as any link; nothing else of it may reach us."""
    site = headers.get("sec-fetch-site", "none")
    opens_page = (
        scope["type"] == "http" and scope["method"] == "GET" and headers.get("sec-fetch-mode") == "navigate"
    )
    return site not in ("same-origin", "none") and not (opens_page and scope["path"] == "/")


def _cookie(headers: Headers) -> str:
    try:
        cookies = SimpleCookie(headers.get("cookie", ""))
    except CookieError:
        return ""
    return cookies[COOKIE].value if COOKIE in cookies else ""


def _query_token(scope: Scope) -> str:
    query: bytes = scope.get("query_string", b"")
    return parse_qs(query.decode("latin-1")).get("token", [""])[0]


def _bounded(receive: Receive) -> Receive:
    """Chunked bodies say no length: count what comes, and end the request where it becomes too much."""
    n_bytes = 0

    async def bounded() -> Message:
        nonlocal n_bytes
        message = await receive()
        if message["type"] == "http.request":
            n_bytes += len(message.get("body", b""))
            if n_bytes > MAX_BODY_BYTES:
                return {"type": "http.disconnect"}
        return message

    return bounded


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int, sentence: str) -> None:
    if scope["type"] == "websocket":
        await receive()  # the opening must be taken before it can be refused
        await send({"type": "websocket.close", "code": POLICY_VIOLATION, "reason": sentence})
    else:
        await JSONResponse({"error": sentence}, status_code=status)(scope, receive, send)
