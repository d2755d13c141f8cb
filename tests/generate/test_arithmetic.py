"""Constants of the integer arithmetic, against exact rational and float arithmetic."""

import math
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinygest.core.errors import GenerateError
from tinygest.generate.arithmetic import (
    Multiplier,
    activation_range,
    exp_of_negative,
    high_multiply,
    quantise_multiplier,
    require_sum_fits,
    rounding_shift,
)


@given(st.floats(min_value=2.0**-31, max_value=2.0**29))
def test_a_multiplier_is_the_nearest_of_31_bits(factor):
    multiplier = quantise_multiplier(factor)
    value = Fraction(multiplier.value, 1 << 31) * Fraction(2) ** multiplier.shift
    assert abs(value - Fraction(factor)) <= Fraction(2) ** (multiplier.shift - 32)
    assert 1 << 30 <= multiplier.value < 1 << 31
    assert -31 <= multiplier.shift <= 30


@pytest.mark.parametrize(
    ("factor", "expected"),
    [
        (0.0, Multiplier(0, 0)),
        (2.0**-40, Multiplier(0, 0)),
        (1.0, Multiplier(1 << 30, 1)),
        (0.75, Multiplier(3 << 29, 0)),
        (math.nextafter(1.0, 0.0), Multiplier(1 << 30, 1)),  # rounds up to 2^31 and is halved
    ],
)
def test_special_multipliers(factor, expected):
    assert quantise_multiplier(factor) == expected


@pytest.mark.parametrize("factor", [-1.0, math.nan, math.inf, 2.0**31])
def test_impossible_multipliers_are_refused(factor):
    with pytest.raises(GenerateError):
        quantise_multiplier(factor)


@pytest.mark.parametrize(
    ("activation", "scale", "zero_point", "expected"),
    [
        ("NONE", 0.1, 5, (-128, 127)),
        ("RELU", 0.1, -128, (-128, 127)),
        ("RELU", 0.1, 5, (5, 127)),
        ("RELU6", 0.1, -20, (-20, 40)),
        ("RELU6", 0.01, -20, (-20, 127)),
        ("RELU_N1_TO_1", 0.02, 3, (-47, 53)),
        ("RELU_N1_TO_1", 2.0, 0, (-1, 1)),  # halves go away from zero
    ],
)
def test_activation_ranges(activation, scale, zero_point, expected):
    assert activation_range(activation, scale, zero_point) == expected


int32 = st.integers(-(1 << 31), (1 << 31) - 1)


@given(int32, st.integers(0, (1 << 31) - 1))
def test_high_multiply_rounds_halves_up(a, b):
    assert high_multiply(a, b) == math.floor(Fraction(a * b, 1 << 31) + Fraction(1, 2))


@given(int32, st.integers(0, 31))
def test_rounding_shift_rounds_halves_away_from_zero(x, n):
    expected = math.copysign(math.floor(Fraction(abs(x), 1 << n) + Fraction(1, 2)), x)
    assert rounding_shift(x, n) == expected


@settings(max_examples=300)
@given(st.integers(-31 << 26, 0))
def test_exponentials_are_right_to_seven_digits(x):
    assert exp_of_negative(x) / (1 << 31) == pytest.approx(math.exp(x / (1 << 26)), rel=2e-6, abs=1e-8)


def test_a_sum_that_could_overflow_is_refused():
    require_sum_fits((1 << 30) - 65, Multiplier(1 << 30, 1), "here")
    with pytest.raises(GenerateError, match=r"here: .*overflow"):
        require_sum_fits((1 << 30) - 64, Multiplier(1 << 30, 1), "here")
