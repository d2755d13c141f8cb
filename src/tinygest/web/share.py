"""The reading routes of SSI on a port of their own, for one named machine: Data Studio knows no token."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from tinygest.web import problems
from tinygest.web.context import Context
from tinygest.web.routes import ssi


class OnlyFrom:
    """Refuses everybody but one address."""

    def __init__(self, app: ASGIApp, address: str):
        self._app = app
        self._address = address

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (scope.get("client") or ("",))[0] != self._address:
            refusal = JSONResponse({"detail": "this stream is shared with another machine"}, 403)
            await refusal(scope, receive, send)
        elif scope["type"] != "websocket":
            await self._app(scope, receive, send)


def create_share(context: Context, address: str) -> FastAPI:
    """An application with /config, /stream and /results alone, for the machine at `address`."""
    app = FastAPI(title="tinygest, shared", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.context = context
    app.add_middleware(OnlyFrom, address=address)
    problems.install(app)
    app.include_router(ssi.reading)
    return app
