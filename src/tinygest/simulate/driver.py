"""What the board's driver does with raw counts before anyone sees them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tinygest.core.units import COUNTS_PER_DPS, COUNTS_PER_G
from tinygest.simulate.imu import Part, Unit


def canonical_counts(part: Part, raw: NDArray[np.int16]) -> NDArray[np.int16]:
    """Raw counts (n, 6) to 2048 per g and 16.384 per degree/s: round half away, saturate.

    LSM9DS1: x 1.499136 and x 1.14688. BMI270: unchanged.
    """
    factors = np.repeat([COUNTS_PER_G / part.counts_per_g, COUNTS_PER_DPS / part.counts_per_dps], 3)
    scaled = raw * factors
    rounded = np.trunc(scaled + np.copysign(0.5, scaled))
    return np.asarray(np.clip(rounded, -32768, 32767), np.int16)


def measure_rate(unit: Unit, rng: np.random.Generator) -> float:
    """The part's rate by the microcontroller's clock, which is a crystal's 50 ppm off."""
    return unit.rate_hz * (1 + 50e-6 * rng.uniform(-1, 1))
