"""SOFTMAX along the last axis, in TensorFlow Lite's fixed point with the exponential as a table."""

from __future__ import annotations

import math
from itertools import takewhile

import numpy as np

from tinygest.generate.arithmetic import exp_of_negative, high_multiply, quantise_multiplier
from tinygest.generate.layer import Array, Layer
from tinygest.generate.node import Node
from tinygest.generate.tflite_model import MAX_DIMENSION

MAX_CLASSES = 511  # beyond, a shift in the kernel could reach 32
_FRACTION_BITS = 26  # differences are scaled to Q5.26


def resolve(node: Node) -> Layer:
    input, output = node.input(), node.output()
    beta = float(node.options("SoftmaxOptions", "Beta")["Beta"])
    node.require(input.shape == output.shape and len(input.shape) >= 1, "it changes the shape")
    node.require(
        output.scale == 1 / 256 and output.zero_point == -128,
        "its output has not scale 1/256 and zero point -128; convert with int8 quantisation",
    )
    n_classes = input.shape[-1]
    node.require(n_classes <= MAX_CLASSES, f"{n_classes} classes are more than {MAX_CLASSES}")
    n_rows = input.n_elements // n_classes
    node.require(n_rows <= MAX_DIMENSION, f"shape {list(input.shape)} is too large")
    powers = _powers(node, beta * input.scale)
    return Layer(
        kernel="tg_softmax",
        title="SOFTMAX",
        inputs=(input.index,),
        output=output.index,
        fields={
            "n_rows": n_rows,
            "n_classes": n_classes,
            "n_powers": len(powers),
            "powers": Array(
                "powers", "int32_t", np.array(powers, np.int64), f"exp(-{beta * input.scale:.6g} d)"
            ),
        },
    )


def _powers(node: Node, scale: float) -> list[int]:
    """exp(-scale * d) in Q0.31 for d = 0, 1, ... as far as it counts.

    That is where scale * d stays below 31; and below 2^11 a power adds nothing to the sum, which
    has 12 bits less, and nothing to the output, which has 23 less.
    """
    factor = min(scale * (1 << _FRACTION_BITS), (1 << 31) - 1.0)
    node.require(factor > 1.0, f"its scale of {scale} is too small")
    multiplier = quantise_multiplier(factor)
    largest = math.floor(31 * (1 << _FRACTION_BITS) / (1 << multiplier.shift))
    powers = (
        exp_of_negative(high_multiply(-d << multiplier.shift, multiplier.value))
        for d in range(min(largest, 255) + 1)
    )
    return list(takewhile(lambda power: power >= 1 << 11, powers))
