"""The interface of every way to a board: find it, connect, read, write, be told, disconnect.

A transport finds and connects; a link is one connection. Links of the same board look the same whether
they are BLE, serial or a recording: bytes on channels. What the bytes mean is the protocol's; who sends
what and when is the session's.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator
from dataclasses import dataclass

from tinygest.core.errors import LinkError
from tinygest.protocol.advertising import Advertisement
from tinygest.transport.inbox import Channel, Inbox

CONNECT_TIMEOUT_S = 20.0
CLOSE_TIMEOUT_S = 5.0


@dataclass(frozen=True)
class Found:
    """A device as a scan sees it; nothing of this is more than a claim."""

    address: str
    """What `connect` takes."""
    name: str = ""
    """Empty until it was heard: over BLE it comes in an answer of its own."""
    rssi_dbm: int | None = None
    services: frozenset[str] = frozenset()
    advertisement: Advertisement | None = None
    """Of our boards."""


class Link(ABC):
    """One connection. Used on one event loop; ends once, and `inbox` says why."""

    def __init__(self, address: str, channels: frozenset[Channel], inbox: Inbox | None = None) -> None:
        self.address = address
        self.channels = channels
        """What the peer has; a session asks before it uses one."""
        self.inbox = inbox or Inbox()

    @abstractmethod
    async def read(self, channel: Channel) -> bytes:
        """The value as it is now; raises LinkError."""

    @abstractmethod
    async def write(self, channel: Channel, payload: bytes) -> None:
        """Raises LinkError."""

    @abstractmethod
    async def subscribe(self, channel: Channel) -> None:
        """From now on the channel's messages come to `inbox`; raises LinkError."""

    @abstractmethod
    async def close(self) -> None:
        """Disconnect, also after the link was lost: systems keep what nobody gave back. Never raises."""

    def missing(self, channel: Channel) -> LinkError:
        """What to raise for a channel that the peer does not have."""
        return LinkError(f"{self.address} has no {channel.value}; it is another kind of device")


class Transport(ABC):
    """One way to boards: an adapter, the serial ports, a recording."""

    name: str

    @abstractmethod
    def scan(self, seconds: float) -> AsyncGenerator[Found, None]:
        """Yields a device when it is first heard and whenever something new is known of it.

        Raises LinkError; AdapterError when scanning is not possible at all.
        """

    @abstractmethod
    async def connect(self, address: str) -> Link:
        """Raises LinkError."""

    async def close(self) -> None:
        """Give back what the transport holds. Never raises."""
        return
