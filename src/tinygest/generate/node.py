"""One operator with its tensors, and the checks that all operators share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tinygest.core.errors import GenerateError
from tinygest.generate.arithmetic import (
    Multiplier,
    activation_range,
    quantise_multiplier,
    require_sum_fits,
)
from tinygest.generate.layer import Array, Value
from tinygest.generate.tflite_model import ABSENT, Operator, Tensor, TfliteModel

# schema.fbs: enum ActivationFunctionType, enum Padding
ACTIVATIONS = {0: "NONE", 1: "RELU", 2: "RELU_N1_TO_1", 3: "RELU6"}
PADDINGS = {0: "SAME", 1: "VALID"}


@dataclass(frozen=True, eq=False)
class Activation:
    """A tensor that is computed at run time: int8, one scale, one zero point."""

    index: int
    shape: tuple[int, ...]
    scale: float
    zero_point: int
    name: str = ""

    @property
    def n_elements(self) -> int:
        return int(np.prod(self.shape, dtype=np.int64))


@dataclass(frozen=True, eq=False)
class Node:
    """What an operator's `resolve` works with."""

    operator: Operator
    model: TfliteModel

    def error(self, problem: str) -> GenerateError:
        return GenerateError(f"operator {self.operator.index}, {self.operator.name}: {problem}")

    def require(self, condition: bool, problem: str) -> None:
        if not condition:
            raise self.error(problem)

    def options(self, kind: str, *fields: str) -> dict[str, Any]:
        return self.operator.options(kind, *fields)

    def input(self, rank: int | None = None) -> Activation:
        """The first input, an activation; with `rank`, of so many axes."""
        self.require(len(self.operator.inputs) >= 1, "it has no input")
        return self._activation(self.operator.inputs[0], rank)

    def operand(self, position: int) -> tuple[Activation, npt.NDArray[np.int64] | None]:
        """An input that may be a constant: then with its int8 values."""
        index = self.operator.inputs[position]
        self.require(index != ABSENT, "an input is missing")
        tensor = self.model.tensors[index]
        if not tensor.is_constant:
            return self._activation(index, None), None
        found = read_activation(tensor, f"operator {self.operator.index}, {self.operator.name}")
        assert tensor.data is not None
        return found, tensor.data.astype(np.int64)

    def output(self, rank: int | None = None) -> Activation:
        self.require(len(self.operator.outputs) == 1, "it must have one output")
        return self._activation(self.operator.outputs[0], rank)

    def _activation(self, index: int, rank: int | None) -> Activation:
        self.require(index != ABSENT, "its input is missing")
        tensor = self.model.tensors[index]
        self.require(not tensor.is_constant, "its input is a constant")
        activation = read_activation(tensor, f"operator {self.operator.index}, {self.operator.name}")
        if rank is not None:
            self.require(
                len(tensor.shape) == rank and tensor.shape[0] == 1,
                f"shape {list(tensor.shape)} is not of the form [1{', n' * (rank - 1)}]",
            )
        return activation

    def constant(self, position: int, dtype: str, what: str) -> Tensor:
        """Input `position` as a constant of type int8 or int32, with its values."""
        index = self.operator.inputs[position] if position < len(self.operator.inputs) else ABSENT
        self.require(index != ABSENT, f"its {what} are missing")
        tensor = self.model.tensors[index]
        self.require(
            tensor.dtype == dtype,
            f"its {what} are {tensor.dtype}, not {dtype}; convert with full-integer int8 quantisation",
        )
        self.require(tensor.data is not None, f"its {what} are not constant")
        return tensor

    def bias(self, position: int, n: int) -> npt.NDArray[np.int64]:
        """(n,) int32 values of the optional bias; zeros where there is none."""
        inputs = self.operator.inputs
        if position >= len(inputs) or inputs[position] == ABSENT:
            return np.zeros(n, np.int64)
        tensor = self.constant(position, "int32", "biases")
        assert tensor.data is not None
        self.require(tensor.n_elements == n, f"{tensor.n_elements} biases for {n} outputs")
        return tensor.data.reshape(n).astype(np.int64)

    def weights(self, axis: int, rank: int) -> tuple[npt.NDArray[np.int64], tuple[float, ...]]:
        """(values, scales): one scale, or one for each index along `axis`."""
        tensor = self.constant(1, "int8", "weights")
        assert tensor.data is not None
        self.require(
            len(tensor.shape) == rank, f"weights of shape {list(tensor.shape)} have not {rank} axes"
        )
        found = tensor.quantisation
        if found is None:
            raise self.error("its weights are not quantised")
        self.require(
            not any(found.zero_points), "its weights have a zero point, which int8 weights may not"
        )
        if len(found.scales) > 1:
            self.require(
                found.axis == axis and len(found.scales) == tensor.shape[axis],
                f"{len(found.scales)} scales along axis {found.axis} do not fit weights of shape "
                f"{list(tensor.shape)}",
            )
        return tensor.data.astype(np.int64), found.scales

    def activation_name(self, options: Mapping[str, Any]) -> str:
        """The fused activation that an operator's options name."""
        number = options["FusedActivationFunction"]
        self.require(number in ACTIVATIONS, f"fused activation number {number} is not supported")
        return ACTIVATIONS[number]


