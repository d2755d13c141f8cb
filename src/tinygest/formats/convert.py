"""Physical values into counts of a sensor contract."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinygest.core.errors import ContractError
from tinygest.core.recording import Samples
from tinygest.core.sensor import Channel, Quantity, SensorContract
from tinygest.core.units import canonical_unit
from tinygest.formats.base import COUNTS

CHANNELS = ("ax", "ay", "az", "gx", "gy", "gz")
"""Channels that can be imported, in the order in which they are stored."""
INT16 = np.iinfo(np.int16)
STROKE_COUNTS = 16384.0
"""Per unit: strokes come in steps of 1/128 and seldom leave -1 to 1."""
STROKE_CHANNELS = ("sx", "sy")
"""A movement drawn on a plane, without unit."""


def is_rotation(channel: str) -> bool:
    return channel.startswith("g")


def make_contract(
    channels: Sequence[str],
    rate_hz: float,
    *,
    gravity: bool,
    frame: str,
    counts_per_g: float,
    counts_per_dps: float,
) -> SensorContract:
    """The contract of imported channels in canonical units; raises ContractError."""
    acceleration: Quantity = "acceleration" if gravity else "linear_acceleration"

    def channel(name: str) -> Channel:
        if name in STROKE_CHANNELS:
            return Channel(name, "position", "1", STROKE_COUNTS)
        if is_rotation(name):
            return Channel(name, "rotation", "deg/s", counts_per_dps)
        return Channel(name, acceleration, "g", counts_per_g)

    return SensorContract(tuple(map(channel, channels)), float(rate_hz), frame).check()


def to_counts(
    values: NDArray[np.float64], units: Sequence[str], contract: SensorContract
) -> tuple[Samples, dict[str, int]]:
    """Round to nearest and saturate: (int16 (n, c), samples saturated per channel).

    values: (n, c) in `units`, one a channel. Only channels that saturate are in the second result.
    """
    samples = np.empty(values.shape, np.int16)
    n_clipped = {}
    for i, (unit, channel) in enumerate(_pairs(units, contract)):
        with np.errstate(over="ignore"):  # infinity saturates like any other large value
            counts = values[:, i] * (_factor(unit, channel) * channel.counts_per_unit)
        np.rint(counts, out=counts)
        if len(counts) and (counts.min() < INT16.min or counts.max() > INT16.max):
            n_clipped[channel.name] = int(((counts < INT16.min) | (counts > INT16.max)).sum())
            np.clip(counts, INT16.min, INT16.max, out=counts)
        samples[:, i] = counts
    return samples, n_clipped


def conversions(units: Sequence[str], contract: SensorContract) -> dict[str, Any]:
    """Per channel what was done: for RecordingInfo.source."""
    return {
        channel.name: {"unit": unit, "factor": _factor(unit, channel), "to": channel.unit}
        for unit, channel in _pairs(units, contract)
    }


def _factor(unit: str, channel: Channel) -> float:
    if unit == COUNTS:
        return 1.0 / channel.counts_per_unit
    canonical, factor = canonical_unit(unit)
    if canonical != channel.unit:
        raise ContractError(f"channel {channel.name} is a {channel.quantity}; {unit!r} is no unit of that")
    return factor


def _pairs(units: Sequence[str], contract: SensorContract) -> list[tuple[str, Channel]]:
    return list(zip(units, contract.channels, strict=True))
