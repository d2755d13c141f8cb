"""Activity against a reference; segments that no batching and nothing before a gap can change."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tinygest.core.contract import (
    Activity,
    AdaptiveSegmenter,
    HysteresisSegmenter,
    PeakSegmenter,
    Segmenter,
    SlidingSegmenter,
    TriggerSegmenter,
)
from tinygest.core.errors import ContractError
from tinygest.core.recording import Gap, Samples
from tinygest.core.sensor import imu_contract
from tinygest.signalpath import path
from tinygest.signalpath.path import SegmentStream, find_segments, segments_of
from tinygest.signalpath.plan import (
    ActivityPlan,
    AdaptivePlan,
    HysteresisPlan,
    PeakPlan,
    plan_activity,
    plan_segmentation,
)

SENSOR = imu_contract(1000.0, rotation=False)  # a millisecond is a sample
ACTIVITY = Activity(weights=(16, 8, 40), baseline_ms=20, smooth_ms=3)

few = settings(deadline=None, max_examples=60)


@st.composite
def streams(draw: st.DrawFn) -> Samples:
    """Pieces of noise, each of its own strength, from stillness to saturation."""
    pieces = draw(
        st.lists(st.tuples(st.integers(1, 60), st.sampled_from([0, 3, 30, 300, 3000, 32767])), max_size=12)
    )
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    rows = [random.integers(-a, a, (n, 3), np.int16, endpoint=True) for n, a in pieces]
    return np.concatenate([np.zeros((0, 3), np.int16), *rows])


@st.composite
def segmenters(draw: st.DrawFn) -> Segmenter:
    level = st.integers(1, 3000)
    span = st.integers(1, 50)
    roll = st.integers(0, 20)
    share = st.floats(0, 0.99)
    kind = draw(st.sampled_from(["hysteresis", "adaptive", "peak", "trigger", "sliding"]))
    if kind == "sliding":
        return SlidingSegmenter(length_ms=draw(span), hop_ms=draw(span))
    if kind == "trigger":
        length = draw(span)
        return TriggerSegmenter(draw(level), length_ms=length, pre_ms=draw(st.integers(0, length - 1)))
    if kind == "peak":
        length = draw(span)
        return PeakSegmenter(
            draw(level),
            length_ms=length,
            pre_ms=draw(st.integers(0, length - 1)),
            horizon_ms=draw(span),
            level_share=draw(share),
            peak_ms=draw(st.floats(0.1, 1e4)),
            rise_share=draw(share),
        )
    stop, above = draw(level), draw(level)
    pre, shortest, post = draw(roll), draw(st.integers(1, 20)), draw(roll)
    times = {
        "min_ms": shortest,
        "max_ms": pre + shortest + post + draw(roll),
        "pre_ms": pre,
        "post_ms": post,
        "merge_ms": draw(roll),
    }
    levels = {"start_level": stop + above, "stop_level": stop}
    if kind == "hysteresis":
        return HysteresisSegmenter(**levels, **times)
    start_share = draw(share)
    return AdaptiveSegmenter(
        start_share, start_share * draw(share), peak_ms=draw(st.floats(0.1, 1e4)), **levels, **times
    )


def draw_cuts(data: st.DataObject, n: int) -> list[int]:
    """Rows strictly inside, ascending."""
    rows = st.sets(st.integers(1, n - 1), max_size=8) if n > 1 else st.just(set())
    return sorted(data.draw(rows))


def rows_of(found: path.FoundSegments) -> list[tuple[int, int, int]]:
    return [(*span, at) for span, at in zip(found.spans.tolist(), found.emitted_at.tolist(), strict=True)]


def reference_activity(samples: Samples, plan: ActivityPlan) -> NDArray[np.uint16]:
    """docs/signal-path.md, sample by sample, in Python's integers."""
    baseline = [int(x) << 14 for x in samples[0]]
    motion = [0] * plan.smooth_length
    activity = []
    for sample in samples.tolist():
        difference = [x - (b >> 14) for x, b in zip(sample, baseline, strict=True)]
        baseline = [b + plan.baseline_q14 * d for b, d in zip(baseline, difference, strict=True)]
        weighted = sum(w * abs(d) for w, d in zip(plan.weights, difference, strict=True))
        motion = [*motion[1:], min(65535, weighted >> 4)]
        activity.append(sum(motion) // plan.smooth_length)
    return np.array(activity, np.uint16)


@few
@given(streams(), st.integers(1, 256), st.integers(1, 300))
def test_activity_is_what_the_definition_says(samples: Samples, smooth: int, baseline: int) -> None:
    settings = Activity(weights=(255, 16, 3), baseline_ms=baseline, smooth_ms=smooth)
    found = path.activity(samples, (), SENSOR, settings)
    if len(samples) == 0:
        assert len(found) == 0
        return
    np.testing.assert_array_equal(found, reference_activity(samples, plan_activity(SENSOR, settings)))


@pytest.mark.parametrize("smooth", [1, 2, 3, 7, 128, 255, 256])
def test_mean_of_saturated_motion_is_exact(smooth: int) -> None:
    extremes = np.where(np.arange(1000) % 2, 32767, -32768).astype(np.int16)
    samples = np.stack([extremes] * 3, axis=1)
    settings = Activity(weights=(255, 255, 255), baseline_ms=1000, smooth_ms=smooth)
    found = path.activity(samples, (), SENSOR, settings)
    assert found[0] == 0
    assert (found[-300:] == 65535).all()


def test_activity_restarts_at_a_gap() -> None:
    samples = np.random.default_rng(1).integers(-900, 900, (50, 3), np.int16)
    whole = path.activity(samples, (Gap(20, 5),), SENSOR, ACTIVITY)
    np.testing.assert_array_equal(whole[20:], path.activity(samples[20:], (), SENSOR, ACTIVITY))
    np.testing.assert_array_equal(whole[:20], path.activity(samples[:20], (), SENSOR, ACTIVITY))


@few
@given(streams(), segmenters(), st.data())
def test_any_batching_gives_the_same_segments(
    samples: Samples, segmenter: Segmenter, data: st.DataObject
) -> None:
    gaps = draw_cuts(data, len(samples))
    cuts = sorted({0, *gaps, *draw_cuts(data, len(samples)), len(samples)})
    offline = find_segments(samples, [Gap(at) for at in gaps], SENSOR, ACTIVITY, segmenter)

    stream = SegmentStream(plan_segmentation(SENSOR, ACTIVITY, segmenter))
    streamed = []
    for start, stop in pairwise(cuts):
        if start in gaps:
            stream.skip(0)
        streamed += rows_of(stream.push(samples[start:stop]))
    assert streamed + rows_of(stream.finish()) == rows_of(offline)
    assert rows_of(stream.finish()) == [], "it was told"


@few
@given(streams(), segmenters(), st.data())
def test_known_activity_gives_the_same_segments(
    samples: Samples, segmenter: Segmenter, data: st.DataObject
) -> None:
    gaps = [Gap(at) for at in draw_cuts(data, len(samples))]
    known = path.activity(samples, gaps, SENSOR, ACTIVITY)
    offline = find_segments(samples, gaps, SENSOR, ACTIVITY, segmenter)
    assert rows_of(segments_of(known, gaps, SENSOR, segmenter)) == rows_of(offline)


@few
@given(streams(), segmenters(), st.data())
def test_recordings_laid_end_to_end_give_the_segments_of_each(
    samples: Samples, segmenter: Segmenter, data: st.DataObject
) -> None:
    ends = draw_cuts(data, len(samples))
    known = path.activity(samples, [Gap(at) for at in ends], SENSOR, ACTIVITY)
    together = segments_of(known, [Gap(at) for at in ends], SENSOR, segmenter, ends)
    pieces = []
    for start, stop in pairwise([0, *ends, len(samples)]):
        found = find_segments(samples[start:stop], (), SENSOR, ACTIVITY, segmenter)
        pieces += [(a + start, b + start, at + start) for a, b, at in rows_of(found)]
    assert rows_of(together) == pieces


@few
@given(streams(), segmenters(), st.data())
def test_nothing_from_before_a_gap_matters_after_it(
    samples: Samples, segmenter: Segmenter, data: st.DataObject
) -> None:
    gaps = draw_cuts(data, len(samples))
    whole = find_segments(samples, [Gap(at, 3) for at in gaps], SENSOR, ACTIVITY, segmenter)
    pieces = []
    for start, stop in pairwise([0, *gaps, len(samples)]):
        stream = SegmentStream(plan_segmentation(SENSOR, ACTIVITY, segmenter))
        found = rows_of(stream.push(samples[start:stop]))
        found += rows_of(stream.finish()) if stop == len(samples) else []
        pieces += [(a + start, b + start, at + start) for a, b, at in found]
    assert rows_of(whole) == pieces


@few
@given(streams(), segmenters(), st.data())
def test_segments_are_in_order_and_in_the_ring(
    samples: Samples, segmenter: Segmenter, data: st.DataObject
) -> None:
    gaps = draw_cuts(data, len(samples))
    plan = plan_segmentation(SENSOR, ACTIVITY, segmenter)
    found = rows_of(find_segments(samples, [Gap(at) for at in gaps], SENSOR, ACTIVITY, segmenter))
    for start, stop, told_at in found:
        assert 0 <= start < stop <= told_at + 1 <= len(samples)
        assert told_at + 1 - start <= plan.ring_capacity
        assert not any(start < gap <= told_at for gap in gaps)
        kind = plan.segmenter
        if isinstance(kind, HysteresisPlan | AdaptivePlan):
            times = kind.movement if isinstance(kind, AdaptivePlan) else kind
            assert times.min_length <= stop - start <= times.max_length
        elif stop == len(samples) and not isinstance(segmenter, SlidingSegmenter):
            assert 1 <= stop - start <= plan.segmenter.longest, "the recording's end cut it off"
        elif isinstance(kind, PeakPlan):
            assert kind.length - kind.pre <= stop - start <= kind.length
        else:
            assert stop - start == plan.segmenter.longest
    assert found == sorted(found)
    if not isinstance(segmenter, SlidingSegmenter):
        assert all(a[1] <= b[0] for a, b in pairwise(found))


@few
@given(streams(), segmenters(), st.integers(0, 2**32 - 1))
def test_lost_samples_only_shift_indices(samples: Samples, segmenter: Segmenter, n_missing: int) -> None:
    stream = SegmentStream(plan_segmentation(SENSOR, ACTIVITY, segmenter))
    before = stream.push(samples)
    stream.skip(n_missing)
    shift = (len(samples) + n_missing) % 2**32
    after = stream.push(samples)
    np.testing.assert_array_equal(after.spans[:, 0], (before.spans[:, 0] + shift) % 2**32)
    np.testing.assert_array_equal(np.diff(after.spans), np.diff(before.spans))
    stream.reset()
    assert rows_of(stream.push(samples)) == rows_of(before)


def test_an_open_segment_is_dropped_at_a_gap() -> None:
    samples = np.zeros((60, 3), np.int16)
    samples[20:30, 0] = samples[40:45, 0] = 5000
    segmenter = HysteresisSegmenter(start_level=1000, stop_level=1000, min_ms=1, max_ms=40)
    activity = Activity(weights=(16, 16, 16), baseline_ms=1e4, smooth_ms=1)

    def spans(*gaps: int) -> list[list[int]]:
        return find_segments(samples, [Gap(at) for at in gaps], SENSOR, activity, segmenter).spans.tolist()

    assert spans() == [[20, 30], [40, 45]]
    assert spans(35) == [[20, 30], [40, 45]]
    # What was open is dropped. After this gap 5000 is stillness and 0 is movement, open at the end.
    assert spans(25) == [[30, 40], [45, 60]]


@pytest.mark.parametrize(
    ("segmenter", "seen"),
    [
        (HysteresisSegmenter(9, 9, min_ms=1, max_ms=40), [[10, 20], [2, 6], [96, 99]]),
        (PeakSegmenter(level=9, length_ms=30, pre_ms=15, horizon_ms=20), [[0, 30], [0, 30], [70, 100]]),
        (TriggerSegmenter(level=9, length_ms=20, pre_ms=5), [[5, 25], [0, 20], [80, 100]]),
    ],
)
def test_the_network_is_shown_a_window_where_the_segmenter_knows_one_length(
    segmenter: Segmenter, seen: list[list[int]]
) -> None:
    spans = np.array([[10, 20], [2, 6], [96, 99]])
    assert path.seen_spans(spans, segmenter, SENSOR, n_rows=100).tolist() == seen


def test_more_segments_than_one_fetch_from_c() -> None:
    segmenter = SlidingSegmenter(length_ms=2, hop_ms=1)
    found = find_segments(np.zeros((3 * path.CHUNK, 3), np.int16), (), SENSOR, ACTIVITY, segmenter)
    np.testing.assert_array_equal(found.spans[:, 0], np.arange(3 * path.CHUNK - 1))
    np.testing.assert_array_equal(found.emitted_at, found.spans[:, 1] - 1)


def test_samples_need_not_be_contiguous() -> None:
    samples = np.random.default_rng(2).integers(-900, 900, (400, 6), np.int16)
    segmenter = TriggerSegmenter(level=500, length_ms=30, pre_ms=5)
    view = find_segments(samples[:, ::2], (), SENSOR, ACTIVITY, segmenter)
    copied = find_segments(samples[:, ::2].copy(), (), SENSOR, ACTIVITY, segmenter)
    assert rows_of(view) == rows_of(copied)
    assert len(view.spans) > 0


@pytest.mark.parametrize("shape", [(10, 4), (10,), (10, 3, 1)])
def test_samples_of_another_shape_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ContractError, match=r"this sensor gives int16 \(n, 3\)"):
        path.activity(np.zeros(shape, np.int16), (), SENSOR, ACTIVITY)


def test_samples_of_another_type_are_refused() -> None:
    with pytest.raises(ContractError, match="samples are int32"):
        path.activity(np.zeros((10, 3), np.int32), (), SENSOR, ACTIVITY)


@pytest.mark.parametrize("rows", [[0], [10], [5, 5], [6, 5]])
def test_gaps_out_of_order_or_outside_are_refused(rows: list[int]) -> None:
    with pytest.raises(ContractError, match="gaps are out of order or outside the 10 samples"):
        path.activity(np.zeros((10, 3), np.int16), [Gap(at) for at in rows], SENSOR, ACTIVITY)
