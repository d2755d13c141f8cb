import numpy as np
import pytest

from tinygest.train.normalise import CLIP, measure


def test_examples_become_standard():
    raw = np.random.default_rng(0).normal(500, 40, (4000, 3)).astype(np.int32)
    z = measure(raw).apply(raw)
    assert z.mean(axis=0) == pytest.approx([0, 0, 0], abs=1e-3)
    assert z.std(axis=0) == pytest.approx([1, 1, 1], abs=1e-2)
    assert z.dtype == np.float32


def test_all_points_of_a_window_channel_share_one_scale():
    raw = np.arange(24, dtype=np.int32).reshape(2, 12) * 10
    found = measure(raw, n_groups=3)
    assert found.mean.shape == (12,)
    assert np.array_equal(found.mean[:3], found.mean[9:])
    assert found.mean[:3] == pytest.approx(raw.reshape(-1, 3).mean(axis=0))


def test_what_never_varied_is_ignored_later():
    raw = np.full((50, 1), 7, np.int32)
    z = measure(raw).apply(np.array([[7], [2**19], [-(2**19)]], np.int32))
    assert np.abs(z).max() <= 0.51


def test_outliers_are_clipped():
    raw = np.array([[0], [10]] * 10, np.int32)
    assert measure(raw).apply(np.array([[10**6], [-(10**6)]], np.int32)).ravel().tolist() == [CLIP, -CLIP]
