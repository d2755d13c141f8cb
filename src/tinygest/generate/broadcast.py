"""Operators of two inputs, of which one may be a constant, or smaller and repeated."""

from __future__ import annotations

import math
from dataclasses import dataclass

from tinygest.generate.layer import Array, Value
from tinygest.generate.node import Activation, Node

MAX_AXES = 4


@dataclass(frozen=True, eq=False)
class Operand:
    """An input with its values, if it is a constant."""

    tensor: Activation
    source: int | Array


@dataclass(frozen=True, eq=False)
class Pair:
    """over: the fields of tg_broadcast_t. in_place: positions of inputs of the output's shape."""

    a: Operand
    b: Operand
    output: Activation
    over: dict[str, Value]
    in_place: tuple[int, ...]
    shapes: str
    """For a title; empty where all have one shape."""


def read_pair(node: Node) -> Pair:
    """The operator's two inputs and its output; raises GenerateError unless their shapes fit."""
    node.require(len(node.operator.inputs) == 2, "it must have two inputs")
    a, b = _operand(node, 0, "a"), _operand(node, 1, "b")
    node.require(isinstance(a.source, int) or isinstance(b.source, int), "both of its inputs are constants")
    output = node.output()
    shapes = [_padded(tensor.shape, len(output.shape)) for tensor in (a.tensor, b.tensor)]
    sizes = output.shape
    node.require(
        all(len(shape) == len(sizes) for shape in shapes)
        and all({n, m} in ({size}, {1, size}) for n, m, size in zip(*shapes, sizes, strict=True)),
        f"inputs of shapes {list(a.tensor.shape)} and {list(b.tensor.shape)} do not make {list(sizes)}",
    )
    fits = [
        i
        for i, operand in enumerate((a, b))
        if isinstance(operand.source, int) and operand.tensor.n_elements == output.n_elements
    ]
    is_plain = a.tensor.n_elements == b.tensor.n_elements
    told = "" if is_plain else f", {list(a.tensor.shape)} and {list(b.tensor.shape)}"
    return Pair(a, b, output, _over(node, sizes, shapes), tuple(fits), told)


def _operand(node: Node, position: int, name: str) -> Operand:
    tensor, values = node.operand(position)
    source = tensor.index if values is None else Array(name, "int8_t", values)
    return Operand(tensor, source)


def _padded(shape: tuple[int, ...], rank: int) -> tuple[int, ...]:
    return (1,) * (rank - len(shape)) + shape


def _over(node: Node, sizes: tuple[int, ...], shapes: list[tuple[int, ...]]) -> dict[str, Value]:
    """Neighbouring axes that both inputs walk over alike become one."""
    merged: list[tuple[int, tuple[bool, bool]]] = []
    for axis, size in enumerate(sizes):
        moves = (shapes[0][axis] > 1, shapes[1][axis] > 1)
        if size == 1:
            continue
        if merged and merged[-1][1] == moves:
            merged[-1] = (merged[-1][0] * size, moves)
        else:
            merged.append((size, moves))
    node.require(len(merged) <= MAX_AXES, "its inputs repeat along too many axes")
    merged = [(1, (False, False))] * (MAX_AXES - len(merged)) + merged
    return {
        "sizes": [size for size, _ in merged],
        "a_steps": _steps([size if moves[0] else 1 for size, moves in merged]),
        "b_steps": _steps([size if moves[1] else 1 for size, moves in merged]),
    }


def _steps(sizes: list[int]) -> list[int]:
    """How far apart neighbours lie; 0 along an axis of one."""
    return [math.prod(sizes[i + 1 :]) if size > 1 else 0 for i, size in enumerate(sizes)]
