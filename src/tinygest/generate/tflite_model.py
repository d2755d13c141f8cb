"""Reads a .tflite into plain values, without TensorFlow and without trusting the file.

Everything that leaves this module has been checked: indices exist, shapes are positive and bounded,
constants are as long as their shape says. Damaged or hostile bytes give a GenerateError.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tinygest.core.errors import GenerateError

FILE_IDENTIFIER = b"TFL3"
SCHEMA_VERSION = 3
MAX_FILE_BYTES = 1 << 24
MAX_TENSORS = 1024
MAX_OPERATORS = 1024
MAX_RANK = 8
MAX_OUTPUTS = 64
MAX_NAME = 80
MADE_UP = "StatefulPartitionedCall"
MAX_DIMENSION = 65535  # the kernels count in uint16
MAX_ELEMENTS = 1 << 22  # more than any microcontroller holds; keeps products of sizes in int32
ABSENT = -1  # index of an optional input that is not there

# What flatbuffers and numpy raise when an offset or a length points nowhere.
_BROKEN = (struct.error, ValueError, IndexError, TypeError, AttributeError, OverflowError, KeyError)

_DTYPES: Mapping[str, np.dtype[Any]] = {"int8": np.dtype("<i1"), "int32": np.dtype("<i4")}


@dataclass(frozen=True)
class Quantisation:
    """real = scale * (q - zero_point), for the whole tensor or for each index along `axis`."""

    scales: tuple[float, ...]
    zero_points: tuple[int, ...]
    axis: int


@dataclass(frozen=True, eq=False)
class Tensor:
    """data: the values of a constant of type int8 or int32; None for everything else."""

    index: int
    shape: tuple[int, ...]
    dtype: str
    quantisation: Quantisation | None
    is_constant: bool
    data: npt.NDArray[Any] | None
    name: str = ""
    """As a person may know it, from the layer that made it; empty where the converter made it up."""

    @property
    def n_elements(self) -> int:
        return math.prod(self.shape)


@dataclass(frozen=True, eq=False)
class Operator:
    """One step of the network: tensor indices in and out, ABSENT for an optional input left out."""

    index: int
    name: str
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    table: Any

    def options(self, kind: str, *fields: str) -> dict[str, Any]:
        """The named fields of the operator's options, which must be of the schema's type `kind`."""
        import tflite

        with _reading():
            union = self.table.BuiltinOptions()
            if union is None or self.table.BuiltinOptionsType() != getattr(tflite.BuiltinOptions, kind):
                raise GenerateError(f"operator {self.index}, {self.name}: its options are missing")
            options = getattr(tflite, kind)()
            options.Init(union.Bytes, union.Pos)
            return {field: getattr(options, field)() for field in fields}


@dataclass(frozen=True, eq=False)
class TfliteModel:
    """One subgraph with one input; every index of a tensor exists."""

    tensors: tuple[Tensor, ...]
    operators: tuple[Operator, ...]
    input: int
    outputs: tuple[int, ...]
    output_names: tuple[str, ...]
    """As the file's signature tells them; empty where it does not."""


def read_tflite(data: bytes) -> TfliteModel:
    """Read a .tflite; raises GenerateError for anything that is not a sound one."""
    if data[4:8] != FILE_IDENTIFIER:
        raise GenerateError("this is not a .tflite file: it does not carry the identifier TFL3")
    if len(data) > MAX_FILE_BYTES:
        raise GenerateError(f"a .tflite of {len(data)} bytes is too large for a microcontroller")
    with _reading():
        return _read_model(data)


@contextmanager
def _reading() -> Iterator[None]:
    try:
        yield
    except _BROKEN as error:
        raise GenerateError("the .tflite is damaged or cut short; convert the model again") from error


def _read_model(data: bytes) -> TfliteModel:
    import tflite

    root = tflite.Model.GetRootAsModel(data, 0)
    if root.Version() != SCHEMA_VERSION:
        raise GenerateError(
            f"the .tflite has schema version {root.Version()}, only {SCHEMA_VERSION} is read"
        )
    n_subgraphs = _count(root.SubgraphsLength(), data, "subgraphs")
    if n_subgraphs != 1:
        raise GenerateError(f"the .tflite holds {n_subgraphs} subgraphs; only models of one are supported")
    graph = root.Subgraphs(0)
    tensors = _read_tensors(root, graph, data)
    operators = _read_operators(root, graph, data, len(tensors))
    outputs = _read_outputs(graph, data, len(tensors))
    names = _read_names(root, data)
    return TfliteModel(
        tensors,
        operators,
        _read_input(graph, len(tensors)),
        outputs,
        tuple(names.get(output, "") for output in outputs),
    )


def _count(n: int, data: bytes, what: str, limit: int | None = None) -> int:
    """n, if a vector of n entries of 4 bytes can lie in the file at all."""
    if n * 4 > len(data):
        raise GenerateError(f"the .tflite is damaged: it claims {n} {what}")
    if limit is not None and n > limit:
        raise GenerateError(f"the .tflite holds {n} {what}; at most {limit} are supported")
    return n


def _read_input(graph: Any, n_tensors: int) -> int:
    n = graph.InputsLength()
    if n != 1:
        raise GenerateError(f"the network has {n} inputs; join them to one")
    return _index(graph.Inputs(0), n_tensors)


def _read_outputs(graph: Any, data: bytes, n_tensors: int) -> tuple[int, ...]:
    n = _count(graph.OutputsLength(), data, "outputs", MAX_OUTPUTS)
    if n == 0:
        raise GenerateError("the network has no output")
    return tuple(_index(graph.Outputs(i), n_tensors) for i in range(n))


