"""Writes .tflite files operator by operator, without TensorFlow: any graph, any scale, in a millisecond."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import flatbuffers
import numpy as np
import tflite as schema

TYPES = {
    np.dtype(np.int8): schema.TensorType.INT8,
    np.dtype(np.uint8): schema.TensorType.UINT8,
    np.dtype(np.int32): schema.TensorType.INT32,
    np.dtype(np.int16): schema.TensorType.INT16,
    np.dtype(np.float32): schema.TensorType.FLOAT32,
}


@dataclass(frozen=True, eq=False)
class Tensor:
    shape: tuple[int, ...]
    dtype: Any = np.int8
    scales: tuple[float, ...] = ()
    zero_point: int = 0
    axis: int = 0
    values: np.ndarray | None = None


@dataclass(frozen=True, eq=False)
class Operator:
    name: str
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    kind: str = ""
    options: dict[str, Any] = field(default_factory=dict)


class Graph:
    """Tensors and operators by number, then `build`."""

    def __init__(self) -> None:
        self.tensors: list[Tensor] = []
        self.operators: list[Operator] = []

    def activation(self, shape: tuple[int, ...], scale: float, zero_point: int = 0) -> int:
        self.tensors.append(Tensor(tuple(shape), np.int8, (scale,), zero_point))
        return len(self.tensors) - 1

    def plain(self, shape: tuple[int, ...], dtype: Any) -> int:
        """An activation that is not quantised."""
        self.tensors.append(Tensor(tuple(shape), dtype))
        return len(self.tensors) - 1

    def constant(
        self, values: Any, scales: tuple[float, ...] = (), zero_point: int = 0, axis: int = 0
    ) -> int:
        values = np.asarray(values)
        self.tensors.append(Tensor(values.shape, values.dtype, scales, zero_point, axis, values))
        return len(self.tensors) - 1

    def add(self, name: str, inputs: tuple[int, ...], output: int, kind: str = "", **options: Any) -> int:
        """kind: the type of options without `Options`; options: its fields as the schema spells them."""
        self.operators.append(Operator(name, tuple(inputs), (output,), kind, options))
        return output

    def shape(self, tensor: int) -> tuple[int, ...]:
        return self.tensors[tensor].shape

    def scale(self, tensor: int) -> float:
        return self.tensors[tensor].scales[0]

    def build(self, input: int, *outputs: int) -> bytes:
        return _Writer(self).write(input, outputs)


class _Writer:
    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.to = flatbuffers.Builder(4096)

    def write(self, input: int, outputs: tuple[int, ...]) -> bytes:
        buffers = [self.buffer(None), *(self.buffer(tensor.values) for tensor in self.graph.tensors)]
        tensors = [self.tensor(i, tensor) for i, tensor in enumerate(self.graph.tensors)]
        names = sorted({operator.name for operator in self.graph.operators})
        operators = [self.operator(operator, names) for operator in self.graph.operators]
        subgraph = self.table(
            "SubGraph",
            Tensors=self.tables(tensors),
            Inputs=self.to.CreateNumpyVector(np.array([input], np.int32)),
            Outputs=self.to.CreateNumpyVector(np.array(outputs, np.int32)),
            Operators=self.tables(operators),
        )
        model = self.table(
            "Model",
            Version=3,
            OperatorCodes=self.tables([self.code(name) for name in names]),
            Subgraphs=self.tables([subgraph]),
            Buffers=self.tables(buffers),
        )
        self.to.Finish(model, b"TFL3")
        return bytes(self.to.Output())

    def table(self, name: str, **fields: Any) -> int:
        getattr(schema, f"{name}Start")(self.to)
        for key, value in fields.items():
            if value is not None:
                getattr(schema, f"{name}Add{key}")(self.to, value)
        return getattr(schema, f"{name}End")(self.to)

    def tables(self, offsets: list[int]) -> int:
        self.to.StartVector(4, len(offsets), 4)
        for offset in reversed(offsets):
            self.to.PrependUOffsetTRelative(offset)
        return self.to.EndVector()

    def buffer(self, values: np.ndarray | None) -> int:
        if values is None:
            return self.table("Buffer")
        raw = np.frombuffer(np.ascontiguousarray(values).tobytes(), np.uint8)
        self.to.StartVector(1, len(raw), 16)  # constants are read in place, as words
        self.to.head -= len(raw)
        self.to.Bytes[self.to.head : self.to.head + len(raw)] = raw.tobytes()
        return self.table("Buffer", Data=self.to.EndVector())

    def tensor(self, index: int, tensor: Tensor) -> int:
        quantisation = None
        if tensor.scales:
            n = len(tensor.scales)
            quantisation = self.table(
                "QuantizationParameters",
                Scale=self.to.CreateNumpyVector(np.array(tensor.scales, np.float32)),
                ZeroPoint=self.to.CreateNumpyVector(np.full(n, tensor.zero_point, np.int64)),
                QuantizedDimension=tensor.axis,
            )
        return self.table(
            "Tensor",
            Shape=self.to.CreateNumpyVector(np.array(tensor.shape, np.int32)),
            Type=TYPES[np.dtype(tensor.dtype)],
            Buffer=0 if tensor.values is None else index + 1,
            Name=self.to.CreateString(f"tensor_{index}"),
            Quantization=quantisation,
        )

    def operator(self, operator: Operator, names: list[str]) -> int:
        lists = {
            key: self.to.CreateNumpyVector(np.array(value, np.int32))
            for key, value in operator.options.items()
            if isinstance(value, (tuple, list))
        }
        options = (
            self.table(f"{operator.kind}Options", **operator.options | lists) if operator.kind else None
        )
        return self.table(
            "Operator",
            OpcodeIndex=names.index(operator.name),
            Inputs=self.to.CreateNumpyVector(np.array(operator.inputs, np.int32)),
            Outputs=self.to.CreateNumpyVector(np.array(operator.outputs, np.int32)),
            BuiltinOptions=options,
            BuiltinOptionsType=getattr(schema.BuiltinOptions, f"{operator.kind}Options")
            if operator.kind
            else 0,
        )

    def code(self, name: str) -> int:
        number = getattr(schema.BuiltinOperator, name)
        return self.table(
            "OperatorCode", DeprecatedBuiltinCode=min(number, 127), BuiltinCode=number, Version=1
        )
