"""Which kernel computes a layer: the one place where shapes decide.

Operators resolve to the general kernels, which take every shape. Where shape and arithmetic allow it, a
layer is given to a kernel that computes the same bits faster, with its constants packed as that one reads
them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

import numpy as np

from tinygest.generate.arithmetic import INT8_MAX, INT8_MIN, INT32_MAX, Multiplier
from tinygest.generate.layer import Array, Layer, Value
from tinygest.generate.packing import (
    Integers,
    Scales,
    dense_records,
    depthwise_records,
    plain_scale,
    plain_scales,
    relu_scales,
)

MAX_WINDOW = 96  # TG_MAX_WINDOW
MAX_PATCH = 384  # TG_MAX_PATCH
MAX_TAPS = 25  # TG_MAX_TAPS
MAX_SUMMED = 256  # TG_MAX_SUMMED
MAX_RELU_SHIFT = 22  # of a tg_relu_scale_t: then its offset cannot overflow
MAX_UINT16 = 65535


def choose_kernel(layer: Layer) -> Layer:
    """The layer as it is or, with the same title and places, for a faster kernel."""
    choose = {
        "tg_fully_connected": _fully_connected,
        "tg_conv_2d": _conv_2d,
        "tg_depthwise_conv_2d": _depthwise_conv_2d,
        "tg_average_pool_2d": _average_pool_2d,
        "tg_mean": _mean,
    }.get(layer.kernel)
    found = choose(layer.fields) if choose else None
    return layer if found is None else replace(layer, kernel=found[0], fields=found[1], general=layer)


Choice = tuple[str, dict[str, Value]] | None
Fields = Mapping[str, Any]


def _fully_connected(fields: Fields) -> Choice:
    weights, bias = _values(fields["weights"]), _values(fields["bias"])
    multipliers = _multipliers(fields["requantise"])
    if not _is_fast(fields["requantise"], weights, bias):
        return None
    if fields["n_rows"] == 1:
        return _quads(fields["requantise"], weights, bias, multipliers)
    n_inputs = weights.shape[1]
    return _conv_1d(
        fields["requantise"],
        weights,
        bias,
        {"n_points": fields["n_rows"], "step": n_inputs, "pad_left": 0, "padding": 0},
        fields["n_rows"] * n_inputs,
    )


def _conv_2d(fields: Fields) -> Choice:
    sweep, zero_point = fields["sweep"], -fields["input_offset"]
    weights = _values(fields["weights"])
    weights = weights.reshape(len(weights), -1)
    bias = _values(fields["bias"]) - zero_point * weights.sum(axis=1)
    if not _is_fast(fields["requantise"], weights, bias):
        return None
    if _is_dense(sweep):
        return _quads(fields["requantise"], weights, bias, _multipliers(fields["requantise"]))
    return _conv_1d_of(fields, weights, bias) or _conv_2d_quads(fields, weights, bias)


def _conv_2d_quads(fields: Fields, weights: Integers, bias: Integers) -> Choice:
    """weights: (n_outputs, n_inputs)."""
    multipliers = _multipliers(fields["requantise"], max(2, len(weights)))
    quads = _quads(fields["requantise"], weights, bias, multipliers)
    if quads is None or weights.shape[1] > MAX_PATCH:
        return None
    return "tg_conv_2d_quads", {
        "quads": quads[1],
        "sweep": fields["sweep"],
        "input_channels": fields["input_channels"],
        "padding": -fields["input_offset"],
    }


def _conv_1d_of(fields: Fields, weights: Integers, bias: Integers) -> Choice:
    sweep, n_channels = fields["sweep"], fields["input_channels"]
    if not _has_neighbouring_windows(sweep):
        return None
    points = {
        "n_points": sweep["output_height"] * sweep["output_width"],
        "step": sweep["stride_width"] * n_channels,
        "pad_left": sweep["pad_left"] * n_channels,
        "padding": -fields["input_offset"],
    }
    input_bytes = sweep["input_height"] * sweep["input_width"] * n_channels
    return _conv_1d(fields["requantise"], weights, bias, points, input_bytes)


def _depthwise_conv_2d(fields: Fields) -> Choice:
    sweep, zero_point, n_channels = fields["sweep"], -fields["input_offset"], fields["input_channels"]
    n_taps = sweep["kernel_height"] * sweep["kernel_width"]
    if fields["depth_multiplier"] != 1 or n_channels < 4 or n_taps > MAX_TAPS:
        return None
    weights = _values(fields["weights"]).reshape(n_taps, n_channels)
    bias = _values(fields["bias"]) - zero_point * weights.sum(axis=0)
    if not _is_fast(fields["requantise"], weights.T, bias):
        return None
    padding = np.full(n_channels, zero_point)
    suffix, scales = _scales(fields["requantise"], n_channels)
    return f"tg_depthwise_quads{suffix}", {
        "sweep": sweep,
        "n_channels": n_channels,
        "output_zero_point": fields["requantise"]["zero_point"],
        "padding": Array("padding", "int8_t", padding, "the input's zero point"),
        "quads": depthwise_records("quads", weights, bias, scales),
    }


def _average_pool_2d(fields: Fields) -> Choice:
    sweep = fields["sweep"]
    if sweep["kernel_height"] * sweep["kernel_width"] > MAX_SUMMED or fields["n_channels"] < 4:
        return None
    return "tg_average_pool_quads", dict(fields)


def _mean(fields: Fields) -> Choice:
    requantise, n_averaged = fields["requantise"], fields["n_averaged"]
    ones = np.ones((1, n_averaged), np.int64)
    fits = n_averaged <= MAX_SUMMED and fields["n_inner"] >= 4
    if not fits or not _is_fast(requantise, ones, np.array([fields["input_sum"]])):
        return None
    multiplier, shift = plain_scale(_multipliers(requantise)[0])
    return "tg_mean_quads", {
        "n_outer": fields["n_outer"],
        "n_averaged": n_averaged,
        "n_channels": fields["n_inner"],
        "output_zero_point": requantise["zero_point"],
        "input_sum": fields["input_sum"],
        "scale": {"multiplier": multiplier, "shift": shift},
    }


def _quads(requantise: Fields, weights: Integers, bias: Integers, multipliers: list[Multiplier]) -> Choice:
    """weights: (n_outputs, n_inputs)."""
    n_outputs, n_inputs = weights.shape
    if min(weights.shape) < 4:
        return None
    per_channel = len(multipliers) > 1
    multiplier, shift = plain_scale(Multiplier(0, 0) if per_channel else multipliers[0])
    scales = plain_scales(multipliers) if per_channel else None
    return f"tg_dense{'_per_channel' if per_channel else ''}", {
        "n_inputs": n_inputs,
        "n_outputs": n_outputs,
        "n_first": (n_inputs - 1) % 4 + 1,
        "output_zero_point": requantise["zero_point"],
        "shift": shift,
        "multiplier": multiplier,
        "quads": dense_records("quads", weights, bias, scales, 4),
    }


def _conv_1d(
    requantise: Fields, weights: Integers, bias: Integers, points: dict[str, int], input_bytes: int
) -> Choice:
    """weights: (n_outputs, n_inputs)."""
    n_outputs, n_inputs = weights.shape
    fits = max(points.values()) <= MAX_UINT16 and 4 <= n_inputs <= MAX_WINDOW
    if not fits or n_outputs < 2 or points["n_points"] < 2:
        return None
    suffix, scales = _scales(requantise, n_outputs)
    return f"tg_conv_1d{suffix}", {
        "n_inputs": n_inputs,
        "n_outputs": n_outputs,
        **points,
        "output_zero_point": requantise["zero_point"],
        "input_bytes": input_bytes,
        "pairs": dense_records("pairs", weights, bias, scales, 2),
    }


def _scales(requantise: Fields, n_outputs: int) -> tuple[str, Scales]:
    """(suffix of the kernel, scales of its outputs)"""
    multipliers = _multipliers(requantise, n_outputs)
    no_overflow = all(m.shift >= -MAX_RELU_SHIFT for m in multipliers)
    if requantise["zero_point"] == INT8_MIN and no_overflow:
        return "_relu", relu_scales(multipliers)
    return "", plain_scales(multipliers)


def _is_fast(requantise: Fields, weights: Integers, bias: Integers) -> bool:
    """Whether tg_scaled may be used: int8's own range, factors below 1/2, sums that can be doubled.

    weights: (n_outputs, n); bias: with the input's zero point in it.
    """
    full_range = (requantise["minimum"], requantise["maximum"]) == (INT8_MIN, INT8_MAX)
    small = all(m.value == 0 or m.shift < 0 for m in _multipliers(requantise))
    largest = np.abs(bias) + np.abs(weights).sum(axis=1) * 128
    return full_range and small and int(largest.max()) <= INT32_MAX // 2


def _is_dense(sweep: Fields) -> bool:
    """One output point that sees the whole input."""
    return all(
        sweep[f"output_{axis}"] == 1 and sweep[f"kernel_{axis}"] == sweep[f"input_{axis}"]
        for axis in ("height", "width")
    )


def _has_neighbouring_windows(sweep: Fields) -> bool:
    """Whether the inputs of each point are neighbours, and points at the same distance everywhere."""
    if sweep["input_height"] == sweep["kernel_height"] == 1 and sweep["output_height"] == 1:
        return True
    strides = {sweep["stride_height"], sweep["stride_width"]}
    return sweep["kernel_height"] == sweep["kernel_width"] == 1 and strides == {1}


def _multipliers(requantise: Fields, n: int = 1) -> list[Multiplier]:
    """As many as there are, but at least n: one for all is repeated."""
    values = zip(_values(requantise["multipliers"]), _values(requantise["shifts"]), strict=True)
    found = [Multiplier(int(value), int(shift)) for value, shift in values]
    return found * n if len(found) == 1 else found


def _values(array: Value) -> Integers:
    return cast(Array, array).values.astype(np.int64)
