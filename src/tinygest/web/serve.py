"""Running the server until somebody stops it."""

from __future__ import annotations

import asyncio
import errno
import secrets
import socket
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from tinygest.core.errors import UsageError
from tinygest.web.app import create_app
from tinygest.web.settings import Settings, is_loopback
from tinygest.web.share import create_share

PAGE = Path(__file__).parent / "page"
TOKEN_BYTES = 16
ANY_HOST = "0.0.0.0"
STOP_S = 3
"""Open connections (live data) get this long to end."""


def prepare(settings: Settings) -> Settings:
    """With a token where others can reach the server, and the page where it has been built."""
    token = settings.token or ("" if is_loopback(settings.host) else secrets.token_urlsafe(TOKEN_BYTES))
    page = settings.page or (PAGE if (PAGE / "index.html").is_file() else None)
    return replace(settings, token=token, page=page).check()


def address(settings: Settings) -> str:
    """What to open in a browser."""
    query = f"/?token={settings.token}" if settings.token else "/"
    return f"http://{settings.name}:{settings.port}{query}"


def serve(settings: Settings, ready: Callable[[], None] = lambda: None) -> None:
    """Serve until interrupted; raises UsageError if a port is taken."""
    app = create_app(settings)
    with ExitStack() as stack:
        listening = stack.enter_context(_listen(settings.host, settings.port))
        servers = [(app, listening)]
        if settings.share_with:
            shared = stack.enter_context(_listen(ANY_HOST, settings.share_port))
            servers.append((create_share(app.state.context, settings.share_with), shared))
        ready()
        asyncio.run(_run(servers))


async def _run(servers: list[tuple[FastAPI, socket.socket]]) -> None:
    """All on one loop, because they share boards; the first one's end is the end of all."""
    running = [(uvicorn.Server(_config(app)), one) for app, one in servers]
    first, *others = [asyncio.create_task(server.serve(sockets=[one])) for server, one in running]
    try:
        await first
    finally:
        for server, _ in running:
            server.should_exit = True
        await asyncio.gather(*others, return_exceptions=True)


def _config(app: FastAPI) -> uvicorn.Config:
    return uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, timeout_graceful_shutdown=STOP_S
    )


def _listen(host: str, port: int) -> socket.socket:
    """Bound before anything else starts, so that a taken port is a sentence."""
    host = host.strip("[]")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen()
    except OSError as error:
        listening.close()
        if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
            raise UsageError(f"{host} is no address of this machine; `hostname -I` lists them") from error
        raise UsageError(
            f"cannot listen on {host}, port {port}: {error.strerror}; choose another with --port"
        ) from error
    return listening
