"""Connection events of one link: packets wait here for the next one."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from math import floor
from random import Random

from tinygest.simulate.radio.model import RadioModel

Deliver = Callable[[], None]


class ConnectionEvents:
    """Two queues, one each way, served at the link's anchor points.

    n_links: how many links the central has at the moment. Nothing runs while there is nothing to send.
    """

    def __init__(self, model: RadioModel, interval_ms: float, n_links: Callable[[], int]):
        self.model = model
        self._n_links = n_links
        self._random = Random(model.seed)
        self._queues: tuple[deque[Deliver], deque[Deliver]] = (deque(), deque())
        self._loop = asyncio.get_running_loop()
        self._anchor = self._due = self._loop.time()
        self._timer: asyncio.TimerHandle | None = None
        self._is_open = True
        self.interval_ms = interval_ms
        self.n_events = 0
        self.n_failed = 0

    def put(self, from_central: bool, deliver: Deliver) -> None:
        """`deliver` is called when the packet has passed."""
        self._queues[from_central].append(deliver)
        self._schedule()

    def set_interval(self, interval_ms: float) -> None:
        """From the next event on."""
        self._anchor = self._loop.time()
        self.interval_ms = interval_ms

    def set_open(self, is_open: bool) -> None:
        """False: nothing gets through until it is True again."""
        self._is_open = is_open
        self._schedule()

    def close(self) -> None:
        """The link has ended; what waits is lost."""
        self._is_open = False
        for queue in self._queues:
            queue.clear()
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _schedule(self) -> None:
        if self._timer is None and self._is_open and any(self._queues):
            self._due = self._next_event()
            self._timer = self._loop.call_at(self._due, self._catch_up)

    def _next_event(self) -> float:
        now = self._loop.time()
        period = self.model.seconds(self.interval_ms)
        if period == 0:
            return now
        return self._anchor + (floor((now - self._anchor) / period) + 1) * period

    def _catch_up(self) -> None:
        """A computer that is busy calls late: events that have passed meanwhile are held now."""
        self._timer = None
        period = self.model.seconds(self.interval_ms)
        n_due = 1 + floor((self._loop.time() - self._due) / period) if period else 1
        for _ in range(n_due):
            if not any(self._queues):
                break
            self._hold_event()
        self._schedule()

    def _hold_event(self) -> None:
        self.n_events += 1
        if self._random.random() < self.model.event_loss:
            self.n_failed += 1
            return
        n_packets = self.model.capacity(self.interval_ms, self._n_links())
        for queue in self._queues:
            for _ in range(min(n_packets, len(queue)) if self.interval_ms else len(queue)):
                queue.popleft()()
