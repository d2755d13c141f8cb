"""LOGISTIC: 1 / (1 + exp(-x)), as reference/integer_ops/logistic.h computes it."""

from __future__ import annotations

from tinygest.generate.arithmetic import INT8_MIN, rounding_shift
from tinygest.generate.fixed_point import logistic
from tinygest.generate.layer import Layer
from tinygest.generate.lookup import lookup_layer
from tinygest.generate.node import Node
from tinygest.generate.q4_input import of_q4


def resolve(node: Node) -> Layer:
    input, output = node.input(), node.output()
    node.require(
        output.scale == 1 / 256 and output.zero_point == INT8_MIN,
        "its output has not scale 1/256 and zero point -128; convert with int8 quantisation",
    )
    return lookup_layer(
        node,
        input,
        output,
        of_q4(node, input, lambda x: rounding_shift(logistic(x), 23) + INT8_MIN),
    )
