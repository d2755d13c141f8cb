"""The features of docs/features.md in double precision, by numpy and scipy; x is one channel (n,)."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import signal

Values = NDArray[np.float64]
HANN = np.sin(np.pi * (np.arange(64) + 0.5) / 64) ** 2
BAND_EDGES = (1, 2, 4, 8, 16, 33)


def box_means(x: NDArray[np.int16], n_points: int) -> Values:
    """Means over n_points equal shares of the time that the samples last."""
    integral = np.concatenate([[0.0], np.cumsum(x, dtype=np.float64)])
    ends = np.arange(n_points + 1) * len(x) / n_points
    return np.diff(np.interp(ends, np.arange(len(x) + 1), integral)) * n_points / len(x)


def log_jerk(x: NDArray[np.int16]) -> float:
    return float(np.log2(1 + np.abs(np.diff(x.astype(float))).mean())) if len(x) > 1 else 0.0


def crossings(x: NDArray[np.int16]) -> float:
    above = x > x.mean()
    return float(np.mean(above[1:] != above[:-1])) if len(x) > 1 else 0.0


def log_std4(x: NDArray[np.int16]) -> Values:
    edges = [q * len(x) // 4 for q in range(5)]
    quarters = [x[a:b].astype(float) for a, b in pairwise(edges)]
    return np.array([np.log2(np.sqrt(1 + quarter.var())) if len(quarter) else 0.0 for quarter in quarters])


def powers(x: NDArray[np.int16]) -> Values:
    """Power of bins 1 to 32, counts squared, one-sided."""
    _, density = signal.periodogram(box_means(x, 64), fs=64, window=HANN, detrend="constant")
    return np.asarray(density[1:])


def spectrum(x: NDArray[np.int16]) -> Values:
    power = powers(x)
    bands = [power[a - 1 : b - 1].sum() for a, b in pairwise(BAND_EDGES)]
    return np.log2(1 + np.array(bands))


def centroid(x: NDArray[np.int16]) -> float:
    power = powers(x)
    return float((np.arange(1, 33) * power).sum() / (1 + power.sum()))


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
    "bins8": lambda x: box_means(x, 8),
    "log_std4": log_std4,
    "p25": lambda x: np.percentile(x.astype(float), 25),
    "median": np.median,
    "p75": lambda x: np.percentile(x.astype(float), 75),
    "spectrum": spectrum,
    "centroid": centroid,
}
