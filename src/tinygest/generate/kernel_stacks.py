"""Stack that a network takes at most, from the frames of its kernels.

Measured with GCC's call graphs (toolchain/stack.py) for a Cortex-M4, with -Os and -O2, rounded up. A test
compiles the kernels and compares. Another compiler may need some more.
"""

from __future__ import annotations

from collections.abc import Iterable

KERNEL_STACKS = {
    "tg_add": 96,
    "tg_average_pool_2d": 96,
    "tg_average_pool_quads": 160,
    "tg_concatenate": 32,
    "tg_conv_1d": 640,
    "tg_conv_1d_relu": 640,
    "tg_conv_2d": 128,
    "tg_conv_2d_quads": 576,
    "tg_copy": 32,
    "tg_dense": 96,
    "tg_dense_per_channel": 96,
    "tg_depthwise_conv_2d": 128,
    "tg_depthwise_quads": 256,
    "tg_depthwise_quads_relu": 256,
    "tg_fully_connected": 96,
    "tg_general_conv_2d": 128,
    "tg_lookup": 32,
    "tg_max_pool_2d": 96,
    "tg_mean": 64,
    "tg_mean_quads": 64,
    "tg_multiply": 96,
    "tg_pad": 64,
    "tg_softmax": 64,
}
AROUND = 64
"""The function that calls the kernels, and memcpy or memset below them."""

AROUND_PUSH = 96
"""A model's push, down to its network."""
EXTRACTION = 512
"""A push that ends in features or window, not in the network."""


def push_stack(network: int) -> int:
    """Bytes that a push takes at most, if its network takes so many."""
    return max(EXTRACTION, AROUND_PUSH + network)


def network_stack(kernels: Iterable[str]) -> int:
    """Bytes below its caller that a network of these kernels takes at most."""
    return AROUND + max(KERNEL_STACKS.get(kernel, max(KERNEL_STACKS.values())) for kernel in kernels)
