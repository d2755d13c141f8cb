"""What the search for a segmenter promises, on made-up bursts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tinygest.core.contract import Activity, AdaptiveSegmenter, PeakSegmenter, SlidingSegmenter
from tinygest.metrics.quality import segment_quality
from tinygest.signalpath.path import activity, find_segments
from tinygest.signalpath.plan import plan_segmenter
from tinygest.train.data import segment_spans, training_data
from tinygest.train.segmenter_kinds import KINDS, Scale, with_borders
from tinygest.train.segmenter_search import (
    MAX_SAMPLES,
    find_judged,
    lay_end_to_end,
    other_wearer,
    score_of,
    search_kinds,
)

WEIGHED_ALIKE = Activity((16,) * 6)
SCALE = Scale(ms=10.0, typical=60.0, shortest=40, longest=100, low=100.0, high=10_000.0)


def spans(*pairs):
    return np.array(pairs, np.int64).reshape(-1, 2)


def test_levels_lie_between_rest_and_movement():
    assert [SCALE.level(place) for place in (0, 0.5, 1)] == [100, 1000, 10_000]
    assert SCALE.level(-9) == 1
    assert SCALE.level(9) == 65535


@pytest.mark.parametrize("name", KINDS)
def test_every_value_of_every_kind_is_possible(name, burst_recordings):
    kind, sensor = KINDS[name], training_data(burst_recordings(1)).sensor
    middle = {axis: steps[len(steps) // 2] for axis, steps in kind.axes.items()}
    for axis, steps in kind.axes.items():
        for value in steps:
            plan_segmenter(sensor, kind.build(middle | {axis: value}, SCALE))


def test_borders_move_by_their_error():
    peak = PeakSegmenter(100, length_ms=600, pre_ms=300, horizon_ms=100)
    later = with_borders(peak, late=-5, early=10, ms=10)
    assert (later.pre_ms, later.length_ms) == (250, 650)
    assert with_borders(peak, late=3000, early=0, ms=10) == peak
    adaptive = AdaptiveSegmenter(0.5, 0.2, 1000, 100, 50, min_ms=100, max_ms=1000)
    moved = with_borders(adaptive, late=4, early=-3, ms=10)
    assert (moved.pre_ms, moved.post_ms) == (40, 0)  # an end that is found too late stays
    assert with_borders(adaptive, late=95, early=0, ms=10) == adaptive
    assert with_borders(SlidingSegmenter(100, 50), 1, 1, 10) == SlidingSegmenter(100, 50)


def test_half_of_the_score_asks_for_close_borders_and_background_counts_less():
    true = spans((0, 100), (200, 300))
    assert score_of(segment_quality(true, true), 0) == 1
    loose = segment_quality(true, spans((0, 100), (200, 260)))
    assert score_of(loose, 0) == 0.75
    extra = segment_quality(true, spans((0, 100), (200, 300), (400, 500)))
    assert score_of(extra, 0) == 0.8
    assert score_of(extra, 1) == pytest.approx(4 / 4.25)
    assert score_of(segment_quality(spans(), spans()), 0) == 0


def test_another_wearer_is_faster_and_moves_harder(burst_recordings):
    stream = lay_end_to_end(training_data(burst_recordings(2)))
    fast = other_wearer(stream, vigour=1.5, tempo=1.25)
    assert len(fast.samples) == len(fast.judged) == round(len(stream.samples) / 1.25)
    np.testing.assert_allclose(fast.truth * 1.25, stream.truth, atol=1)
    assert len(fast.gaps) == len(stream.gaps)
    assert abs(fast.gaps[0].at * 1.25 - stream.gaps[0].at) < 2
    assert fast.judged.mean() == pytest.approx(stream.judged.mean(), abs=0.01)


def test_only_judged_time_counts(burst_recordings):
    stream = lay_end_to_end(training_data(burst_recordings(1)))
    (segmenter,) = [KINDS["trigger"].build({"level": 0.5}, SCALE)]
    values = activity(stream.samples, stream.gaps, stream.sensor, WEIGHED_ALIKE)
    assert len(find_judged(stream, values, segmenter)) > 0
    blind = replace(stream, judged=np.zeros_like(stream.judged))
    assert len(find_judged(blind, values, segmenter)) == 0


def test_long_data_is_thinned_out_evenly(burst_recordings):
    whole = training_data(burst_recordings(3))
    n = sum(recording.info.n_samples for recording, _ in whole.recordings)
    many = replace(whole, recordings=whole.recordings * (2 * MAX_SAMPLES // n))
    assert 0.5 * MAX_SAMPLES < len(lay_end_to_end(many).samples) <= 1.1 * MAX_SAMPLES


def test_a_fit_to_one_person_finds_the_gestures_of_a_gentler_one(burst_recordings):
    data = training_data(burst_recordings())
    (fitted,) = search_kinds(data, WEIGHED_ALIKE, ["adaptive"]).values()
    for recording, track in data.recordings:
        gentle = np.rint(recording.samples * 0.6).astype(np.int16)
        found = find_segments(gentle, (), data.sensor, fitted.activity, fitted.segmenter).spans
        assert segment_quality(segment_spans(track.segments), found).n_missed == 0


def test_the_search_depends_on_nothing_but_the_data(burst_recordings):
    data = training_data(burst_recordings(2))
    once, again = (search_kinds(data, WEIGHED_ALIKE, ["peak"]) for _ in range(2))
    assert once == again
