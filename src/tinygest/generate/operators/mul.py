"""MUL of two tensors, or of a tensor and a constant."""

from __future__ import annotations

from tinygest.generate.arithmetic import quantise_multiplier, require_sum_fits
from tinygest.generate.broadcast import read_pair
from tinygest.generate.layer import Layer
from tinygest.generate.node import Node, clamp_fields


def resolve(node: Node) -> Layer:
    pair = read_pair(node)
    a, b = pair.a.tensor, pair.b.tensor
    activation = node.activation_name(node.options("MulOptions", "FusedActivationFunction"))
    multiplier = quantise_multiplier(a.scale * b.scale / pair.output.scale)
    require_sum_fits(255 * 255, multiplier, f"operator {node.operator.index}, MUL")
    return Layer(
        kernel="tg_multiply",
        title=f"MUL{pair.shapes}, {activation}",
        inputs=(pair.a.source, pair.b.source),
        output=pair.output.index,
        fields={
            "over": pair.over,
            "a_offset": -a.zero_point,
            "b_offset": -b.zero_point,
            "multiplier": multiplier.value,
            "shift": multiplier.shift,
            **clamp_fields(node, pair.output, activation),
        },
        in_place=pair.in_place,
    )
