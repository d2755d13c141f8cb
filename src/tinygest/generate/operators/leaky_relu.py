"""LEAKY_RELU: x, or alpha x below 0."""

from __future__ import annotations

import math

from tinygest.generate.arithmetic import Multiplier, quantise_multiplier, scale
from tinygest.generate.layer import Layer
from tinygest.generate.lookup import lookup_layer
from tinygest.generate.node import Node


def resolve(node: Node) -> Layer:
    input, output = node.input(), node.output()
    alpha = float(node.options("LeakyReluOptions", "Alpha")["Alpha"])
    below = _multiplier(node, input.scale * abs(alpha) / output.scale)
    above = _multiplier(node, input.scale / output.scale)
    sign = -1 if alpha < 0 else 1

    def leaky(value: int) -> int:
        x = value - input.zero_point
        return output.zero_point + (scale(x, above) if x >= 0 else sign * scale(x, below))

    return lookup_layer(node, input, output, leaky, f"LEAKY_RELU, slope {alpha:.6g}")


def _multiplier(node: Node, factor: float) -> Multiplier:
    node.require(math.isfinite(factor), "its slope is no number")
    multiplier = quantise_multiplier(factor)
    node.require(multiplier.shift <= 22, "its input's scale is far above its output's")
    return multiplier
