"""A recording and its labels at another rate, by the device's own resampler."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from msgspec import structs

from tinygest.core.labels import Interval, LabelTrack, Segment
from tinygest.core.recording import Gap, Recording
from tinygest.signalpath.resample import resample

Span = TypeVar("Span", Segment, Interval)


@dataclass(frozen=True)
class Resampled:
    """The recording at its new rate."""

    recording: Recording
    track: LabelTrack
    n_lost: int
    """Segments that are shorter than half a sample of the new rate."""


def resample_recording(recording: Recording, track: LabelTrack, rate_hz: float) -> Resampled:
    """Each unbroken piece by itself, so that nothing is mixed across a gap.

    Rows move to the nearest row of the same time. Raises ContractError for a rate that is impossible or
    too far from the recording's.
    """
    info = recording.info
    old_rate_hz = info.contract.rate_hz
    pieces = [resample(recording.samples[a:b], old_rate_hz, rate_hz) for a, b in recording.spans()]
    edges = np.cumsum([0, *(len(piece) for piece in pieces)])
    starts = [start for start, _ in recording.spans()]
    rows = _RowMap([*starts, info.n_samples], edges.tolist(), rate_hz / old_rate_hz)
    gaps = tuple(
        Gap(rows.new(gap.at), gap.n_missing and max(1, round(gap.n_missing * rows.ratio)))
        for gap in info.gaps
    )
    new_info = structs.replace(
        info,
        contract=structs.replace(info.contract, rate_hz=float(rate_hz)),
        n_samples=int(edges[-1]),
        gaps=gaps,
        measured_rate_hz=info.measured_rate_hz and info.measured_rate_hz * rows.ratio,
        source={**info.source, "resampled": {"from_hz": old_rate_hz, "to_hz": float(rate_hz)}},
    )
    new_track = LabelTrack(_moved(track.segments, rows), _moved(track.reviewed, rows))
    return Resampled(
        Recording(recording.id, new_info, recording.meta, np.concatenate(pieces)),
        new_track.check(new_info.n_samples),
        len(track.segments) - len(new_track.segments),
    )


@dataclass(frozen=True)
class _RowMap:
    """Old rows to new ones; never decreasing, so that segments stay in order and apart."""

    starts: list[int]
    """First row of each piece, and the end of the last."""
    edges: list[int]
    """The same rows at the new rate."""
    ratio: float

    def new(self, row: int) -> int:
        piece = int(np.searchsorted(self.starts, row, side="right")) - 1
        if piece == len(self.starts) - 1:
            return self.edges[-1]
        inside = int((row - self.starts[piece]) * self.ratio + 0.5)
        return min(self.edges[piece] + inside, self.edges[piece + 1])


def _moved(spans: Sequence[Span], rows: _RowMap) -> tuple[Span, ...]:
    moved = (structs.replace(span, start=rows.new(span.start), stop=rows.new(span.stop)) for span in spans)
    return tuple(span for span in moved if span.start < span.stop)
