"""How long after a gesture the answer comes."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from tinygest.metrics.events import FoundEvent, TrueEvent
from tinygest.metrics.matching import Matching


class Delay(msgspec.Struct, frozen=True):
    """Seconds from the true end of an event to the decision; None without a single matched event."""

    n: int
    median_s: float | None
    p90_s: float | None


def delays_s(
    true: Sequence[TrueEvent], found: Sequence[FoundEvent], matching: Matching, rate_hz: float
) -> list[float]:
    """Delay of each matched pair; negative when the answer came before the person's mark."""
    return [(found[j].decided_at - true[i].stop) / rate_hz for i, j in matching.pairs]


def summarise_delays(values_s: Sequence[float]) -> Delay:
    """Median and 90th percentile."""
    if not values_s:
        return Delay(0, None, None)
    median, p90 = np.percentile(np.asarray(values_s), [50, 90])
    return Delay(len(values_s), float(median), float(p90))
