"""HARD_SWISH: x * relu6(x + 3) / 6 in 16 bits, as reference/hard_swish.h computes it."""

from __future__ import annotations

from tinygest.generate.arithmetic import Multiplier, clamp, quantise_multiplier, rounding_shift
from tinygest.generate.layer import Layer
from tinygest.generate.lookup import lookup_layer
from tinygest.generate.node import Node

_INT16_MIN, _INT16_MAX = -32768, 32767


def resolve(node: Node) -> Layer:
    input, output = node.input(), node.output()
    fine_scale = input.scale / 128
    to_output = quantise_multiplier(fine_scale / output.scale)
    to_gate = quantise_multiplier(fine_scale / (3 / 32768))
    node.require(-14 <= to_output.shift <= 0, "the scales of its input and output are too far apart")
    node.require(-14 <= to_gate.shift <= 16, f"its input's scale of {input.scale} is out of range")

    def hard_swish(value: int) -> int:
        fine = (value - input.zero_point) * 128
        scaled = _high_multiply(fine, _high_half(to_output))
        # Truncated, not rounded: TensorFlow Lite cancels the bias of the roundings before.
        product = int(_gate(fine, to_gate) * scaled / (1 << 15))
        return output.zero_point + rounding_shift(product, -to_output.shift)

    return lookup_layer(node, input, output, hard_swish)


def _gate(fine: int, multiplier: Multiplier) -> int:
    """x / 6 + 1 / 2 between 0 and 1, in 15 bits."""
    x = fine
    if multiplier.shift > 0:
        x = _saturate(x << (multiplier.shift - 1))
    x = _high_multiply(x, _high_half(multiplier))
    x = _saturate(x << 1) if multiplier.shift > 0 else rounding_shift(x, -multiplier.shift)
    return (x + (1 << 15)) >> 1


def _high_half(multiplier: Multiplier) -> int:
    """The multiplier in 16 bits."""
    return min((multiplier.value + (1 << 15)) >> 16, _INT16_MAX)


def _high_multiply(a: int, b: int) -> int:
    """a * b / 2^15, halves up."""
    return (a * b + (1 << 14)) >> 15


def _saturate(x: int) -> int:
    return clamp(x, _INT16_MIN, _INT16_MAX)
