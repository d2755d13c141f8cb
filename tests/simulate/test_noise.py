"""Smooth random curves."""

import numpy as np

from tinygest.simulate.noise import SmoothNoise


def test_any_stretch_is_the_same_curve():
    whole = SmoothNoise((1, 2), 3, spacing=7).sample(-900, 1500)
    for first, stop in ((-900, -899), (-5, 12), (440, 460), (0, 1500)):
        part = SmoothNoise((1, 2), 3, spacing=7).sample(first, stop)
        np.testing.assert_array_equal(part, whole[first + 900 : stop + 900])


def test_variance_is_one_and_the_curve_is_smooth():
    curve = SmoothNoise((3,), 4, spacing=50).sample(0, 200_000)
    np.testing.assert_allclose(curve.var(axis=0), 1.0, atol=0.08)
    assert np.abs(np.diff(curve, n=2, axis=0)).max() < 0.01


def test_seeds_give_different_curves():
    a, b = (SmoothNoise((seed,), 1, spacing=10).sample(0, 5000)[:, 0] for seed in (1, 2))
    assert abs(np.corrcoef(a, b)[0, 1]) < 0.2
