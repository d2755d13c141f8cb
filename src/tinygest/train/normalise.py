"""From the C library's raw integers to the z-scores that training sees."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

CLIP = 5.0
"""z-scores beyond this are an outlier of the sensor, not of the movement; int8 has no room for them."""

ROWS_AT_A_TIME = 4096

IGNORED_STD = 2.0**20
"""What an input that never varied in training is divided by: twice the largest raw value that there is,
so whatever it does later stays near 0.

A small deviation would do the opposite: saturate an input whose weights were never trained.
"""


@dataclass(frozen=True)
class Normalisation:
    """Mean and standard deviation of each input, in the integer library's raw units."""

    mean: NDArray[np.float64]
    std: NDArray[np.float64]

    def apply(self, raw: NDArray[np.int32]) -> NDArray[np.float32]:
        """(k, n_inputs) raw integers -> z-scores, clipped at +-CLIP."""
        z = np.empty(raw.shape, np.float32)
        for rows in in_parts(len(raw)):
            np.clip((raw[rows] - self.mean) / self.std, -CLIP, CLIP, out=z[rows], casting="same_kind")
        return z


def measure(raw: NDArray[np.int32], n_groups: int | None = None) -> Normalisation:
    """Mean and deviation over the examples given, which must be training examples only.

    raw: (k, n_inputs). n_groups: with a window of n_groups channels, channels last, all points of a
    channel share one mean and deviation; None: every input has its own.
    """
    n_inputs = raw.shape[1]
    columns = raw.reshape(-1, n_groups or n_inputs)
    repeats = n_inputs // columns.shape[1]
    mean = columns.mean(axis=0, dtype=np.float64)
    squares = sum(((columns[rows] - mean) ** 2).sum(axis=0) for rows in in_parts(len(columns)))
    std = np.sqrt(squares / len(columns))
    std = np.where(std < 1.0, IGNORED_STD, std)  # below one step of the integer
    return Normalisation(np.tile(mean, repeats), np.tile(std, repeats))


def in_parts(n_rows: int) -> Iterator[slice]:
    """Rows, a few thousand at a time: there is never a second copy of all inputs in double precision."""
    yield from (slice(start, start + ROWS_AT_A_TIME) for start in range(0, n_rows, ROWS_AT_A_TIME))
