"""Margins as probabilities: how often a held-out segment with such a margin was named rightly."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

MIN_EACH = 10  # right and wrong answers: fewer do not tell how sure a margin is
N_MARGINS = 256
N_ITERATIONS = 50


def fit_score_table(margins: Sequence[int], right: Sequence[bool]) -> tuple[int, ...]:
    """(256,) score 0..255 for each margin, never falling; empty if the answers cannot tell.

    A logistic curve with Platt's targets, so that perfect separation does not become certainty
    (J. Platt, Probabilistic outputs for support vector machines, 1999).
    """
    x, is_right = np.asarray(margins, np.float64), np.asarray(right, np.bool_)
    n_right, n_wrong = int(is_right.sum()), int((~is_right).sum())
    if min(n_right, n_wrong) < MIN_EACH:
        return ()
    targets = np.where(is_right, (n_right + 1) / (n_right + 2), 1 / (n_wrong + 2))
    slope, offset = _logistic(x / N_MARGINS, targets)
    if slope <= 0:
        return ()
    grid = np.arange(N_MARGINS) / N_MARGINS
    return tuple(np.rint(255 / (1 + np.exp(-(slope * grid + offset)))).astype(int).tolist())


def _logistic(x: NDArray[np.float64], targets: NDArray[np.float64]) -> tuple[float, float]:
    """(slope, offset) of largest likelihood, by Newton's method with a little ridge."""
    columns = np.stack([x, np.ones_like(x)], axis=1)
    weights = np.zeros(2)
    for _ in range(N_ITERATIONS):
        p = 1 / (1 + np.exp(-columns @ weights))
        gradient = columns.T @ (targets - p) - 1e-3 * weights
        hessian = (columns * (p * (1 - p))[:, np.newaxis]).T @ columns + 1e-3 * np.eye(2)
        step = np.linalg.solve(hessian, gradient)
        weights += step
        if np.abs(step).max() < 1e-9:
            break
    return float(weights[0]), float(weights[1])


def separated(table: tuple[int, ...], thresholds: Iterable[int]) -> tuple[int, ...]:
    """The table, lowered by a step where a threshold on the margin would else be lost in rounding.

    Near certainty many margins share one score. Below each threshold scores go down until the margin
    just below it has a smaller score than the threshold itself.
    """
    scores = list(table)
    for margin in sorted(set(thresholds), reverse=True):
        if table and margin > 0 and scores[margin - 1] >= scores[margin]:
            top = scores[margin] - 1
            scores[:margin] = [min(score, top) for score in scores[:margin]]
    if scores and min(scores) < 0:
        return ()  # more thresholds than scores below: the margin itself does
    return tuple(scores)
