"""RELU_N1_TO_1 that no layer before it took in: x between -1 and 1, with the output's scale."""

from __future__ import annotations

from tinygest.generate.layer import Layer
from tinygest.generate.node import Node
from tinygest.generate.rectify import rectify


def resolve(node: Node) -> Layer:
    return rectify(node, "RELU_N1_TO_1")