def _read_names(root: Any, data: bytes) -> dict[int, str]:
    """What the first signature calls its outputs, by tensor."""
    if _count(root.SignatureDefsLength(), data, "signatures") == 0:
        return {}
    signature = root.SignatureDefs(0)
    entries = [signature.Outputs(i) for i in range(_count(signature.OutputsLength(), data, "names"))]
    return {entry.TensorIndex(): (entry.Name() or b"").decode("ascii", "replace") for entry in entries}


def _index(index: int, n_tensors: int) -> int:
    if not 0 <= index < n_tensors:
        raise GenerateError(f"the .tflite is damaged: it names tensor {index} of {n_tensors}")
    return index


def _read_operators(root: Any, graph: Any, data: bytes, n_tensors: int) -> tuple[Operator, ...]:
    n_codes = _count(root.OperatorCodesLength(), data, "operator codes", MAX_OPERATORS)
    names = [_operator_name(root.OperatorCodes(i)) for i in range(n_codes)]
    operators = []
    for i in range(_count(graph.OperatorsLength(), data, "operators", MAX_OPERATORS)):
        table = graph.Operators(i)
        n_inputs = _count(table.InputsLength(), data, "inputs", MAX_TENSORS)
        n_outputs = _count(table.OutputsLength(), data, "outputs", MAX_TENSORS)
        inputs = [table.Inputs(k) for k in range(n_inputs)]
        outputs = [table.Outputs(k) for k in range(n_outputs)]
        for index in (*(k for k in inputs if k != ABSENT), *outputs):
            _index(index, n_tensors)
        operators.append(Operator(i, names[table.OpcodeIndex()], tuple(inputs), tuple(outputs), table))
    return tuple(operators)


def _operator_name(code: Any) -> str:
    """The schema's name of an operator; old files use the narrow field, new ones the wide one."""
    from tflite.utils import BUILTIN_OPCODE2NAME

    number = max(code.BuiltinCode(), code.DeprecatedBuiltinCode())
    name: str = BUILTIN_OPCODE2NAME.get(number, f"number {number}")
    if name == "CUSTOM":
        custom = (code.CustomCode() or b"").decode("ascii", "replace")
        return f"CUSTOM {custom[:40]!r}"
    return name


def _read_tensors(root: Any, graph: Any, data: bytes) -> tuple[Tensor, ...]:
    n_buffers = _count(root.BuffersLength(), data, "buffers")
    tensors = []
    for i in range(_count(graph.TensorsLength(), data, "tensors", MAX_TENSORS)):
        table = graph.Tensors(i)
        if not 0 <= table.Buffer() < n_buffers:
            raise GenerateError(f"the .tflite is damaged: tensor {i} names buffer {table.Buffer()}")
        tensors.append(_read_tensor(i, table, root.Buffers(table.Buffer()), data))
    return tuple(tensors)


def _read_tensor(index: int, table: Any, buffer: Any, data: bytes) -> Tensor:
    if table.Sparsity() is not None or table.IsVariable():
        raise GenerateError(f"tensor {index} is sparse or variable, which is not supported")
    if buffer.Offset() > 1:
        raise GenerateError("the .tflite keeps its weights outside of the model table; convert it again")
    shape = _read_shape(index, table, data)
    dtype = _dtype_name(table.Type())
    is_constant = buffer.DataLength() > 0
    values = None
    if is_constant and dtype in _DTYPES:
        values = np.frombuffer(buffer.DataAsNumpy().tobytes(), _DTYPES[dtype])
        if values.size != math.prod(shape):
            raise GenerateError(
                f"tensor {index} has shape {list(shape)} but {values.size} values; the .tflite is damaged"
            )
        values = values.reshape(shape)
    return Tensor(
        index, shape, dtype, _read_quantisation(table, data), is_constant, values, _read_name(table)
    )


def _read_name(table: Any) -> str:
    """The first of the names that the converter joined."""
    name: str = (table.Name() or b"")[:MAX_NAME].split(b";")[0].decode("ascii", "replace")
    return "" if name.startswith(MADE_UP) else name


def _read_shape(index: int, table: Any, data: bytes) -> tuple[int, ...]:
    n_axes = _count(table.ShapeLength(), data, "axes", MAX_RANK)
    shape = tuple(table.Shape(axis) for axis in range(n_axes))
    n_signed = _count(table.ShapeSignatureLength(), data, "axes", MAX_RANK)
    signature = [table.ShapeSignature(i) for i in range(n_signed)]
    if any(size < 1 for size in (*shape, *signature)):
        raise GenerateError(
            f"tensor {index} has the shape {signature or list(shape)}, which is not fixed; convert the "
            "model with a batch size of 1 and fixed input sizes"
        )
    if max(shape, default=1) > MAX_DIMENSION or math.prod(shape) > MAX_ELEMENTS:
        raise GenerateError(f"tensor {index} of shape {list(shape)} is too large for a microcontroller")
    return shape


def _dtype_name(number: int) -> str:
    import tflite

    for name, value in vars(tflite.TensorType).items():
        if value == number and not name.startswith("_"):
            return str(name).lower()
    return f"type number {number}"


def _read_quantisation(table: Any, data: bytes) -> Quantisation | None:
    found = table.Quantization()
    if found is None or found.ScaleLength() == 0:
        return None
    n = _count(found.ScaleLength(), data, "scales", MAX_DIMENSION)
    if found.ZeroPointLength() != n:
        raise GenerateError(f"the .tflite is damaged: {n} scales, {found.ZeroPointLength()} zero points")
    return Quantisation(
        tuple(float(scale) for scale in found.ScaleAsNumpy()),
        tuple(int(point) for point in found.ZeroPointAsNumpy()),
        found.QuantizedDimension(),
    )
