"""Quaternions against scipy."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from tinygest.simulate.rotation import (
    conjugate,
    from_angles,
    from_vector,
    mirror,
    multiply,
    rotate,
    to_vector,
)

RNG = np.random.default_rng(1)
ANGLES = RNG.uniform(-170, 170, (50, 3))


def as_scipy(q):
    return Rotation.from_quat(q, scalar_first=True)


def test_angles_are_yaw_then_pitch_then_pronation():
    reference = Rotation.from_euler("ZYX", ANGLES * np.array([1, -1, -1]), degrees=True)
    np.testing.assert_allclose(as_scipy(from_angles(ANGLES)).as_matrix(), reference.as_matrix(), atol=1e-12)


def test_pitch_lifts_the_knuckles_and_pronation_turns_the_thumb_inwards():
    np.testing.assert_allclose(
        rotate(from_angles(np.array([0, 90.0, 0])), np.eye(3)[0]), [0, 0, 1], atol=1e-12
    )
    np.testing.assert_allclose(
        rotate(from_angles(np.array([0, 0, 90.0])), np.eye(3)[2]), [0, 1, 0], atol=1e-12
    )


def test_vectors_there_and_back():
    vectors = RNG.normal(0, 50, (50, 3))
    vectors[0] = 0
    reference = Rotation.from_rotvec(vectors, degrees=True)
    np.testing.assert_allclose(
        as_scipy(from_vector(vectors)).as_matrix(), reference.as_matrix(), atol=1e-12
    )
    np.testing.assert_allclose(to_vector(from_vector(vectors)), reference.as_rotvec(), atol=1e-12)
    np.testing.assert_allclose(to_vector(-from_vector(vectors)), reference.as_rotvec(), atol=1e-12)


def test_product_inverse_and_turning():
    p, q = from_angles(ANGLES), from_angles(ANGLES[::-1])
    v = RNG.normal(size=(50, 3))
    reference = as_scipy(p) * as_scipy(q)
    np.testing.assert_allclose(as_scipy(multiply(p, q)).as_matrix(), reference.as_matrix(), atol=1e-12)
    np.testing.assert_allclose(rotate(multiply(p, q), v), reference.apply(v), atol=1e-12)
    np.testing.assert_allclose(rotate(conjugate(p), rotate(p, v)), v, atol=1e-12)


@pytest.mark.parametrize("row", range(5))
def test_mirror_swaps_left_and_right(row):
    swap = np.diag([1.0, -1.0, 1.0])
    q = from_angles(ANGLES[row])
    expected = swap @ as_scipy(q).as_matrix() @ swap
    np.testing.assert_allclose(as_scipy(mirror(q)).as_matrix(), expected, atol=1e-12)
    opposite = from_angles(ANGLES[row] * np.array([-1, 1, -1]))
    np.testing.assert_allclose(as_scipy(opposite).as_matrix(), expected, atol=1e-12)
