"""The window against exact rational arithmetic."""

from __future__ import annotations

import math
from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tinygest.core.contract import WindowInput
from tinygest.core.sensor import imu_contract
from tinygest.signalpath._native import ffi, lib
from tinygest.signalpath.extract import raw_inputs

from .movements import channels, make, segments

SENSOR = imu_contract(100.0)
POINTS = st.one_of(st.sampled_from([1, 2, 8, 63, 64, 65]), st.integers(1, 200))

moderate = settings(deadline=None, max_examples=60)


def exact_means(x: NDArray[np.int16], n_points: int) -> list[Fraction]:
    """Means over equal shares of the time, each sample weighted by the time that falls into a share."""
    n = len(x)
    means = []
    for i in range(n_points):
        begin, end = Fraction(i * n, n_points), Fraction((i + 1) * n, n_points)
        inside = range(math.floor(begin), math.ceil(end))
        area = sum((min(end, Fraction(j + 1)) - max(begin, Fraction(j))) * int(x[j]) for j in inside)
        means.append(area / (end - begin))
    return means


def round_half_away(value: Fraction) -> int:
    rounded = math.floor(abs(value) + Fraction(1, 2))
    return rounded if value >= 0 else -rounded


def raw_window(segment: NDArray[np.int16], input: WindowInput) -> NDArray[np.int32]:
    """(length, n_channels)"""
    raw = raw_inputs(segment, np.array([[0, len(segment)]]), SENSOR, input)
    return raw.reshape(input.length, len(input.channels))


@moderate
@given(x=channels(), n_points=POINTS)
@example(x=make("rails", 2048, 1, 1), n_points=64)
@example(x=make("rails", 2047, 1, 1), n_points=1000)
def test_areas_are_exact(x: NDArray[np.int16], n_points: int) -> None:
    areas = ffi.new("int32_t[]", n_points)
    lib.tg_box_areas(ffi.from_buffer("int16_t[]", x), len(x), n_points, areas)
    assert [Fraction(area, len(x)) for area in areas] == exact_means(x, n_points)


@moderate
@given(segment=segments(6), n_points=POINTS)
def test_absolute_channels_are_means_rounded_to_q4(segment: NDArray[np.int16], n_points: int) -> None:
    raw = raw_window(segment, WindowInput(n_points, ("gy", "ax"), ("absolute", "absolute")))
    for column, x in zip(raw.T, (segment[:, 4], segment[:, 0]), strict=True):
        assert column.tolist() == [round_half_away(16 * mean) for mean in exact_means(x, n_points)]


@moderate
@given(segment=segments(6), n_points=POINTS)
@example(segment=np.zeros((5, 6), np.int16), n_points=3)
@example(segment=np.full((2048, 6), -32768, np.int16), n_points=64)
@example(segment=np.eye(2048, 6, dtype=np.int16), n_points=2)
def test_rms_channels_are_multiples_in_q12(segment: NDArray[np.int16], n_points: int) -> None:
    raw = raw_window(segment, WindowInput(n_points, ("gx", "ax", "gz"), ("rms", "absolute", "rms")))
    triad = segment[:, 3:].astype(object)
    mean_square = Fraction(int((triad**2).sum()), triad.size)
    for column, x in ((raw[:, 0], segment[:, 3]), (raw[:, 2], segment[:, 5])):
        for value, mean in zip(column, exact_means(x, n_points), strict=True):
            assert abs(Decimal(int(value)) - quotient_q12(mean, mean_square)) <= Decimal("0.5005")


def quotient_q12(mean: Fraction, mean_square: Fraction) -> Decimal:
    """4096 * mean / sqrt(mean_square), to 50 digits; 0 if everything is 0."""
    if mean_square == 0:
        return Decimal(0)
    with localcontext(prec=50):
        root = (Decimal(mean_square.numerator) / mean_square.denominator).sqrt()
        return 4096 * Decimal(mean.numerator) / mean.denominator / root


@moderate
@given(segment=segments(6))
def test_a_channel_does_not_depend_on_its_neighbours(segment: NDArray[np.int16]) -> None:
    """Also where neighbours divide by different triads or none."""
    names = ("ax", "gx", "|a|", "ay", "gy", "|g|")
    scaling = ("rms", "rms", "rms", "absolute", "rms", "absolute")
    together = raw_window(segment, WindowInput(16, names, scaling))
    for i, name in enumerate(names):
        alone = raw_window(segment, WindowInput(16, (name,), (scaling[i],)))
        assert together[:, i].tolist() == alone[:, 0].tolist()
