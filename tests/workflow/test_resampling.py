from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinygest.core.errors import ContractError
from tinygest.core.labels import Interval, LabelTrack, Segment
from tinygest.core.recording import Gap, Recording, RecordingInfo, RecordingMeta
from tinygest.core.sensor import imu_contract
from tinygest.workflow.resampling import resample, resample_recording


def recording(n_samples, gaps=(), rate_hz=100.0):
    t = np.arange(n_samples) / rate_hz
    samples = np.rint(3000 * np.sin(2 * np.pi * t[:, None] * np.arange(1, 7))).astype(np.int16)
    info = RecordingInfo(imu_contract(rate_hz), n_samples, gaps, measured_rate_hz=rate_hz * 1.01)
    return Recording("x", info, RecordingMeta("S1"), samples)


def test_time_stays_while_rows_change():
    track = LabelTrack((Segment(100, 200, "jab", "import"), Segment(200, 260)), (Interval(0, 400),))
    result = resample_recording(recording(400), track, 50)
    assert result.track.segments == (Segment(50, 100, "jab", "import"), Segment(100, 130))
    assert result.track.reviewed == (Interval(0, 200),)
    info = result.recording.info
    assert (info.contract.rate_hz, info.n_samples) == (50, 200)
    assert info.measured_rate_hz == pytest.approx(50.5)
    assert info.source["resampled"] == {"from_hz": 100.0, "to_hz": 50.0}
    assert result.recording.meta.subject == "S1"
    middle = slice(20, 180)  # away from the edges, where the filter looks beyond the recording
    expected = recording(200, rate_hz=50).samples
    np.testing.assert_allclose(result.recording.samples[middle], expected[middle], atol=30)


def test_pieces_know_nothing_of_each_other():
    original = recording(300, (Gap(120, 10), Gap(200)))
    result = resample_recording(original, LabelTrack((Segment(110, 120), Segment(120, 130))), 40)
    apart = [resample(original.samples[a:b], 100, 40) for a, b in original.spans()]
    np.testing.assert_array_equal(result.recording.samples, np.concatenate(apart))
    assert result.recording.info.gaps == (Gap(48, 4), Gap(80, 0))
    assert result.track.segments == (Segment(44, 48), Segment(48, 52))


def test_segments_that_vanish_are_counted():
    track = LabelTrack((Segment(0, 40), Segment(42, 43), Segment(50, 60)))
    result = resample_recording(recording(100), track, 25)
    assert (len(result.track.segments), result.n_lost) == (2, 1)


def test_the_same_rate_changes_no_sample():
    original = recording(100, (Gap(50),))
    np.testing.assert_array_equal(
        resample_recording(original, LabelTrack(), 100).recording.samples, original.samples
    )


@pytest.mark.parametrize(("in_hz", "out_hz"), [(400, 25), (119, 100), (25, 100), (30.77, 100)])
def test_what_lies_below_the_lower_nyquist_frequency_stays_and_what_lies_above_goes(in_hz, out_hz):
    t = np.arange(int(8 * in_hz)) / in_hz
    nyquist = min(in_hz, out_hz) / 2
    kept, gone = 0.5 * nyquist, 1.5 * nyquist
    tone = np.rint(8000 * np.sin(2 * np.pi * np.stack([t * kept, t * gone], axis=1))).astype(np.int16)
    n_columns = 2 if in_hz > out_hz else 1  # nothing is above the Nyquist frequency of the input
    found = resample(tone[:, :n_columns], in_hz, out_hz)
    out_t = np.arange(len(found)) / out_hz
    inside = (out_t > 1) & (out_t < 7)
    expected = 8000 * np.sin(2 * np.pi * out_t * kept)
    np.testing.assert_allclose(found[inside, 0], expected[inside], atol=80)
    if n_columns == 2 and in_hz > 2 * gone:
        assert np.abs(found[inside, 1]).max() < 80


def test_large_values_saturate():
    steps = np.repeat(np.array([[-32768], [32767]], np.int16), 200, axis=0)
    found = resample(steps, 100, 150)
    assert found.min() == -32768
    assert found.max() == 32767


@pytest.mark.parametrize("rate_hz", [0.0, -1.0, float("nan"), 1e9, 1e-3])
def test_impossible_rates(rate_hz):
    with pytest.raises(ContractError):
        resample_recording(recording(100), LabelTrack(), rate_hz)


@given(st.integers(1, 200), st.sets(st.integers(0, 200)), st.sets(st.integers(1, 199)), st.floats(30, 400))
@settings(deadline=None, max_examples=60)
def test_any_labels_stay_in_order_and_inside(n_samples, edges, borders, rate_hz):
    edges = sorted(edge for edge in edges if edge <= n_samples)
    segments = tuple(Segment(a, b) for a, b in zip(edges[::2], edges[1::2], strict=False))
    gaps = tuple(Gap(row) for row in sorted(borders) if row < n_samples)
    track = LabelTrack(segments, (Interval(0, n_samples),))
    result = resample_recording(recording(n_samples, gaps), track, rate_hz)
    assert result.track.reviewed == (Interval(0, result.recording.info.n_samples),)
    assert len(result.track.segments) + result.n_lost == len(segments)
    assert len(result.recording.info.gaps) == len(gaps)
