"""A PostgreSQL server of one's own: in a folder, without a network, ended with the block."""

from __future__ import annotations

import getpass
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FALLBACKS = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


def find(command: str) -> str | None:
    """Debian keeps the server's commands out of PATH."""
    path = os.pathsep.join([os.environ.get("PATH", ""), *map(str, FALLBACKS)])
    return shutil.which(command, path=path)


def why_not() -> str:
    """Why no server can be started here; empty if one can."""
    if find("initdb") is None or find("postgres") is None:
        return "PostgreSQL's server is absent (Debian: apt install postgresql)"
    if os.geteuid() == 0 and shutil.which("setpriv") is None:
        return "PostgreSQL does not run as root, and setpriv is absent"
    return ""


@contextmanager
def server() -> Iterator[str]:
    """Start an empty server; gives its address for tinygest."""
    as_user = (
        ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"] if os.geteuid() == 0 else []
    )
    user = "nobody" if as_user else getpass.getuser()
    # Short, because a socket's path has at most 107 bytes; readable by the other user.
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    folder.chmod(0o777)
    data = folder / "data"
    try:
        subprocess.run(
            [*as_user, find("initdb"), "-D", data, "-U", user, "-A", "trust", "--no-sync"],
            check=True, capture_output=True, cwd=folder,
        )  # fmt: skip
        process = subprocess.Popen(
            [*as_user, find("postgres"), "-D", data, "-k", folder, "-h", "", "-F"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder,
        )  # fmt: skip
        try:
            url = f"postgresql://{user}@/postgres?host={folder}"
            _wait(url, process)
            yield url
        finally:
            process.send_signal(signal.SIGINT)  # "fast": does not wait for clients to leave
            process.wait(timeout=30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait(url: str, process: subprocess.Popen[bytes], seconds: float = 30.0) -> None:
    import psycopg

    deadline = time.monotonic() + seconds
    while True:
        try:
            psycopg.connect(url).close()
            return
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.1)
