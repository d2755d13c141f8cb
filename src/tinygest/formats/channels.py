"""Foreign names of channels."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from tinygest.core.errors import UsageError
from tinygest.formats.base import Remark
from tinygest.formats.convert import CHANNELS

ACCELERATION = re.compile(r"(?:a|acc|accel|accelerometer|acceleration)([xyz])\Z")
ROTATION = re.compile(r"(?:g|gyr|gyro|gyroscope|rotation)([xyz])\Z")


def channel_of(name: str) -> str | None:
    """`AccelerometerX`, `acc_x`, `accX`, `aX` -> `ax`; None for what is no channel of ours."""
    plain = re.sub(r"[^a-z]", "", name.lower())
    for letter, pattern in (("a", ACCELERATION), ("g", ROTATION)):
        found = pattern.match(plain)
        if found:
            return letter + found[1]
    return None


def find_channels(
    names: Sequence[str], mapping: Mapping[str, str], where: str, passed_over: Sequence[str] = ()
) -> tuple[dict[str, int], list[Remark]]:
    """Channel -> place among `names`, in the order of storage, and a remark about those left out.

    mapping: channel -> name as the person said it; empty: by their usual names. passed_over: columns
    that are no channels. Raises UsageError if no channel is found or one is found twice.
    """
    check_mapping(mapping)
    chosen = dict(mapping) or _usual(names, where)
    for channel, name in chosen.items():
        if name not in names:
            raise UsageError(f"{where} has no {name!r} for {channel}; it has {', '.join(names)[:200]}")
    if not chosen:
        raise UsageError(
            f"{where} has {', '.join(names)[:200]}; say which is which with --map ax=NAME,ay=NAME,..."
        )
    left_out = [name for name in names if name not in chosen.values() and name not in passed_over]
    remarks = [Remark("channels left out", f"{where}: {', '.join(left_out)[:200]}")] if left_out else []
    return {name: names.index(chosen[name]) for name in CHANNELS if name in chosen}, remarks


def check_mapping(mapping: Mapping[str, str]) -> None:
    """Raise UsageError if `--map` names a channel that is none, or one column for two channels."""
    for name in mapping:
        if name not in CHANNELS:
            raise UsageError(f"--map: {name!r} is not a channel; channels are {', '.join(CHANNELS)}")
    for column, count in Counter(mapping.values()).items():
        if count > 1:
            raise UsageError(
                f"--map: {column[:80]!r} stands for {count} channels; each has a column of its own"
            )


def _usual(names: Sequence[str], where: str) -> dict[str, str]:
    chosen: dict[str, str] = {}
    for name in names:
        channel = channel_of(name)
        if channel in chosen:
            raise UsageError(
                f"{where}: {chosen[channel]!r} and {name!r} are both {channel}; choose by --map"
            )
        if channel:
            chosen[channel] = name
    return chosen
