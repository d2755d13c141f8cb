from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinygest.core.sensor import imu_contract
from tinygest.train.augment import Augmentation, augment, random_rotations

IMU = imu_contract(100.0)
NOTHING = Augmentation(2, rotation_deg=0, tempo=0, warp=0, magnitude=0, noise=0, border=0, turning=0)


def recording(n=400, seed=0):
    return np.random.default_rng(seed).integers(-3000, 3000, (n, 6)).astype(np.int16)


def whole(n):
    return np.array([[0, n]])


def run(samples, spans, options, seed=0, sensor=IMU):
    spans = np.array(spans)
    limits = np.repeat(whole(len(samples)), len(spans), axis=0)
    return augment(samples, spans, limits, sensor, options=options, rng=np.random.default_rng(seed))


def test_without_variation_copies_are_the_segment():
    samples = recording()
    copies, spans = run(samples, [[10, 60], [100, 130]], NOTHING)
    assert spans.tolist() == [[0, 50], [50, 100], [100, 130], [130, 160]]
    for i, (start, stop) in enumerate([(10, 60), (10, 60), (100, 130), (100, 130)]):
        assert np.array_equal(copies[slice(*spans[i])], samples[start:stop])


def test_rotation_keeps_lengths_of_vectors_and_turns_both_triads_alike():
    samples = recording()
    copies, _ = run(samples, [[0, 400]], replace(NOTHING, n_copies=1, rotation_deg=40.0))
    for three in (slice(0, 3), slice(3, 6)):
        before = np.linalg.norm(samples[:, three].astype(float), axis=1)
        after = np.linalg.norm(copies[:, three].astype(float), axis=1)
        assert after == pytest.approx(before, abs=2)
    angle_between = [np.einsum("ni,ni->n", x[:, :3].astype(float), x[:, 3:]) for x in (samples, copies)]
    assert angle_between[1] == pytest.approx(angle_between[0], abs=3e4)
    assert not np.array_equal(copies, samples)


def test_rotations_are_rotations_of_the_stated_size():
    turns = random_rotations(4000, np.radians(20), np.random.default_rng(0))
    assert turns @ turns.transpose(0, 2, 1) == pytest.approx(np.tile(np.eye(3), (4000, 1, 1)), abs=1e-5)
    assert np.linalg.det(turns) == pytest.approx(np.ones(4000), abs=1e-5)
    angles = np.arccos(np.clip((np.trace(turns, axis1=1, axis2=2) - 1) / 2, -1, 1))
    assert np.degrees(np.sqrt((angles**2).mean())) == pytest.approx(20, rel=0.05)


def test_only_whole_vectors_are_turned():
    two = type(IMU)(IMU.channels[1:3], 100.0, "board")
    samples = recording()[:, :2].copy()
    copies, _ = run(samples, [[0, 50]], replace(NOTHING, n_copies=1, rotation_deg=90.0), sensor=two)
    assert np.array_equal(copies, samples[:50])


def test_saturates_instead_of_wrapping():
    samples = np.full((50, 6), 32767, np.int16)
    copies, _ = run(samples, [[0, 50]], replace(NOTHING, n_copies=8, rotation_deg=45.0))
    assert copies.max() == 32767
    assert (copies > 0).any(axis=0).all()


@settings(deadline=None, max_examples=50)
@given(st.integers(1, 120), st.integers(0, 80), st.integers(0, 2**32 - 1))
def test_copies_stay_inside_their_limits(length, start, seed):
    """Every sample of a copy is read inside the limits: outside them the recording is poisoned."""
    samples = np.full((300, 6), 30000, np.int16)
    limits = np.array([[start, start + length + 10]])
    samples[limits[0, 0] : limits[0, 1]] = 100
    options = Augmentation(n_copies=6, rotation_deg=0, magnitude=0, noise=0, border=0.5, turning=0)
    spans = np.array([[start, start + length]])
    copies, found = augment(samples, spans, limits, IMU, options=options, rng=np.random.default_rng(seed))
    assert (copies == 100).all()
    assert found[0, 0] == 0
    assert found[-1, 1] == len(copies)
    assert (found[1:, 0] == found[:-1, 1]).all()
    lengths = found[:, 1] - found[:, 0]
    assert ((lengths >= options.min_length) & (lengths <= options.max_length)).all()


def test_same_generator_same_copies():
    samples = recording()
    first, again, other = (run(samples, [[5, 90]], Augmentation(3), seed)[0] for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_turning_scales_rotation_alone_and_each_copy_as_a_whole():
    samples = recording() // 4
    copies, _ = run(samples, [[0, 400]], replace(NOTHING, n_copies=300, turning=0.4))
    copies = copies.reshape(300, 400, 6)
    assert (copies[:, :, :3] == samples[:, :3]).all()
    factors = np.einsum("knc,nc->k", copies[:, :, 3:], samples[:, 3:].astype(float))
    factors /= (samples[:, 3:].astype(float) ** 2).sum()
    assert copies[:, :, 3:] == pytest.approx(factors[:, None, None] * samples[:, 3:], abs=1)
    assert np.log(factors).std() == pytest.approx(0.4, rel=0.15)


@pytest.mark.parametrize(("across", "signs"), [("x", "-+++--"), ("y", "+-+-+-"), ("z", "++---+")])
def test_mirrored_copies_are_those_of_the_other_hand(across, signs):
    samples = recording()
    copies, _ = run(samples, [[0, 400]], replace(NOTHING, n_copies=20, mirror=across))
    mirrored = samples * np.array([int(f"{sign}1") for sign in signs])
    is_mirrored = [np.array_equal(copy, mirrored) for copy in copies.reshape(20, 400, 6)]
    is_same = [np.array_equal(copy, samples) for copy in copies.reshape(20, 400, 6)]
    assert 4 <= sum(is_mirrored) <= 16
    assert sum(is_mirrored) + sum(is_same) == 20
