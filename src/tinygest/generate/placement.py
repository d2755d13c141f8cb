"""Where every activation of a graph lies: which of them share a place, and the plan of the arena."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tinygest.generate.graph import Graph
from tinygest.generate.memory_plan import ALIGNMENT, Lifetime, MemoryPlan, bytes_in_use, plan_memory

OUTPUTS = -1
"""Owner of the block in which all outputs lie, one behind the other."""


@dataclass(frozen=True)
class Place:
    """Where a layer reads or writes: `offset` bytes into the caller's input or output, or the arena."""

    kind: Literal["input", "output", "arena"]
    offset: int


@dataclass(frozen=True, eq=False)
class Placement:
    """places: of each activation. scratch: of each layer that has some, by its number."""

    places: dict[int, Place]
    scratch: dict[int, Place]
    input_offset: int
    output_offset: int
    plan: MemoryPlan
    in_use: tuple[int, ...]
    """Bytes of the arena in use during each layer."""


def place_graph(graph: Graph) -> Placement:
    """Plan the arena. Input and outputs have a place in it too, where they may lie."""
    starts = _output_starts(graph)
    owners = _owners(graph, starts)
    blocks = list(dict.fromkeys(owners.values()))
    scratch = [i for i, layer in enumerate(graph.layers) if layer.scratch_bytes]
    buffers = [
        *(_lifetime(graph, block, owners) for block in blocks),
        *(Lifetime(graph.layers[i].scratch_bytes, i, i) for i in scratch),
    ]
    plan = plan_memory(buffers)
    offsets = dict(zip(blocks, plan.offsets, strict=False))
    scratch_offsets = zip(scratch, plan.offsets[len(blocks) :], strict=True)

    def place(root: int) -> Place:
        if root in starts:
            return Place("output", starts[root])
        return Place("input", 0) if root == graph.model.input else Place("arena", offsets[owners[root]])

    return Placement(
        places={tensor: place(root) for tensor, root in graph.storage.items()},
        scratch={number: Place("arena", offset) for number, offset in scratch_offsets},
        input_offset=offsets[owners[graph.model.input]],
        output_offset=offsets[owners[graph.storage[graph.model.outputs[0]]]],
        plan=plan,
        in_use=tuple(bytes_in_use(buffers, number) for number in range(len(graph.layers))),
    )


def _output_starts(graph: Graph) -> dict[int, int]:
    """For each output's bytes their offset in the block of all outputs."""
    starts, start = {}, 0
    for output in graph.model.outputs:
        starts[graph.storage[output]] = start
        start += graph.model.tensors[output].n_elements
    return starts


def _owners(graph: Graph, starts: dict[int, int]) -> dict[int, int]:
    """For each activation's bytes whose place they take: their own, or that of what they overwrite."""
    owners = {graph.storage[graph.model.input]: graph.model.input}
    for number, layer in enumerate(graph.layers):
        target = graph.storage[layer.output]
        if target in owners:  # a further part of a CONCATENATION
            continue
        owners[target] = OUTPUTS if target in starts else target
        if target in starts and len(starts) > 1:
            continue
        source = _overwritten(graph, number, starts)
        if source is not None:
            owners[target] = owners[source]
    return owners


def _overwritten(graph: Graph, number: int, starts: dict[int, int]) -> int | None:
    """The input whose place a layer's output may take: nobody reads it afterwards."""
    layer = graph.layers[number]
    size = _aligned(graph, graph.storage[layer.output])
    for position in layer.in_place:
        source = layer.inputs[position]
        if not isinstance(source, int):
            continue
        root = graph.storage[source]
        is_last = max(graph.readers(root)) == number and root not in starts
        if is_last and _aligned(graph, root) == size:
            return root
    return None


def _aligned(graph: Graph, root: int) -> int:
    return -(-graph.model.tensors[root].n_elements // ALIGNMENT) * ALIGNMENT


def _lifetime(graph: Graph, owner: int, owners: dict[int, int]) -> Lifetime:
    """From the first byte written to the last one read. Steps are 0..n-1; the input is there before."""
    roots = [root for root, found in owners.items() if found == owner]
    ends = {graph.storage[output] for output in graph.model.outputs}
    first, last = len(graph.layers), -1
    for root in roots:
        first = min([first, -1] if root == graph.model.input else [first, *graph.writers(root)])
        last = max([last, len(graph.layers)] if root in ends else [last, first, *graph.readers(root)])
    size = sum(graph.model.tensors[root].n_elements for root in roots)
    if owner != OUTPUTS:
        size = max(graph.model.tensors[root].n_elements for root in roots)
    return Lifetime(size, first, last)
