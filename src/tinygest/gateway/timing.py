"""When each row of a recording was measured, on the host's time base: what aligns two gloves.

Index -> board's clock -> host's clock, each a straight line; both are kept in `clock_fit`.

Arrivals alone tell the second line too late: frames each 50 ms on a link with an event each 30 ms meet an
event at three phases only, and even the luckiest waits up to 10 ms, as long as the two clocks keep step.
So the board is asked for its clock, at times that keep step with nothing. It showed what it tells after it
was asked, so the line lies above these points as it lies below arrivals. After one question it is taken to
be midway, as NTP does (RFC 5905, section 8); the luckiest of n questions waited about an n-th of that.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from tinygest.core.recording import RecordingInfo
from tinygest.gateway.clock import ClockFit, ClockFitter
from tinygest.gateway.stream import Cause
from tinygest.protocol.info import Info
from tinygest.protocol.words import Imu
from tinygest.signalpath.resample import REACH
from tinygest.store.journal import Rows

MIN_SPAN_S = 1.0
"""Shorter recordings measure no rate."""
SURE_SPAN_S = 10.0
MAX_RATE_ERROR, ANY_RATE_ERROR = 0.05, 0.9
"""How far a rate may be from what the board says: in recordings shorter than that, where a late frame
looks like another rate, and in longer ones."""
SLEPT_S = 2.0
"""No frame is that much later than the next one while a link lives."""


@dataclass(frozen=True)
class Told:
    """The board was asked at asked_s, by the host's clock, and then its own showed device_s."""

    device_s: float
    asked_s: float


def fit_times(
    rows: list[Rows], rate_hz: float, epoch_s: float, delay_s: float = 0.0, told: Sequence[Told] = ()
) -> dict[str, float] | None:
    """Device clock against host clock, and the rows against the device clock; None without either.

    epoch_s: what makes Unix time of the host's clock. delay_s: by which the board tells of a row after it
    was measured.
    offset_s, rate: Unix seconds = offset_s + rate * device_s. within_s: how far that may be off; only with
    told. first_row_s: device_s at which row 0 was measured.
    device_rate_hz: samples a second by the board's clock. A board that was restarted has several clocks,
    and so has a host that slept: the longest stretch is fitted. Without a board's clock, arrival times
    take its place.
    """
    stretch = _longest_stretch(rows)
    last_index = _last_indices(rows)
    by_device = all(math.isfinite(rows[i].device_s) for i in stretch)
    span_s = rows[stretch[0]].host_s, rows[stretch[-1]].host_s
    is_short = span_s[1] - span_s[0] < SURE_SPAN_S
    to_host, to_device = ClockFitter(), ClockFitter(MAX_RATE_ERROR if is_short else ANY_RATE_ERROR)
    for i in stretch:
        device_s = rows[i].device_s if by_device else rows[i].host_s
        to_host.add(device_s, rows[i].host_s)
        to_device.add(last_index[i] / rate_hz, device_s)
    host, device = to_host.fit(), to_device.fit()
    if (
        host is None
        or device is None
        or (last_index[stretch[-1]] - last_index[stretch[0]]) < MIN_SPAN_S * rate_hz
    ):
        return None
    asked = [one for one in told if by_device and span_s[0] <= one.asked_s <= span_s[1]]
    late_s = _lateness(host, asked)
    return {
        "offset_s": host.offset_s + epoch_s - late_s,
        "rate": host.rate,
        "first_row_s": device.offset_s - delay_s,
        "device_rate_hz": rate_hz / device.rate,
        **({"within_s": abs(late_s)} if asked else {}),
    }


def _lateness(fit: ClockFit, asked: Sequence[Told]) -> float:
    """Of a line that touches arrivals."""
    if not asked:
        return 0.0
    between_s = min(fit.host_s(one.device_s) - one.asked_s for one in asked)
    return between_s * len(asked) / (len(asked) + 1)


def resampler_delay_s(info: Info, rate_hz: float) -> float:
    """Of a board's rows: it tells of each so much after it was measured (docs/numerics.md)."""
    part_rate_hz = info.part_rate_mhz / 1000
    if info.imu == Imu.NONE or part_rate_hz <= 0:
        return 0.0
    return float(REACH / min(part_rate_hz, rate_hz))


def measured_rate_hz(fit: dict[str, float] | None) -> float | None:
    """Samples a second by the host's clock."""
    return None if fit is None else fit["device_rate_hz"] / fit["rate"]


def row_times(info: RecordingInfo) -> NDArray[np.float64]:
    """(n_samples,) Unix seconds at which each row was measured; not a number without a clock fit."""
    fit = info.clock_fit
    if fit is None or "first_row_s" not in fit:
        return np.full(info.n_samples, np.nan)
    steps = np.ones(info.n_samples)
    steps[:1] = 0
    for gap in info.gaps:
        steps[gap.at] += gap.n_missing
    index = np.cumsum(steps)
    device_s = fit["first_row_s"] + index / fit["device_rate_hz"]
    return np.asarray(fit["offset_s"] + fit["rate"] * device_s)


def _last_indices(rows: list[Rows]) -> list[int]:
    """Index on the time line of the last row of each batch; row 0 has 0."""
    steps = [len(one.samples) + (one.missing if i else 0) for i, one in enumerate(rows)]
    return [total - 1 for total in accumulate(steps)]


def _longest_stretch(rows: list[Rows]) -> range:
    """Batches in which neither the board was restarted nor the host slept."""
    breaks = [
        i
        for i, (before, one) in enumerate(pairwise(rows), start=1)
        if one.cause == Cause.BOARD_RESTARTED or _slept_s(before, one) > SLEPT_S
    ]
    stretches = [range(a, b) for a, b in pairwise([0, *breaks, len(rows)])]
    return max(stretches, key=len)


def _slept_s(before: Rows, after: Rows) -> float:
    """How long the host's clock stood still between; not a number without a board's clock."""
    return (after.device_s - before.device_s) - (after.host_s - before.host_s)
