"""CONV_2D: output[y, x, o] = sum over the kernel and all input channels of o's group."""

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
    weights, scales = node.weights(axis=0, rank=4)
    n_outputs, height, width, n_inputs = weights.shape
    options = node.options("Conv2DOptions", *OPTIONS, *DILATIONS, "FusedActivationFunction")
    dilation = (options["DilationHFactor"], options["DilationWFactor"])
    n_groups = input.shape[3] // n_inputs
    node.require(
        n_groups * n_inputs == input.shape[3] and n_outputs % n_groups == 0,
        f"filters of shape {list(weights.shape)} do not fit {input.shape[3]} input channels",
    )
    node.require(n_outputs == output.shape[3], f"{n_outputs} filters for {output.shape[3]} output channels")

    sweep = sweep_fields(node, input, output, (height, width), options, dilation=dilation)
    multipliers = convolution_multipliers(node, input, scales, output)
    bias = node.bias(2, n_outputs)
    require_sums_fit(node, weights.reshape(n_outputs, -1), bias, 128 + abs(input.zero_point), multipliers)
    activation = node.activation_name(options)
    title = f"CONV_2D, {describe(sweep, options)}, {activation}"
    requantise = requantise_fields(node, multipliers, output, activation)
    if dilation != (1, 1) or n_groups > 1:
        filters = Filters(weights, bias, n_groups)
        return general_layer(
            title, input, output, filters, sweep=sweep, dilation=dilation, requantise=requantise
        )
    return Layer(
        kernel="tg_conv_2d",
        title=title,
        inputs=(input.index,),
        output=output.index,
        fields={
            "sweep": sweep,
            "input_channels": n_inputs,
            "output_channels": n_outputs,
            "input_offset": -input.zero_point,
            "weights": Array("weights", "int8_t", weights, "[output channel, row, column, input channel]"),
            "bias": Array("bias", "int32_t", bias),
            "requantise": requantise,
        },
        n_macs=int(np.prod(output.shape)) * height * width * n_inputs,
    )
