from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinygest.core.contract import HysteresisSegmenter, SlidingSegmenter
from tinygest.core.labels import Interval, LabelTrack, Segment
from tinygest.core.recording import Gap, Recording, RecordingInfo, RecordingMeta
from tinygest.core.sensor import imu_contract
from tinygest.label.segmentation import find_spans, propose, sensible_activity, sensible_segmenter


def movement(rate_hz: float = 100, gaps=(), **contract) -> Recording:
    """Ten seconds at rest with three movements of half a second, 200 degrees/s and 1 g."""
    sensor = imu_contract(rate_hz, **contract)
    n = int(10 * rate_hz)
    t = np.arange(n) / rate_hz
    swing = sum((np.abs(t - middle) < 0.25) * np.sin(2 * np.pi * 4 * (t - middle)) for middle in (2, 5, 8))
    physical = np.stack([swing, swing, 1 + swing, 200 * swing, 200 * swing, 200 * swing], axis=1)
    scale = [channel.counts_per_unit for channel in sensor.channels]
    noise = np.random.default_rng(1).normal(0, 5, (n, 6))
    samples = np.clip(np.rint(physical[:, : len(scale)] * scale + noise[:, : len(scale)]), -32768, 32767)
    info = RecordingInfo(sensor, n, gaps)
    return Recording("x", info, RecordingMeta(), samples.astype(np.int16))


@pytest.mark.parametrize(
    "contract", [{}, {"rotation": False}, {"counts_per_g": 8192.0, "counts_per_dps": 8.0}]
)
@pytest.mark.parametrize("rate_hz", [25.0, 100.0, 1000.0])
def test_sensible_parameters_find_movements_of_any_sensor(contract, rate_hz):
    recording = movement(rate_hz, **contract)
    sensor = recording.info.contract
    spans = find_spans(recording, sensible_activity(sensor), sensible_segmenter("hysteresis", sensor))
    middles = [(start + stop) / 2 / rate_hz for start, stop in spans]
    assert middles == pytest.approx([2, 5, 8], abs=0.2)
    assert all(0.3 < (stop - start) / rate_hz < 1.0 for start, stop in spans)


def test_the_other_kinds_make_windows():
    recording = movement()
    sensor = recording.info.contract
    triggered = find_spans(recording, sensible_activity(sensor), sensible_segmenter("trigger", sensor))
    assert [stop - start for start, stop in triggered] == [100] * 3
    sliding = find_spans(recording, sensible_activity(sensor), sensible_segmenter("sliding", sensor))
    assert sliding == [(start, start + 100) for start in range(0, 1000, 100)]


def test_no_segment_crosses_a_gap():
    recording = movement(gaps=(Gap(200), Gap(500)))
    sensor = recording.info.contract
    spans = find_spans(
        recording, sensible_activity(sensor), HysteresisSegmenter(500, 200, 30, 2000, 50, 50, 100)
    )
    assert spans
    assert not any(start < gap < stop for start, stop in spans for gap in (200, 500))


def test_overlapping_windows_are_proposed_as_far_as_they_fit():
    recording = movement()
    sensor = recording.info.contract
    spans = find_spans(recording, sensible_activity(sensor), SlidingSegmenter(1000, 500))
    proposal = propose(LabelTrack(), spans, None)
    assert (proposal.n_proposed, proposal.n_in_the_way) == (10, 9)


def test_a_persons_work_stays_and_open_proposals_are_replaced():
    track = LabelTrack(
        (
            Segment(0, 10, "jab", "import"),
            Segment(20, 30, "hook", "segmenter"),  # reviewed: a person agreed
            Segment(40, 50, None, "person"),
            Segment(60, 70, "hook", "segmenter"),
        ),
        (Interval(15, 35),),
    )
    spans = [(5, 12), (14, 16), (31, 34), (36, 40), (45, 55), (58, 66), (80, 90)]
    proposal = propose(track, spans, "cross")
    assert proposal.track.segments == (
        *track.segments[:2],
        Segment(36, 40, "cross", "segmenter"),
        track.segments[2],
        Segment(58, 66, "cross", "segmenter"),
        Segment(80, 90, "cross", "segmenter"),
    )
    assert proposal.track.reviewed == track.reviewed
    assert (proposal.n_proposed, proposal.n_in_the_way) == (3, 4)


SPANS = st.lists(st.tuples(st.integers(0, 99), st.integers(1, 30)), max_size=10).map(
    lambda pairs: sorted((start, min(start + length, 100)) for start, length in pairs)
)


@st.composite
def tracks(draw):
    edges = sorted(draw(st.sets(st.integers(0, 100), max_size=12)))
    segments = tuple(
        Segment(start, stop, None, draw(st.sampled_from(["person", "segmenter", "import"])))
        for start, stop in zip(edges[::2], edges[1::2], strict=False)
    )
    reviewed = draw(st.sampled_from([(), (Interval(20, 50),)]))
    return LabelTrack(segments, reviewed)


@given(tracks(), SPANS)
@settings(deadline=None)
def test_proposals_never_touch_what_a_person_did(track, spans):
    result = propose(track, spans, "jab").track.check(100)
    theirs = [segment for segment in track.segments if segment.source != "segmenter"]
    assert [segment for segment in result.segments if segment.source != "segmenter"] == theirs
    assert propose(result, spans, "jab").track == result
