"""A resolved network as the values that its C templates print."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from tinygest.core.names import macro_name
from tinygest.generate.layer import VALUES, Array, Constant, Member, Records, Value
from tinygest.generate.memory_plan import MemoryPlan
from tinygest.generate.network import Network, Step
from tinygest.generate.node import Activation
from tinygest.generate.placement import Place
from tinygest.generate.render import c_float, c_integer, c_rows, c_structs


def network_values(network: Network, name: str) -> dict[str, Any]:
    """What tg_NAME_network.[ch].j2 print."""
    return {
        "name": name,
        "macro": f"TG_{name.upper()}",
        "sha256": network.tflite_sha256,
        "input": _tensor(network.input),
        **_outputs(network, name),
        "arena_bytes": network.arena_bytes,
        "arena_note": _arena_note(network.plan),
        "input_offset": network.input_offset,
        "output_offset": network.output_offset,
        "n_macs": network.n_macs,
        "constant_bytes": network.constant_bytes,
        "stack_bytes": network.stack_bytes,
        "headers": sorted({f"{step.layer.kernel}.h" for step in network.steps}),
        "layers": _layers(network),
        "uses_arena": any(_uses_arena(step) for step in network.steps),
    }


def _tensor(tensor: Activation) -> dict[str, Any]:
    return {
        "shape": _shape(tensor),
        "n": tensor.n_elements,
        "scale": c_float(tensor.scale),
        "zero_point": tensor.zero_point,
    }


def _shape(tensor: Activation) -> str:
    return "[" + ", ".join(map(str, tensor.shape)) + "]"


def _real(tensor: Activation) -> str:
    """The real value of q."""
    sign = "-" if tensor.zero_point > 0 else "+"
    return f"{tensor.scale:.6g} (q {sign} {abs(tensor.zero_point)})"


def _outputs(network: Network, name: str) -> dict[str, Any]:
    """How the outputs are passed: one as an array, several as a struct of arrays."""
    pointers = _output_pointers(network).values()
    outputs = [
        {**_tensor(tensor), "field": field, "macro": _output_macro(field), "pointer": pointer}
        for tensor, field, pointer in zip(network.outputs, network.output_names, pointers, strict=True)
    ]
    one = len(outputs) == 1
    type_ = "int8_t" if one else f"tg_{name}_outputs_t"
    return {
        "outputs": outputs,
        "n_outputs": network.n_outputs,
        "output_type": type_,
        "output_name": "output" if one else "outputs",
        "output_declaration": f"int8_t output[TG_{name.upper()}_N_OUTPUTS]" if one else f"{type_} output",
        "output_pointer": "output" if one else "&output",
    }


def _arena_note(plan: MemoryPlan) -> str:
    if plan.arena_bytes == plan.bound:
        return "So much is in use at one time: no plan needs less."
    if plan.is_least:
        return f"{plan.bound} bytes are in use at one time; every plan was tried and needs more."
    return f"{plan.bound} bytes are in use at one time; a smaller plan was looked for and not found."


def _output_macro(field: str) -> str:
    macro = macro_name(field)
    return macro if macro.startswith("OUTPUT") else f"OUTPUT_{macro}"


def _output_pointers(network: Network) -> dict[int, str]:
    """The C expression for each output, by where it begins in the block of all outputs."""
    if len(network.outputs) == 1:
        return {0: "output"}
    sizes = [0, *(output.n_elements for output in network.outputs)]
    starts = accumulate(sizes[:-1])
    return {start: f"outputs->{field}" for start, field in zip(starts, network.output_names, strict=True)}


@dataclass(frozen=True)
class _Names:
    """Of one layer: its symbol, and how it names constants and outputs."""

    symbol: str
    constants: Mapping[int, str]
    """By the id of an Array that an earlier layer or array has too: the symbol of that one."""
    outputs: Mapping[int, str]

    def constant(self, constant: Constant) -> str:
        return self.constants.get(id(constant), f"{self.symbol}_{constant.name}")


def _layers(network: Network) -> list[dict[str, Any]]:
    shared = _shared_constants(network)
    outputs = _output_pointers(network)
    return [_layer(_Names(f"layer_{i}", shared, outputs), step) for i, step in enumerate(network.steps)]


def _shared_constants(network: Network) -> dict[int, str]:
    """For each array of the same values as one before it the symbol of that one."""
    first: dict[tuple[str, bytes], str] = {}
    shared: dict[int, str] = {}
    for i, step in enumerate(network.steps):
        for array in step.layer.arrays():
            if isinstance(array, Array):
                symbol = f"layer_{i}_{array.name}"
                found = first.setdefault(array.content, symbol)
                if found != symbol:
                    shared[id(array)] = found
    return shared


def _layer(names: _Names, step: Step) -> dict[str, Any]:
    constants = [constant for constant in step.layer.arrays() if id(constant) not in names.constants]
    return {
        "symbol": names.symbol,
        "kernel": step.layer.kernel,
        "title": step.layer.title,
        "name": step.output.name,
        "shapes": f"{', '.join(map(_shape, step.inputs))} -> {_shape(step.output)}",
        "n_macs": step.layer.n_macs,
        "units": f"{', '.join(map(_real, step.inputs))} -> {_real(step.output)}",
        "arrays": [_constant(names.constant(constant), constant) for constant in constants],
        "fields": _fields(names, step.layer.fields),
        "arguments": ", ".join(_arguments(names, step)),
    }


def _arguments(names: _Names, step: Step) -> list[str]:
    """What the kernel is called with, behind its constants."""
    places = [*step.sources, step.target, *([step.scratch] if step.scratch else [])]
    return [names.constant(p) if isinstance(p, Array) else _pointer(p, names.outputs) for p in places]


def _uses_arena(step: Step) -> bool:
    places = (*step.sources, step.target, step.scratch)
    return any(isinstance(place, Place) and place.kind == "arena" for place in places)


def _constant(symbol: str, constant: Constant) -> dict[str, Any]:
    return _records(symbol, constant) if isinstance(constant, Records) else _array(symbol, constant)


def _records(symbol: str, records: Records) -> dict[str, Any]:
    n = len(records.starts)
    return {
        "symbol": symbol,
        "n": n,
        "members": [
            {"declaration": _declaration(member), "note": member.note} for member in records.members
        ],
        "records": [
            {"start": start, "members": [_rows(member, i) for member in records.members]}
            for i, start in enumerate(records.starts)
        ],
    }


def _declaration(member: Member) -> str:
    n = member.values[0].size // VALUES.get(member.c_type, 1)
    return f"{member.c_type} {member.name}[{n}];"


def _rows(member: Member, record: int) -> list[str]:
    values = member.values[record]
    return [c_structs(values)] if member.c_type in VALUES else c_rows(values, 84)


def _array(symbol: str, array: Array) -> dict[str, Any]:
    return {
        "symbol": symbol,
        "c_type": array.c_type,
        "n": int(array.values.size),
        "values": array.values,
        "note": array.note,
    }


def _fields(names: _Names, fields: Mapping[str, Value], prefix: str = "") -> list[tuple[str, str]]:
    """(designator, value) of each member, nested structs as `outer.inner`."""
    found: list[tuple[str, str]] = []
    for name, value in fields.items():
        if isinstance(value, Mapping):
            found.extend(_fields(names, value, f"{prefix}{name}."))
        elif isinstance(value, Array | Records):
            found.append((prefix + name, names.constant(value)))
        elif isinstance(value, list):
            found.append((prefix + name, f"{{{', '.join(map(c_integer, value))}}}"))
        else:
            found.append((prefix + name, c_integer(value)))
    return found


def _pointer(place: Place, outputs: Mapping[int, str]) -> str:
    """The C expression of a place."""
    match place.kind:
        case "input":
            return "input"
        case "output":
            return outputs[place.offset]
    return f"memory + {place.offset}" if place.offset else "memory"
