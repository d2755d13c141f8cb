"""The two parts that Nano 33 BLE Sense boards carry, from motion to raw counts.

Scales and nominal rates are those that tinygest's driver sets (DESIGN: 16 g and 2000 degrees/s).
BMI270 noise is its data sheet's (160 ug/rtHz, 7 mdps/rtHz). LSM9DS1 noise, and the spreads of bias,
scale and rate of both, are plausible assumptions: nothing here was measured on a board.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tinygest.core.errors import UsageError
from tinygest.simulate.motion import Motion
from tinygest.simulate.trajectory import MOTION_RATE_HZ

FULL_SCALE_G = 16.0
FULL_SCALE_DPS = 2000.0


@dataclass(frozen=True)
class Part:
    """A type of IMU, as the driver sets it up."""

    name: str
    nominal_rate_hz: float
    counts_per_g: float
    counts_per_dps: float
    bandwidth_hz: float
    """Of the part's own low pass, -6 dB."""
    noise_g_rthz: float
    noise_dps_rthz: float
    bias_g: float
    """Standard deviation from unit to unit, each axis; likewise below."""
    bias_dps: float
    scale_spread: float
    rate_spread: float
    """The true rate is off by up to this share, evenly."""


BOARDS = {
    "rev1": Part(
        "LSM9DS1",
        nominal_rate_hz=238.0,
        counts_per_g=1 / 0.732e-3,
        counts_per_dps=1 / 70e-3,
        bandwidth_hz=90.0,
        noise_g_rthz=300e-6,
        noise_dps_rthz=20e-3,
        bias_g=0.025,
        bias_dps=2.0,
        scale_spread=0.01,
        rate_spread=0.05,
    ),
    "rev2": Part(
        "BMI270",
        nominal_rate_hz=200.0,
        counts_per_g=2048.0,
        counts_per_dps=16.384,
        bandwidth_hz=80.0,
        noise_g_rthz=160e-6,
        noise_dps_rthz=7e-3,
        bias_g=0.01,
        bias_dps=0.5,
        scale_spread=0.005,
        rate_spread=0.03,
    ),
}


def find_board(board: str) -> Part:
    """The part on this board revision; raises UsageError."""
    if board not in BOARDS:
        raise UsageError(f"board {board!r} is not known; use one of {', '.join(BOARDS)}")
    return BOARDS[board]


@dataclass(frozen=True)
class Unit:
    """One piece of a part, with its own errors."""

    part: Part
    rate_hz: float
    gain: NDArray[np.float64]  # (6,)
    bias: NDArray[np.float64]  # (6,), g and degrees/s

    @property
    def counts(self) -> NDArray[np.float64]:
        """Counts per g and per degree/s, one per channel (6,)."""
        return np.repeat([self.part.counts_per_g, self.part.counts_per_dps], 3)


def draw_unit(part: Part, rng: np.random.Generator) -> Unit:
    """A piece out of the box."""
    return Unit(
        part,
        rate_hz=part.nominal_rate_hz * (1 + part.rate_spread * rng.uniform(-1, 1)),
        gain=1 + part.scale_spread * rng.standard_normal(6),
        bias=np.repeat([part.bias_g, part.bias_dps], 3) * rng.standard_normal(6),
    )


def perfect_unit(part: Part) -> Unit:
    """A piece without errors of its own."""
    return Unit(part, part.nominal_rate_hz, np.ones(6), np.zeros(6))


def low_pass_taps(bandwidth_hz: float) -> NDArray[np.float64]:
    """Symmetric FIR (2 * LOW_PASS_REACH + 1,) at MOTION_RATE_HZ: windowed sinc, no delay, gain 1."""
    n = np.arange(-LOW_PASS_REACH, LOW_PASS_REACH + 1)
    window = np.hanning(len(n) + 2)[1:-1]
    taps = np.sinc(2 * bandwidth_hz / MOTION_RATE_HZ * n) * window
    return np.asarray(taps / taps.sum(), dtype=np.float64)


LOW_PASS_REACH = 12
READ_AHEAD = LOW_PASS_REACH + 1
"""Steps of motion needed on either side of the stretch that is sensed."""


def sample_times(unit: Unit, first: int, stop: int) -> NDArray[np.float64]:
    """Positions, in steps from `first`, of the samples that fall into steps [first, stop)."""
    steps_per_sample = MOTION_RATE_HZ / unit.rate_hz
    k = np.arange(int(np.ceil(first / steps_per_sample)), int(np.ceil(stop / steps_per_sample)))
    return np.asarray(k * steps_per_sample - first, dtype=np.float64)


def sense(unit: Unit, motion: Motion, first: int, rng: np.random.Generator) -> NDArray[np.int16]:
    """Raw counts of the samples that fall into the motion, which begins READ_AHEAD before `first`.

    motion: (READ_AHEAD + n + READ_AHEAD) steps -> (n_samples, 6) int16.
    """
    n_steps = len(motion.force_g) - 2 * READ_AHEAD
    taps = low_pass_taps(unit.part.bandwidth_hz)
    analogue = np.concatenate([motion.force_g, motion.rate_dps], axis=1)
    filtered = np.stack([np.convolve(column, taps, "valid") for column in analogue.T], axis=1)
    # Linear interpolation at 1 kHz: within 1.5 % at 50 Hz.
    where = sample_times(unit, first, first + n_steps) + READ_AHEAD - LOW_PASS_REACH
    whole = where.astype(int)
    share = (where - whole)[:, None]
    sensed = (1 - share) * filtered[whole] + share * filtered[whole + 1]
    return quantise(unit, unit.gain * sensed + unit.bias + noise(unit, len(sensed), rng))


def noise(unit: Unit, n_samples: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """White noise in the part's bandwidth (n_samples, 6), g and degrees/s."""
    density = np.repeat([unit.part.noise_g_rthz, unit.part.noise_dps_rthz], 3)
    return np.asarray(density * unit.part.bandwidth_hz**0.5 * rng.standard_normal((n_samples, 6)))


def quantise(unit: Unit, physical: NDArray[np.float64]) -> NDArray[np.int16]:
    """g and degrees/s (n, 6) to raw counts, saturating at full scale."""
    full_scale = np.repeat([FULL_SCALE_G, FULL_SCALE_DPS], 3)
    counts = np.rint(np.clip(physical, -full_scale, full_scale) * unit.counts)
    return np.clip(counts, -32768, 32767).astype(np.int16)
