"""A .tflite resolved: layers in order, their constants, and where every activation lies."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

from tinygest.core.errors import GenerateError
from tinygest.generate.layer import Alias, Layer
from tinygest.generate.memory_plan import Lifetime, plan_memory
from tinygest.generate.node import Activation, Node, read_activation
from tinygest.generate.operators import resolve
from tinygest.generate.tflite_model import TfliteModel, read_tflite


@dataclass(frozen=True)
class Place:
    """Where a layer reads or writes: the caller's input or output, or the arena from `offset`."""

    kind: Literal["input", "output", "arena"]
    offset: int


@dataclass(frozen=True, eq=False)
class Step:
    """One layer and where its activations lie."""

    layer: Layer
    input: Activation
    output: Activation
    source: Place
    target: Place


@dataclass(frozen=True, eq=False)
class Network:
    """Everything that the C of a network says.

    arena_bytes holds all activations, input and output included: these two may lie at input_offset
    and output_offset of the arena, or anywhere outside of it.
    """

    input: Activation
    output: Activation
    steps: tuple[Step, ...]
    arena_bytes: int
    input_offset: int
    output_offset: int
    tflite_sha256: str

    @property
    def n_macs(self) -> int:
        return sum(step.layer.n_macs for step in self.steps)

    @property
    def constant_bytes(self) -> int:
        return sum(array.n_bytes for step in self.steps for array in step.layer.arrays())


def resolve_network(tflite: bytes) -> Network:
    """Check the .tflite and compute everything; raises GenerateError or UnsupportedOperatorError."""
    model = read_tflite(tflite)
    input = read_activation(model.tensors[model.input], "the network's input")
    read_activation(model.tensors[model.output], "the network's output")
    if input.shape[:1] != (1,):
        raise GenerateError(f"the network's input is {list(input.shape)}; convert with a batch size of 1")
    _require_order(model)
    layers, storage = _resolve_layers(model)
    return _place(model, layers, storage, hashlib.sha256(tflite).hexdigest())


def _require_order(model: TfliteModel) -> None:
    """Every activation is computed once, before it is used, and none is a constant."""
    ready = {model.input}
    for operator in model.operators:
        node = Node(operator, model)
        for index in operator.inputs[:1]:
            known = index in ready or model.tensors[index].is_constant
            node.require(known, "its input is not computed before it")
        for index in operator.outputs:
            is_free = index not in ready and not model.tensors[index].is_constant
            node.require(is_free, f"it writes tensor {index} a second time")
            ready.add(index)
    if model.output not in ready or model.output == model.input:
        raise GenerateError("the network's output is not computed by any operator")


def _resolve_layers(model: TfliteModel) -> tuple[list[Layer], dict[int, int]]:
    """(layers that need code, for each tensor the tensor whose bytes it shares)."""
    storage = {model.input: model.input}
    layers: list[Layer] = []
    for operator in model.operators:
        found = resolve(Node(operator, model))
        if isinstance(found, Alias) and not _joins_input_to_output(model, found, storage):
            storage[found.output] = storage[found.input]
            continue
        layer = _copy(model, found) if isinstance(found, Alias) else found
        storage[layer.output] = layer.output
        layers.append(layer)
    return layers, storage


def _joins_input_to_output(model: TfliteModel, alias: Alias, storage: dict[int, int]) -> bool:
    """The caller's input and output are different memory: bytes must move once."""
    return alias.output == model.output and storage[alias.input] == model.input


def _copy(model: TfliteModel, alias: Alias) -> Layer:
    n = model.tensors[alias.output].n_elements
    return Layer("tg_copy", "RESHAPE", alias.input, alias.output, {"n_bytes": n})


def _place(model: TfliteModel, layers: list[Layer], storage: dict[int, int], sha256: str) -> Network:
    roots = list(dict.fromkeys(storage.values()))
    plan = plan_memory([_lifetime(model, root, layers, storage) for root in roots])
    offsets = dict(zip(roots, plan.offsets, strict=True))
    callers: dict[int, Literal["input", "output"]]
    callers = {storage[model.output]: "output", model.input: "input"}

    def place(tensor: int) -> Place:
        root = storage[tensor]
        return Place(callers.get(root, "arena"), offsets[root])

    def activation(tensor: int) -> Activation:
        return read_activation(model.tensors[tensor], f"tensor {tensor}")

    def step(layer: Layer) -> Step:
        source, target = layer.input, layer.output
        return Step(layer, activation(source), activation(target), place(source), place(target))

    return Network(
        input=activation(model.input),
        output=activation(model.output),
        steps=tuple(map(step, layers)),
        arena_bytes=plan.arena_bytes,
        input_offset=offsets[model.input],
        output_offset=offsets[storage[model.output]],
        tflite_sha256=sha256,
    )


def _lifetime(model: TfliteModel, root: int, layers: list[Layer], storage: dict[int, int]) -> Lifetime:
    """Steps are 0..n-1; the input is there before the first, the output after the last."""
    written = [i for i, layer in enumerate(layers) if layer.output == root]
    read = [i for i, layer in enumerate(layers) if storage[layer.input] == root]
    first = -1 if root == model.input else written[0]
    last = len(layers) if root == storage[model.output] else max(read, default=first)
    return Lifetime(model.tensors[root].n_elements, first, last)
