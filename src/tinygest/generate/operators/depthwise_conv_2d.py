"""DEPTHWISE_CONV_2D: each input channel has `depth_multiplier` filters of its own."""

from __future__ import annotations

import numpy as np

from tinygest.generate.general_conv_2d import DILATIONS, Filters, general_layer
from tinygest.generate.layer import Array, Layer
from tinygest.generate.node import (
    Node,
    convolution_multipliers,
    requantise_fields,
    require_sums_fit,
)
from tinygest.generate.sweep import OPTIONS, describe, sweep_fields


def resolve(node: Node) -> Layer:
    input, output = node.input(rank=4), node.output(rank=4)
    weights, scales = node.weights(axis=3, rank=4)
    one, height, width, n_outputs = weights.shape
    options = node.options(
        "DepthwiseConv2DOptions", *OPTIONS, *DILATIONS, "FusedActivationFunction", "DepthMultiplier"
    )
    dilation = (options["DilationHFactor"], options["DilationWFactor"])
    n_inputs = input.shape[3]
    depth_multiplier = n_outputs // n_inputs
    # Like TensorFlow Lite, the shapes decide; the option only repeats them and may be left out.
    node.require(
        one == 1 and depth_multiplier * n_inputs == n_outputs == output.shape[3],
        f"weights of shape {list(weights.shape)} do not fit {n_inputs} input and {output.shape[3]} output "
        "channels",
    )
    node.require(
        options["DepthMultiplier"] in (0, depth_multiplier),
        f"depth multiplier {options['DepthMultiplier']} contradicts the shape of its weights",
    )

    sweep = sweep_fields(node, input, output, (height, width), options, dilation=dilation)
    multipliers = convolution_multipliers(node, input, scales, output)
    bias = node.bias(2, n_outputs)
    require_sums_fit(node, weights.reshape(-1, n_outputs).T, bias, 128 + abs(input.zero_point), multipliers)
    activation = node.activation_name(options)
    title = f"DEPTHWISE_CONV_2D, {describe(sweep, options)}, {activation}"
    requantise = requantise_fields(node, multipliers, output, activation)
    if dilation != (1, 1):
        filters = Filters(np.moveaxis(weights, 3, 0).reshape(n_outputs, height, width, 1), bias, n_inputs)
        return general_layer(
            title, input, output, filters, sweep=sweep, dilation=dilation, requantise=requantise
        )
    return Layer(
        kernel="tg_depthwise_conv_2d",
        title=title,
        inputs=(input.index,),
        output=output.index,
        fields={
            "sweep": sweep,
            "input_channels": n_inputs,
            "depth_multiplier": depth_multiplier,
            "input_offset": -input.zero_point,
            "weights": Array("weights", "int8_t", weights, "[row, column, output channel]"),
            "bias": Array("bias", "int32_t", bias),
            "requantise": requantise,
        },
        n_macs=int(np.prod(output.shape)) * height * width,
    )
