"""ADD and SUB: both inputs to a common scale with 20 bits of headroom, then to the output's."""

from __future__ import annotations

from tinygest.generate.arithmetic import Multiplier, quantise_multiplier
from tinygest.generate.broadcast import Pair, read_pair
from tinygest.generate.layer import Layer
from tinygest.generate.node import Node, clamp_fields

_HEADROOM = 1 << 20


def sum_layer(node: Node, options: str) -> Layer:
    """options: the schema's type; it tells ADD from SUB."""
    pair = read_pair(node)
    subtracts = options == "SubOptions"
    activation = node.activation_name(node.options(options, "FusedActivationFunction"))
    a, b, output = _multipliers(pair)
    node.require(output.shift <= 0, "its output's scale is far below those of its inputs")
    return Layer(
        kernel="tg_add",
        title=f"{node.operator.name}{pair.shapes}, {activation}",
        inputs=(pair.a.source, pair.b.source),
        output=pair.output.index,
        fields={
            "over": pair.over,
            "a_offset": -pair.a.tensor.zero_point,
            "b_offset": -pair.b.tensor.zero_point,
            "a_shift": a.shift,
            "b_shift": b.shift,
            "output_shift": output.shift,
            "b_sign": -1 if subtracts else 1,
            "a_multiplier": a.value,
            "b_multiplier": b.value,
            "output_multiplier": output.value,
            **clamp_fields(node, pair.output, activation),
        },
        in_place=pair.in_place,
    )


def _multipliers(pair: Pair) -> list[Multiplier]:
    """Of a, b and the output."""
    a, b, output = (tensor.scale for tensor in (pair.a.tensor, pair.b.tensor, pair.output))
    common = 2 * max(a, b)
    return [quantise_multiplier(x) for x in (a / common, b / common, common / (_HEADROOM * output))]
