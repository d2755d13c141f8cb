"""One time base for everything that this process records.

Sessions measure by the monotonic clock, which nobody sets. Recordings store Unix time: monotonic time
plus one constant of the process, so that two gloves agree even when the wall clock is set meanwhile.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime

EPOCH_S = time.time() - time.monotonic()


def unix_s(host_s: float) -> float:
    """Of a monotonic time."""
    return host_s + EPOCH_S


def iso(host_s: float) -> str:
    return datetime.fromtimestamp(unix_s(host_s), UTC).isoformat(timespec="milliseconds")
