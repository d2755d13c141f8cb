"""A board's clock against the host's.

Radio packets come late, never early: the arrival of a frame is its time plus a delay that is sometimes
almost nothing. So the line that fits is the one below all points (device time, arrival) that touches
them, not the one through their middle (Moon, Skelly and Towsley, Estimation and removal of clock skew
from network delay measurements, INFOCOM 1999). Only the lower convex hull of the points matters for it,
which stays small however long a recording is.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

WRAP_MS = 1 << 16
MAX_SKEW = 200e-6


@dataclass(frozen=True)
class ClockFit:
    """host_s = offset_s + rate * device_s."""

    offset_s: float
    rate: float

    def host_s(self, device_s: float) -> float:
        return self.offset_s + self.rate * device_s


class ClockFitter:
    """Fed with points in the order of the device's time.

    max_skew: how far the rate may be from 1; crystals are 50 ppm off, two of them 100, so a steeper line
    is an accident of a short recording.
    """

    def __init__(self, max_skew: float = MAX_SKEW) -> None:
        self._max_skew = max_skew
        self._hull: list[tuple[float, float]] = []
        self.n_points = 0

    def add(self, device_s: float, host_s: float) -> None:
        """A point that is not later than the one before it is passed over."""
        hull = self._hull
        if hull and device_s <= hull[-1][0]:
            return
        point = (device_s, host_s)
        while len(hull) > 1 and _turns_up(hull[-2], hull[-1], point):
            hull.pop()
        hull.append(point)
        self.n_points += 1

    def fit(self) -> ClockFit | None:
        """The line as of now; None before two points."""
        if len(self._hull) < 2:
            return None
        middle = (self._hull[0][0] + self._hull[-1][0]) / 2
        a, b = next((a, b) for a, b in pairwise(self._hull) if a[0] <= middle <= b[0])
        slope = (b[1] - a[1]) / (b[0] - a[0])
        rate = min(max(slope, 1 - self._max_skew), 1 + self._max_skew)
        return ClockFit(min(host - rate * device for device, host in self._hull), rate)


def _turns_up(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> bool:
    """b lies on or above the line from a to c."""
    return (b[1] - a[1]) * (c[0] - a[0]) >= (c[1] - a[1]) * (b[0] - a[0])


class DeviceClock:
    """The 16 bits of milliseconds that a frame carries -> seconds since the board started.

    Between frames the host's clock tells how often 65.536 s went by; over a break, in which the host may
    have slept, the board's uptime does.
    """

    REBOOT_S = 1.5  # what the board says of its uptime is a second old at most

    def __init__(self) -> None:
        self._last: tuple[float, float] | None = None  # device ms, host s

    def begin_link(self, uptime_ms: int | None, host_s: float) -> bool:
        """A link is up, and the board says how long it runs (None: it does not). True: it was restarted."""
        if uptime_ms is None:
            return False
        has_restarted = self._last is not None and uptime_ms + self.REBOOT_S * 1000 < self._expected(host_s)
        self._last = (float(uptime_ms), host_s)
        return has_restarted

    def seconds(self, device_ms: int, host_s: float) -> float:
        """device_ms: low 16 bits, as the frame has them."""
        near = self._expected(host_s) if self._last is not None else float(device_ms)
        full = device_ms + WRAP_MS * max(0, round((near - device_ms) / WRAP_MS))
        self._last = (full, host_s)
        return full / 1000

    def _expected(self, host_s: float) -> float:
        assert self._last is not None
        return self._last[0] + (host_s - self._last[1]) * 1000
