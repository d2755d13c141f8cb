"""Sessions as streams: deterministic, seamless, marked."""

import itertools

import numpy as np

from tinygest.simulate import blocks
from tinygest.simulate.blocks import session_blocks
from tinygest.simulate.imu import BOARDS, draw_unit, perfect_unit
from tinygest.simulate.movements import PUNCH_LABELS
from tinygest.simulate.people import make_person
from tinygest.simulate.script import everyday_script, training_script

PERSON = make_person("P1", 1)
UNIT = perfect_unit(BOARDS["rev2"])


def session(script, seed, unit=UNIT, side="right"):
    """All raw counts and all marks."""
    parts = list(session_blocks(PERSON, script, side, unit, seed))
    return (
        np.concatenate([part.raw for part in parts]),
        [mark for part in parts for mark in part.marks],
        parts,
    )


def test_the_same_seed_gives_the_same_samples():
    script = training_script(5, n_singles=1)
    (a, marks, _), (b, same_marks, _) = session(script, seed=9), session(script, seed=9)
    np.testing.assert_array_equal(a, b)
    assert marks == same_marks
    assert session(script, seed=10)[1] != marks


def test_the_length_of_blocks_does_not_show(monkeypatch):
    script = training_script(3, n_singles=1, n_combinations=2, n_daily=3)
    # Noise is drawn block by block; without it nothing but rounding may differ.
    monkeypatch.setattr("tinygest.simulate.imu.noise", lambda unit, n, rng: 0.0)
    whole, marks, _ = session(script, seed=4, side="left")
    monkeypatch.setattr(blocks, "BLOCK_STEPS", 777)
    pieces, same_marks, _ = session(script, seed=4, side="left")
    assert whole.shape == pieces.shape
    assert np.abs(whole.astype(int) - pieces).max() <= 1
    assert marks == same_marks


def test_marks_are_the_script_in_order_and_inside():
    script = training_script(11)
    raw, marks, parts = session(script, seed=2)
    asked = [name for action in script for name in getattr(action, "labels", ()) if name in PUNCH_LABELS]
    assert [mark.label for mark in marks] == asked
    edges = [edge for mark in marks for edge in (mark.start_s, mark.stop_s)]
    assert edges == sorted(edges)
    assert edges[0] > 0
    duration_s = sum(part.duration_s for part in parts)
    assert edges[-1] < duration_s
    lengths = np.array([mark.stop_s - mark.start_s for mark in marks])
    assert lengths.min() > 0.2
    assert lengths.max() < 1.1
    assert len(raw) == np.ceil(duration_s * UNIT.rate_hz)


def test_the_motion_does_not_depend_on_the_board():
    script = training_script(5, n_singles=1)
    other = draw_unit(BOARDS["rev1"], np.random.default_rng(3))
    assert session(script, seed=9)[1] == session(script, seed=9, unit=other)[1]


def test_a_script_without_end_streams():
    unit = perfect_unit(BOARDS["rev1"])
    stream = session_blocks(PERSON, everyday_script(1), "right", unit, 4)
    taken = list(itertools.islice(stream, 40))
    n = sum(len(block.raw) for block in taken)
    assert n == np.ceil(40 * 8 * 238.0)
    assert not any(block.marks for block in taken)
    assert np.abs(np.concatenate([block.raw for block in taken])).max() > 5000
