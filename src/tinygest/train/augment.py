"""More people than were recorded: copies of segments as another mounting, tempo or arm would give them.

Everything happens to raw samples, before the C code extracts anything, so that a copy goes through
exactly what a real segment goes through.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tinygest.core.recording import Samples
from tinygest.core.sensor import SensorContract, triads

Spans = NDArray[np.int64]  # (k, 2) rows [start, stop)

INT16 = np.iinfo(np.int16)


@dataclass(frozen=True)
class Augmentation:
    """Standard deviations of what is varied, drawn once for each copy."""

    n_copies: int = 16
    rotation_deg: float = 20.0
    """Angle of the sensor's mounting about a random axis; on new people this matters most."""
    tempo: float = 0.1
    """Logarithm of the speed."""
    warp: float = 0.15
    """Speeding up and slowing down within a segment, as a share of its speed."""
    magnitude: float = 0.1
    """Logarithm of the size of the movement about the segment's mean."""
    noise: float = 0.02
    """White noise, in standard deviations of the channel over the segment."""
    border: float = 0.05
    """Where start and stop fall, in lengths of the segment."""
    turning: float = 0.4
    """Logarithm of the size of all rotation beside acceleration: how fast somebody turns is the person."""
    mirror: Literal["", "x", "y", "z"] = ""
    """Every other copy, drawn, is left-right mirrored: the sensor's axis that points across the body."""
    min_length: int = 4
    max_length: int = 2048
    """Samples; TG_MAX_SEGMENT of the C library."""


def augment(
    samples: Samples,
    spans: Spans,
    limits: Spans,
    sensor: SensorContract,
    *,
    options: Augmentation,
    rng: np.random.Generator,
) -> tuple[Samples, Spans]:
    """Copies of the segments, laid end to end.

    spans: (k, 2) segments; limits: (k, 2) rows their borders must not leave (the unbroken piece of
    recording around each). Returns (samples, spans): copy j of segment i is span i * n_copies + j.
    """
    spans, limits = (np.repeat(rows, options.n_copies, axis=0) for rows in (spans, limits))
    borders = _jitter(spans, limits, options, rng)
    copies = _Copies.of(_lengths(borders, options, rng))
    rows = _interpolate(samples, _positions(borders, copies, options, rng))
    rows = _scale(rows, copies, options, rng)
    rows = _turn_faster(rows, copies, sensor, options, rng)
    rows = _mirror(rows, copies, sensor, options, rng)
    rows = _rotate(rows, copies, sensor, options, rng)
    counts = np.clip(np.rint(rows), INT16.min, INT16.max).astype(np.int16)
    return counts, np.stack([copies.starts, copies.starts + copies.lengths], axis=1)


@dataclass(frozen=True)
class _Copies:
    """How copies lie end to end in one array of n rows."""

    starts: NDArray[np.int64]  # (k,)
    lengths: NDArray[np.int64]  # (k,)
    of_row: NDArray[np.int64]  # (n,) which copy a row belongs to

    @classmethod
    def of(cls, lengths: NDArray[np.int64]) -> _Copies:
        return cls(np.cumsum(lengths) - lengths, lengths, np.repeat(np.arange(len(lengths)), lengths))


def _jitter(spans: Spans, limits: Spans, options: Augmentation, rng: np.random.Generator) -> Spans:
    """Move both borders, inside the limits; a segment keeps at least half of its length."""
    length = spans[:, 1:] - spans[:, :1]
    shift = np.rint(rng.normal(0, options.border, spans.shape) * length).astype(np.int64)
    most = length // 4
    shift[:, :1] = np.minimum(shift[:, :1], most)
    shift[:, 1:] = np.maximum(shift[:, 1:], -most)
    return np.asarray(np.clip(spans + shift, limits[:, :1], limits[:, 1:]))


def _lengths(borders: Spans, options: Augmentation, rng: np.random.Generator) -> NDArray[np.int64]:
    """(k,) samples of each copy: what was borrowed, at another speed."""
    speed = np.exp(rng.normal(0, options.tempo, len(borders)))
    lengths = np.rint((borders[:, 1] - borders[:, 0]) / speed)
    return np.clip(lengths, options.min_length, options.max_length).astype(np.int64)


