from __future__ import annotations

import pytest

from tinygest.core.errors import LabelError
from tinygest.core.labels import Interval, LabelTrack, Segment, check_label


def test_neighbours_may_touch() -> None:
    LabelTrack((Segment(0, 5, "jab"), Segment(5, 9)), (Interval(0, 9),)).check(9)


@pytest.mark.parametrize(
    "track",
    [
        LabelTrack((Segment(0, 5), Segment(4, 9))),
        LabelTrack((Segment(5, 9), Segment(0, 5))),
        LabelTrack((Segment(3, 3),)),
        LabelTrack((Segment(0, 11),)),
        LabelTrack((Segment(-1, 3),)),
        LabelTrack((), (Interval(0, 6), Interval(5, 7))),
    ],
    ids=["overlap", "order", "empty", "outside", "negative", "reviewed overlap"],
)
def test_impossible_tracks_are_refused(track: LabelTrack) -> None:
    with pytest.raises(LabelError):
        track.check(10)


@pytest.mark.parametrize("label", ["jab", "left hook", "turn-left", "1"])
def test_usable_labels(label: str) -> None:
    assert check_label(label) == label


@pytest.mark.parametrize("label", ["", " jab", "a/b", "../x", "x" * 41, "jäb", "unknown", "Unknown", "a\n"])
def test_unusable_labels(label: str) -> None:
    with pytest.raises(LabelError):
        check_label(label)
