"""A gateway in a process of its own, as a user starts it."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from pathlib import Path


def start_gateway(
    root: Path, port: int = 0, more: tuple[str, ...] = ()
) -> tuple[subprocess.Popen[str], str]:
    """Returns when it says where the page is."""
    command = [sys.executable, "-m", "tinygest", "-p", str(root), "gateway", "--no-browser"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "TINYGEST_LINK": "serial"}
    process = subprocess.Popen(
        [*command, "--port", str(port or free_port()), *more],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )
    assert process.stdout is not None
    found = re.search(r"http://\S+", process.stdout.readline())
    assert found, "the gateway did not start"
    return process, found[0]


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def stop(process: subprocess.Popen[str]) -> None:
    process.terminate()
    process.communicate(timeout=30)
