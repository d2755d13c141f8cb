"""What MEAN and REDUCE_MAX share: the axes that go away, which must be neighbours."""

from __future__ import annotations

import math
from dataclasses import dataclass

from tinygest.generate.node import Activation, Node
from tinygest.generate.tflite_model import MAX_DIMENSION


@dataclass(frozen=True, eq=False)
class Reduction:
    """The input as [n_outer, n_reduced, n_inner], of which the middle goes away."""

    input: Activation
    output: Activation
    n_outer: int
    n_reduced: int
    n_inner: int


def read_reduction(node: Node) -> Reduction:
    """Raises GenerateError unless the output's shape is what the options say."""
    input, output = node.input(), node.output()
    axes = _axes(node, len(input.shape))
    kept = tuple(1 if i in axes else n for i, n in enumerate(input.shape))
    dropped = tuple(n for i, n in enumerate(input.shape) if i not in axes)
    keep_dims = node.options("ReducerOptions", "KeepDims")["KeepDims"]
    expected = kept if keep_dims else dropped
    node.require(
        output.shape == expected, f"its output is {list(output.shape)}, its options say {list(expected)}"
    )
    return Reduction(input, output, *_split(node, input.shape, axes))


def _axes(node: Node, rank: int) -> frozenset[int]:
    tensor = node.constant(1, "int32", "axes")
    assert tensor.data is not None
    axes = [int(axis) for axis in tensor.data.reshape(-1)]
    node.require(all(-rank <= axis < rank for axis in axes), f"axes {axes} do not exist in {rank} axes")
    return frozenset(axis % rank for axis in axes)


def _split(node: Node, shape: tuple[int, ...], axes: frozenset[int]) -> tuple[int, int, int]:
    """Sizes (before, averaged, behind); axes of size 1 may stand anywhere."""
    real = [i for i in sorted(axes) if shape[i] > 1]
    first, last = (real[0], real[-1] + 1) if real else (0, 0)
    node.require(
        all(i in axes or shape[i] == 1 for i in range(first, last)),
        f"axes {sorted(axes)} of shape {list(shape)} are not neighbours",
    )
    sizes = math.prod(shape[:first]), math.prod(shape[first:last]), math.prod(shape[last:])
    node.require(max(sizes) <= MAX_DIMENSION, f"shape {list(shape)} is too large")
    return sizes
