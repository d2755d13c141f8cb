"""A bounded queue of updates for a reader that may be slow: a page, a terminal."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator

from tinygest.gateway.updates import Update

MAX_UPDATES = 256


class Tap:
    """`session.listen(tap)`; then `async for update in tap`. When full the oldest go, counted."""

    def __init__(self, max_updates: int = MAX_UPDATES) -> None:
        self.n_dropped = 0
        self._updates: deque[Update] = deque()
        self._max_updates = max_updates
        self._wake = asyncio.Event()
        self._is_closed = False

    def __call__(self, update: Update) -> None:
        if len(self._updates) >= self._max_updates:
            self._updates.popleft()
            self.n_dropped += 1
        self._updates.append(update)
        self._wake.set()

    def close(self) -> None:
        """The reader's loop ends after what is there."""
        self._is_closed = True
        self._wake.set()

    async def __aiter__(self) -> AsyncIterator[Update]:
        while True:
            while self._updates:
                yield self._updates.popleft()
            if self._is_closed:
                return
            self._wake.clear()
            await self._wake.wait()
