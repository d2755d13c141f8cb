"""Logarithm and Fourier transform of the C library."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tinygest.signalpath._native import ffi, lib

POINTS = lib.TG_FFT_POINTS
LARGEST = 2**29

many = settings(deadline=None, max_examples=300)


@many
@given(st.integers(1, 2**64 - 1))
@example(1)
@example(2**64 - 1)
def test_log2_is_within_one_unit(x: int) -> None:
    assert abs(lib.tg_log2_q10(x) - 1024 * math.log2(x)) <= 1


@many
@given(st.integers(1, 2**64 - 2))
def test_log2_never_falls(x: int) -> None:
    assert lib.tg_log2_q10(x) <= lib.tg_log2_q10(x + 1)


def test_log2_of_powers_is_exact_and_of_zero_is_zero() -> None:
    assert [lib.tg_log2_q10(1 << k) for k in range(64)] == [k << 10 for k in range(64)]
    assert lib.tg_log2_q10(0) == 0


@many
@given(st.integers(0, 2**32 - 1), st.sampled_from([1, 1000, 2**20, LARGEST]), st.booleans())
def test_fft_powers(seed: int, amplitude: int, rails: bool) -> None:
    random = np.random.default_rng(seed)
    x = (
        random.choice([-amplitude, amplitude], POINTS)
        if rails
        else random.integers(-amplitude, amplitude, POINTS)
    )
    bins = np.abs(np.fft.rfft(x)) / 16
    for k, magnitude in enumerate(magnitudes(x), 1):
        assert abs(magnitude - bins[k]) < 6


def test_fft_of_the_largest_tones_does_not_overflow() -> None:
    t = np.arange(POINTS)
    for k in range(1, lib.TG_FFT_BINS + 1):
        for x in (np.cos(2 * np.pi * k * t / POINTS), np.sign(np.cos(2 * np.pi * (k * t + 0.5) / POINTS))):
            points = np.round(LARGEST * x).astype(np.int64)
            expected = np.abs(np.fft.rfft(points))[1:] / 16
            assert np.abs(np.array(magnitudes(points)) - expected).max() < 6


def magnitudes(x: np.ndarray) -> list[float]:
    """|X[k]| / 16 for k = 1..16"""
    points = ffi.new("int32_t[]", x.tolist())
    lib.tg_fft_real32(points)
    return [math.sqrt(lib.tg_fft_power(points, k)) for k in range(1, lib.TG_FFT_BINS + 1)]
