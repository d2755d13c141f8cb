"""FULLY_CONNECTED: output[o] = sum over all inputs."""

from __future__ import annotations

from tinygest.generate.layer import Array, Layer
from tinygest.generate.node import (
    Node,
    convolution_multipliers,
    requantise_fields,
    require_sums_fit,
)
from tinygest.generate.tflite_model import MAX_DIMENSION


def resolve(node: Node) -> Layer:
    input, output = node.input(), node.output()
    weights, scales = node.weights(axis=0, rank=2)
    n_outputs, n_inputs = weights.shape
    options = node.options("FullyConnectedOptions", "FusedActivationFunction", "WeightsFormat")
    node.require(
        options["WeightsFormat"] == 0, "its weights are in a shuffled format; convert the model again"
    )
    n_rows = input.n_elements // n_inputs
    node.require(n_rows <= MAX_DIMENSION, f"input of shape {list(input.shape)} is too large")
    node.require(
        n_rows * n_inputs == input.n_elements
        and output.shape[-1:] == (n_outputs,)
        and output.n_elements == n_rows * n_outputs,
        f"weights of shape {list(weights.shape)} do not fit input {list(input.shape)} and output "
        f"{list(output.shape)}",
    )

    # The input's zero point is the same in every product, so it moves into the bias.
    bias = node.bias(2, n_outputs) - input.zero_point * weights.sum(axis=1)
    multipliers = convolution_multipliers(node, input, scales, output)
    require_sums_fit(node, weights, bias, 128, multipliers)
    activation = node.activation_name(options)
    return Layer(
        kernel="tg_fully_connected",
        title=f"FULLY_CONNECTED, {activation}",
        inputs=(input.index,),
        output=output.index,
        fields={
            "n_rows": n_rows,
            "n_inputs": n_inputs,
            "n_outputs": n_outputs,
            "weights": Array("weights", "int8_t", weights, "[output, input]"),
            "bias": Array("bias", "int32_t", bias),
            "requantise": requantise_fields(node, multipliers, output, activation),
        },
        n_macs=n_rows * n_inputs * n_outputs,
    )
