"""What a session tells its listeners. All times are the host's monotonic clock in seconds."""

from __future__ import annotations

from dataclasses import dataclass

from tinygest.core.sensor import SensorContract
from tinygest.gateway.board import Identity
from tinygest.gateway.stream import Batch
from tinygest.protocol.control import Started
from tinygest.protocol.events import ReportedEvent
from tinygest.protocol.health import Health


@dataclass(frozen=True)
class Linked:
    """A link is up and data were asked for."""

    identity: Identity
    contract: SensorContract
    started: Started | None
    """What the board answered to START; None for SSI boards."""
    n_links: int
    host_s: float


@dataclass(frozen=True)
class Unlinked:
    """The link was lost, or an attempt to connect failed; the session goes on trying."""

    reason: str
    retry_in_s: float
    host_s: float


@dataclass(frozen=True)
class Reported:
    """A recognising board found something."""

    event: ReportedEvent
    n_lost: int
    """Events that were reported before it and did not arrive."""
    host_s: float


@dataclass(frozen=True)
class ClassReported:
    """A board of SensiML's found something; it says neither when nor how sure."""

    model: int
    label: int
    host_s: float


@dataclass(frozen=True)
class ClockTold:
    """The board was asked for its clock at host_s, and then it showed device_s."""

    device_s: float
    host_s: float


@dataclass(frozen=True)
class HealthReported:
    """About once a second."""

    health: Health
    host_s: float


Update = Linked | Unlinked | Batch | Reported | ClassReported | HealthReported | ClockTold
