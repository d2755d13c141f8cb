"""Every protocol keeps whole what it promises to keep whole, and tests everything once."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinygest.core.errors import DatasetError
from tinygest.core.labels import Segment
from tinygest.evaluate.data import Piece, RecordingFacts
from tinygest.evaluate.splits import (
    assigned,
    blocks_in_time,
    by_recording,
    grouped,
    leave_one_subject_out,
    locked_test,
    random_segments,
    with_given_borders,
)


def subjects(pieces, recordings):
    subject_of = {recording.id: recording.subject for recording in recordings}
    return {subject_of[piece.recording] for piece in pieces}


def test_leave_one_subject_out(make_crowd):
    recordings = make_crowd(n_subjects=4, n_recordings=3)
    split = leave_one_subject_out(recordings)
    assert [fold.name for fold in split.folds] == ["S0", "S1", "S2", "S3"]
    for fold in split.folds:
        assert subjects(fold.test, recordings) == {fold.name}
        assert len(fold.test) == 3
        assert len(fold.train) == 9


def test_grouped_folds_are_whole_subjects_of_similar_size(make_facts):
    recordings = [make_facts(f"r{k}", f"S{k}", ["jab"] * (k + 1)) for k in range(9)]
    split = grouped(recordings, 3, seed=1)
    sizes = []
    for fold in split.folds:
        assert not subjects(fold.test, recordings) & subjects(fold.train, recordings)
        sizes.append(sum(int(piece.recording[1:]) + 1 for piece in fold.test))
    assert max(sizes) - min(sizes) <= 3
    assert split == grouped(recordings, 3, seed=1)


def test_a_label_of_two_people_is_not_held_out_at_once(make_facts):
    recordings = [make_facts(f"r{k}", f"S{k}", ["jab", "hook"] * 5) for k in range(6)]
    recordings += [make_facts("x", "S6", ["rare"] * 9), make_facts("y", "S7", ["rare"] * 3)]
    for seed in range(5):
        split = grouped(recordings, 3, seed)
        of = {piece.recording: fold.name for fold in split.folds for piece in fold.test}
        assert of["x"] != of["y"]
        assert sorted(
            sum(name.startswith("r") for name in of if of[name] == fold.name) for fold in split.folds
        ) == [2, 2, 2]


def test_by_recording_keeps_every_label_in_training(make_facts):
    """UHH's shape: one label a recording, one recording a subject and label."""
    labels = [f"g{k}" for k in range(10)]
    recordings = [
        make_facts(f"{s}_{name}", s, [name] * 10) for s in ("j", "l", "na", "s") for name in labels
    ]
    split = by_recording(recordings, 4)
    for fold in split.folds:
        trained = {piece.recording.split("_")[1] for piece in fold.train}
        assert trained == set(labels)
        assert len(fold.test) == 10


def test_random_segments_are_stratified(make_crowd):
    recordings = make_crowd()
    split = random_segments(recordings, 5, seed=3)
    assert not split.is_streamed
    tested = [piece for fold in split.folds for piece in fold.test]
    assert sorted(tested) == sorted(
        Piece(recording.id, segment.start, segment.stop)
        for recording in recordings
        for segment in recording.segments
    )
    sizes = [len(fold.test) for fold in split.folds]
    assert max(sizes) - min(sizes) <= 1
    assert split != random_segments(recordings, 5, seed=4)


SEGMENTS = st.lists(st.tuples(st.integers(1, 30), st.integers(1, 30)), min_size=2, max_size=12)


@settings(deadline=None, max_examples=80)
@given(st.lists(SEGMENTS, min_size=1, max_size=4), st.integers(2, 5))
def test_blocks_cover_every_row_once_and_cut_no_segment(shapes, k):
    recordings = []
    for number, shape in enumerate(shapes):
        position, segments = 0, []
        for pause, length in shape:
            segments.append(Segment(position + pause, position + pause + length, "jab"))
            position += pause + length
        recordings.append(RecordingFacts(f"r{number}", "S", position + 7, tuple(segments), str(number), ""))
    if k > max(map(len, shapes)):
        with pytest.raises(DatasetError):
            blocks_in_time(recordings, k)
        return
    split = blocks_in_time(recordings, k)
    for recording in recordings:
        pieces = sorted(
            piece for fold in split.folds for piece in fold.test if piece.recording == recording.id
        )
        assert [piece.start for piece in pieces] == [0, *(piece.stop for piece in pieces[:-1])]
        assert pieces[-1].stop == recording.n_samples
        for segment in recording.segments:
            assert any(piece.start <= segment.start and segment.stop <= piece.stop for piece in pieces)
        for fold in split.folds:
            rows = sum(p.stop - p.start for p in (*fold.train, *fold.test) if p.recording == recording.id)
            assert rows == recording.n_samples


def test_assigned_folds_with_train_and_locked(make_crowd):
    recordings = make_crowd(n_subjects=4, n_recordings=1)
    split = assigned(recordings, {"S0": "a", "S1": "b", "S2": "train", "S3": "locked"}, "subject")
    assert [fold.name for fold in split.folds] == ["a", "b"]
    for fold in split.folds:
        assert subjects(fold.train, recordings) == {"S0", "S1", "S2"} - subjects(fold.test, recordings)


def test_assigned_must_name_everybody(make_crowd):
    with pytest.raises(DatasetError, match="'S3' belongs"):
        assigned(make_crowd(), {"S0": "a", "S1": "b", "S2": "a"}, "subject")


def test_locked_group_is_one_fold(make_crowd):
    recordings = make_crowd(n_subjects=3, n_recordings=2)
    split = locked_test(recordings, {"r2_0", "r2_1"})
    assert split.unit == "subject"
    assert subjects(split.folds[0].test, recordings) == {"S2"}
    assert len(split.folds) == 1
    assert locked_test(recordings, {"r2_0"}).unit == "recording"


@pytest.mark.parametrize("k", [0, 1, 5])
def test_impossible_numbers_of_folds(make_crowd, k):
    with pytest.raises(DatasetError, match="folds"):
        grouped(make_crowd(n_subjects=4), k)


def test_half_named_subjects_are_refused(make_facts):
    with pytest.raises(DatasetError, match=r"no subject, e\.g\. b"):
        leave_one_subject_out([make_facts("a", "S1", ["jab"]), make_facts("b", "", ["jab"])])


def test_with_given_borders_nothing_is_left_but_segments(make_crowd):
    recordings = make_crowd(n_subjects=3, n_recordings=2)
    whole = leave_one_subject_out(recordings)
    split = with_given_borders(whole, recordings)
    assert whole.is_streamed
    assert not split.is_streamed
    assert [fold.name for fold in split.folds] == [fold.name for fold in whole.folds]
    spans = {(r.id, segment.start, segment.stop) for r in recordings for segment in r.segments}
    for fold in split.folds:
        assert subjects(fold.test, recordings) == {fold.name}
        assert {(one.recording, one.start, one.stop) for one in (*fold.train, *fold.test)} == spans


def test_with_given_borders_a_subject_without_segments_is_no_fold(make_crowd, make_facts):
    recordings = [*make_crowd(n_subjects=2, n_recordings=1), make_facts("idle", "S9", [])]
    split = with_given_borders(leave_one_subject_out(recordings), recordings)
    assert [fold.name for fold in split.folds] == ["S0", "S1"]
