"""TANH, as reference/integer_ops/tanh.h computes it."""

from __future__ import annotations

from tinygest.generate.arithmetic import rounding_shift
from tinygest.generate.fixed_point import tanh
from tinygest.generate.layer import Layer
from tinygest.generate.lookup import lookup_layer
from tinygest.generate.node import Node
from tinygest.generate.q4_input import of_q4


def resolve(node: Node) -> Layer:
    input, output = node.input(), node.output()
    node.require(
        output.scale == 1 / 128 and output.zero_point == 0,
        "its output has not scale 1/128 and zero point 0; convert with int8 quantisation",
    )
    return lookup_layer(node, input, output, of_q4(node, input, lambda x: rounding_shift(tanh(x), 24)))
