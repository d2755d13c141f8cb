"""A recording and its labels at another rate, on request when importing.

An importer sees all of a recording and has time, so it takes scipy's linear-phase filter; the device's
streaming resampler (`signalpath.resample`) is for a sensor's own clock, whose rate is only a little off.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

import numpy as np
from msgspec import structs

from tinygest.core.errors import ContractError
from tinygest.core.labels import Interval, LabelTrack, Segment
from tinygest.core.recording import Gap, Recording, Samples

Span = TypeVar("Span", Segment, Interval)
MAX_TERM = 10_000
"""Of the ratio of two rates as a fraction: off by at most 1e-8, at 20 multiplications an output."""


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
    ten thousand times the recording's.
    """
    info = recording.info
    contract = structs.replace(info.contract, rate_hz=float(rate_hz)).check()
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
        contract=contract,
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


def resample(samples: Samples, in_rate_hz: float, out_rate_hz: float) -> Samples:
    """An unbroken piece at another rate: int16 (n, c) -> (m, c), row k at the time k / out_rate_hz.

    Anti-aliased by scipy.signal.resample_poly (Kaiser window, half amplitude at the lower Nyquist
    frequency); beyond its ends the signal is taken to stay as it was. Rounded to nearest, saturated.
    """
    ratio = Fraction(out_rate_hz / in_rate_hz).limit_denominator(MAX_TERM)
    if not 1 / MAX_TERM < ratio < MAX_TERM:
        raise ContractError(f"{in_rate_hz:g} Hz cannot become {out_rate_hz:g} Hz: too far apart")
    if ratio == 1 or len(samples) == 0:
        return samples.copy()
    from scipy.signal import resample_poly

    values = resample_poly(
        samples.astype(np.float64), ratio.numerator, ratio.denominator, axis=0, padtype="edge"
    )
    return np.clip(np.rint(values), -32768, 32767).astype(np.int16)


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
