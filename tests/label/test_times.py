"""A list of times names what was found."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tinygest.core.labels import Interval, LabelTrack, Segment
from tinygest.label.times import name_by_times

N = 1000


def found(*spans: tuple[int, int]) -> tuple[Segment, ...]:
    return tuple(Segment(*span, None, "segmenter") for span in spans)


def test_proposals_are_named_and_keep_their_borders() -> None:
    track = LabelTrack(found((100, 160), (300, 360), (500, 560)))
    named = name_by_times(track, [((505, 550), "cross"), ((90, 150), "jab")])
    assert [(s.start, s.stop, s.label, s.source) for s in named.track.segments] == [
        (100, 160, "jab", "import"),
        (500, 560, "cross", "import"),
    ]
    assert (named.n_named, named.n_added, named.n_dropped, named.n_in_the_way) == (2, 0, 1, 0)


def test_of_two_times_in_one_proposal_the_worse_fit_stands_beside_it() -> None:
    named = name_by_times(LabelTrack(found((100, 300))), [((90, 140), "jab"), ((150, 295), "cross")])
    assert [(s.start, s.stop, s.label) for s in named.track.segments] == [
        (90, 140, "jab"),
        (140, 300, "cross"),
    ]
    assert (named.n_named, named.n_added) == (1, 1)


def test_what_a_person_did_stays() -> None:
    own = Segment(100, 200, "hook")
    track = LabelTrack((own, *found((300, 400))), (Interval(600, 700),))
    named = name_by_times(track, [((150, 250), "jab"), ((310, 390), "jab"), ((650, 680), "jab")])
    assert named.track.segments == (own, Segment(300, 400, "jab", "import"))
    assert named.n_in_the_way == 2


spans = st.tuples(st.integers(0, N - 2), st.integers(1, 120)).map(lambda a: (a[0], min(a[0] + a[1], N)))


def apart(many: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Those that begin after the one before has ended."""
    kept: list[tuple[int, int]] = []
    for span in sorted(many):
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return kept


@settings(max_examples=200, deadline=None)
@given(
    st.lists(spans, max_size=12).map(apart),
    st.lists(st.tuples(spans, st.sampled_from(["jab", "cross"])), max_size=12),
)
def test_any_times_give_a_sound_track(proposed: list[tuple[int, int]], times: list) -> None:
    named = name_by_times(LabelTrack(found(*proposed)), times)
    track = named.track.check(N)
    assert len(track.segments) == named.n_named + named.n_added <= len(times)
    assert all(segment.label in ("jab", "cross") for segment in track.segments)
    assert named.n_named + named.n_dropped == len(proposed)
