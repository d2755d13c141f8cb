from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinygest.core.errors import LabelError
from tinygest.core.labels import Interval, LabelTrack, Segment
from tinygest.label import edits

N = 100
TRACK = LabelTrack(
    (
        Segment(10, 20, "jab", "import"),
        Segment(20, 30, None, "segmenter"),
        Segment(40, 60, "hook", "segmenter"),
    ),
    (Interval(0, 30),),
)


def test_add_keeps_the_order_and_the_reviewed_time():
    track = edits.add(TRACK, N, 30, 40, "cross")
    assert [segment.start for segment in track.segments] == [10, 20, 30, 40]
    assert track.segments[2] == Segment(30, 40, "cross", "person")
    assert track.reviewed == TRACK.reviewed


def test_assign_makes_segments_a_persons():
    track = edits.assign(TRACK, N, (1, 2), "jab")
    assert track.segments[1:] == (Segment(20, 30, "jab", "person"), Segment(40, 60, "jab", "person"))
    assert track.segments[0] == TRACK.segments[0]
    assert edits.assign(TRACK, N, (0,), None).segments[0].label is None


def test_move_one_edge_or_both():
    assert edits.move(TRACK, N, 2, stop=70).segments[2] == Segment(40, 70, "hook", "person")
    assert edits.move(TRACK, N, 2, start=35).segments[2] == Segment(35, 60, "hook", "person")
    moved = edits.move(TRACK, N, 0, start=70, stop=80)
    assert [segment.label for segment in moved.segments] == [None, "hook", "jab"]


def test_split_and_merge_are_inverse():
    halves = edits.split(TRACK, N, 2, 45)
    assert halves.segments[2:] == (Segment(40, 45, "hook", "person"), Segment(45, 60, "hook", "person"))
    assert edits.merge(halves, N, (2, 3)).segments[2:] == (Segment(40, 60, "hook", "person"),)


def test_merge_takes_what_lies_between_and_the_label_that_is_there():
    assert edits.merge(TRACK, N, (1, 2)).segments[1:] == (Segment(20, 60, "hook", "person"),)
    assert edits.merge(TRACK, N, (0, 1, 2), "jab").segments == (Segment(10, 60, "jab", "person"),)


def test_delete():
    assert edits.delete(TRACK, N, (0, 2)).segments == (TRACK.segments[1],)


def test_review_joins_and_unreview_cuts():
    track = edits.review(TRACK, N, 30, 50)
    assert track.reviewed == (Interval(0, 50),)
    track = edits.unreview(track, N, 10, 20)
    assert track.reviewed == (Interval(0, 10), Interval(20, 50))
    assert edits.unreview(track, N, 0, N).reviewed == ()
    assert track.segments == TRACK.segments


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        (lambda: edits.add(TRACK, N, 15, 18, "jab"), "overlaps"),
        (lambda: edits.add(TRACK, N, 90, 101, "jab"), "not inside"),
        (lambda: edits.add(TRACK, N, 70, 70, "jab"), "not inside"),
        (lambda: edits.add(TRACK, N, -1, 5, "jab"), "not inside"),
        (lambda: edits.add(TRACK, N, 70, 80, "unknown"), "no label is sure"),
        (lambda: edits.assign(TRACK, N, (3,), "jab"), "no segment 4; the recording has 3"),
        (lambda: edits.assign(TRACK, N, (-1,), "jab"), "no segment 0"),
        (lambda: edits.assign(TRACK, N, (0,), "../x"), "not usable"),
        (lambda: edits.move(TRACK, N, 0, stop=21), "overlaps"),
        (lambda: edits.move(TRACK, N, 0, start=20), "not inside"),
        (lambda: edits.split(TRACK, N, 0, 10), "10 is not inside"),
        (lambda: edits.split(TRACK, N, 0, 20), "20 is not inside"),
        (lambda: edits.merge(TRACK, N, (0, 2), "jab"), "follow each other"),
        (lambda: edits.merge(TRACK, N, (0,)), "follow each other"),
        (lambda: edits.merge(TRACK, N, (0, 0)), "follow each other"),
        (lambda: edits.merge(TRACK, N, (0, 1, 2)), "hook, jab"),
        (lambda: edits.delete(TRACK, N, (7,)), "no segment 8"),
        (lambda: edits.review(TRACK, N, 50, 101), "not inside"),
        (lambda: edits.unreview(TRACK, N, 5, 5), "not inside"),
    ],
)
def test_refusals(edit, reason):
    with pytest.raises(LabelError, match=reason):
        edit()


SPANS = st.lists(
    st.tuples(st.booleans(), st.integers(0, N - 1), st.integers(1, N)).filter(
        lambda span: span[1] < span[2]
    ),
    max_size=15,
)


@given(SPANS)
@settings(deadline=None)
def test_reviewed_time_is_what_a_set_of_rows_would_be(spans):
    track, rows = LabelTrack(), set()
    for reviewed, start, stop in spans:
        track = (edits.review if reviewed else edits.unreview)(track, N, start, stop)
        rows = rows | set(range(start, stop)) if reviewed else rows - set(range(start, stop))
    assert track.check(N) is track
    assert [row for span in track.reviewed for row in range(span.start, span.stop)] == sorted(rows)
    assert all(a.stop < b.start for a, b in zip(track.reviewed, track.reviewed[1:], strict=False))
