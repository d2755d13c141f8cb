"""The operators that can become C, one file each.

Each file has `resolve(node)`, which checks attributes, shapes and types and computes every constant
of the layer. A new operator is a file here, a line in RESOLVERS and a kernel in the C library.
"""

from __future__ import annotations

from collections.abc import Callable

from tinygest.core.errors import UnsupportedOperatorError
from tinygest.generate.kernel_choice import choose_kernel
from tinygest.generate.layer import Alias, Layer
from tinygest.generate.node import Node
from tinygest.generate.operators import (
    add,
    average_pool_2d,
    concatenation,
    conv_2d,
    depthwise_conv_2d,
    expand_dims,
    fully_connected,
    hard_swish,
    leaky_relu,
    logistic,
    max_pool_2d,
    mean,
    mul,
    pad,
    padv2,
    quantize,
    reduce_max,
    relu,
    relu6,
    relu_0_to_1,
    relu_n1_to_1,
    reshape,
    softmax,
    squeeze,
    sub,
    tanh,
)

RESOLVERS: dict[str, Callable[[Node], Layer | tuple[Layer, ...] | Alias]] = {
    "ADD": add.resolve,
    "AVERAGE_POOL_2D": average_pool_2d.resolve,
    "CONCATENATION": concatenation.resolve,
    "CONV_2D": conv_2d.resolve,
    "DEPTHWISE_CONV_2D": depthwise_conv_2d.resolve,
    "EXPAND_DIMS": expand_dims.resolve,
    "FULLY_CONNECTED": fully_connected.resolve,
    "HARD_SWISH": hard_swish.resolve,
    "LEAKY_RELU": leaky_relu.resolve,
    "LOGISTIC": logistic.resolve,
    "MAX_POOL_2D": max_pool_2d.resolve,
    "MEAN": mean.resolve,
    "MUL": mul.resolve,
    "PAD": pad.resolve,
    "PADV2": padv2.resolve,
    "QUANTIZE": quantize.resolve,
    "REDUCE_MAX": reduce_max.resolve,
    "RELU": relu.resolve,
    "RELU6": relu6.resolve,
    "RELU_0_TO_1": relu_0_to_1.resolve,
    "RELU_N1_TO_1": relu_n1_to_1.resolve,
    "RESHAPE": reshape.resolve,
    "SOFTMAX": softmax.resolve,
    "SQUEEZE": squeeze.resolve,
    "SUB": sub.resolve,
    "TANH": tanh.resolve,
}

_FIXED_BATCH = "convert with a batch size of 1, so that it goes away"
_UNROLL = (
    "make the model see a fixed number of points at once, by convolution, instead of one after the other"
)
_IN_FRONT = "reorder the model's input instead, and train with that"
_OTHER_ACTIVATION = "train with one of relu, relu6, leaky_relu, hard_swish, tanh, sigmoid or swish instead"
_UPSAMPLING = "this makes an output larger than its input, which a classifier does not need; leave it out"
_REMEDIES = {
    "DEQUANTIZE": "convert with full-integer quantisation, so that it stands at the network's end alone",
    **dict.fromkeys(("SHAPE", "STRIDED_SLICE", "PACK", "FILL", "BROADCAST_TO"), _FIXED_BATCH),
    **dict.fromkeys(
        ("UNIDIRECTIONAL_SEQUENCE_LSTM", "UNIDIRECTIONAL_SEQUENCE_RNN", "LSTM", "RNN", "WHILE", "SVDF"),
        _UNROLL,
    ),
    **dict.fromkeys(("TRANSPOSE", "REVERSE_V2", "GATHER"), _IN_FRONT),
    **dict.fromkeys(("ELU", "GELU", "PRELU", "EXP", "LOG", "ABS", "SQUARE"), _OTHER_ACTIVATION),
    **dict.fromkeys(("TRANSPOSE_CONV", "RESIZE_BILINEAR", "RESIZE_NEAREST_NEIGHBOR"), _UPSAMPLING),
    **dict.fromkeys(("SPLIT", "SPLIT_V", "SLICE"), "give each branch a layer of its own instead of a part"),
    "DIV": "multiply by the reciprocal instead",
    "SUM": "take the mean instead",
    "ARG_MAX": "leave it out; the caller takes the largest output",
    "MIRROR_PAD": "pad with zeros instead",
    "BATCH_MATMUL": "only products with constant weights are supported, as in a dense layer",
    "LOG_SOFTMAX": "end with softmax instead",
}


def resolve(node: Node) -> tuple[Layer, ...] | Alias:
    """The operator as layers that all write its output; UnsupportedOperatorError: there is no kernel."""
    name = node.operator.name
    if name not in RESOLVERS:
        remedy = _REMEDIES.get(name, "leave it out, or put it in front of the model or behind it")
        raise UnsupportedOperatorError(name, f"{remedy} (supported: {', '.join(RESOLVERS)})")
    found = RESOLVERS[name](node)
    if isinstance(found, Alias):
        return found
    return tuple(map(choose_kernel, (found,) if isinstance(found, Layer) else found))
