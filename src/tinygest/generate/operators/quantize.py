"""QUANTIZE from int8 to int8: another scale. At the ends of a network it goes away: float_ends.py."""

from __future__ import annotations

from tinygest.generate.arithmetic import quantise_multiplier, scale
from tinygest.generate.layer import Alias, Layer
from tinygest.generate.lookup import lookup_layer
from tinygest.generate.node import Node


def resolve(node: Node) -> Layer | Alias:
    input, output = node.input(), node.output()
    if (input.scale, input.zero_point) == (output.scale, output.zero_point):
        return Alias(input.index, output.index)
    multiplier = quantise_multiplier(input.scale / output.scale)
    node.require(multiplier.shift <= 22, "its input's scale is far above its output's")
    return lookup_layer(
        node,
        input,
        output,
        lambda value: output.zero_point + scale(value - input.zero_point, multiplier),
    )
