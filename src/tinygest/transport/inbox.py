"""A bounded queue between a link's callbacks, which must not wait, and the session that reads it."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass
from enum import Enum

MAX_MESSAGES = 1024
"""About 50 seconds of one board; a session that far behind does not run any more."""


class Channel(Enum):
    """What a message is about, whichever way it came."""

    INFO = "info"
    SAMPLES = "samples"
    EVENTS = "events"
    CONTROL = "control"
    REPLY = "reply"
    HEALTH = "health"
    SSI_CONFIG = "SSI configuration"
    SSI_ROWS = "SSI rows"
    SSI_CLASS = "SSI class"
    SSI_LINE = "SSI result line"


@dataclass(frozen=True)
class Message:
    """Bytes as the protocol has them; nothing of them is checked yet."""

    channel: Channel
    payload: bytes
    at_s: float
    """Host's monotonic clock on arrival."""
    sequence: int | None = None
    """Of SSI v2 frames: counts the frames of the channel."""


class Inbox:
    """Of one link, used on one event loop. When full it drops the newest message and counts it.

    Rows without a sequence number cannot show that some are missing, so there the link ends instead.
    """

    def __init__(self, max_messages: int = MAX_MESSAGES) -> None:
        self.n_dropped = 0
        self.reason = ""
        """Why the link ended; empty while it is up."""
        self._max_messages = max_messages
        self._messages: deque[Message] = deque()
        self._wake = asyncio.Event()

    @property
    def is_closed(self) -> bool:
        return bool(self.reason)

    def push(self, message: Message) -> None:
        """Never waits; does nothing once the link has ended."""
        if self.is_closed:
            return
        if len(self._messages) >= self._max_messages:
            self.n_dropped += 1
            if message.channel == Channel.SSI_ROWS and message.sequence is None:
                self.close("this computer was too slow to take the rows; close other programs")
            return
        self._messages.append(message)
        self._wake.set()

    def close(self, reason: str) -> None:
        """The link has ended; messages that came before can still be read. The first reason stays."""
        self.reason = self.reason or reason
        self._wake.set()

    async def get(self) -> Message | None:
        """The oldest message; None when the link has ended and all were read."""
        while not self._messages:
            if self.is_closed:
                return None
            self._wake.clear()
            await self._wake.wait()
        return self._messages.popleft()
