"""Convolutions with dilation or in groups, which one kernel without tricks computes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tinygest.generate.layer import Array, Layer, Value
from tinygest.generate.node import Activation

DILATIONS = ("DilationHFactor", "DilationWFactor")


@dataclass(frozen=True, eq=False)
class Filters:
    """weights: (n_outputs, height, width, inputs of a group) int8 values; bias: (n_outputs,)."""

    weights: npt.NDArray[np.int64]
    bias: npt.NDArray[np.int64]
    n_groups: int


def general_layer(
    title: str,
    input: Activation,
    output: Activation,
    filters: Filters,
    *,
    sweep: dict[str, Value],
    dilation: tuple[int, int],
    requantise: Value,
) -> Layer:
    """The layer of CONV_2D or DEPTHWISE_CONV_2D; everything has been checked."""
    n_outputs, height, width, group_inputs = filters.weights.shape
    what = f"dilation {dilation[0]}x{dilation[1]}"
    if filters.n_groups > 1 and group_inputs > 1:
        what += f", {filters.n_groups} groups"
    return Layer(
        kernel="tg_general_conv_2d",
        title=f"{title}, {what}",
        inputs=(input.index,),
        output=output.index,
        fields={
            "sweep": sweep,
            "dilation_height": dilation[0],
            "dilation_width": dilation[1],
            "n_groups": filters.n_groups,
            "group_inputs": group_inputs,
            "group_outputs": n_outputs // filters.n_groups,
            "input_offset": -input.zero_point,
            "weights": Array(
                "weights", "int8_t", filters.weights, "[output channel, row, column, channel of the group]"
            ),
            "bias": Array("bias", "int32_t", filters.bias),
            "requantise": requantise,
        },
        n_macs=output.n_elements * height * width * group_inputs,
    )
