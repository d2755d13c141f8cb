"""RELU and its relatives as operators of their own: scale, then clamp."""

from __future__ import annotations

from tinygest.generate.arithmetic import activation_range, clamp, quantise_multiplier, scale
from tinygest.generate.layer import Layer
from tinygest.generate.lookup import lookup_layer
from tinygest.generate.node import Node


def rectify(node: Node, activation: str) -> Layer:
    """The layer of an operator that clamps to the range of `activation`."""
    input, output = node.input(), node.output()
    multiplier = quantise_multiplier(input.scale / output.scale)
    minimum, maximum = activation_range(activation, output.scale, output.zero_point)
    node.require(minimum <= maximum, f"the range of {activation} is empty at scale {output.scale}")
    node.require(multiplier.shift <= 22, "its input's scale is far above its output's")

    def rectified(value: int) -> int:
        return clamp(output.zero_point + scale(value - input.zero_point, multiplier), minimum, maximum)

    return lookup_layer(node, input, output, rectified)
