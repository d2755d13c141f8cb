"""A .tflite resolved: layers in order, their constants, and where every activation lies."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from tinygest.core.errors import ContractError
from tinygest.core.names import check_distinct_macros, check_identifier
from tinygest.generate.float_ends import strip_float_ends
from tinygest.generate.graph import Graph, resolve_graph
from tinygest.generate.kernel_stacks import network_stack
from tinygest.generate.layer import Array, Layer
from tinygest.generate.memory_plan import MemoryPlan
from tinygest.generate.node import Activation, read_activation
from tinygest.generate.placement import Place, place_graph
from tinygest.generate.tflite_model import read_tflite


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
    arena_in_use: int
    """Bytes of the arena that hold something while it runs."""


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
    plan: MemoryPlan
    input_offset: int
    output_offset: int
    tflite_sha256: str

    @property
    def arena_bytes(self) -> int:
        return self.plan.arena_bytes

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
    def stack_bytes(self) -> int:
        """At most, on a Cortex-M4; see kernel_stacks.py."""
        return network_stack(step.layer.kernel for step in self.steps)

    @property
    def constant_bytes(self) -> int:
        """Of weights and tables; what layers share counts once."""
        constants = [constant for step in self.steps for constant in step.layer.arrays()]
        shared = {
            constant.content: constant.n_bytes for constant in constants if isinstance(constant, Array)
        }
        return sum(shared.values()) + sum(c.n_bytes for c in constants if not isinstance(c, Array))


def resolve_network(tflite: bytes) -> Network:
    """Check the .tflite and compute everything; raises GenerateError or UnsupportedOperatorError."""
    graph = resolve_graph(strip_float_ends(read_tflite(tflite)))
    return _place(graph, hashlib.sha256(tflite).hexdigest())


def _place(graph: Graph, sha256: str) -> Network:
    model, placement = graph.model, place_graph(graph)

    def activation(tensor: int) -> Activation:
        return read_activation(model.tensors[tensor], f"tensor {tensor}")

    def step(number: int, layer: Layer) -> Step:
        return Step(
            layer,
            tuple(map(activation, layer.activations)),
            activation(layer.output),
            tuple(s if isinstance(s, Array) else placement.places[s] for s in layer.inputs),
            placement.places[layer.output],
            placement.scratch.get(number),
            placement.in_use[number],
        )

    return Network(
        input=activation(model.input),
        outputs=tuple(map(activation, model.outputs)),
        output_names=_output_names(model.output_names),
        steps=tuple(step(number, layer) for number, layer in enumerate(graph.layers)),
        plan=placement.plan,
        input_offset=placement.input_offset,
        output_offset=placement.output_offset,
        tflite_sha256=sha256,
    )


def _output_names(told: tuple[str, ...]) -> tuple[str, ...]:
    """The file's own names if C can use them all, else output_0, output_1, ..."""
    try:
        check_distinct_macros(told)
        return tuple(check_identifier(name).lower() for name in told)
    except ContractError:
        return tuple(f"output_{i}" for i in range(len(told)))
