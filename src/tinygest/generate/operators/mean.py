"""MEAN over neighbouring axes, with or without keeping them."""

from __future__ import annotations

import math

import numpy as np

from tinygest.generate.arithmetic import Multiplier, quantise_multiplier
from tinygest.generate.layer import Layer
from tinygest.generate.node import Node, requantise_fields, require_sums_fit
from tinygest.generate.tflite_model import MAX_DIMENSION


def resolve(node: Node) -> Layer:
    input, output = node.input(), node.output()
    axes = _axes(node, len(input.shape))
    kept = tuple(1 if i in axes else n for i, n in enumerate(input.shape))
    dropped = tuple(n for i, n in enumerate(input.shape) if i not in axes)
    keep_dims = node.options("ReducerOptions", "KeepDims")["KeepDims"]
    expected = kept if keep_dims else dropped
    node.require(
        output.shape == expected, f"its output is {list(output.shape)}, its options say {list(expected)}"
    )
    n_outer, n_averaged, n_inner = _split(node, input.shape, axes)

    multiplier = _with_division(quantise_multiplier(input.scale / output.scale), n_averaged)
    ones = np.ones((1, n_averaged), np.int64)
    bias = np.array([input.zero_point * n_averaged])
    require_sums_fit(node, ones, bias, 128, [multiplier])
    return Layer(
        kernel="tg_mean",
        title=f"MEAN of {n_averaged}",
        inputs=(input.index,),
        output=output.index,
        fields={
            "n_outer": n_outer,
            "n_averaged": n_averaged,
            "n_inner": n_inner,
            "input_sum": int(bias[0]),
            "requantise": requantise_fields(node, [multiplier], output, "NONE"),
        },
    )


def _axes(node: Node, rank: int) -> frozenset[int]:
    tensor = node.constant(1, "int32", "axes")
    assert tensor.data is not None
    axes = [int(axis) for axis in tensor.data.reshape(-1)]
    node.require(all(-rank <= axis < rank for axis in axes), f"axes {axes} do not exist in {rank} axes")
    return frozenset(axis % rank for axis in axes)


def _split(node: Node, shape: tuple[int, ...], axes: frozenset[int]) -> tuple[int, int, int]:
    """Sizes (before, averaged, behind); axes of size 1 may stand anywhere."""
    real = [i for i in sorted(axes) if shape[i] > 1]
    first, last = (real[0], real[-1] + 1) if real else (0, 0)
    node.require(
        all(i in axes or shape[i] == 1 for i in range(first, last)),
        f"axes {sorted(axes)} of shape {list(shape)} are not neighbours",
    )
    sizes = math.prod(shape[:first]), math.prod(shape[first:last]), math.prod(shape[last:])
    node.require(max(sizes) <= MAX_DIMENSION, f"shape {list(shape)} is too large")
    return sizes


def _with_division(multiplier: Multiplier, n: int) -> Multiplier:
    """multiplier / n, with the bits that TensorFlow Lite keeps: reference/reduce.h, QuantizedMeanOrSum."""
    shift = min(n.bit_length() - 1, 32, 31 + multiplier.shift)
    return Multiplier((multiplier.value << shift) // n, multiplier.shift - shift)
