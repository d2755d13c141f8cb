"""What a column of times says about rate and missing samples.

Hosts stamp samples late, in bursts, never early: a late stamp is followed by others that catch up, a
lost sample shifts all that follow. So a sample's true time is judged by the earliest of what it and
the next `AHEAD` stamps say, and only a shift that lasts is a gap.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tinygest.core.recording import Gap

AHEAD = 32
MIN_MISSING = 0.75  # of a period; less is jitter
MAX_MISSING = (1 << 31) - 1  # samples of a recording: half a year at 100 Hz; no index holds more


@dataclass(frozen=True)
class Timing:
    """rate_hz: None where the times span too little to tell."""

    rate_hz: float | None
    gaps: tuple[Gap, ...]


class TimeError(Exception):
    """Time runs backwards just before `row`."""

    def __init__(self, row: int) -> None:
        self.row = row
        super().__init__(row)


def read_timing(time_s: NDArray[np.float64], borders: tuple[int, ...]) -> Timing:
    """Rate and gaps of a recording.

    time_s: (n,). borders: rows where another capture begins; nothing is said about time across them.
    """
    edges = (0, *borders, len(time_s))
    pieces = [(start, time_s[start:stop]) for start, stop in itertools.pairwise(edges)]
    for start, piece in pieces:
        backwards = np.flatnonzero(np.diff(piece) < 0)
        if len(backwards):
            raise TimeError(start + int(backwards[0]) + 1)
    period = _period(pieces)
    if period is None:
        return Timing(None, ())
    gaps = [
        Gap(start + row, n_missing) for start, piece in pieces for row, n_missing in _missing(piece, period)
    ]
    n_periods = sum(len(piece) - 1 for _, piece in pieces) + sum(gap.n_missing for gap in gaps)
    duration = sum(float(piece[-1] - piece[0]) for _, piece in pieces)
    return Timing(n_periods / duration, tuple(gaps))


def n_lost(missing: float) -> int:
    """To nearest, at least one; beyond MAX_MISSING just more than that, infinity too."""
    return max(1, round(min(missing, MAX_MISSING + 1.0)))


def _period(pieces: list[tuple[int, NDArray[np.float64]]]) -> float | None:
    """Typical seconds from sample to sample: over stretches, so that bursts average out.

    A stretch is at most a quarter of a capture: then one gap lies in less than half of them, and the
    median does not see it.
    """
    steps = np.concatenate([_steps(piece, min(AHEAD, max(1, len(piece) // 4))) for _, piece in pieces])
    period = float(np.median(steps)) if len(steps) else 0.0
    return period if period > 0 else None


def _steps(time_s: NDArray[np.float64], length: int) -> NDArray[np.float64]:
    return (time_s[length:] - time_s[:-length]) / length


def _missing(time_s: NDArray[np.float64], period: float) -> list[tuple[int, int]]:
    """(row, samples missing before it) of one capture."""
    found = []
    for row in np.flatnonzero(np.diff(time_s) > (1 + MIN_MISSING) * period) + 1:
        ahead = time_s[row : row + AHEAD]
        on_time = float(np.min(ahead - period * np.arange(len(ahead))))
        missing = (on_time - float(time_s[row - 1])) / period - 1
        if missing > MIN_MISSING:
            found.append((int(row), n_lost(missing)))
    return found
