"""Shapes decide which kernel computes a layer, and its constants are packed as that kernel reads them."""

from dataclasses import replace

import numpy as np
import pytest

from tinygest.generate.arithmetic import Multiplier
from tinygest.generate.kernel_choice import MAX_WINDOW, choose_kernel
from tinygest.generate.layer import Array, Layer
from tinygest.generate.packing import block_starts, dense_records, plain_scale, plain_scales, relu_scales


def requantise(n: int, shift: int = -7, zero_point: int = 3, minimum: int = -128) -> dict:
    return {
        "multipliers": Array("multipliers", "int32_t", np.full(n, 3 << 29)),
        "shifts": Array("shifts", "int8_t", np.full(n, shift)),
        "per_channel": int(n > 1),
        "zero_point": zero_point,
        "minimum": minimum,
        "maximum": 127,
    }


def dense(n_outputs: int, n_inputs: int, n_rows: int = 1, scales: int = 1, **options) -> Layer:
    weights = np.arange(n_outputs * n_inputs).reshape(n_outputs, n_inputs) % 7 - 3
    fields = {
        "n_rows": n_rows,
        "n_inputs": n_inputs,
        "n_outputs": n_outputs,
        "weights": Array("weights", "int8_t", weights),
        "bias": Array("bias", "int32_t", np.arange(n_outputs)),
        "requantise": requantise(scales, **options),
    }
    return Layer("tg_fully_connected", "FULLY_CONNECTED", (0,), 1, fields)


@pytest.mark.parametrize(
    ("layer", "kernel"),
    [
        (dense(10, 33), "tg_dense"),
        (dense(10, 33, scales=10), "tg_dense_per_channel"),
        (dense(3, 33), "tg_fully_connected"),
        (dense(10, 3), "tg_fully_connected"),
        (dense(10, 33, n_rows=5), "tg_conv_1d"),
        (dense(10, 33, n_rows=5, zero_point=-128), "tg_conv_1d_relu"),
        (dense(10, 33, n_rows=5, zero_point=-128, shift=-24), "tg_conv_1d"),
        (dense(10, MAX_WINDOW + 1, n_rows=5), "tg_fully_connected"),
        (dense(10, 33, shift=0), "tg_fully_connected"),
        (dense(10, 33, minimum=3), "tg_fully_connected"),
    ],
)
def test_choice(layer, kernel):
    chosen = choose_kernel(layer)
    assert chosen.kernel == kernel
    assert (chosen.general is layer) == (kernel != "tg_fully_connected")


def test_sums_that_cannot_be_doubled_stay_with_the_general_kernel():
    layer = dense(10, 33)
    huge = Array("bias", "int32_t", np.full(10, 1 << 30))
    layer = replace(layer, fields={**layer.fields, "bias": huge})
    assert choose_kernel(layer) is layer


@pytest.mark.parametrize("n_inputs", range(4, 14))
@pytest.mark.parametrize(("n_outputs", "n_block"), [(4, 4), (6, 4), (7, 2), (2, 2)])
def test_packed_weights_give_the_same_products(n_inputs, n_outputs, n_block):
    """Read back as the kernels do: groups of four inputs that may overlap, blocks that may overlap."""
    generator = np.random.default_rng(n_inputs)
    weights = generator.integers(-127, 128, (n_outputs, n_inputs))
    inputs = generator.integers(-128, 128, n_inputs)
    packed = dense_records("blocks", weights, np.zeros(n_outputs, np.int64), None, n_block)
    values = {member.name: member.values for member in packed.members}["weights"]
    starts = [0, *range((n_inputs - 1) % 4 + 1, n_inputs - 3, 4)]
    assert packed.starts == block_starts(n_outputs, n_block)
    for block, first in zip(values, packed.starts, strict=True):
        groups = np.stack([inputs[start : start + 4] for start in starts])
        products = np.einsum("gi,goi->o", groups, block)
        np.testing.assert_array_equal(products, (weights @ inputs)[first : first + n_block])


def test_scales():
    assert plain_scale(Multiplier(1 << 30, -1)) == (1 << 30, 0)
    assert plain_scale(Multiplier(0, 0)) == (0, 0)
    np.testing.assert_array_equal(plain_scales([Multiplier(1 << 30, -8)]).values, [[1 << 30, 7]])
    np.testing.assert_array_equal(relu_scales([Multiplier(1 << 30, -8)]).values, [[1 << 30, 8, -255 << 7]])
