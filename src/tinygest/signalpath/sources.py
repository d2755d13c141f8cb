"""Input channels by name: those of the sensor, and the magnitudes derived from its triads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tinygest.core.errors import ContractError
from tinygest.core.sensor import Channel, SensorContract, triads

MAGNITUDES = {"acceleration": "|a|", "linear_acceleration": "|a|", "rotation": "|g|"}
"""Name of the norm over a triad, by what the triad measures."""


@dataclass(frozen=True)
class SourcePlan:
    """tg_source_t"""

    first: int
    is_magnitude: bool


def magnitudes(sensor: SensorContract) -> dict[str, SourcePlan]:
    """The magnitudes that this sensor has; of two triads of one quantity the first is meant."""
    found: dict[str, SourcePlan] = {}
    for first in triads(sensor):
        found.setdefault(MAGNITUDES[sensor.channels[first].quantity], SourcePlan(first, True))
    return found


def plan_sources(sensor: SensorContract, names: Sequence[str]) -> tuple[SourcePlan, ...]:
    """Where each input channel comes from; raises ContractError for an unknown or repeated one."""
    known = {name: SourcePlan(i, False) for i, name in enumerate(sensor.channel_names)}
    known |= magnitudes(sensor)
    if not names:
        raise ContractError(f"the model has no input channels; choose from {', '.join(known)}")
    for name in names:
        if name not in known:
            raise ContractError(f"channel {name!r} is not known; this sensor has {', '.join(known)}")
    if len(set(names)) != len(names):
        raise ContractError(f"input channels repeat: {', '.join(names)}")
    return tuple(known[name] for name in names)


def triad_of(sensor: SensorContract, source: SourcePlan) -> int | None:
    """First channel of the triad that a channel or magnitude belongs to."""
    holding = (first for first in triads(sensor) if first <= source.first < first + 3)
    return next(holding, None)


def measured_by(sensor: SensorContract, source: SourcePlan) -> Channel:
    """The channel whose unit and scale the source has."""
    return sensor.channels[source.first]
