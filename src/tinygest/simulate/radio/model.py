"""How the virtual radio carries packets."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class RadioModel:
    """Connection events, and what fits into one.

    A packet waits for the next connection event of its link. In one event a link passes at most
    `packets_per_event` packets each way; a central divides its time among its links, and a packet of full
    length with its answer takes `packet_ms` of it (251 bytes at 1 Mbit/s: 2.1 ms, two pauses of 0.15 ms,
    an empty packet back).
    """

    interval_ms: float | None = None
    """Connection interval; None: what central and board agree on; 0: no waiting at all."""
    packets_per_event: int = 6
    packet_ms: float = 2.5
    event_loss: float = 0.0
    """Share of connection events in which nothing gets through: packets wait for the next."""
    notification_loss: float = 0.0
    """Share of notifications that the central's host loses: they were sent, and nobody sees them."""
    rssi_dbm: int = -58
    speed: float = 1.0
    """Of the boards' clock: at 4 an interval of 15 ms takes 3.75 ms. 0: no waiting at all."""
    seed: int = 1

    def capacity(self, interval_ms: float, n_links: int) -> int:
        """Packets each way in an event of one of the `n_links` links of a central: at least one."""
        share_ms = interval_ms / max(n_links, 1)
        return max(1, min(self.packets_per_event, int(share_ms / self.packet_ms)))

    def seconds(self, milliseconds: float) -> float:
        """Of real time."""
        return milliseconds / 1000 / self.speed if self.speed > 0 else 0.0