def _positions(
    borders: Spans, copies: _Copies, options: Augmentation, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Where in the recording each sample of each copy is read, in (fractional) rows.

    With u the place in the copy, 0 to 1, a copy reads at u + w sin(2 pi u) / 2 pi: monotone for
    |w| < 1, and both ends stay.
    """
    copy = copies.of_row
    u = (np.arange(len(copy)) - copies.starts[copy]) / (copies.lengths[copy] - 1)
    warp = np.clip(rng.normal(0, options.warp, len(borders)), -0.8, 0.8)[copy]
    u = u + warp * np.sin(2 * np.pi * u) / (2 * np.pi)
    start, stop = borders[copy].T
    return np.asarray(start + u * (stop - 1 - start))


def _interpolate(samples: Samples, positions: NDArray[np.float64]) -> NDArray[np.float32]:
    """(n, n_channels) samples read linearly between rows."""
    below = np.clip(positions.astype(np.int64), 0, len(samples) - 1)
    above = np.minimum(below + 1, len(samples) - 1)
    share = (positions - below).astype(np.float32)[:, np.newaxis]
    low = samples[below].astype(np.float32)
    return low + share * (samples[above] - low)


def _scale(
    rows: NDArray[np.float32], copies: _Copies, options: Augmentation, rng: np.random.Generator
) -> NDArray[np.float32]:
    """Larger or smaller about the mean, which holds gravity; then noise."""
    n = copies.lengths[:, np.newaxis].astype(np.float32)
    mean = (np.add.reduceat(rows, copies.starts, axis=0) / n)[copies.of_row]
    moving = rows - mean
    deviation = np.sqrt(np.add.reduceat(moving**2, copies.starts, axis=0) / n)[copies.of_row]
    size = np.exp(rng.normal(0, options.magnitude, len(n))).astype(np.float32)
    noise = rng.standard_normal(rows.shape, np.float32) * np.float32(options.noise)
    return np.asarray(mean + moving * size[copies.of_row, np.newaxis] + noise * deviation)


def _turn_faster(
    rows: NDArray[np.float32],
    copies: _Copies,
    sensor: SensorContract,
    options: Augmentation,
    rng: np.random.Generator,
) -> NDArray[np.float32]:
    """All rotation of a copy by one factor; at rest it is 0, so it is scaled about 0."""
    factor = np.exp(rng.normal(0, options.turning, len(copies.starts))).astype(np.float32)[copies.of_row]
    for i, channel in enumerate(sensor.channels):
        if channel.quantity == "rotation":
            rows[:, i] *= factor
    return rows


def _mirror(
    rows: NDArray[np.float32],
    copies: _Copies,
    sensor: SensorContract,
    options: Augmentation,
    rng: np.random.Generator,
) -> NDArray[np.float32]:
    """The other hand: acceleration changes its sign across the body, rotation about the other two axes."""
    if not options.mirror:
        return rows
    across = "xyz".index(options.mirror)
    sign = np.where(rng.random(len(copies.starts)) < 0.5, -1, 1).astype(np.float32)[copies.of_row]
    for first in triads(sensor):
        is_turning = sensor.channels[first].quantity == "rotation"
        for i in range(3):
            if (i != across) == is_turning:
                rows[:, first + i] *= sign
    return rows


def _rotate(
    rows: NDArray[np.float32],
    copies: _Copies,
    sensor: SensorContract,
    options: Augmentation,
    rng: np.random.Generator,
) -> NDArray[np.float32]:
    """Turn every triad of a copy, acceleration and rotation alike, by the same random rotation."""
    turns = random_rotations(len(copies.starts), np.radians(options.rotation_deg), rng)[copies.of_row]
    for first in triads(sensor):
        three = slice(first, first + 3)
        rows[:, three] = np.einsum("nij,nj->ni", turns, rows[:, three])
    return rows


def random_rotations(n: int, sd_rad: float, rng: np.random.Generator) -> NDArray[np.float32]:
    """(n, 3, 3) rotations about axes even on the sphere, by angles normal about 0 (Rodrigues)."""
    axis = rng.normal(size=(n, 3))
    axis /= np.linalg.norm(axis, axis=1, keepdims=True)
    angle = rng.normal(0, sd_rad, n)[:, np.newaxis, np.newaxis]
    x, y, z = axis.T
    zero = np.zeros(n)
    cross = np.stack([zero, -z, y, z, zero, -x, -y, x, zero], axis=1).reshape(n, 3, 3)
    turns = np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * (cross @ cross)
    return np.asarray(turns, np.float32)
