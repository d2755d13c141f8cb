"""Physics of a perfect sensor on the glove."""

import numpy as np
import pytest

from tinygest.core.units import STANDARD_GRAVITY_MS2
from tinygest.simulate.motion import Body, Glove, Mover, wear_glove
from tinygest.simulate.movements import PUNCH_LABELS
from tinygest.simulate.people import make_person
from tinygest.simulate.performer import Performer
from tinygest.simulate.rotation import conjugate, from_angles, from_vector, multiply, rotate, to_vector
from tinygest.simulate.script import Pause, Punches
from tinygest.simulate.trajectory import MOTION_RATE_HZ, Stroke, Timeline

STRAIGHT = Glove(left=False, mounting=from_vector(np.zeros(3)), lever_m=np.zeros(3))
TURNED = Glove(
    left=False, mounting=from_vector(np.array([20.0, -10, 5])), lever_m=np.array([-0.05, 0.01, 0.03])
)


def punch_motion(label, side="right"):
    person = make_person("P1", 1)
    performer = Performer(person, np.random.default_rng(3))
    for action in (Pause(0.5), Punches((label,)), Pause(1.0)):
        performer.perform(action)
    glove = wear_glove(person, side, np.random.default_rng(4))
    mover = Mover(performer.timeline, Body(person, (5,)), glove)
    return mover.motion(0, round(performer.clock_s * MOTION_RATE_HZ))


@pytest.mark.parametrize("angles", [(0, 0, 0), (30, 55, 15), (0, -80, 20), (95, 3, -70)])
def test_at_rest_the_sensor_feels_one_g_upwards(angles):
    poses = np.tile(np.array([0.3, 0.1, -0.2, *angles]), (50, 1))
    motion = TURNED.feel(poses)
    np.testing.assert_allclose(np.linalg.norm(motion.force_g, axis=1), 1.0, atol=1e-9)
    np.testing.assert_allclose(
        rotate(motion.attitude, motion.force_g), np.tile([0, 0, 1.0], (48, 1)), atol=1e-9
    )
    np.testing.assert_allclose(motion.rate_dps, 0, atol=1e-9)


def test_a_turn_at_constant_rate_reads_that_rate():
    poses = np.zeros((500, 6))
    poses[:, 3] = np.arange(500) * 0.6  # 600 degrees/s about the vertical
    motion = STRAIGHT.feel(poses)
    np.testing.assert_allclose(motion.rate_dps, np.tile([0, 0, 600.0], (498, 1)), atol=1e-6)


def test_a_lever_feels_the_centripetal_acceleration():
    radius_m, rate_dps = 0.05, 600.0
    poses = np.zeros((500, 6))
    poses[:, 3] = np.arange(500) * rate_dps / MOTION_RATE_HZ
    glove = Glove(left=False, mounting=from_vector(np.zeros(3)), lever_m=np.array([radius_m, 0, 0]))
    expected = -radius_m * np.deg2rad(rate_dps) ** 2 / STANDARD_GRAVITY_MS2
    np.testing.assert_allclose(glove.feel(poses).force_g[:, 0], expected, rtol=1e-4)


def test_free_fall_feels_nothing():
    t = np.arange(300) / MOTION_RATE_HZ
    poses = np.zeros((300, 6))
    poses[:, 2] = -STANDARD_GRAVITY_MS2 * t**2 / 2
    np.testing.assert_allclose(STRAIGHT.feel(poses).force_g, 0, atol=1e-6)


@pytest.mark.parametrize("label", PUNCH_LABELS)
def test_the_rate_integrates_to_the_turn(label):
    """Strapdown integration of the angular rate ends at the attitude that the trajectory has."""
    motion = punch_motion(label)
    steps = from_vector((motion.rate_dps[:-1] + motion.rate_dps[1:]) / (2 * MOTION_RATE_HZ))
    q, worst_deg = motion.attitude[0], 0.0
    for step, attitude in zip(steps, motion.attitude[1:], strict=True):
        q = multiply(q, step)
        error = to_vector(multiply(conjugate(q), attitude))
        worst_deg = max(worst_deg, np.rad2deg(np.linalg.norm(error)))
    assert worst_deg < 0.2
    turned = to_vector(multiply(conjugate(motion.attitude), motion.attitude[:1]))
    assert np.rad2deg(np.linalg.norm(turned, axis=1)).max() > 40


def test_the_force_integrates_to_the_way():
    timeline = Timeline(np.array([0.3, 0.1, -0.2, 20, -10, 40.0]))
    delta = np.array([0.5, -0.2, 0.3, 60, 40, -80])
    timeline.add(Stroke(0.2, 0.18, delta, rise=3))
    poses = timeline.sample(-1, 601)
    motion = STRAIGHT.feel(poses)
    world = (rotate(motion.attitude, motion.force_g) - np.array([0, 0, 1])) * STANDARD_GRAVITY_MS2
    way = np.cumsum(np.cumsum(world, axis=0), axis=0)[-1] / MOTION_RATE_HZ**2
    np.testing.assert_allclose(way, delta[:3], atol=2e-3)


def test_the_left_hand_is_the_right_one_in_a_mirror():
    poses = np.random.default_rng(0).normal(0, 0.001, (40, 6)).cumsum(axis=0)
    right, left = (Glove(side, from_vector(np.zeros(3)), np.zeros(3)).feel(poses) for side in (False, True))
    np.testing.assert_allclose(left.force_g, right.force_g * np.array([1, -1, 1]), atol=1e-9)
    np.testing.assert_allclose(left.rate_dps, right.rate_dps * np.array([-1, 1, -1]), atol=1e-9)


@pytest.mark.parametrize("label", PUNCH_LABELS)
def test_punches_are_as_hard_as_punches(label):
    """Tens of m/s2 and hundreds of degrees/s at least, and no more than a hand survives."""
    motion = punch_motion(label, side="left")
    assert 4 < np.linalg.norm(motion.force_g, axis=1).max() < 40
    assert 400 < np.linalg.norm(motion.rate_dps, axis=1).max() < 2500


def test_attitudes_are_those_of_the_poses():
    poses = np.tile(np.array([0, 0, 0, 30.0, 20, 10]), (5, 1))
    np.testing.assert_allclose(STRAIGHT.feel(poses).attitude, from_angles(poses[1:-1, 3:]), atol=1e-12)
