"""Whether samples can be what a sensor on a body measures: clipping, gravity at rest, dead axes."""

from __future__ import annotations

import msgspec
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from tinygest.core.recording import Recording, Samples
from tinygest.core.sensor import triads

FULL_SCALE = 32767
REST_WINDOW_S = 0.5
REST_NOISE_G = 0.03
"""Standard deviation of each axis below which nobody moves; the sensors' noise is a tenth of it."""
MIN_ROWS = 50
"""Fewer samples say nothing about an axis."""
GRAVITY_TOLERANCE = 0.1


class Physics(msgspec.Struct, frozen=True):
    """Of one recording."""

    duration_s: float
    """Of what is there; gaps are not counted."""
    missing_share: float
    """Samples that gaps count, of all that should be there."""
    n_breaks: int
    """Gaps, of known length or not."""
    clipped: dict[str, int]
    """Channels with samples at full scale, and how many."""
    dead: tuple[str, ...]
    """Channels that never change."""
    rest_g: float | None
    """|acceleration| at rest; None where nothing rests or gravity was taken out."""
    rest_direction: tuple[float, float, float] | None
    """Of gravity at rest, as a unit vector in the axes of the sensor."""


def measure_physics(recording: Recording) -> Physics:
    """Of any recording, however it came into the project."""
    info, samples = recording.info, recording.samples
    names = info.contract.channel_names
    at_limit = (np.abs(samples.astype(np.int32)) >= FULL_SCALE).sum(axis=0)
    n_missing = sum(gap.n_missing for gap in info.gaps)
    constant = (
        (samples == samples[:1]).all(axis=0) if len(samples) >= MIN_ROWS else np.zeros(len(names), bool)
    )
    resting = _acceleration_at_rest(recording)
    direction = np.median(resting, axis=0) if len(resting) else np.zeros(3)
    length = float(np.linalg.norm(direction))
    return Physics(
        duration_s=len(samples) / info.contract.rate_hz,
        missing_share=n_missing / max(1, n_missing + len(samples)),
        n_breaks=len(info.gaps),
        clipped={name: int(n) for name, n in zip(names, at_limit, strict=True) if n},
        dead=tuple(name for name, dead in zip(names, constant, strict=True) if dead),
        rest_g=round(float(np.median(np.linalg.norm(resting, axis=1))), 4) if len(resting) else None,
        rest_direction=_rounded(direction / length) if length else None,
    )


def remarks(physics: Physics) -> list[str]:
    """A sentence for each thing that is not as it should be."""
    said = [f"channel {name} never changes: the sensor was off or is broken" for name in physics.dead]
    said += [f"channel {name} was at full scale in {n} samples" for name, n in physics.clipped.items()]
    if physics.rest_g is not None and abs(physics.rest_g - 1) > GRAVITY_TOLERANCE:
        said.append(f"gravity at rest is {physics.rest_g:.2f} g instead of 1: the scale is wrong")
    if physics.missing_share > 0:
        said.append(f"{physics.missing_share:.2%} of the samples are missing, in {physics.n_breaks} gaps")
    elif physics.n_breaks:
        said.append(f"time is broken in {physics.n_breaks} places by an unknown amount")
    return said


def _acceleration_at_rest(recording: Recording) -> NDArray[np.float64]:
    """(n, 3) in g: means of the windows in which nothing moves, however the sensor is held in each."""
    channels = recording.info.contract.channels
    first = next(
        (i for i in triads(recording.info.contract) if channels[i].quantity == "acceleration"), None
    )
    length = round(REST_WINDOW_S * recording.info.contract.rate_hz)
    if first is None or length < 2:
        return np.empty((0, 3))
    acceleration = recording.samples[:, first : first + 3]
    pieces = [_resting(acceleration[start:stop], length, channels[first].counts_per_unit)
              for start, stop in recording.spans()]  # fmt: skip
    return np.concatenate(pieces)


def _resting(counts: Samples, length: int, counts_per_g: float) -> NDArray[np.float64]:
    """(n, 3) means in g of the windows in which no axis varies."""
    if len(counts) < length:
        return np.empty((0, 3))
    windows = sliding_window_view(counts / counts_per_g, length, axis=0)[:: max(1, length // 2)]
    quiet = (windows.std(axis=2) < REST_NOISE_G).all(axis=1)
    return np.asarray(windows[quiet].mean(axis=2))


def _rounded(vector: NDArray[np.float64]) -> tuple[float, float, float]:
    x, y, z = (round(float(value), 4) for value in vector)
    return x, y, z
