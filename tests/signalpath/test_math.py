"""Integer arithmetic of the C library against Python's unlimited integers and fractions."""

from __future__ import annotations

import math
from fractions import Fraction

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tinygest.signalpath._native import lib

UINT32 = st.integers(0, 2**32 - 1)
UINT64 = st.integers(0, 2**64 - 1)
INT32 = st.integers(-(2**31), 2**31 - 1)
INT64 = st.integers(-(2**63), 2**63 - 1)

many = settings(deadline=None, max_examples=300)


def round_half_away(value: Fraction) -> int:
    return int(math.copysign(math.floor(abs(value) + Fraction(1, 2)), value))


@many
@given(UINT32)
@example(0)
@example(2**32 - 1)
def test_isqrt32(x: int) -> None:
    assert lib.tg_isqrt32(x) == math.isqrt(x)


@many
@given(UINT64)
@example(2**32)
@example(2**64 - 1)
def test_isqrt64(x: int) -> None:
    assert lib.tg_isqrt64(x) == math.isqrt(x)


@many
@given(st.integers(1, 2**32 - 1), st.sampled_from([-1, 0, 1]))
def test_isqrt_next_to_squares(root: int, off: int) -> None:
    square = root * root + off
    small = (root & 0xFFFF) ** 2 + abs(off)
    assert lib.tg_isqrt64(square) == math.isqrt(square)
    assert lib.tg_isqrt32(small) == math.isqrt(small)


@many
@given(UINT64)
@example(0)
def test_clz(x: int) -> None:
    assert lib.tg_clz64(x) == 64 - x.bit_length()
    assert lib.tg_clz32(x & 0xFFFFFFFF) == 32 - (x & 0xFFFFFFFF).bit_length()


@many
@given(INT32, st.integers(0, 31))
@example(-(2**31), 31)
@example(-3, 1)
def test_round_shift32(x: int, shift: int) -> None:
    assert lib.tg_round_shift32(x, shift) == round_half_away(Fraction(x, 2**shift))


@many
@given(INT64, st.integers(0, 62))
@example(-(2**63), 62)
@example(2**63 - 1, 0)
def test_round_shift64(x: int, shift: int) -> None:
    magnitude = (abs(x) + (1 << shift >> 1)) >> shift
    assert lib.tg_round_shift64(x, shift) == (magnitude if x >= 0 else -magnitude)


@many
@given(st.integers(-(2**62), 2**62), st.integers(0, 62), st.integers(1, 2**31 - 1))
@example(2**62, 62, 255)
@example(-3, 1, 255)
def test_round_shift_capped(x: int, shift: int, cap: int) -> None:
    rounded = (x + (1 << shift >> 1)) >> shift
    assert lib.tg_round_shift_capped(x, shift, cap) == max(-cap, min(cap, rounded))


@many
@given(INT32, st.integers(1, 2**32 - 1))
@example(-(2**31), 1)
@example(-(2**31), 2**32 - 1)
@example(-5, 2)
def test_round_divide32(x: int, divisor: int) -> None:
    assert lib.tg_round_divide32(x, divisor) == round_half_away(Fraction(x, divisor))


@many
@given(INT32, INT64)
def test_saturation(x: int, wide: int) -> None:
    assert lib.tg_saturate_int8(x) == max(-128, min(127, x))
    assert lib.tg_saturate_int16(x) == max(-(2**15), min(2**15 - 1, x))
    assert lib.tg_saturate_uint16(abs(x)) == min(2**16 - 1, abs(x))
    assert lib.tg_saturate_int32(wide) == max(-(2**31), min(2**31 - 1, wide))
