"""A recording at any zoom: the smallest and largest value of each bin, from a pyramid of halvings.

Bins lie on multiples of their width, so a plot that moves does not flicker, and what was drawn once can
be kept. Width 1 gives the samples themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinygest.core.errors import UsageError

Rows = NDArray[Any]
"""(n_channels, n): one row a channel, contiguous in time."""


@dataclass(frozen=True)
class View:
    """Bins [first, first + n) of width `step` samples."""

    start: int
    """Sample at which the first bin begins: a multiple of `step`."""
    step: int
    low: Rows
    high: Rows


class Pyramid:
    """Built once a signal: twice its memory, and then any view costs what is drawn, not what is seen."""

    def __init__(self, rows: Rows):
        """rows: (n_channels, n), int16 or uint16."""
        self.n_samples = rows.shape[1]
        self._levels = [(rows, rows)]
        while self._levels[-1][0].shape[1] > 1:
            low, high = self._levels[-1]
            self._levels.append((_halved(low, np.minimum), _halved(high, np.maximum)))

    def view(self, start: int, stop: int, n_bins: int) -> View:
        """Between `n_bins` and twice as many bins over [start, stop), fewer where there is less.

        Raises UsageError for a range that is not inside the signal, or no bins.
        """
        if not (0 <= start < stop <= self.n_samples and n_bins > 0):
            raise UsageError(f"[{start}, {stop}) is not inside the recording [0, {self.n_samples})")
        exponent = max(0, ((stop - start) // n_bins).bit_length() - 1)
        exponent = min(exponent, len(self._levels) - 1)
        step = 1 << exponent
        first, last = start // step, -(-stop // step)
        low, high = self._levels[exponent]
        return View(first * step, step, low[:, first:last], high[:, first:last])


def _halved(rows: Rows, which: np.ufunc) -> Rows:
    """Pairs become one; a last single one stays."""
    even = rows[:, ::2].copy()
    odd = rows[:, 1::2]
    which(even[:, : odd.shape[1]], odd, out=even[:, : odd.shape[1]])
    return even
