"""CONCATENATION along any axis: each input is copied to its place by a call of its own."""

from __future__ import annotations

import math

from tinygest.generate.layer import Array, Layer
from tinygest.generate.node import Activation, Node


def resolve(node: Node) -> tuple[Layer, ...]:
    options = node.options("ConcatenationOptions", "Axis", "FusedActivationFunction")
    node.require(
        node.activation_name(options) == "NONE", "it has an activation; make that a layer of its own"
    )
    output = node.output()
    rank = len(output.shape)
    axis = options["Axis"]
    node.require(-rank <= axis < rank, f"axis {axis} does not exist in {rank} axes")
    axis %= rank
    operands = [node.operand(i) for i in range(len(node.operator.inputs))]
    tensors = [tensor for tensor, _ in operands]
    _require_fit(node, tensors, output, axis)

    n_rows = math.prod(output.shape[:axis])
    row = output.n_elements // n_rows
    layers: list[Layer] = []
    start = 0
    for number, (tensor, values) in enumerate(operands):
        n_bytes = tensor.n_elements // n_rows
        source = tensor.index if values is None else Array("input", "int8_t", values)
        layers.append(
            Layer(
                kernel="tg_concatenate",
                title=f"CONCATENATION along axis {axis}, part {number + 1} of {len(operands)}",
                inputs=(source,),
                output=output.index,
                fields={"n_rows": n_rows, "n_bytes": n_bytes, "row": row, "start": start},
            )
        )
        start += n_bytes
    return tuple(layers)


def _require_fit(node: Node, inputs: list[Activation], output: Activation, axis: int) -> None:
    def other(tensor: Activation) -> tuple[int, ...]:
        return tensor.shape[:axis] + tensor.shape[axis + 1 :]

    shapes = ", ".join(str(list(tensor.shape)) for tensor in inputs)
    node.require(
        all(len(t.shape) == len(output.shape) and other(t) == other(output) for t in inputs)
        and sum(t.shape[axis] for t in inputs) == output.shape[axis],
        f"inputs of shapes {shapes} do not make {list(output.shape)}",
    )
    node.require(
        all((t.scale, t.zero_point) == (output.scale, output.zero_point) for t in inputs),
        "its inputs and output have different scales; convert the model again",
    )
