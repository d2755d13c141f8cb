"""What is compared: true events, found events, and what is known about one stream.

All positions are rows of one recording; spans are half-open.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

Spans = NDArray[np.int64]  # (n, 2), [start, stop) each

SECONDS_PER_HOUR = 3600.0


class TrueEvent(msgspec.Struct, frozen=True, order=True, array_like=True):
    """A labelled segment."""

    start: int
    stop: int
    label: str


class FoundEvent(msgspec.Struct, frozen=True, order=True, array_like=True):
    """What a model reported, in rows; `decided_at` is the row whose push returned it."""

    start: int
    stop: int
    label: str
    score: int
    decided_at: int


class StreamTruth(msgspec.Struct, frozen=True):
    """What a person knows about one continuous stream of `n_rows` samples."""

    n_rows: int
    rate_hz: float
    events: tuple[TrueEvent, ...] = ()
    unnamed: tuple[tuple[int, int], ...] = ()
    """Segments without a label yet: neither an event nor background."""
    reviewed: tuple[tuple[int, int], ...] = ()

    def background(self) -> NDArray[np.bool_]:
        """(n_rows,): reviewed by a person and left unlabelled. Only this time can raise a false alarm."""
        mask = self._mask(self.reviewed)
        mask &= ~self._mask(self.unnamed)
        mask &= ~self._mask([(event.start, event.stop) for event in self.events])
        return mask

    def judged(self) -> NDArray[np.bool_]:
        """(n_rows,): background or labelled. A found event elsewhere is neither right nor wrong."""
        return self.background() | self._mask([(event.start, event.stop) for event in self.events])

    def hours_of(self, mask: NDArray[np.bool_]) -> float:
        """Recorded time under a mask; samples that a gap swallowed are no rows, so they never count."""
        return float(mask.sum()) / self.rate_hz / SECONDS_PER_HOUR

    def _mask(self, spans: Sequence[tuple[int, int]]) -> NDArray[np.bool_]:
        mask = np.zeros(self.n_rows, np.bool_)
        for start, stop in spans:
            mask[start:stop] = True
        return mask


def spans_of(events: Sequence[TrueEvent] | Sequence[FoundEvent]) -> Spans:
    """(n, 2) rows of the events."""
    return np.array([(event.start, event.stop) for event in events], np.int64).reshape(-1, 2)
