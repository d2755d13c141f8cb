"""gemmlowp's fixed-point logistic and tanh, from which tables are made at generation time.

Source: gemmlowp's fixedpoint.h. Raw values are ints; Qm.n has m integer and n fraction bits.
"""

from __future__ import annotations

from tinygest.generate.arithmetic import INT32_MAX, INT32_MIN, clamp, exp_of_negative, high_multiply

_ONE_Q2 = 1 << 29
_48_OVER_17_Q2 = 1515870810
_MINUS_32_OVER_17_Q2 = -1010580540


def logistic(x: int) -> int:
    """1 / (1 + exp(-x)) in Q0.31 of x in Q4.27."""
    if x == 0:
        return 1 << 30
    positive = _shift_left(_reciprocal_of_half(exp_of_negative(-abs(x), 4)), 1)
    return positive if x > 0 else INT32_MAX - positive


def tanh(x: int) -> int:
    """tanh(x) in Q0.31 of x in Q4.27: (1 - e) / (1 + e) with e = exp(-2 |x|)."""
    if x == 0:
        return 0
    # The bits of x in Q4.27 are those of 2 x in Q5.26.
    positive = _shift_left(_reciprocal_of_half(exp_of_negative(-abs(x))) - _ONE_Q2, 2)
    return positive if x > 0 else -positive


def _reciprocal_of_half(x: int) -> int:
    """2 / (1 + x) in Q2.29 for x in [0, 1) in Q0.31: three Newton steps."""
    half = (x + INT32_MAX + 1) // 2
    y = _48_OVER_17_Q2 + high_multiply(half, _MINUS_32_OVER_17_Q2)
    for _ in range(3):
        error = _ONE_Q2 - high_multiply(half, y)
        y += _shift_left(high_multiply(y, error), 2)
    return y


def _shift_left(x: int, n: int) -> int:
    return clamp(x << n, INT32_MIN, INT32_MAX)
