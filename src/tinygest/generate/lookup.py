"""Operators of one int8 variable: whatever they compute, a table of 256 values says it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tinygest.generate.arithmetic import INT8_MAX, INT8_MIN, clamp
from tinygest.generate.layer import Array, Layer
from tinygest.generate.node import Activation, Node


def lookup_layer(
    node: Node, input: Activation, output: Activation, function: Callable[[int], int], title: str = ""
) -> Layer:
    """function: from the int8 input value to the output's, which is clamped to int8."""
    node.require(input.n_elements == output.n_elements, "it changes the number of values")
    table = [clamp(function(value)) for value in range(INT8_MIN, INT8_MAX + 1)]
    return Layer(
        kernel="tg_lookup",
        title=title or node.operator.name,
        inputs=(input.index,),
        output=output.index,
        fields={
            "n": input.n_elements,
            "table": Array("table", "int8_t", np.array(table, np.int64), "for inputs -128, -127, ..., 127"),
        },
        in_place=(0,),
    )
