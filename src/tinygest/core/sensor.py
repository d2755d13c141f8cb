"""The sensor contract: what a sample is."""

from __future__ import annotations

import math
from typing import Literal

import msgspec

from tinygest.core.canonical import canonical_json, sha256_hex
from tinygest.core.errors import ContractError
from tinygest.core.units import COUNTS_PER_DPS, COUNTS_PER_G

Quantity = Literal["acceleration", "linear_acceleration", "rotation", "position"]

MAX_CHANNELS = 8  # TG_MAX_CHANNELS in firmware/lib/tinygest/src/tg_types.h
MAX_RATE_HZ = 2000.0


class Channel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One measured axis. A value in `unit` is counts / counts_per_unit."""

    name: str
    quantity: Quantity
    """`acceleration` holds gravity; `linear_acceleration` had it removed before it reached us;
    `position` is a point of a drawn stroke, which no board delivers."""
    unit: Literal["g", "deg/s", "1"]
    counts_per_unit: float


class SensorContract(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Channels in order, rate and axis frame. Its hash is the `capture_id`."""

    channels: tuple[Channel, ...]
    rate_hz: float
    frame: str
    """Which way the axes point: `board` for ours, or the name of a foreign mounting."""

    @property
    def capture_id(self) -> str:
        return sha256_hex(canonical_json(self))

    @property
    def channel_names(self) -> tuple[str, ...]:
        return tuple(channel.name for channel in self.channels)

    def check(self) -> SensorContract:
        """Return self if it makes sense; raises ContractError."""
        if not 1 <= len(self.channels) <= MAX_CHANNELS:
            raise ContractError(f"a sensor has 1 to {MAX_CHANNELS} channels, not {len(self.channels)}")
        if len(set(self.channel_names)) != len(self.channels):
            raise ContractError(f"channel names repeat: {', '.join(self.channel_names)}")
        if not (math.isfinite(self.rate_hz) and 0 < self.rate_hz <= MAX_RATE_HZ):
            raise ContractError(
                f"rate {self.rate_hz:g} Hz is not possible: more than 0, at most {MAX_RATE_HZ:g}"
            )
        for channel in self.channels:
            if not (math.isfinite(channel.counts_per_unit) and channel.counts_per_unit > 0):
                raise ContractError(
                    f"channel {channel.name}: {channel.counts_per_unit} counts per {channel.unit}"
                    " is not a scale"
                )
        return self


def imu_contract(
    rate_hz: float,
    *,
    rotation: bool = True,
    gravity: bool = True,
    frame: str = "board",
    counts_per_g: float = COUNTS_PER_G,
    counts_per_dps: float = COUNTS_PER_DPS,
) -> SensorContract:
    """ax, ay, az and, with `rotation`, gx, gy, gz, in canonical units and counts."""
    quantity: Quantity = "acceleration" if gravity else "linear_acceleration"
    channels = [Channel(f"a{axis}", quantity, "g", counts_per_g) for axis in "xyz"]
    if rotation:
        channels += [Channel(f"g{axis}", "rotation", "deg/s", counts_per_dps) for axis in "xyz"]
    return SensorContract(tuple(channels), rate_hz, frame).check()


def triads(sensor: SensorContract) -> list[int]:
    """First channel of each three neighbours x, y, z that measure one vector on one scale."""
    channels = sensor.channels
    found = []
    for i in range(len(channels) - 2):
        three = channels[i : i + 3]
        is_vector = [channel.name[-1:].lower() for channel in three] == ["x", "y", "z"]
        if is_vector and len({(c.quantity, c.counts_per_unit, c.name[:-1]) for c in three}) == 1:
            found.append(i)
    return found


def explain_mismatch(wanted: SensorContract, offered: SensorContract) -> str | None:
    """None if the contracts are the same, else a sentence that names the first difference."""
    if wanted == offered:
        return None
    if wanted.channel_names != offered.channel_names:
        return f"channels {', '.join(wanted.channel_names)} against {', '.join(offered.channel_names)}"
    if wanted.rate_hz != offered.rate_hz:
        return f"rate {wanted.rate_hz:g} Hz against {offered.rate_hz:g} Hz"
    if wanted.frame != offered.frame:
        return f"axis frame {wanted.frame!r} against {offered.frame!r}"
    for a, b in zip(wanted.channels, offered.channels, strict=True):
        if a != b:
            return (
                f"channel {a.name}: {a.quantity} at {a.counts_per_unit:g} counts per {a.unit} against "
                f"{b.quantity} at {b.counts_per_unit:g} counts per {b.unit}"
            )
    raise AssertionError("unequal contracts without a difference")
