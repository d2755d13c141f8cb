from dataclasses import replace

import numpy as np
import pytest

from tinygest.core.contract import Activity, HysteresisSegmenter, PeakSegmenter, SlidingSegmenter
from tinygest.core.errors import DatasetError
from tinygest.core.labels import LabelTrack, Segment
from tinygest.signalpath import extract
from tinygest.train.augment import Augmentation
from tinygest.train.data import training_data
from tinygest.train.examples import MAX_COPIES, fair_shares, gather, raw_examples, thinned
from tinygest.train.inputs import default_input

ACTIVITY = Activity((16,) * 6)
FINDS_BURSTS = HysteresisSegmenter(start_level=3000, stop_level=1500, min_ms=100, max_ms=2000)
FINDS_NOISE = SlidingSegmenter(length_ms=300, hop_ms=60)


def test_marked_segments_come_first_then_what_the_segmenter_finds(burst_recordings):
    data = training_data(burst_recordings(2))
    sources = gather(data, ACTIVITY, FINDS_BURSTS, seed=1)
    assert sources.classes == ("x", "y", "z")
    assert [source.is_marked.sum() for source in sources.each] == [12, 12]
    assert all(n > 8 for n in sources.counts().values())


def test_reviewed_background_becomes_unknown_and_stays_in_proportion(burst_recordings):
    data = training_data(burst_recordings(2))
    sources = gather(data, ACTIVITY, FINDS_NOISE, seed=1)
    assert sources.classes == ("x", "y", "z", "unknown")
    assert sources.counts()["unknown"] == 24  # as many as there are marked segments
    assert sources.counts() == gather(data, ACTIVITY, FINDS_NOISE, seed=1).counts()


def test_time_that_nobody_reviewed_is_nothing(burst_recordings):
    data = training_data(burst_recordings(2, reviewed=False))
    assert gather(data, ACTIVITY, FINDS_NOISE, seed=1).classes == ("x", "y", "z")


def test_raw_examples_are_the_segments_and_their_copies(burst_recordings):
    data = training_data(burst_recordings(2))
    sources = gather(data, ACTIVITY, FINDS_BURSTS, seed=1)
    model_input = default_input("dense", data.sensor)
    made = raw_examples(sources, data.sensor, model_input, Augmentation(n_copies=3), seed=1)
    n = sum(sources.counts().values())
    assert (made.is_copy.sum(), (~made.is_copy).sum()) == (3 * n, n)
    assert np.array_equal(np.bincount(made.y), 4 * np.array(list(sources.counts().values())))
    first = sources.each[0]
    expected = extract.raw_inputs(first.recording.samples, first.spans, data.sensor, model_input)
    assert np.array_equal(made.raw[: len(expected)], expected)


def test_copies_are_bounded_in_sum_and_may_be_none(burst_recordings):
    data = training_data(burst_recordings(1, n_each=2))
    sources = gather(data, ACTIVITY, FINDS_BURSTS, seed=1)
    none = raw_examples(sources, data.sensor, default_input("cnn", data.sensor), Augmentation(0), seed=1)
    assert not none.is_copy.any()
    many = replace(Augmentation(), n_copies=10**6)
    assert raw_examples(
        sources, data.sensor, default_input("cnn", data.sensor), many, seed=1
    ).is_copy.sum() <= (MAX_COPIES)


def test_a_label_whose_segments_the_device_cannot_hold_is_refused(burst_recordings):
    (recording, track), *_ = burst_recordings(1)
    samples = np.concatenate([recording.samples, np.zeros((5000, 6), np.int16)])
    info = type(recording.info)(recording.info.contract, len(samples))
    long = (Segment(1000, 3100, "long"), Segment(3200, 5400, "long"))
    stretched = replace(recording, info=info, samples=samples)
    data = training_data([(stretched, LabelTrack((*track.segments, *long)))])
    with pytest.raises(DatasetError, match="'long' are longer than the 2048 samples"):
        gather(data, ACTIVITY, FINDS_BURSTS, seed=1)


@pytest.mark.parametrize(
    ("counts", "n_most", "shares"),
    [((5, 5), 20, (5, 5)), ((100, 3, 50), 30, (14, 3, 13)), ((4, 9), 8, (4, 4)), ((0, 7), 4, (0, 4))],
)
def test_rare_classes_keep_what_they_have(counts, n_most, shares):
    found = fair_shares(np.array(counts), n_most)
    assert sorted(found.tolist()) == sorted(shares)
    assert found.sum() == min(sum(counts), n_most)
    assert (found <= np.array(counts)).all()


def test_more_spans_than_wanted_are_drawn(burst_recordings):
    data = training_data(burst_recordings(2))
    sources = gather(data, ACTIVITY, FINDS_BURSTS, seed=1)
    few = thinned(sources, 9, seed=1)
    assert sum(few.counts().values()) == 9
    assert max(few.counts().values()) - min(few.counts().values()) <= 1
    again = thinned(sources, 9, seed=1)
    assert all(np.array_equal(a.spans, b.spans) for a, b in zip(few.each, again.each, strict=True))
    assert thinned(sources, 10_000, seed=1) is sources


def test_a_window_that_finds_a_segment_stands_for_it(burst_recordings):
    data = training_data(burst_recordings(2))
    peak = PeakSegmenter(level=2000, length_ms=800, pre_ms=400, horizon_ms=300)
    sources = gather(data, Activity((16,) * 6, smooth_ms=200), peak, seed=1)
    spans = np.concatenate([source.spans[source.is_marked] for source in sources.each])
    n_marked = sum(len(track.segments) for _, track in data.recordings)
    assert len(spans) == n_marked
    assert (np.diff(spans) == 40).mean() > 0.9  # 800 ms at 50 Hz; bursts are 30 samples
    for source in sources.each:
        assert len(np.unique(source.spans, axis=0)) == len(source.spans)
