"""Cutting a recording down to one side of a split."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinygest.core.labels import Interval, Segment
from tinygest.evaluate.data import Piece, cut, facts_of, row_before_cut


def test_whole_is_unchanged(make_recording):
    recording, track = make_recording(segments=[(10, 50, "jab")], reviewed=[(0, 100)], gaps=[(80, 3)])
    same, same_track = cut(recording, track, [Piece("r", 0, 200)])
    np.testing.assert_array_equal(same.samples, recording.samples)
    assert (same.info, same_track) == (recording.info, track)


def test_pieces_are_laid_end_to_end_with_gaps(make_recording):
    recording, track = make_recording(
        segments=[(10, 50, "jab"), (90, 110, "hook"), (150, 170, "jab")],
        reviewed=[(0, 60), (140, 200)],
        gaps=[(30, 2), (155, 4)],
    )
    shorter, labels = cut(recording, track, [Piece("r", 5, 100), Piece("r", 140, 200)])
    np.testing.assert_array_equal(
        shorter.samples, np.concatenate([recording.samples[5:100], recording.samples[140:200]])
    )
    assert [(gap.at, gap.n_missing) for gap in shorter.info.gaps] == [(25, 2), (95, 0), (110, 4)]
    assert labels.segments == (Segment(5, 45, "jab"), Segment(105, 125, "jab"))
    assert labels.reviewed == (Interval(0, 55), Interval(95, 155))


def test_rows_are_found_again_in_the_whole():
    pieces = [Piece("r", 140, 200), Piece("r", 5, 60), Piece("r", 60, 100)]
    assert [row_before_cut(pieces, row) for row in (0, 94, 95, 154)] == [5, 99, 140, 199]
    with pytest.raises(ValueError, match="behind"):
        row_before_cut(pieces, 155)


def test_facts(make_recording):
    recording, track = make_recording(segments=[(10, 50, "jab"), (60, 70, None)])
    facts = facts_of(recording, track)
    assert facts.labels == {"jab"}
    assert len(facts.segments) == 1
    twin, _ = make_recording(name="other")
    assert facts_of(twin, track).content == facts.content


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(1, 199), min_size=1, max_size=6, unique=True), st.data())
def test_no_row_of_the_other_side_is_left(make_recording, cuts, data):
    edges = [0, *sorted(cuts), 200]
    pieces = [Piece("r", a, b) for a, b in itertools.pairwise(edges)]
    kept = sorted(data.draw(st.sets(st.sampled_from(pieces), min_size=1)))
    recording, track = make_recording(segments=[(40, 60, "jab")], reviewed=[(0, 200)])
    shorter, labels = cut(recording, track, kept)
    rows = {row for piece in kept for row in range(piece.start, piece.stop)}
    assert set(shorter.samples[:, 0].tolist()) == {3 * row for row in rows}
    assert len(shorter.info.gaps) == sum(a.stop < b.start for a, b in itertools.pairwise(kept))
    assert sum(span.stop - span.start for span in labels.reviewed) == len(rows)
    assert len(labels.segments) <= 1


def test_a_whole_recording_is_no_copy(make_recording):
    recording, track = make_recording(n_samples=50)
    kept, _ = cut(recording, track, [Piece("r", 0, 20), Piece("r", 20, 50)])
    assert np.shares_memory(kept.samples, recording.samples)
