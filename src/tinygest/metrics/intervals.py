"""95 % intervals: a score without one is an anecdote."""

from __future__ import annotations

import math
from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from tinygest.metrics.scores import LabelCounts

Z95 = 1.959963984540054  # standard normal quantile at 0.975


class Interval95(msgspec.Struct, frozen=True):
    """From low to high."""

    low: float
    high: float


def wilson(n_right: int, n: int) -> Interval95 | None:
    """Interval of a share n_right / n (E. B. Wilson, JASA 22, 1927); None when n is 0.

    Holds its confidence down to a handful of trials and near 0 and 1, where the usual +- does not.
    It takes trials as independent; repetitions of one person are not, so it is a lower bound of doubt.
    """
    if not 0 <= n_right <= n:
        raise ValueError(f"{n_right} of {n}")
    if n == 0:
        return None
    share = n_right / n
    centre = share + Z95**2 / (2 * n)
    half = Z95 * math.sqrt(share * (1 - share) / n + Z95**2 / (4 * n**2))
    scale = 1 + Z95**2 / n
    return Interval95(max(0.0, (centre - half) / scale), min(1.0, (centre + half) / scale))


def bootstrap_macro_f1(
    groups: Sequence[dict[str, LabelCounts]], seed: int = 0, n_draws: int = 2000
) -> Interval95 | None:
    """Percentile interval of macro-F1 when the groups (subjects) are drawn again with replacement.

    Each element holds the counts of one subject by label. None with fewer than two subjects: one
    person says nothing about the next.
    """
    if len(groups) < 2:
        return None
    names = sorted({name for group in groups for name in group})
    counts = np.array([[_row(group.get(name, LabelCounts())) for name in names] for group in groups])
    draws = np.random.default_rng(seed).integers(0, len(groups), (n_draws, len(groups)))
    weights = np.apply_along_axis(np.bincount, 1, draws, minlength=len(groups))
    values = _macro_f1(np.tensordot(weights, counts.reshape(len(groups), len(names), 2), axes=1))
    low, high = np.percentile(values, [2.5, 97.5])
    return Interval95(float(low), float(high))


def _row(counts: LabelCounts) -> tuple[int, int]:
    return counts.n_matched, counts.n_true + counts.n_found


def _macro_f1(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """(n_draws, n_labels, [matched, true + found]) -> (n_draws,); labels that do not occur are left out."""
    matched, events = counts[..., 0], counts[..., 1]
    occurs = events > 0
    f1 = np.where(occurs, 2 * matched / np.maximum(events, 1), 0.0)
    return np.asarray(f1.sum(axis=1) / np.maximum(occurs.sum(axis=1), 1))
