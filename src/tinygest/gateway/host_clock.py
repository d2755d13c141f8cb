"""One time base for everything that this process records.

Sessions measure by the monotonic clock, which nobody sets. Recordings store Unix time: monotonic time
plus what is between both, the same for all gloves that are recorded together.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime

TOLERANCE_S = 1.0


class _Epoch:
    """Unix time less the monotonic clock, kept for as long as it holds.

    It holds until somebody sets the wall clock, or the computer sleeps: on Linux the monotonic clock
    stands still meanwhile, and a gateway may run for days.
    """

    def __init__(self) -> None:
        self._epoch_s = time.time() - time.monotonic()

    def now(self) -> float:
        now_s = time.time() - time.monotonic()
        if abs(now_s - self._epoch_s) > TOLERANCE_S:
            self._epoch_s = now_s
        return self._epoch_s


epoch_s = _Epoch().now


def unix_s(host_s: float) -> float:
    """Of a monotonic time that was read since the computer slept last."""
    return host_s + epoch_s()


def iso(host_s: float) -> str:
    return datetime.fromtimestamp(unix_s(host_s), UTC).isoformat(timespec="milliseconds")
