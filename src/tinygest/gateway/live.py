"""The last seconds of a session, for a screen."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tinygest.core.recording import Samples
from tinygest.gateway.session import Session, State
from tinygest.gateway.stream import Batch
from tinygest.gateway.updates import HealthReported, Update
from tinygest.protocol.health import Health

RATE_WINDOW_S = 3.0


@dataclass(frozen=True)
class Status:
    """One board, in one line."""

    name: str
    """Of the board; without one its side, or its address."""
    device: str
    side: str
    state: str
    reason: str
    """Why the last link ended; empty while all is well."""
    rate_hz: float
    """Samples a second of the last seconds."""
    n_samples: int
    n_missing: int
    n_repeated: int
    n_late: int
    n_links: int
    rssi_dbm: int | None


class Live:
    """A listener: `session.listen(live)`."""

    def __init__(self, session: Session, seconds: float = 5.0) -> None:
        self.session = session
        self.health: Health | None = None
        self._seconds = seconds
        self._rows: Samples | None = None
        """(n, n_channels), oldest first; gaps are not shown."""
        self._arrivals: list[tuple[float, int]] = []

    def __call__(self, update: Update) -> None:
        if isinstance(update, HealthReported):
            self.health = update.health
        elif isinstance(update, Batch):
            self._keep(update)

    def values(self) -> NDArray[np.float64]:
        """(n, n_channels) in physical units, oldest first."""
        contract = self.session.contract
        if self._rows is None or contract is None:
            return np.empty((0, 0))
        return np.asarray(self._rows / np.array([one.counts_per_unit for one in contract.channels]))

    def status(self) -> Status:
        session, counts = self.session, self.session.counts
        identity = session.identity
        return Status(
            name=(identity and (identity.name or identity.side)) or session.address,
            device=identity.device if identity else "",
            side=identity.side if identity else "",
            state=session.state.value,
            reason="" if session.state == State.RUNNING else session.last_reason,
            rate_hz=self._rate_hz(),
            n_samples=counts.n_samples,
            n_missing=counts.n_lost + counts.n_board_lost + counts.n_down,
            n_repeated=counts.n_repeated,
            n_late=counts.n_late,
            n_links=counts.n_links,
            rssi_dbm=(self.health.rssi_dbm or None) if self.health else None,
        )

    def _keep(self, batch: Batch) -> None:
        assert self.session.contract is not None
        n_kept = round(self._seconds * self.session.contract.rate_hz)
        rows = batch.samples if self._rows is None else np.concatenate([self._rows, batch.samples])
        self._rows = rows[-n_kept:]
        self._arrivals.append((batch.host_s, len(batch.samples)))
        while self._arrivals[0][0] < batch.host_s - RATE_WINDOW_S:
            self._arrivals.pop(0)

    def _rate_hz(self) -> float:
        """The first arrival opens the window, its samples were made before."""
        recent = [one for one in self._arrivals if one[0] >= time.monotonic() - RATE_WINDOW_S]
        span_s = recent[-1][0] - recent[0][0] if recent else 0.0
        if span_s <= 0:  # frames of one read of a serial port came at the same time
            return 0.0
        return sum(n for _, n in recent[1:]) / span_s
