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
from tinygest.signalpath import native
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


def round_half_up(value: Fraction) -> int:
    return math.floor(value + Fraction(1, 2))


def raw_window(segment: NDArray[np.int16], input: WindowInput) -> NDArray[np.int32]:
    """(length, n_channels)"""
    raw = raw_inputs(segment, np.array([[0, len(segment)]]), SENSOR, input)
    return raw.reshape(input.length, len(input.channels))


@moderate
@given(x=channels(), n_points=POINTS, start=st.integers(0, 2047))
@example(x=make("rails", 2048, 1, 1), n_points=64, start=0)
@example(x=make("rails", 2047, 1, 1), n_points=1000, start=2046)
def test_areas_are_exact(x: NDArray[np.int16], n_points: int, start: int) -> None:
    areas = box_areas(np.stack([x, x[::-1]], axis=1), n_points, start % len(x))
    means = [Fraction(int(area), len(x)) for area in areas[0]]
    assert means == exact_means(x, n_points)
    assert areas[1].tolist() == areas[0][::-1].tolist()
    assert areas[2].tolist() == areas[0].tolist()


def box_areas(rows: NDArray[np.int16], n_points: int, start: int) -> NDArray[np.int32]:
    """(3, n_points) areas of columns 0, 1 and 0 of a segment that fills its ring from row `start` on."""
    n, n_channels = rows.shape
    memory = np.roll(rows, start, axis=0)
    ring = ffi.new("tg_ring_t *", [native.as_c(memory, "int16_t"), n, n_channels, start, n])
    areas = np.empty((3, n_points), np.int32)
    segment = ffi.new("tg_segment_t *", [0, n])
    lib.tg_box_areas(ring, segment, bytes([0, 1, 0]), n_points, native.as_c(areas, "int32_t"))
    return areas


@moderate
@given(segment=segments(6), n_points=POINTS)
def test_absolute_channels_are_means_rounded_to_q4(segment: NDArray[np.int16], n_points: int) -> None:
    raw = raw_window(segment, WindowInput(n_points, ("gy", "ax"), ("absolute", "absolute")))
    for column, x in zip(raw.T, (segment[:, 4], segment[:, 0]), strict=True):
        assert column.tolist() == [round_half_up(16 * mean) for mean in exact_means(x, n_points)]


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


@moderate
@given(segment=segments(6), n_points=POINTS)
@example(segment=np.full((2048, 6), -32768, np.int16), n_points=64)
def test_a_magnitude_is_the_norm_of_the_means(segment: NDArray[np.int16], n_points: int) -> None:
    raw = raw_window(segment, WindowInput(n_points, ("ay", "|g|"), ("absolute", "absolute")))
    means = zip(*(exact_means(segment[:, axis], n_points) for axis in (3, 4, 5)), strict=True)
    for value, axes in zip(raw[:, 1], means, strict=True):
        norm = math.sqrt(256 * sum(mean**2 for mean in axes))
        assert abs(int(value) - min(norm, 16 * 32767)) <= 16 / len(segment) + 0.501


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
