"""Where the glove is: smooth strokes that add up.

A pose is (6,): position x forward, y inwards (towards the body's midline), z up in metres from the
shoulder, then yaw inwards, pitch upwards, pronation in degrees. "Inwards" makes one description
serve both hands.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Pose = NDArray[np.float64]  # (6,)
Poses = NDArray[np.float64]  # (n, 6)

MOTION_RATE_HZ = 1000
"""Steps at which motion is computed, well above what the parts sense."""


@dataclass(frozen=True)
class Stroke:
    """One smooth displacement; strokes that overlap in time add up, which bends the path.

    Speed is proportional to u^rise (1 - u)^2 over 0 <= u <= 1. With rise 2 that is the minimum-jerk
    profile of Flash and Hogan (J. Neurosci. 5, 1985); more puts the peak later, as in a strike.
    Superposition of such strokes: Flash and Henis (J. Cogn. Neurosci. 3, 1991).
    """

    start_s: float
    duration_s: float
    delta: Pose
    rise: int = 2

    @property
    def stop_s(self) -> float:
        return self.start_s + self.duration_s


@dataclass(frozen=True)
class Impact:
    """Ringing after contact: amplitude * (t/decay) exp(1 - t/decay) sin(2 pi f t) for t >= 0."""

    start_s: float
    amplitude: Pose
    frequency_hz: float
    decay_s: float

    @property
    def stop_s(self) -> float:
        return self.start_s + 12 * self.decay_s  # 2e-4 of the amplitude is left


def progress(u: NDArray[np.float64], rise: int) -> NDArray[np.float64]:
    """Share of a stroke that is done at time share u: the integral of its speed, from 0 to 1."""

    def integral(x: NDArray[np.float64] | float) -> NDArray[np.float64]:
        return np.asarray(
            x ** (rise + 1) / (rise + 1) - 2 * x ** (rise + 2) / (rise + 2) + x ** (rise + 3) / (rise + 3)
        )

    return integral(u) / integral(1.0)


class Timeline:
    """Strokes and impacts of one glove, evaluated stretch by stretch; the past can be folded away."""

    def __init__(self, start: Pose):
        self._base = np.array(start, dtype=np.float64)
        self._strokes: list[Stroke] = []
        self._impacts: list[Impact] = []

    def add(self, item: Stroke | Impact) -> None:
        if isinstance(item, Stroke):
            self._strokes.append(item)
        else:
            self._impacts.append(item)

    def sample(self, first: int, stop: int) -> Poses:
        """Poses at steps [first, stop) of MOTION_RATE_HZ -> (stop - first, 6)."""
        poses = np.zeros((stop - first, 6))
        jumps = np.zeros((stop - first + 1, 6))
        jumps[0] = self._base
        for stroke in self._strokes:
            begin, end = _steps(stroke, first, stop)
            if begin < end:
                u = ((np.arange(begin, end) + first) / MOTION_RATE_HZ - stroke.start_s) / stroke.duration_s
                poses[begin:end] += progress(u, stroke.rise)[:, None] * stroke.delta
            jumps[end] += stroke.delta
        for impact in self._impacts:
            begin, end = _steps(impact, first, stop)
            if begin < end:
                poses[begin:end] += _ringing(impact, (np.arange(begin, end) + first) / MOTION_RATE_HZ)
        return poses + np.cumsum(jumps[:-1], axis=0)

    def forget_before(self, first: int) -> None:
        """Fold what has ended before step `first` into the start pose."""
        limit_s = first / MOTION_RATE_HZ
        for stroke in self._strokes:
            if stroke.stop_s < limit_s:
                self._base = self._base + stroke.delta
        self._strokes = [stroke for stroke in self._strokes if stroke.stop_s >= limit_s]
        self._impacts = [impact for impact in self._impacts if impact.stop_s >= limit_s]


def _steps(item: Stroke | Impact, first: int, stop: int) -> tuple[int, int]:
    """Positions within [first, stop) during which the item moves; both at the end if it is later."""
    begin = math.ceil(item.start_s * MOTION_RATE_HZ) - first
    end = math.ceil(item.stop_s * MOTION_RATE_HZ) - first
    return min(max(begin, 0), stop - first), min(max(end, 0), stop - first)


def _ringing(impact: Impact, time_s: NDArray[np.float64]) -> Poses:
    t = time_s - impact.start_s
    share = t / impact.decay_s
    wave = share * np.exp(1 - share) * np.sin(2 * np.pi * impact.frequency_hz * t)
    return np.asarray(wave[:, None] * impact.amplitude)
