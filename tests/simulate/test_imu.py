"""The two parts and the driver: scales, rates, saturation, noise."""

import itertools

import numpy as np
import pytest

from tinygest.core.errors import UsageError
from tinygest.simulate.driver import canonical_counts
from tinygest.simulate.imu import (
    BOARDS,
    READ_AHEAD,
    draw_unit,
    find_board,
    low_pass_taps,
    noise,
    perfect_unit,
    quantise,
    sample_times,
    sense,
)
from tinygest.simulate.motion import Motion
from tinygest.simulate.trajectory import MOTION_RATE_HZ

BOTH = pytest.mark.parametrize("board", sorted(BOARDS))


def steady(force_g, rate_dps, n):
    n += 2 * READ_AHEAD
    return Motion(np.tile(force_g, (n, 1)), np.tile(rate_dps, (n, 1)), np.tile([1.0, 0, 0, 0], (n, 1)))


def test_scales_are_those_of_the_parts():
    physical = np.array([[1.0, -2, 8, 100, -500, 1999]])
    lsm9ds1 = quantise(perfect_unit(BOARDS["rev1"]), physical)
    np.testing.assert_array_equal(lsm9ds1, [[1366, -2732, 10929, 1429, -7143, 28557]])
    bmi270 = quantise(perfect_unit(BOARDS["rev2"]), physical)
    np.testing.assert_array_equal(bmi270, [[2048, -4096, 16384, 1638, -8192, 32752]])


@BOTH
def test_driver_brings_both_parts_to_canonical_counts(board):
    unit = perfect_unit(BOARDS[board])
    physical = np.random.default_rng(0).uniform(-1, 1, (1000, 6)) * np.repeat([15.9, 1990], 3)
    counts = canonical_counts(unit.part, quantise(unit, physical))
    np.testing.assert_allclose(counts, physical * np.repeat([2048, 16.384], 3), atol=1.3)


@BOTH
def test_parts_and_driver_saturate(board):
    unit = perfect_unit(BOARDS[board])
    raw = quantise(unit, np.array([[20.0, -40, 16, 3000, -2500, 1e6]]))
    counts = canonical_counts(unit.part, raw)
    assert counts.dtype == np.int16
    np.testing.assert_allclose(counts, [[32767, -32768, 32767, 32767, -32768, 32767]], atol=1)


@BOTH
def test_rounding_is_half_away(board):
    part = BOARDS[board]
    raw = np.array([[1, -1, 100, 3, -3, 0]], np.int16)
    expected = {"rev1": [[1, -1, 150, 3, -3, 0]], "rev2": raw}[board]
    np.testing.assert_array_equal(canonical_counts(part, raw), expected)


@BOTH
def test_every_sample_falls_into_one_stretch(board):
    unit = draw_unit(BOARDS[board], np.random.default_rng(8))
    edges = [0, 1000, 1001, 1013, 60_000]
    times = np.concatenate([sample_times(unit, a, b) + a for a, b in itertools.pairwise(edges)])
    np.testing.assert_allclose(np.diff(times), MOTION_RATE_HZ / unit.rate_hz, atol=1e-9)
    assert len(times) == np.ceil(60 * unit.rate_hz)


@BOTH
def test_units_differ_by_several_per_cent_in_rate(board):
    part = BOARDS[board]
    rates = np.array([draw_unit(part, np.random.default_rng(i)).rate_hz for i in range(200)])
    share = rates / part.nominal_rate_hz - 1
    assert abs(share).max() <= part.rate_spread
    assert share.max() > 0.8 * part.rate_spread
    assert share.min() < -0.8 * part.rate_spread


@BOTH
def test_steady_motion_reads_steady(board):
    unit = perfect_unit(BOARDS[board])
    force, rate = np.array([0.6, 0.0, -0.8]), np.array([10.0, -200, 1500])
    raw = sense(unit, steady(force, rate, 2000), 5000, np.random.default_rng(1))
    assert len(raw) == pytest.approx(2 * unit.rate_hz, abs=1)
    np.testing.assert_allclose(raw.mean(axis=0) / unit.counts, [*force, *rate], atol=0.02)
    n = np.repeat([unit.part.noise_g_rthz, unit.part.noise_dps_rthz], 3) * unit.part.bandwidth_hz**0.5
    expected = np.hypot(n * unit.counts, 12**-0.5)  # with the rounding error of an even spread
    np.testing.assert_allclose(raw.std(axis=0), expected, rtol=0.15)


def test_noise_has_the_density_of_the_data_sheet():
    unit = perfect_unit(BOARDS["rev2"])
    spread = noise(unit, 100_000, np.random.default_rng(0)).std(axis=0)
    np.testing.assert_allclose(spread, np.repeat([160e-6, 7e-3], 3) * 80**0.5, rtol=0.02)


@BOTH
def test_low_pass_keeps_motion_and_halves_at_the_band_edge(board):
    bandwidth_hz = BOARDS[board].bandwidth_hz
    taps = low_pass_taps(bandwidth_hz)
    frequency = np.array([0.0, 5.0, 20.0, bandwidth_hz, 200.0])
    n = np.arange(len(taps)) - len(taps) // 2
    gain = (taps * np.cos(2 * np.pi * frequency[:, None] * n / MOTION_RATE_HZ)).sum(axis=1)
    np.testing.assert_allclose(gain, [1, 1, 0.98, 0.5, 0], atol=0.04)


def test_unknown_board_is_refused():
    with pytest.raises(UsageError, match="rev1, rev2"):
        find_board("rev3")
