"""Recordings and labels of simulated sessions."""

import itertools

import numpy as np
import pytest

from tinygest.core.errors import UsageError
from tinygest.core.sensor import imu_contract
from tinygest.simulate.boxing_set import boxing_sessions, simulate_boxing
from tinygest.simulate.movements import PUNCH_LABELS
from tinygest.simulate.people import make_person
from tinygest.simulate.script import Daily, Pause, Punches, everyday_script, training_script
from tinygest.simulate.session import SimulatedBoard, simulate_session

PERSON = make_person("P1", 1)


def test_a_session_is_a_labelled_recording_that_says_it_is_simulated():
    script = training_script(4, n_singles=1, n_combinations=2, n_daily=2)
    recording, track = simulate_session(PERSON, script, "rev1", seed=4, side="left", session="B")
    assert recording.id == "p1_left_b"
    assert recording.info.contract == imu_contract(100.0)
    assert recording.info.device == "simulated LSM9DS1"
    assert recording.info.source["simulated"] is True
    assert recording.info.source["seed"] == 4
    assert (recording.meta.subject, recording.meta.side, recording.meta.session) == ("P1", "left", "B")
    assert recording.meta.fields == {"board": "rev1"}
    asked = [name for action in script for name in getattr(action, "labels", ()) if name in PUNCH_LABELS]
    assert [segment.label for segment in track.segments] == asked
    assert {segment.source for segment in track.segments} == {"import"}
    assert [(i.start, i.stop) for i in track.reviewed] == [(0, recording.info.n_samples)]


@pytest.mark.parametrize("board", ["rev1", "rev2"])
def test_at_rest_both_boards_read_one_g_and_no_turn(board):
    recording, track = simulate_session(PERSON, [Daily("stand"), Pause(3.0)], board, seed=2)
    rest = recording.samples[-150:].astype(float) / np.repeat([2048, 16.384], 3)
    assert np.linalg.norm(rest[:, :3].mean(axis=0)) == pytest.approx(1.0, abs=0.06)
    assert np.linalg.norm(rest[:, 3:].mean(axis=0)) < 15
    assert track.segments == ()


def test_the_same_seed_gives_the_same_recording():
    first, again = (simulate_session(PERSON, [Punches(("jab",))], "rev1", seed=3) for _ in range(2))
    np.testing.assert_array_equal(first[0].samples, again[0].samples)
    assert first[1] == again[1]
    assert first[0].info == again[0].info


def test_a_stream_delivers_the_recording():
    script = training_script(9, n_singles=1, n_combinations=1, n_daily=1)
    recording, track = simulate_session(PERSON, script, "rev2", seed=9)
    chunks = list(SimulatedBoard(PERSON, "rev2", seed=9).stream(script))
    np.testing.assert_array_equal(np.concatenate([chunk.samples for chunk in chunks]), recording.samples)
    assert sum(len(chunk.marks) for chunk in chunks) == len(track.segments)


@pytest.mark.parametrize("board", ["rev1", "rev2"])
def test_every_board_delivers_the_rate_of_the_project(board):
    device = SimulatedBoard(PERSON, board, seed=5)
    n = sum(len(chunk.samples) for chunk in itertools.islice(device.stream(everyday_script(5)), 30))
    assert n == pytest.approx(240 * 100.0, abs=12)
    assert abs(device.true_rate_hz / 100 - 1) < 60e-6
    assert abs(device.unit.rate_hz / device.unit.part.nominal_rate_hz - 1) > 1e-3


def test_both_boards_give_the_same_stream_of_the_same_motion():
    """Resampled to 100 Hz, channels of rev1 and rev2 correlate to 0.999; the labels are the same rows."""
    session = next(boxing_sessions())
    (rev1, labels1), (rev2, labels2) = (simulate_boxing(session, board) for board in ("rev1", "rev2"))
    assert labels1.segments == labels2.segments
    assert abs(len(rev1.samples) - len(rev2.samples)) <= 2
    n = min(len(rev1.samples), len(rev2.samples))
    for a, b in zip(rev1.samples[:n].T, rev2.samples[:n].T, strict=True):
        assert np.corrcoef(a, b)[0, 1] > 0.999


def test_labels_lie_on_the_movement():
    """Labelled time turns much faster than background, at its edges hardly."""
    recording, track = simulate_boxing(next(boxing_sessions()))
    rate_dps = np.linalg.norm(recording.samples[:, 3:] / 16.384, axis=1)
    for segment in track.segments:
        assert rate_dps[segment.start : segment.stop].max() > 300
    inside = np.zeros(len(rate_dps), bool)
    for segment in track.segments:
        inside[segment.start : segment.stop] = True
    assert rate_dps[inside].mean() > 4 * rate_dps[~inside].mean()


def test_hard_punches_clip_and_are_counted():
    script = [action for _ in range(12) for action in (Punches(("cross",)), Pause(0.5))]
    counts = [
        simulate_session(make_person("P", s), script, "rev2", seed=s)[0].info.n_clipped for s in range(6)
    ]
    assert any(counts)
    assert all(n > 0 for count in counts for n in count.values())


def test_the_example_set_is_balanced():
    sessions = list(boxing_sessions())
    assert len({session.recording_id for session in sessions}) == len(sessions) == 24
    for person in range(1, 7):
        own = [session for session in sessions if session.person == person]
        assert sorted((s.side, s.board) for s in own) == [
            ("left", "rev1"),
            ("left", "rev2"),
            ("right", "rev1"),
            ("right", "rev2"),
        ]


def test_unknown_board_or_side_is_refused():
    with pytest.raises(UsageError, match="rev1, rev2"):
        SimulatedBoard(PERSON, "rev9", seed=1)
    with pytest.raises(UsageError, match="left, right"):
        SimulatedBoard(PERSON, "rev1", seed=1, side="middle")
