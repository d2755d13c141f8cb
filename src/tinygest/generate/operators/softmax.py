"""SOFTMAX along the last axis, in TensorFlow Lite's fixed point with the exponential as a table."""

from __future__ import annotations

import math

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
    powers, terms = _exponentials(node, beta * input.scale)
    exponential = f"exp(-{beta * input.scale:.6g} d)"
    return Layer(
        kernel="tg_softmax",
        title="SOFTMAX",
        inputs=(input.index,),
        output=output.index,
        fields={
            "n_rows": n_rows,
            "n_classes": n_classes,
            "n_powers": len(powers),
            "n_terms": len(terms),
            "powers": Array(
                "powers", "int32_t", np.array(powers), f"{exponential}, d = 0, 1, ..., in Q0.31"
            ),
            "terms": Array(
                "terms", "uint16_t", np.array(terms), f"{exponential} for the next d, in Q12.19"
            ),
        },
    )


def _exponentials(node: Node, scale: float) -> tuple[list[int], list[int]]:
    """exp(-scale * d) for d = 0, 1, ...: in Q0.31 as far as the output sees it, then in Q12.19.

    A share of 2^-9 of the sum is half a step of the output, and the sum is 1 at least, so below that a
    power counts in the sum alone, which has 12 bits less; below 2^-20, or where scale * d reaches 31, not
    there either.
    """
    factor = min(scale * (1 << _FRACTION_BITS), (1 << 31) - 1.0)
    node.require(factor > 1.0, f"its scale of {scale} is too small")
    multiplier = quantise_multiplier(factor)
    largest = math.floor(31 * (1 << _FRACTION_BITS) / (1 << multiplier.shift))
    powers = [
        exp_of_negative(high_multiply(-d << multiplier.shift, multiplier.value))
        for d in range(min(largest, 255) + 1)
    ]
    seen = [power for power in powers if power >= 1 << 22]
    summed = [(power + (1 << 11)) >> 12 for power in powers[len(seen) :] if power >= 1 << 11]
    return seen, summed or [0]
