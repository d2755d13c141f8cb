"""Which features there are; docs/features.md defines them, tg_feature_*.c computes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tinygest.core.errors import ContractError


@dataclass(frozen=True)
class FeatureKind:
    """tg_feature_<name>: what it says about one channel."""

    name: str
    fraction_bits: int
    """The Q format of its raw values."""
    outputs: tuple[str, ...] = ("",)
    """What tells several values of one kind apart."""
    is_amplitude: bool = False
    """In the channel's counts; the others are shares, bins or octaves."""


def _numbered(n: int) -> tuple[str, ...]:
    return tuple(f"[{i}]" for i in range(n))


KINDS = {
    kind.name: kind
    for kind in (
        FeatureKind("mean", 4, is_amplitude=True),
        FeatureKind("std", 4, is_amplitude=True),
        FeatureKind("rms", 4, is_amplitude=True),
        FeatureKind("min", 4, is_amplitude=True),
        FeatureKind("max", 4, is_amplitude=True),
        FeatureKind("range", 4, is_amplitude=True),
        FeatureKind("log_jerk", 10),
        FeatureKind("argmax", 15),
        FeatureKind("argmin", 15),
        FeatureKind("crossings", 15),
        FeatureKind("bins8", 4, _numbered(8), is_amplitude=True),
        FeatureKind("log_std4", 11, _numbered(4)),
        FeatureKind("p25", 4, is_amplitude=True),
        FeatureKind("median", 4, is_amplitude=True),
        FeatureKind("p75", 4, is_amplitude=True),
        FeatureKind("spectrum", 10, _numbered(4)),
        FeatureKind("centroid", 10),
    )
}

CORRELATION_BITS = 15
"""The Q format of a pair's correlation."""


def feature_kinds(names: Sequence[str]) -> list[FeatureKind]:
    """The kinds of these names; raises ContractError for an unknown or repeated one."""
    for name in names:
        if name not in KINDS:
            raise ContractError(f"feature {name!r} is not known; choose from {', '.join(KINDS)}")
    if len(set(names)) != len(names):
        raise ContractError(f"features repeat: {', '.join(names)}")
    return [KINDS[name] for name in names]
