"""Geometry of a kernel that sweeps over an image: what convolution and pooling share."""

from __future__ import annotations

from tinygest.generate.layer import Value
from tinygest.generate.node import PADDINGS, Activation, Node
from tinygest.generate.tflite_model import MAX_DIMENSION

OPTIONS = ("Padding", "StrideH", "StrideW")


def sweep_fields(
    node: Node,
    input: Activation,
    output: Activation,
    kernel: tuple[int, int],
    options: dict[str, int],
    *,
    dilation: tuple[int, int] = (1, 1),
) -> dict[str, Value]:
    """The fields of tg_sweep_t. input, output: [1, height, width, channels]; kernel: (height, width)."""
    node.require(options["Padding"] in PADDINGS, f"padding number {options['Padding']} is not supported")
    padding = PADDINGS[options["Padding"]]
    strides = (options["StrideH"], options["StrideW"])
    node.require(all(1 <= n <= MAX_DIMENSION for n in (*kernel, *dilation)), "its kernel is too large")
    reach = [(kernel[i] - 1) * dilation[i] + 1 for i in (0, 1)]
    pads = [
        _pad_before(node, (input.shape[i + 1], output.shape[i + 1]), (reach[i], strides[i]), padding)
        for i in (0, 1)
    ]
    return {
        "input_height": input.shape[1],
        "input_width": input.shape[2],
        "output_height": output.shape[1],
        "output_width": output.shape[2],
        "kernel_height": kernel[0],
        "kernel_width": kernel[1],
        "stride_height": strides[0],
        "stride_width": strides[1],
        "pad_top": pads[0],
        "pad_left": pads[1],
    }


def _pad_before(node: Node, sizes: tuple[int, int], kernel_stride: tuple[int, int], padding: str) -> int:
    """Padding before the first point of one axis, as TensorFlow defines it: an odd half comes last.

    sizes: points in and out, which are checked against each other; kernel: as far as it reaches, dilated.
    """
    (n_in, n_out), (kernel, stride) = sizes, kernel_stride
    node.require(
        1 <= stride <= MAX_DIMENSION and kernel <= MAX_DIMENSION, f"kernel {kernel} with stride {stride}"
    )
    expected = -(-n_in // stride) if padding == "SAME" else -(-(n_in - kernel + 1) // stride)
    node.require(
        n_out == expected,
        f"{n_in} points, kernel {kernel}, stride {stride}, {padding} give {max(expected, 0)}, not {n_out}",
    )
    return max(0, (n_out - 1) * stride + kernel - n_in) // 2


def describe(sweep: dict[str, Value], options: dict[str, int]) -> str:
    """`1x5 kernel, stride 1x2, SAME`, for comments."""
    return (
        f"{sweep['kernel_height']}x{sweep['kernel_width']} kernel, stride "
        f"{sweep['stride_height']}x{sweep['stride_width']}, {PADDINGS[options['Padding']]}"
    )
