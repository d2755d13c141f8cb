"""PAD: a frame of zeros, and with a third input PADV2: of another value."""

from __future__ import annotations

from tinygest.generate.layer import Layer
from tinygest.generate.node import Node

MAX_AXES = 4


def resolve(node: Node) -> Layer:
    input, output = node.input(), node.output()
    rank = len(input.shape)
    tensor = node.constant(1, "int32", "paddings")
    assert tensor.data is not None
    node.require(tensor.shape == (rank, 2), f"its paddings have the shape {list(tensor.shape)}")
    paddings = tensor.data.tolist()
    node.require(rank <= MAX_AXES, f"it pads a tensor of {rank} axes; at most {MAX_AXES} are supported")
    expected = tuple(before + n + after for n, (before, after) in zip(input.shape, paddings, strict=True))
    node.require(
        all(min(pair) >= 0 for pair in paddings) and output.shape == expected,
        f"{list(input.shape)} with paddings {paddings} does not make {list(output.shape)}",
    )
    node.require(
        (input.scale, input.zero_point) == (output.scale, output.zero_point),
        "its input and output have different scales; convert the model again",
    )
    missing = [1] * (MAX_AXES - rank)
    return Layer(
        kernel="tg_pad",
        title=f"{node.operator.name} {paddings}",
        inputs=(input.index,),
        output=output.index,
        fields={
            "input_sizes": [*missing, *input.shape],
            "output_sizes": [*missing, *output.shape],
            "before": [*(0 for _ in missing), *(before for before, _ in paddings)],
            "value": _value(node, output.zero_point),
        },
    )


def _value(node: Node, zero_point: int) -> int:
    if len(node.operator.inputs) < 3:
        return zero_point
    tensor = node.constant(2, "int8", "constants")
    assert tensor.data is not None
    node.require(tensor.n_elements == 1, "it pads with more than one value")
    return int(tensor.data.reshape(-1)[0])
