"""The constants of TensorFlow Lite Micro's integer arithmetic, computed on the host.

What is done with them is in firmware/lib/tinygest/src/tg_requantise.h. Sources: TensorFlow Lite's
kernels/internal/quantization_util.cc and gemmlowp's fixedpoint.h; see docs/networks.md.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from tinygest.core.errors import GenerateError

INT8_MIN, INT8_MAX = -128, 127
INT32_MIN, INT32_MAX = -(1 << 31), (1 << 31) - 1


@dataclass(frozen=True)
class Multiplier:
    """A real factor as value / 2^31 * 2^shift; value is 0 or in [2^30, 2^31), shift in -31..30."""

    value: int
    shift: int


def quantise_multiplier(factor: float) -> Multiplier:
    """The multiplier nearest to a factor >= 0; factors below about 2^-32 become 0."""
    if not 0.0 <= factor < math.inf:
        raise GenerateError(f"{factor} is no scale")
    mantissa, shift = math.frexp(factor)
    value = math.floor(mantissa * (1 << 31) + 0.5)
    if value == 1 << 31:
        value, shift = value // 2, shift + 1
    if value == 0 or shift < -31:
        return Multiplier(0, 0)
    if shift > 30:
        raise GenerateError(f"a scale ratio of {factor} is out of range; the model is not quantised well")
    return Multiplier(value, shift)


def activation_range(activation: str, scale: float, zero_point: int) -> tuple[int, int]:
    """The int8 range that a fused activation leaves."""
    lowest, highest = {
        "NONE": (None, None),
        "RELU": (0.0, None),
        "RELU6": (0.0, 6.0),
        "RELU_N1_TO_1": (-1.0, 1.0),
        "RELU_0_TO_1": (0.0, 1.0),
    }[activation]
    minimum = INT8_MIN if lowest is None else max(INT8_MIN, _quantise(lowest, scale, zero_point))
    maximum = INT8_MAX if highest is None else min(INT8_MAX, _quantise(highest, scale, zero_point))
    return minimum, maximum


def _quantise(real: float, scale: float, zero_point: int) -> int:
    """Divided in float32, as TensorFlow Lite does; halves away from zero."""
    ratio = float(np.float32(real) / np.float32(scale))
    return zero_point + int(math.copysign(math.floor(abs(ratio) + 0.5), ratio))


def require_sum_fits(largest_sum: int, multiplier: Multiplier, where: str) -> None:
    """Raise GenerateError unless |sum| <= largest_sum can be scaled without leaving int32.

    128 is left for the zero point that is added afterwards.
    """
    if largest_sum << max(multiplier.shift, 0) > INT32_MAX - 128:
        raise GenerateError(f"{where}: sums up to {largest_sum} could overflow 32 bits; quantise it again")


def high_multiply(a: int, b: int) -> int:
    """tg_high_multiply: a * b / 2^31, halves up."""
    return (a * b + (1 << 30)) >> 31


def rounding_shift(x: int, n: int) -> int:
    """tg_rounding_shift: x / 2^n, halves away from zero."""
    mask = (1 << n) - 1
    return (x >> n) + ((x & mask) > (mask >> 1) + (x < 0))


def scale(x: int, multiplier: Multiplier) -> int:
    """tg_scale: x times the factor that the multiplier stands for."""
    if multiplier.shift >= 0:
        return high_multiply(x << multiplier.shift, multiplier.value)
    return rounding_shift(high_multiply(x, multiplier.value), -multiplier.shift)


def clamp(x: int, minimum: int = INT8_MIN, maximum: int = INT8_MAX) -> int:
    return max(minimum, min(maximum, x))


# exp(-2^k) in Q0.31 for k = -2 .. 4
_POWERS_OF_E = tuple(round(math.exp(-(2.0**k)) * (1 << 31)) for k in range(-2, 5))


def exp_of_negative(x: int, integer_bits: int = 5) -> int:
    """exp(x) in Q0.31 for x <= 0, by default in Q5.26: gemmlowp's exp_on_negative_values.

    x is split into a remainder in [-1/4, 0), for which a polynomial of degree 4 around -1/8 serves,
    and a sum of powers of two. integer_bits: 4 or 5.
    """
    if x == 0:
        return INT32_MAX
    one = 31 - integer_bits
    quarter = 1 << (one - 2)
    remainder = (x & (quarter - 1)) - quarter
    result = _exp_between_minus_quarter_and_0(remainder << integer_bits)
    for k, power in zip(range(-2, integer_bits), _POWERS_OF_E, strict=False):
        if (remainder - x) & (1 << (one + k)):
            result = high_multiply(result, power)
    return result


def _exp_between_minus_quarter_and_0(a: int) -> int:
    """exp(a) for a in [-1/4, 0), both Q0.31."""
    exp_minus_eighth = 1895147668
    third = 715827883
    x = a + (1 << 28)
    x2 = high_multiply(x, x)
    x3 = high_multiply(x2, x)
    x4_quarter = rounding_shift(high_multiply(x2, x2), 2)
    tail = rounding_shift(high_multiply(x4_quarter + x3, third) + x2, 1)
    return exp_minus_eighth + high_multiply(exp_minus_eighth, x + tail)
