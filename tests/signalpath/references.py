"""The features of docs/features.md in double precision, by numpy and scipy.

A segment is averaged onto POINTS points first (`points`), exactly as the library does; x is those points
of one channel, int16 (POINTS,).
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import signal

Values = NDArray[np.float64]
POINTS = 32
HANN = np.sin(np.pi * (np.arange(POINTS) + 0.5) / POINTS) ** 2
BAND_EDGES = (1, 2, 4, 8, 17)


def box_areas(x: NDArray[np.int16], n_points: int) -> NDArray[np.int64]:
    """Means over n_points equal shares of the time that the samples last, times len(x), exactly."""
    integral = np.concatenate([[0], np.cumsum(x, dtype=np.int64)])
    ends = np.arange(n_points + 1) * len(x)
    whole, part = ends // n_points, ends % n_points
    next_sample = np.append(x, np.int16(0)).astype(np.int64)[whole]
    return np.diff(integral[whole] * n_points + next_sample * part)


def points(x: NDArray[np.int16], n_points: int = POINTS) -> NDArray[np.int16]:
    """Averages, rounded to the nearest count, halves up."""
    return ((2 * box_areas(x, n_points) + len(x)) // (2 * len(x))).astype(np.int16)


def magnitude(x: NDArray[np.int16], y: NDArray[np.int16], z: NDArray[np.int16]) -> NDArray[np.int16]:
    """Norms of points, rounded down and saturated."""
    squares = sum(axis.astype(np.int64) ** 2 for axis in (x, y, z))
    return np.minimum(np.floor(np.sqrt(squares)), 32767).astype(np.int16)


def log_jerk(x: NDArray[np.int16]) -> float:
    return float(np.log2(1 + np.abs(np.diff(x.astype(float))).mean()))


def crossings(x: NDArray[np.int16]) -> float:
    above = x > x.mean()
    return float(np.mean(above[1:] != above[:-1]))


def log_std4(x: NDArray[np.int16]) -> Values:
    return np.log2(np.sqrt(1 + x.reshape(4, -1).astype(float).var(axis=1)))


def powers(x: NDArray[np.int16]) -> Values:
    """Power of bins 1 to 16, counts squared, one-sided."""
    _, density = signal.periodogram(x.astype(float), fs=POINTS, window=HANN, detrend="constant")
    return np.asarray(density[1:])


def spectrum(x: NDArray[np.int16]) -> Values:
    power = powers(x)
    bands = [power[a - 1 : b - 1].sum() for a, b in pairwise(BAND_EDGES)]
    return np.log2(1 + np.array(bands))


def centroid(x: NDArray[np.int16]) -> float:
    power = powers(x)
    return float((np.arange(1, 17) * power).sum() / (1 + power.sum()))


def correlation(a: NDArray[np.int16], b: NDArray[np.int16]) -> float:
    if np.ptp(a) == 0 or np.ptp(b) == 0:
        return 0.0
    return float(np.corrcoef(a.astype(float), b.astype(float))[0, 1])


FEATURES: dict[str, Callable[[NDArray[np.int16]], float | Values]] = {
    "mean": np.mean,
    "std": np.std,
    "rms": lambda x: np.sqrt(np.mean(x.astype(float) ** 2)),
    "min": np.min,
    "max": np.max,
    "range": lambda x: int(x.max()) - int(x.min()),
    "log_jerk": log_jerk,
    "argmax": lambda x: (np.argmax(x) + 0.5) / len(x),
    "argmin": lambda x: (np.argmin(x) + 0.5) / len(x),
    "crossings": crossings,
    "bins8": lambda x: x.reshape(8, -1).mean(axis=1),
    "log_std4": log_std4,
    "p25": lambda x: np.percentile(x.astype(float), 25),
    "median": np.median,
    "p75": lambda x: np.percentile(x.astype(float), 75),
    "spectrum": spectrum,
    "centroid": centroid,
}
