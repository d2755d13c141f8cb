"""REDUCE_MAX over neighbouring axes, as of GlobalMaxPooling: MAX_POOL_2D with all of them as its kernel."""

from __future__ import annotations

from tinygest.generate.arithmetic import INT8_MAX, INT8_MIN
from tinygest.generate.layer import Layer
from tinygest.generate.node import Node
from tinygest.generate.reduction import read_reduction


def resolve(node: Node) -> Layer:
    over = read_reduction(node)
    node.require(
        (over.input.scale, over.input.zero_point) == (over.output.scale, over.output.zero_point),
        "its input and output have different scales; convert the model again",
    )
    return Layer(
        kernel="tg_max_pool_2d",
        title=f"REDUCE_MAX of {over.n_reduced}",
        inputs=(over.input.index,),
        output=over.output.index,
        fields={
            "sweep": {
                "input_height": over.n_outer,
                "input_width": over.n_reduced,
                "output_height": over.n_outer,
                "output_width": 1,
                "kernel_height": 1,
                "kernel_width": over.n_reduced,
                "stride_height": 1,
                "stride_width": over.n_reduced,
                "pad_top": 0,
                "pad_left": 0,
            },
            "n_channels": over.n_inner,
            "minimum": INT8_MIN,
            "maximum": INT8_MAX,
        },
    )