def read_activation(tensor: Tensor, where: str) -> Activation:
    """The tensor as an int8 activation; raises GenerateError if it is anything else."""
    if tensor.dtype != "int8":
        raise GenerateError(
            f"{where}: its data are {tensor.dtype}, not int8; convert with full-integer quantisation, int8 "
            "input and int8 output"
        )
    found = tensor.quantisation
    if found is None or len(found.scales) != 1:
        raise GenerateError(
            f"{where}: its data have no single scale; convert with full-integer quantisation"
        )
    scale, zero_point = found.scales[0], found.zero_points[0]
    if not (0.0 < scale < float("inf") and -128 <= zero_point <= 127):
        raise GenerateError(f"{where}: scale {scale} and zero point {zero_point} make no sense for int8")
    return Activation(tensor.index, tensor.shape, scale, zero_point, tensor.name)


def requantise_fields(
    node: Node, multipliers: list[Multiplier], output: Activation, activation: str
) -> Mapping[str, Value]:
    """The fields of tg_requantise_t; one multiplier, or one per output channel."""
    return {
        "multipliers": Array("multipliers", "int32_t", np.array([m.value for m in multipliers], np.int64)),
        "shifts": Array("shifts", "int8_t", np.array([m.shift for m in multipliers], np.int64)),
        "per_channel": int(len(multipliers) > 1),
        **clamp_fields(node, output, activation),
    }


def clamp_fields(node: Node, output: Activation, activation: str) -> dict[str, Value]:
    """Where a scaled value lands in int8: zero point, and the range of the activation."""
    minimum, maximum = activation_range(activation, output.scale, output.zero_point)
    node.require(minimum <= maximum, f"the range of {activation} is empty at scale {output.scale}")
    return {"zero_point": output.zero_point, "minimum": minimum, "maximum": maximum}


def convolution_multipliers(
    node: Node, input: Activation, scales: tuple[float, ...], output: Activation
) -> list[Multiplier]:
    """Input scale times weight scale over output scale, in double precision, per channel."""
    node.require(all(0.0 <= scale < float("inf") for scale in scales), "a weight scale is not a number")
    return [quantise_multiplier(input.scale * scale / output.scale) for scale in scales]


def require_sums_fit(
    node: Node,
    weights: npt.NDArray[np.int64],
    bias: npt.NDArray[np.int64],
    largest_input: int,
    multipliers: list[Multiplier],
) -> None:
    """Prove that no sum leaves 32 bits. weights: (n_outputs, n); |input| <= largest_input."""
    largest = np.abs(bias) + np.abs(weights).sum(axis=1) * largest_input
    per_output = multipliers if len(multipliers) > 1 else multipliers * len(largest)
    for sum_, multiplier in zip(largest.tolist(), per_output, strict=True):
        require_sum_fits(sum_, multiplier, f"operator {node.operator.index}, {node.operator.name}")
