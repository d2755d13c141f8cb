"""Running the server until somebody stops it."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import uvicorn

from tinygest.core.errors import UsageError
from tinygest.web.app import create_app
from tinygest.web.settings import Settings, is_loopback

PAGE = Path(__file__).parent / "page"
TOKEN_BYTES = 16
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
    return f"http://{settings.host}:{settings.port}{query}"


def serve(settings: Settings, ready: Callable[[], None] = lambda: None) -> None:
    """Serve until interrupted; raises UsageError if the port is taken."""
    app = create_app(settings)
    listening = _listen(settings)
    ready()
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, timeout_graceful_shutdown=STOP_S
    )
    with listening:
        uvicorn.Server(config).run(sockets=[listening])


def _listen(settings: Settings) -> socket.socket:
    """Bound before anything else starts, so that a taken port is a sentence."""
    host = settings.host.strip("[]")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, settings.port))
        listening.listen()
    except OSError as error:
        listening.close()
        raise UsageError(
            f"cannot listen on {host}, port {settings.port}: {error.strerror}; choose another with --port"
        ) from error
    return listening
