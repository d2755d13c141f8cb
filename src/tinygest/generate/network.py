"""A .tflite resolved: layers in order, their constants, and where every activation lies."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

from tinygest.core.errors import ContractError
from tinygest.core.names import check_distinct_macros, check_identifier
from tinygest.generate.float_ends import strip_float_ends
from tinygest.generate.graph import Graph, resolve_graph
from tinygest.generate.layer import Array, Layer
from tinygest.generate.memory_plan import Lifetime, plan_memory
from tinygest.generate.node import Activation, read_activation
from tinygest.generate.tflite_model import read_tflite


@dataclass(frozen=True)
class Place:
    """Where a layer reads or writes: `offset` bytes into the caller's input or output, or the arena."""

    kind: Literal["input", "output", "arena"]
    offset: int


@dataclass(frozen=True, eq=False)
class Step:
    """One layer and where its activations lie."""

    layer: Layer
    inputs: tuple[Activation, ...]
    """Without the constants."""
    output: Activation
    sources: tuple[Place | Array, ...]
    """One for each input of the layer."""
    target: Place
    scratch: Place | None


@dataclass(frozen=True, eq=False)
class Network:
    """Everything that the C of a network says.

    arena_bytes holds all activations, input and output included: these two may lie at input_offset
    and output_offset of the arena, or anywhere outside of it. Several outputs lie one behind the other.
    """

    input: Activation
    outputs: tuple[Activation, ...]
    output_names: tuple[str, ...]
    """Identifiers of C."""
    steps: tuple[Step, ...]
    arena_bytes: int
    input_offset: int
    output_offset: int
    tflite_sha256: str

    @property
    def output(self) -> Activation:
        """The first output: the one of a classifier."""
        return self.outputs[0]

    @property
    def n_outputs(self) -> int:
        """Bytes of all outputs together."""
        return sum(output.n_elements for output in self.outputs)

    @property
    def n_macs(self) -> int:
        return sum(step.layer.n_macs for step in self.steps)

    @property
    def constant_bytes(self) -> int:
        return sum(array.n_bytes for step in self.steps for array in step.layer.arrays())


def resolve_network(tflite: bytes) -> Network:
    """Check the .tflite and compute everything; raises GenerateError or UnsupportedOperatorError."""
    graph = resolve_graph(strip_float_ends(read_tflite(tflite)))
    return _place(graph, hashlib.sha256(tflite).hexdigest())


def _place(graph: Graph, sha256: str) -> Network:
    model, storage = graph.model, graph.storage
    starts = _output_starts(graph)
    own = [root for root in dict.fromkeys(storage.values()) if root not in starts]
    outputs = Lifetime(
        size=sum(model.tensors[root].n_elements for root in starts),
        first=min(graph.writers(root)[0] for root in starts),
        last=len(graph.layers),
    )
    scratch = [(i, layer.scratch_bytes) for i, layer in enumerate(graph.layers) if layer.scratch_bytes]
    plan = plan_memory(
        [outputs, *(_lifetime(graph, root) for root in own), *(Lifetime(n, i, i) for i, n in scratch)]
    )
    offsets = dict(zip(own, plan.offsets[1:], strict=False))
    scratch_offsets = dict(zip((i for i, _ in scratch), plan.offsets[1 + len(own) :], strict=True))

    def place(tensor: int) -> Place:
        root = storage[tensor]
        if root in starts:
            return Place("output", starts[root])
        return Place("input", 0) if root == model.input else Place("arena", offsets[root])

    def activation(tensor: int) -> Activation:
        return read_activation(model.tensors[tensor], f"tensor {tensor}")

    def step(i: int, layer: Layer) -> Step:
        return Step(
            layer,
            tuple(map(activation, layer.activations)),
            activation(layer.output),
            tuple(source if isinstance(source, Array) else place(source) for source in layer.inputs),
            place(layer.output),
            Place("arena", scratch_offsets[i]) if layer.scratch_bytes else None,
        )

    return Network(
        input=activation(model.input),
        outputs=tuple(map(activation, model.outputs)),
        output_names=_output_names(model.output_names),
        steps=tuple(step(i, layer) for i, layer in enumerate(graph.layers)),
        arena_bytes=plan.arena_bytes,
        input_offset=offsets[model.input],
        output_offset=plan.offsets[0],
        tflite_sha256=sha256,
    )


def _output_names(told: tuple[str, ...]) -> tuple[str, ...]:
    """The file's own names if C can use them all, else output_0, output_1, ..."""
    try:
        check_distinct_macros(told)
        return tuple(check_identifier(name).lower() for name in told)
    except ContractError:
        return tuple(f"output_{i}" for i in range(len(told)))


def _output_starts(graph: Graph) -> dict[int, int]:
    """For each output's bytes their offset in the block of all outputs."""
    starts, start = {}, 0
    for output in graph.model.outputs:
        starts[graph.storage[output]] = start
        start += graph.model.tensors[output].n_elements
    return starts


def _lifetime(graph: Graph, root: int) -> Lifetime:
    """Steps are 0..n-1; the input is there before the first."""
    first = -1 if root == graph.model.input else graph.writers(root)[0]
    last = max(graph.readers(root), default=first)
    return Lifetime(graph.model.tensors[root].n_elements, first, last)
