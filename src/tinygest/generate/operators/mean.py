"""MEAN over neighbouring axes, with or without keeping them."""

from __future__ import annotations

import numpy as np

from tinygest.generate.arithmetic import Multiplier, quantise_multiplier
from tinygest.generate.layer import Layer
from tinygest.generate.node import Node, requantise_fields, require_sums_fit
from tinygest.generate.reduction import read_reduction


def resolve(node: Node) -> Layer:
    over = read_reduction(node)
    input, n_averaged = over.input, over.n_reduced
    multiplier = _with_division(quantise_multiplier(input.scale / over.output.scale), n_averaged)
    ones = np.ones((1, n_averaged), np.int64)
    bias = np.array([input.zero_point * n_averaged])
    require_sums_fit(node, ones, bias, 128, [multiplier])
    return Layer(
        kernel="tg_mean",
        title=f"MEAN of {n_averaged}",
        inputs=(input.index,),
        output=over.output.index,
        fields={
            "n_outer": over.n_outer,
            "n_averaged": n_averaged,
            "n_inner": over.n_inner,
            "input_sum": int(bias[0]),
            "requantise": requantise_fields(node, [multiplier], over.output, "NONE"),
        },
    )


def _with_division(multiplier: Multiplier, n: int) -> Multiplier:
    """multiplier / n, with the bits that TensorFlow Lite keeps: reference/reduce.h, QuantizedMeanOrSum."""
    shift = min(n.bit_length() - 1, 32, 31 + multiplier.shift)
    return Multiplier((multiplier.value << shift) // n, multiplier.shift - shift)
