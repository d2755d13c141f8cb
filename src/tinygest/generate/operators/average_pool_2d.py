"""AVERAGE_POOL_2D: the mean of what lies under the kernel; padding does not count."""

from __future__ import annotations

from tinygest.generate.layer import Layer
from tinygest.generate.node import Node
from tinygest.generate.pool_2d import pool_2d


def resolve(node: Node) -> Layer:
    return pool_2d(node, "tg_average_pool_2d")
