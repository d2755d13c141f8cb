"""What the search may try for each kind of segmenter: a few values of each parameter.

Lengths are shares of a typical labelled segment and levels are places between rest and movement, so the
same values suit punches at 100 Hz and hand gestures at 30 Hz.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from msgspec.structs import replace

from tinygest.core.contract import (
    AdaptiveSegmenter,
    HysteresisSegmenter,
    PeakSegmenter,
    Segmenter,
    TriggerSegmenter,
)
from tinygest.signalpath.plan import MAX_LEVEL, MAX_SEGMENT

SMOOTHING = (0.05, 0.1, 0.15, 0.25, 0.35, 0.5, 0.65)
BASELINES_MS = (200.0, 500.0, 2000.0)
LEVELS = (-0.15, 0.0, 0.15, 0.3, 0.45, 0.6, 0.75, 0.9, 1.05)
"""On a logarithmic scale from the median outside of segments, 0, to what nine of ten reach, 1."""
MERGES = (0.0, 0.1, 0.2, 0.3, 0.5)
STOP_SHARES = (0.3, 0.5, 0.7, 0.9)
MEMORIES = (10.0, 25.0, 60.0, 150.0)

Values = Mapping[str, float]
"""One value of each axis."""


@dataclass(frozen=True)
class Scale:
    """What is typical of the labelled segments, in samples, and of the activity."""

    ms: float
    """of a sample"""
    typical: float
    shortest: int
    longest: int
    low: float
    """activity outside of segments"""
    high: float
    """peak activity that nine of ten segments reach"""

    def level(self, place: float) -> int:
        """Activity at a place between rest, 0, and movement, 1."""
        level = self.low * math.pow(self.high / self.low, place)
        return min(MAX_LEVEL, max(1, round(level)))

    def length_ms(self, share: float) -> float:
        """A share of the typical length, in whole samples."""
        return round(share * self.typical) * self.ms


@dataclass(frozen=True)
class Kind:
    """One kind of segmenter and what to try for it; `build` gives it without rolls."""

    axes: Mapping[str, tuple[float, ...]]
    build: Callable[[Values, Scale], Segmenter]


def _hysteresis(values: Values, scale: Scale) -> HysteresisSegmenter:
    start = scale.level(values["level"])
    return HysteresisSegmenter(
        start_level=start, stop_level=max(1, round(start * values["stop"])), **_times(values, scale)
    )


def _adaptive(values: Values, scale: Scale) -> AdaptiveSegmenter:
    start = scale.level(values["level"])
    return AdaptiveSegmenter(
        start_share=values["share"],
        stop_share=values["share"] * values["stop"],
        peak_ms=scale.length_ms(values["memory"]),
        start_level=start,
        stop_level=max(1, round(start * values["stop"])),
        **_times(values, scale),
    )


def _times(values: Values, scale: Scale) -> dict[str, float]:
    return {
        "min_ms": max(1, scale.shortest // 4) * scale.ms,
        "max_ms": min(MAX_SEGMENT, math.ceil(scale.longest * 1.5) + 2) * scale.ms,
        "merge_ms": scale.length_ms(values["merge"]),
    }


def _peak(values: Values, scale: Scale) -> PeakSegmenter:
    length = min(MAX_SEGMENT, max(2, round(scale.typical)))
    return PeakSegmenter(
        level=scale.level(values["level"]),
        length_ms=length * scale.ms,
        pre_ms=length // 2 * scale.ms,
        horizon_ms=max(1, round(values["horizon"] * scale.typical)) * scale.ms,
        level_share=values["share"],
        peak_ms=scale.length_ms(values["memory"]),
        rise_share=values["rise"],
    )


def _trigger(values: Values, scale: Scale) -> TriggerSegmenter:
    length = min(MAX_SEGMENT, max(2, round(scale.typical)))
    return TriggerSegmenter(scale.level(values["level"]), length * scale.ms, pre_ms=0.0)


_MEASURE = {"smooth": SMOOTHING, "baseline": BASELINES_MS}
_HYSTERESIS = {**_MEASURE, "level": LEVELS, "stop": STOP_SHARES, "merge": MERGES}

KINDS: dict[str, Kind] = {
    "hysteresis": Kind(_HYSTERESIS, _hysteresis),
    "adaptive": Kind(
        {
            **_HYSTERESIS,
            "share": (0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.65),
            "memory": MEMORIES,
        },
        _adaptive,
    ),
    "peak": Kind(
        {
            **_MEASURE,
            "level": LEVELS,
            "horizon": (0.1, 0.2, 0.3, 0.4, 0.55, 0.7),
            "rise": (0.5, 0.7, 0.8, 0.9),
            "share": (0.0, 0.1, 0.2, 0.3, 0.4, 0.5),
            "memory": MEMORIES,
        },
        _peak,
    ),
    "trigger": Kind({**_MEASURE, "level": LEVELS}, _trigger),
}


def with_borders(segmenter: Segmenter, late: float, early: float, ms: float) -> Segmenter:
    """The segmenter with its borders moved; late, early: samples by which it starts late and ends early.

    What a hysteresis finds too early cannot be taken back.
    """
    if isinstance(segmenter, HysteresisSegmenter | AdaptiveSegmenter):
        pre, post = max(0.0, late) * ms, max(0.0, early) * ms
        if pre + segmenter.min_ms + post > segmenter.max_ms - ms:
            return segmenter
        return replace(segmenter, pre_ms=pre, post_ms=post)
    if isinstance(segmenter, PeakSegmenter | TriggerSegmenter):
        pre = max(0.0, round(segmenter.pre_ms / ms + late))
        post = max(1.0, round((segmenter.length_ms - segmenter.pre_ms) / ms + early))
        if pre + post > MAX_SEGMENT:
            return segmenter
        return replace(segmenter, pre_ms=pre * ms, length_ms=(pre + post) * ms)
    return segmenter
