"""A layer as C will see it: which kernel, which constants. Everything is decided; nothing is text yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy.typing as npt


@dataclass(frozen=True, eq=False)
class Array:
    """A constant array of the generated C. shape: as a person counts it; C sees it flat."""

    name: str
    c_type: str
    values: npt.NDArray[Any]
    note: str = ""

    @property
    def n_bytes(self) -> int:
        return int(self.values.size) * {"int8_t": 1, "int32_t": 4}[self.c_type]


Value = int | Array | Mapping[str, "Value"]
"""A field of the kernel's struct: a number, a pointer to an array, or a struct inside."""


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

    @property
    def activations(self) -> tuple[int, ...]:
        """The inputs that are no constants, by their tensors' indices."""
        return tuple(source for source in self.inputs if isinstance(source, int))

    def arrays(self) -> tuple[Array, ...]:
        """The arrays that the inputs are or the fields point to, in their order."""
        constants = [source for source in self.inputs if isinstance(source, Array)]
        return (*constants, *_arrays_in(self.fields))


@dataclass(frozen=True)
class Alias:
    """The same bytes under another shape: no code."""

    input: int
    output: int


def _arrays_in(fields: Mapping[str, Value]) -> list[Array]:
    found: list[Array] = []
    for value in fields.values():
        if isinstance(value, Array):
            found.append(value)
        elif isinstance(value, Mapping):
            found.extend(_arrays_in(value))
    return found
