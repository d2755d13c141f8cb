from dataclasses import replace

import msgspec
import numpy as np

from tinygest.core.contract import Activity, HysteresisSegmenter, SlidingSegmenter
from tinygest.core.labels import Interval, LabelTrack, Segment
from tinygest.train.data import training_data
from tinygest.train.proposals import IGNORE, name_proposals, propose

HYSTERESIS = HysteresisSegmenter(start_level=3000, stop_level=1500, min_ms=100, max_ms=2000)
SLIDING = SlidingSegmenter(length_ms=400, hop_ms=100)


def named(burst_recordings, track, spans, segmenter=HYSTERESIS):
    (recording, _), *others = burst_recordings(2)
    data = training_data([(recording, track), *others])
    return name_proposals(data, (recording, track), np.array(spans), segmenter).tolist()


TRACK = LabelTrack(
    (Segment(100, 130, "x"), Segment(200, 300, "y"), Segment(400, 430)),
    (Interval(0, 350), Interval(380, 500)),
)


def test_proposals_are_named_after_what_they_match(burst_recordings):
    assert named(burst_recordings, TRACK, [[95, 132], [210, 290]]) == [0, 1]


def test_background_is_reviewed_and_free_of_any_segment(burst_recordings):
    spans = [[10, 60], [310, 350], [440, 490]]
    assert named(burst_recordings, TRACK, spans) == [3, 3, 3]


def test_halves_unnamed_and_unreviewed_are_ignored(burst_recordings):
    half_of_x, over_unnamed, unreviewed, half_reviewed = [120, 160], [400, 430], [355, 375], [340, 370]
    spans = [half_of_x, over_unnamed, unreviewed, half_reviewed]
    assert named(burst_recordings, TRACK, spans) == [IGNORE] * 4


def test_only_a_sliding_window_may_be_a_small_part_of_a_segment(burst_recordings):
    inside_y = [[240, 260]]
    assert named(burst_recordings, TRACK, inside_y) == [IGNORE]
    assert named(burst_recordings, TRACK, inside_y, SLIDING) == [1]


def test_a_sliding_window_in_a_capture_must_hold_nearly_all_of_it(burst_recordings):
    (recording, _), *others = burst_recordings(2)
    captured = replace(recording, info=msgspec.structs.replace(recording.info, continuous=False))
    data = training_data([(recording, TRACK), *others])
    spans = np.array([[200, 285], [205, 300]])
    assert name_proposals(data, (captured, TRACK), spans, SLIDING).tolist() == [IGNORE, 1]
    assert name_proposals(data, (recording, TRACK), spans, SLIDING).tolist() == [1, 1]


def test_other_labels_are_neither_class_nor_background(burst_recordings):
    (recording, track), *_ = everyone = burst_recordings(2)
    data = training_data(everyone, wanted=("x", "y"))
    spans = np.array([[s.start, s.stop] for s in track.segments])
    classes = name_proposals(data, (recording, track), spans, HYSTERESIS)
    assert classes.tolist() == [0, 1, IGNORE] * 4


def test_the_segmenter_of_the_device_proposes(burst_recordings):
    data = training_data(burst_recordings(1))
    spans = propose(data, data.recordings[0], Activity((16,) * 6), HYSTERESIS)
    assert len(spans) == 12
