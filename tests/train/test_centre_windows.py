"""Windows of a centre detector, named by their middles."""

from __future__ import annotations

import msgspec
import numpy as np

from tinygest.core.contract import Activity, CentreSegmenter
from tinygest.core.labels import Interval, LabelTrack, Segment
from tinygest.train.centre_windows import BACKGROUND_SHARE, name_windows
from tinygest.train.data import training_data
from tinygest.train.examples import gather

BACKGROUND, IGNORED = 2, -1


def windows(*middles):
    return np.array([(middle - 10, middle + 10) for middle in middles], np.int64)


def named(burst_recordings, track, *middles):
    data = training_data(burst_recordings(2), wanted=("x", "y"))
    one = (data.recordings[0][0], track)
    return name_windows(data, one, windows(*middles)).tolist()


def test_the_middle_decides(burst_recordings):
    track = LabelTrack((Segment(100, 200, "x"),), (Interval(0, 400),))
    # Up to 12 of 100 samples from 150 it is x; from 45 on it is none.
    assert named(burst_recordings, track, 138, 150, 162) == [0, 0, 0]
    assert named(burst_recordings, track, 106, 137, 163, 195) == [IGNORED] * 4
    assert named(burst_recordings, track, 104, 196, 300) == [BACKGROUND] * 3


def test_of_neighbours_the_nearer_one_decides(burst_recordings):
    track = LabelTrack((Segment(100, 150, "x"), Segment(150, 200, "y")))
    assert named(burst_recordings, track, 125, 149, 175) == [0, BACKGROUND, 1]


def test_other_labels_are_background_but_what_has_no_name_is_nothing(burst_recordings):
    track = LabelTrack((Segment(100, 200, "z"), Segment(200, 300, None)))
    assert named(burst_recordings, track, 150, 250) == [BACKGROUND, IGNORED]


def test_what_nobody_looked_at_is_nothing(burst_recordings):
    track = LabelTrack((Segment(100, 200, "x"),), (Interval(200, 300),))
    assert named(burst_recordings, track, 250, 295, 350) == [BACKGROUND, IGNORED, IGNORED]


def test_gather_keeps_more_background_than_labels(burst_recordings):
    data = training_data(burst_recordings())
    segmenter = CentreSegmenter(400.0, 40.0, dict.fromkeys("xyz", 600.0))
    sources = gather(data, Activity((16,) * 6), segmenter, seed=1)
    counts = sources.counts()
    assert sources.classes == ("x", "y", "z", "unknown")
    assert min(counts.values()) > 0
    n_background = counts.pop("unknown")
    available = sum(
        int((name_windows(data, one, source.spans) == 3).sum())
        for one, source in zip(data.recordings, sources.each, strict=True)
    )
    assert n_background == available <= BACKGROUND_SHARE * sum(counts.values())
    assert {int(stop - start) for source in sources.each for start, stop in source.spans} == {20}
    again = gather(data, Activity((16,) * 6), segmenter, seed=1)
    assert all((a.spans == b.spans).all() for a, b in zip(sources.each, again.each, strict=True))
    assert msgspec.structs.asdict(segmenter)["smooth"] == 3
