"""Input of LOGISTIC and TANH: scaled to Q4.27, saturated where it leaves that range."""

from __future__ import annotations

import math
from collections.abc import Callable

from tinygest.generate.arithmetic import INT8_MAX, INT8_MIN, quantise_multiplier, scale
from tinygest.generate.node import Activation, Node

_ONE = 1 << 27


def of_q4(node: Node, input: Activation, function: Callable[[int], int]) -> Callable[[int], int]:
    """`function` of raw Q4.27 as one of the int8 input; beyond +-15 it is the least or most int8."""
    multiplier = quantise_multiplier(input.scale * _ONE)
    node.require(multiplier.shift >= 0, f"its input's scale of {input.scale} is too small")
    radius = math.floor(15 * _ONE / (1 << multiplier.shift))

    def of_int8(value: int) -> int:
        x = value - input.zero_point
        if abs(x) >= radius:
            return INT8_MIN if x < 0 else INT8_MAX
        return function(scale(x, multiplier))

    return of_int8
