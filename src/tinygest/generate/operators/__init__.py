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
    average_pool_2d,
    conv_2d,
    depthwise_conv_2d,
    fully_connected,
    mean,
    reshape,
    softmax,
)

RESOLVERS: dict[str, Callable[[Node], Layer | tuple[Layer, ...] | Alias]] = {
    "AVERAGE_POOL_2D": average_pool_2d.resolve,
    "CONV_2D": conv_2d.resolve,
    "DEPTHWISE_CONV_2D": depthwise_conv_2d.resolve,
    "FULLY_CONNECTED": fully_connected.resolve,
    "MEAN": mean.resolve,
    "RESHAPE": reshape.resolve,
    "SOFTMAX": softmax.resolve,
}

_INT8_IO = "convert with full-integer quantisation, int8 input and int8 output, so that it goes away"
_FIXED_BATCH = "convert with a batch size of 1, so that it goes away"
_REMEDIES = {
    "QUANTIZE": _INT8_IO,
    "DEQUANTIZE": _INT8_IO,
    "SHAPE": _FIXED_BATCH,
    "STRIDED_SLICE": _FIXED_BATCH,
    "PACK": _FIXED_BATCH,
}


def resolve(node: Node) -> tuple[Layer, ...] | Alias:
    """The operator as layers that all write its output; UnsupportedOperatorError: there is no kernel."""
    name = node.operator.name
    if name not in RESOLVERS:
        known = ", ".join(RESOLVERS)
        raise UnsupportedOperatorError(name, _REMEDIES.get(name, f"build the network from {known}"))
    found = RESOLVERS[name](node)
    if isinstance(found, Alias):
        return found
    return tuple(map(choose_kernel, (found,) if isinstance(found, Layer) else found))
