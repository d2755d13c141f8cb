"""RELU6 that no layer before it took in: x between 0 and 6."""

from __future__ import annotations

from tinygest.generate.layer import Layer
from tinygest.generate.node import Node
from tinygest.generate.rectify import rectify


def resolve(node: Node) -> Layer:
    input, output = node.input(), node.output()
    node.require(
        (input.scale, input.zero_point) == (output.scale, output.zero_point),
        "its input and output have different scales, which TensorFlow Lite Micro would ignore; make it the "
        "activation of the layer before it",
    )
    return rectify(node, "RELU6")
