"""ADD of two tensors, or of a tensor and a constant."""

from __future__ import annotations

from tinygest.generate.layer import Layer
from tinygest.generate.node import Node
from tinygest.generate.sums import sum_layer


def resolve(node: Node) -> Layer:
    return sum_layer(node, "AddOptions")
