"""Activity and segments of recordings and streams, by the C code that runs on the device."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tinygest.core.contract import Activity, CentreSegmenter, PeakSegmenter, Segmenter, TriggerSegmenter
from tinygest.core.recording import Gap, Samples
from tinygest.core.sensor import SensorContract
from tinygest.signalpath import native
from tinygest.signalpath._native import lib
from tinygest.signalpath.plan import SegmentationPlan, plan_activity, plan_segmentation, plan_segmenter

CHUNK = 4096  # segments fetched from C at a time

SEGMENT = np.dtype([("start", np.uint32), ("length", np.uint32), ("emitted_at", np.uint32)])
"""glue_segment_t"""


class FoundSegments(NamedTuple):
    """Segments in the order in which they were told."""

    spans: NDArray[np.int64]
    """(k, 2): samples [start, stop)"""
    emitted_at: NDArray[np.int64]
    """(k,): the sample whose push returned the segment, stop - 1 or later"""


class SegmentStream:
    """tg_path_t fed in batches. Indices count all samples since the reset, skipped ones included."""

    def __init__(self, plan: SegmentationPlan):
        self._n_channels = plan.activity.n_channels
        self._path = native.new_path(plan)

    def push(self, samples: Samples, gaps: Sequence[Gap] = ()) -> FoundSegments:
        """Segments that these samples complete.

        samples: int16 (n, n_channels). gaps: rows of this batch before which the path restarts
        without advancing its index, whatever their n_missing: so the indices of a whole recording
        are its rows. Raises ContractError for another shape or gaps out of order.
        """
        samples = native.check_samples(samples, self._n_channels)
        stream = native.new_stream(samples, native.gap_rows(gaps, len(samples)))
        chunks = []
        while stream.row < len(samples):
            chunk = np.empty(CHUNK, SEGMENT)
            n = lib.glue_segments(self._path, stream, native.as_c(chunk, "glue_segment_t"), CHUNK)
            chunks.append(chunk[:n])
        return _found(chunks)

    def finish(self) -> FoundSegments:
        """The stream ends here: the segment that is still open, if any; then as after skip(0)."""
        chunk = np.empty(1, SEGMENT)
        n = lib.glue_finish(self._path, native.as_c(chunk, "glue_segment_t"))
        return _found([chunk[:n]])

    def skip(self, n_missing: int) -> None:
        """n_missing samples were lost: the path restarts and its index advances by as many."""
        lib.tg_path_skip(self._path, n_missing)

    def reset(self) -> None:
        """The next sample has index 0."""
        lib.tg_path_reset(self._path)


def find_segments(
    samples: Samples,
    gaps: Sequence[Gap],
    sensor: SensorContract,
    activity: Activity,
    segmenter: Segmenter,
) -> FoundSegments:
    """Run the streaming segmenter over a recording; spans and emitted_at are rows of it.

    samples: int16 (n, n_channels). What is still open at the end is told as far as it was seen, as the
    device does at STOP. Raises ContractError for parameters that make no sense.
    """
    stream = SegmentStream(plan_segmentation(sensor, activity, segmenter))
    found, last = stream.push(samples, gaps), stream.finish()
    return FoundSegments(
        np.concatenate([found.spans, last.spans]), np.concatenate([found.emitted_at, last.emitted_at])
    )


def segments_of(
    activity: NDArray[np.uint16],
    gaps: Sequence[Gap],
    sensor: SensorContract,
    segmenter: Segmenter,
    ends: Collection[int] = (),
) -> FoundSegments:
    """What the segmenter makes of known activity (n,): for trying many settings on one recording.

    The same as `find_segments`, as the ring has no say in it. ends: rows of gaps that lie between two
    recordings; what is open there is told. Raises ContractError.
    """
    plan = plan_segmenter(sensor, segmenter)
    values = np.ascontiguousarray(activity, np.uint16)
    rows = native.gap_rows(gaps, len(values))
    is_end = np.isin(rows, list(ends)).astype(np.uint8)
    out = np.empty(len(values), SEGMENT)
    n_found = lib.glue_segments_of(
        *native.new_segmenter(plan),
        native.as_c(values, "uint16_t"),
        len(values),
        native.as_c(rows, "uint32_t"),
        native.as_c(is_end, "uint8_t"),
        len(rows),
        native.as_c(out, "glue_segment_t"),
    )
    return _found([out[:n_found]])


def seen_spans(
    spans: NDArray[np.int64], segmenter: Segmenter, sensor: SensorContract, n_rows: int
) -> NDArray[np.int64]:
    """(k, 2) what the network is shown of given segments (k, 2) of a recording of n_rows.

    The segment itself; where a segmenter knows one length only, a window of it around the middle: about
    what it shows the network in the stream, and what that has learnt.
    """
    if not isinstance(segmenter, CentreSegmenter | PeakSegmenter | TriggerSegmenter):
        return spans
    length = min(plan_segmenter(sensor, segmenter).longest, n_rows)
    start = np.clip(spans.sum(axis=1) // 2 - length // 2, 0, n_rows - length)
    return np.stack([start, start + length], axis=1)


def activity(
    samples: Samples, gaps: Sequence[Gap], sensor: SensorContract, activity: Activity
) -> NDArray[np.uint16]:
    """The segmenter's input (n,), one value a sample; samples: int16 (n, n_channels).

    Raises ContractError for parameters that make no sense.
    """
    plan = plan_activity(sensor, activity)
    samples = native.check_samples(samples, plan.n_channels)
    stream = native.new_stream(samples, native.gap_rows(gaps, len(samples)))
    out = np.empty(len(samples), np.uint16)
    lib.glue_activity(native.new_activity(plan), stream, native.as_c(out, "uint16_t"))
    return out


def _found(chunks: list[NDArray[np.void]]) -> FoundSegments:
    found = np.concatenate(chunks) if chunks else np.empty(0, SEGMENT)
    start = found["start"].astype(np.int64)
    spans = np.stack([start, start + found["length"]], axis=1)
    return FoundSegments(spans, found["emitted_at"].astype(np.int64))
