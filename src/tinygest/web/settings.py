"""What the server was started with."""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from pathlib import Path

from tinygest.core.errors import UsageError

PORT = 5555
"""Where SensiML's clients look for a gateway."""
SHARE_PORT = 5556
LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")
ALL_ADDRESSES = ("0.0.0.0", "::", "[::]")
NOWHERE = ("192.0.2.1", 9)
"""Of the network that is reserved for documentation."""


@dataclass(frozen=True)
class Settings:
    """One server. Without a token it may listen on loopback only."""

    project: Path
    host: str = "127.0.0.1"
    port: int = PORT
    token: str = ""
    links: tuple[str, ...] = ()
    """Ways to boards, as `--link` has them."""
    share_with: str = ""
    """Address of the one machine that may read the SSI routes on `share_port`; empty: none."""
    share_port: int = SHARE_PORT
    page: Path | None = None
    """Folder of the built page; None serves the API alone."""

    def check(self) -> Settings:
        """Return self; raises UsageError for an address that is open to others without a token."""
        if not self.token and not is_loopback(self.host):
            raise UsageError(f"{self.host} can be reached from other machines: that needs a token")
        if self.share_with:
            _check_address(self.share_with)
        return self

    @property
    def name(self) -> str:
        """What others call this machine."""
        return own_address() if self.host in ALL_ADDRESSES else self.host

    @property
    def host_names(self) -> tuple[str, ...]:
        """Values of the Host header that are ours: another one is a page that lured a browser here."""
        names = LOOPBACK_NAMES if is_loopback(self.host) else (*LOOPBACK_NAMES, self.name)
        return (*names, *(f"{name}:{self.port}" for name in names))


def own_address() -> str:
    """Of this machine in its network; loopback without one. Nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        try:
            one.connect(NOWHERE)
        except OSError:
            return "127.0.0.1"
        return str(one.getsockname()[0])


def is_loopback(host: str) -> bool:
    """127.0.0.0/8, ::1 and localhost."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _check_address(text: str) -> None:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        raise UsageError(f"{text!r} is no IP address of a machine to share with") from None
