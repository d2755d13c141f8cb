"""Smooth random curves that have a value at any time and need no memory of what came before."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

KNOTS_PER_BLOCK = 64


class SmoothNoise:
    """Uniform cubic B-splines through the air: independent normal coefficients every `spacing` steps.

    A curve is defined by its seed alone, so any stretch of it can be evaluated, in any order.
    Variance is 1 on average; the band reaches to about 0.5 / spacing.
    """

    # Mean over the interval of the sum of the squared basis functions is 151/315.
    _GAIN = (315 / 151) ** 0.5

    def __init__(self, seed: tuple[int, ...], n_curves: int, spacing: int):
        self._seed = seed
        self._n_curves = n_curves
        self._spacing = spacing
        u = np.arange(spacing) / spacing
        basis = [(1 - u) ** 3, 3 * u**3 - 6 * u**2 + 4, -3 * u**3 + 3 * u**2 + 3 * u + 1, u**3]
        self._basis = self._GAIN * np.stack(basis, axis=1) / 6

    def sample(self, first: int, stop: int) -> NDArray[np.float64]:
        """Steps [first, stop), which may be negative -> (stop - first, n_curves)."""
        first_knot, last_knot = first // self._spacing, (stop - 1) // self._spacing
        knots = self._knots(first_knot, last_knot + 4)
        windows = np.lib.stride_tricks.sliding_window_view(knots, 4, axis=0)
        curve = (windows @ self._basis.T).swapaxes(1, 2).reshape(-1, self._n_curves)
        offset = first - first_knot * self._spacing
        return curve[offset : offset + stop - first]

    def _knots(self, first: int, stop: int) -> NDArray[np.float64]:
        blocks = range(first // KNOTS_PER_BLOCK, (stop - 1) // KNOTS_PER_BLOCK + 1)
        knots = np.concatenate([self._block(block) for block in blocks])
        offset = first - blocks[0] * KNOTS_PER_BLOCK
        return knots[offset : offset + stop - first]

    def _block(self, block: int) -> NDArray[np.float64]:
        # Seeds are non-negative; blocks before time 0 get the odd numbers.
        number = 2 * block if block >= 0 else -2 * block - 1
        rng = np.random.default_rng((*self._seed, number))
        return rng.standard_normal((KNOTS_PER_BLOCK, self._n_curves))
