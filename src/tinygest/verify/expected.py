"""What Python says should happen in a recording, stage by stage, in the indices of the device."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tinygest.core.contract import ModelContract
from tinygest.core.recording import Recording
from tinygest.signalpath.decision import decide
from tinygest.signalpath.extract import inputs
from tinygest.signalpath.path import find_segments
from tinygest.verify.stream import TracedBytes, TracedEvent, TracedSegment
from tinygest.verify.timeline import Timeline


@dataclass(frozen=True)
class Expectation:
    """Segments and inputs of one recording; rows for Python, indices for the comparison."""

    recording: Recording
    timeline: Timeline
    spans: NDArray[np.int64]
    """(k, 2) rows"""
    emitted_at: NDArray[np.int64]
    """(k,) rows"""
    inputs: NDArray[np.int8]
    """(k, n_inputs)"""


def expect(recording: Recording, contract: ModelContract) -> Expectation:
    """Run segmenter and extraction; raises ContractError when the recording is of another sensor."""
    contract.require_sensor(recording.info.contract, f"recording {recording.id}")
    gaps = recording.info.gaps
    found = find_segments(recording.samples, gaps, contract.sensor, contract.activity, contract.segmenter)
    return Expectation(
        recording,
        Timeline(gaps, len(recording.samples)),
        found.spans,
        found.emitted_at,
        inputs(recording.samples, found.spans, contract),
    )


def expected_segments(expected: Expectation) -> list[TracedSegment]:
    """Segments as the device counts samples; a segment crosses no gap, so its length is the same."""
    at = expected.timeline.index_of(expected.emitted_at)
    start = expected.timeline.index_of(expected.spans[:, 0])
    length = expected.spans[:, 1] - expected.spans[:, 0]
    rows = np.stack([at, start, length], axis=1).tolist()
    return [TracedSegment(*row) for row in rows]


def expected_bytes(expected: Expectation, values: NDArray[np.int8]) -> list[TracedBytes]:
    """One row of int8 for each segment: inputs or logits."""
    at = expected.timeline.index_of(expected.emitted_at).tolist()
    return [TracedBytes(index, row.tobytes()) for index, row in zip(at, values, strict=True)]


def expected_events(
    expected: Expectation, contract: ModelContract, logits: NDArray[np.int8]
) -> list[TracedEvent]:
    """What the decision makes of logits (k, n_classes)."""
    gaps, n_rows = expected.recording.info.gaps, expected.recording.info.n_samples
    events = decide(logits, expected.spans, contract, expected.emitted_at, gaps, n_rows=n_rows)
    rows = np.array([(event.decided_at, event.start) for event in events], np.int64).reshape(-1, 2)
    at, start = expected.timeline.index_of(rows[:, 0]), expected.timeline.index_of(rows[:, 1])
    return [
        TracedEvent(int(a), int(s), event.length, event.label, event.score)
        for a, s, event in zip(at, start, events, strict=True)
    ]


def logits_of(traced: Sequence[TracedBytes], n_segments: int, n_classes: int) -> NDArray[np.int8] | None:
    """Logits that a board computed, (n_segments, n_classes); None if it did not compute so many."""
    if [len(entry.values) for entry in traced] != [n_classes] * n_segments:
        return None
    data = b"".join(entry.values for entry in traced)
    return np.frombuffer(data, np.int8).reshape(n_segments, n_classes)
