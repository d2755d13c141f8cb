"""What the pooling operators share: a kernel that sweeps over each channel, and no change of scale."""

from __future__ import annotations

from tinygest.generate.arithmetic import activation_range
from tinygest.generate.layer import Layer
from tinygest.generate.node import Node
from tinygest.generate.sweep import OPTIONS, describe, sweep_fields


def pool_2d(node: Node, kernel: str) -> Layer:
    """kernel: the C function, whose constants are the same for every kind of pooling."""
    input, output = node.input(rank=4), node.output(rank=4)
    options = node.options(
        "Pool2DOptions", *OPTIONS, "FilterHeight", "FilterWidth", "FusedActivationFunction"
    )
    node.require(input.shape[3] == output.shape[3], "it changes the number of channels")
    node.require(
        abs(input.scale - output.scale) <= 1e-6 and input.zero_point == output.zero_point,
        "its input and output have different scales; convert the model again",
    )
    sweep = sweep_fields(node, input, output, (options["FilterHeight"], options["FilterWidth"]), options)
    activation = node.activation_name(options)
    minimum, maximum = activation_range(activation, output.scale, output.zero_point)
    node.require(minimum <= maximum, f"the range of {activation} is empty at scale {output.scale}")
    return Layer(
        kernel=kernel,
        title=f"{node.operator.name}, {describe(sweep, options)}, {activation}",
        inputs=(input.index,),
        output=output.index,
        fields={"sweep": sweep, "n_channels": input.shape[3], "minimum": minimum, "maximum": maximum},
    )
