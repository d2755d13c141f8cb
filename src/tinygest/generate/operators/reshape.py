"""RESHAPE: the bytes stay where they are."""

from __future__ import annotations

from tinygest.generate.layer import Alias
from tinygest.generate.node import Node


def resolve(node: Node) -> Alias:
    input, output = node.input(), node.output()
    node.require(
        input.n_elements == output.n_elements,
        f"shape {list(input.shape)} cannot become {list(output.shape)}",
    )
    node.require(
        (input.scale, input.zero_point) == (output.scale, output.zero_point),
        "its input and output have different scales; convert the model again",
    )
    return Alias(input.index, output.index)
