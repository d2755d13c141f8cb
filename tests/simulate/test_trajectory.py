"""Strokes, impacts and their sum."""

import numpy as np
import pytest

from tinygest.simulate.trajectory import MOTION_RATE_HZ, Impact, Stroke, Timeline, progress

ONE = np.array([1.0, 0, 0, 90, 0, 0])


def test_rise_two_is_minimum_jerk():
    u = np.linspace(0, 1, 101)
    np.testing.assert_allclose(progress(u, 2), 10 * u**3 - 15 * u**4 + 6 * u**5, atol=1e-12)


@pytest.mark.parametrize("rise", [2, 3, 4])
def test_strokes_start_and_end_at_rest(rise):
    u = np.linspace(0, 1, 1001)
    share = progress(u, rise)
    speed = np.gradient(share, u)
    assert share[0] == 0
    assert share[-1] == pytest.approx(1)
    assert (np.diff(share) > 0).all()
    assert abs(speed[0]) < 0.01
    assert abs(speed[-1]) < 0.01
    assert u[speed.argmax()] == pytest.approx(rise / (rise + 2), abs=0.01)


def test_strokes_add_up_and_stay():
    timeline = Timeline(np.full(6, 10.0))
    timeline.add(Stroke(0.1, 0.2, ONE))
    timeline.add(Stroke(0.2, 0.2, 2 * ONE))
    poses = timeline.sample(-100, 1000)
    np.testing.assert_allclose(poses[:200], 10.0)
    np.testing.assert_allclose(poses[500:], np.broadcast_to(10 + 3 * ONE, (600, 6)))
    middle = (progress(np.array([0.75]), 2) + 2 * progress(np.array([0.25]), 2)) * ONE + 10
    np.testing.assert_allclose(poses[350], middle)


def test_impact_rings_and_dies_away():
    timeline = Timeline(np.zeros(6))
    timeline.add(Impact(0.05, 0.004 * ONE, frequency_hz=25.0, decay_s=0.015))
    x = timeline.sample(0, 400)[:, 0]
    assert not x[:50].any()
    assert 0.001 < np.abs(x).max() < 0.004
    assert np.abs(x[250:]).max() < 1e-5


@pytest.mark.parametrize("forget", [False, True])
def test_stretches_join_without_a_seam(forget):
    def filled():
        timeline = Timeline(np.zeros(6))
        for i in range(20):
            timeline.add(Stroke(0.07 * i, 0.11, ONE * (-1) ** i, rise=2 + i % 3))
            timeline.add(Impact(0.09 * i, 0.002 * ONE, 25.0, 0.01))
        return timeline

    whole, pieces = filled().sample(0, 2000), []
    timeline = filled()
    for first in range(0, 2000, 125):
        pieces.append(timeline.sample(first, first + 125))
        if forget:
            timeline.forget_before(first + 125)
    np.testing.assert_allclose(np.concatenate(pieces), whole, atol=1e-12)
    assert MOTION_RATE_HZ == 1000
