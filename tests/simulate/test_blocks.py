"""Sessions as streams: deterministic, seamless, marked."""

import itertools

import numpy as np
import pytest

from tinygest.core.errors import UsageError
from tinygest.simulate import blocks
from tinygest.simulate.blocks import session_blocks
from tinygest.simulate.imu import BOARDS, perfect_unit
from tinygest.simulate.movements import PUNCH_LABELS
from tinygest.simulate.people import make_person
from tinygest.simulate.script import everyday_script, training_script
from tinygest.simulate.session import simulate_raw

PERSON = make_person("P1", 1)


def test_the_same_seed_gives_the_same_samples():
    a, b = (simulate_raw(PERSON, training_script(5, n_singles=1), "rev1", seed=9) for _ in range(2))
    np.testing.assert_array_equal(a.counts, b.counts)
    assert a.marks == b.marks
    other = simulate_raw(PERSON, training_script(5, n_singles=1), "rev1", seed=10)
    assert other.marks != a.marks


def test_the_length_of_blocks_does_not_show(monkeypatch):
    def motion():
        unit = perfect_unit(BOARDS["rev2"])
        script = training_script(3, n_singles=1, n_combinations=2, n_daily=3)
        return np.concatenate([b.raw for b in session_blocks(PERSON, script, "left", unit, 4)])

    # Noise is drawn block by block; without it nothing but rounding may differ.
    monkeypatch.setattr("tinygest.simulate.imu.noise", lambda unit, n, rng: 0.0)
    whole = motion()
    monkeypatch.setattr(blocks, "BLOCK_STEPS", 777)
    pieces = motion()
    assert whole.shape == pieces.shape
    assert np.abs(whole.astype(int) - pieces).max() <= 1


def test_marks_are_the_script_in_order_and_inside():
    script = training_script(11)
    session = simulate_raw(PERSON, script, "rev2", seed=2)
    asked = [name for action in script for name in getattr(action, "labels", ()) if name in PUNCH_LABELS]
    assert [mark.label for mark in session.marks] == asked
    edges = [edge for mark in session.marks for edge in (mark.start_s, mark.stop_s)]
    assert edges == sorted(edges)
    assert edges[0] > 0
    assert edges[-1] < session.duration_s
    lengths = np.array([mark.stop_s - mark.start_s for mark in session.marks])
    assert lengths.min() > 0.2
    assert lengths.max() < 1.0
    assert len(session.counts) == np.ceil(session.duration_s * session.rate_hz)


def test_a_script_without_end_streams():
    unit = perfect_unit(BOARDS["rev1"])
    stream = session_blocks(PERSON, everyday_script(1), "right", unit, 4)
    taken = list(itertools.islice(stream, 40))
    n = sum(len(block.raw) for block in taken)
    assert n == np.ceil(40 * 8 * 238.0)
    assert not any(block.marks for block in taken)
    assert np.abs(np.concatenate([block.raw for block in taken])).max() > 5000


def test_both_boards_see_the_same_motion():
    rev1, rev2 = (simulate_raw(PERSON, training_script(5), board, seed=9) for board in ("rev1", "rev2"))
    assert rev1.marks == rev2.marks
    assert rev1.rate_hz != rev2.rate_hz
    t = np.arange(0, rev1.duration_s - 0.1, 0.01)
    a, b = (
        np.stack([np.interp(t, np.arange(len(s.counts)) / s.rate_hz, c) for c in s.counts.T])
        for s in (rev1, rev2)
    )
    for i in range(6):
        assert np.corrcoef(a[i], b[i])[0, 1] > 0.97


def test_unknown_side_is_refused():
    with pytest.raises(UsageError, match="left, right"):
        simulate_raw(PERSON, [], "rev1", seed=0, side="middle")
