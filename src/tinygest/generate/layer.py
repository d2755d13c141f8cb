"""A layer as C will see it: which kernel, which constants. Everything is decided; nothing is text yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy.typing as npt

VALUES = {"tg_scale_t": 2, "tg_relu_scale_t": 3}  # in structs of int32
_BYTES = {
    "int8_t": 1,
    "int16_t": 2,
    "uint16_t": 2,
    "int32_t": 4,
    "tg_scale_t": 4,
    "tg_relu_scale_t": 4,
}  # a value


@dataclass(frozen=True, eq=False)
class Array:
    """A constant array of the generated C. shape: as a person counts it; C sees it flat."""

    name: str
    c_type: str
    values: npt.NDArray[Any]
    note: str = ""

    @property
    def n_bytes(self) -> int:
        return int(self.values.size) * _BYTES[self.c_type]

    @property
    def content(self) -> tuple[str, bytes]:
        """Equal for arrays that C can share."""
        return self.c_type, self.values.astype("<i8").tobytes()


@dataclass(frozen=True)
class Member:
    """An array inside a record. values: (n_records, ...), flat in C; note: what they are."""

    name: str
    c_type: str
    values: npt.NDArray[Any]
    note: str


@dataclass(frozen=True, eq=False)
class Records:
    """A constant array of structs, in which a kernel finds everything in the order in which it reads.

    starts: of each record the first channel that it is for.
    """

    name: str
    members: tuple[Member, ...]
    starts: tuple[int, ...]

    @property
    def n_bytes(self) -> int:
        return sum(int(member.values.size) * _BYTES[member.c_type] for member in self.members)


Constant = Array | Records
Value = int | list[int] | Constant | Mapping[str, "Value"]
"""A field of the kernel's struct: a number or some, a pointer to constants, or a struct inside."""


@dataclass(frozen=True, eq=False)
class Layer:
    """One call of a kernel: `kernel(&constants, inputs..., output)`, constants of type `<kernel>_t`.

    An input is an activation, by its tensor's index, or a constant array. A layer with scratch_bytes is
    given that much of the arena, aligned to 4 bytes, as its last argument.
    """

    kernel: str
    title: str
    inputs: tuple[int | Array, ...]
    output: int
    fields: Mapping[str, Value]
    n_macs: int = 0
    scratch_bytes: int = 0
    in_place: tuple[int, ...] = ()
    """Positions of inputs over which the kernel may write its output, from their first byte on."""
    general: Layer | None = None
    """The same for the kernel that takes every shape, where another one was chosen."""

    @property
    def activations(self) -> tuple[int, ...]:
        """The inputs that are no constants, by their tensors' indices."""
        return tuple(source for source in self.inputs if isinstance(source, int))

    def arrays(self) -> tuple[Constant, ...]:
        """The constants that the inputs are or the fields point to, in their order."""
        constants = [source for source in self.inputs if isinstance(source, Array)]
        return (*constants, *_arrays_in(self.fields))


@dataclass(frozen=True)
class Alias:
    """The same bytes under another shape: no code."""

    input: int
    output: int


def _arrays_in(fields: Mapping[str, Value]) -> list[Constant]:
    found: list[Constant] = []
    for value in fields.values():
        if isinstance(value, Array | Records):
            found.append(value)
        elif isinstance(value, Mapping):
            found.extend(_arrays_in(value))
    return found
