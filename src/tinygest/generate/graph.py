"""The operators of a .tflite as layers in the order of the file, and which tensors share their bytes."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace

from tinygest.core.errors import GenerateError
from tinygest.generate.layer import Alias, Layer, Value
from tinygest.generate.node import Node, read_activation
from tinygest.generate.operators import resolve
from tinygest.generate.tflite_model import TfliteModel


@dataclass(frozen=True, eq=False)
class Graph:
    """layers: what needs code. storage: for each activation the tensor whose bytes it has.

    Two outputs never share bytes, nor does an output share the input's: they are the caller's memory.
    """

    model: TfliteModel
    layers: tuple[Layer, ...]
    storage: dict[int, int]

    def readers(self, root: int) -> list[int]:
        """Numbers of the layers that read these bytes."""
        return [i for i, layer in enumerate(self.layers) if root in self.roots(layer.activations)]

    def writers(self, root: int) -> list[int]:
        """Numbers of the layers that write them: one, or the parts of a CONCATENATION."""
        return [i for i, layer in enumerate(self.layers) if self.storage[layer.output] == root]

    def roots(self, tensors: Sequence[int]) -> list[int]:
        return [self.storage[tensor] for tensor in tensors]


def resolve_graph(model: TfliteModel) -> Graph:
    """Check every operator and compute its constants; raises GenerateError."""
    _require_ends(model)
    storage = {model.input: model.input}
    layers: list[Layer] = []
    for operator in model.operators:
        node = Node(operator, model)
        found = resolve(node)
        if isinstance(found, Alias):
            _require_order(node, [found.input], found.output, storage)
            storage[found.output] = storage[found.input]
        else:
            output = found[0].output
            _require_order(node, [s for layer in found for s in layer.activations], output, storage)
            layers.extend(found)
            storage[output] = output
    if not set(model.outputs) <= storage.keys() - {model.input}:
        raise GenerateError("the network's output is not computed by any operator")
    return _separate_outputs(Graph(model, tuple(layers), storage))


def _require_order(node: Node, inputs: Sequence[int], output: int, computed: Container[int]) -> None:
    """Every activation is computed once, before it is used, and none is a constant."""
    node.require(all(index in computed for index in inputs), "its input is not computed before it")
    is_free = output not in computed and not node.model.tensors[output].is_constant
    node.require(is_free, f"it writes tensor {output} a second time")


def _require_ends(model: TfliteModel) -> None:
    input = read_activation(model.tensors[model.input], "the network's input")
    for output in model.outputs:
        read_activation(model.tensors[output], "the network's output")
    if input.shape[:1] != (1,):
        raise GenerateError(f"the network's input is {list(input.shape)}; convert with a batch size of 1")
    if len(set(model.outputs)) != len(model.outputs):
        raise GenerateError("the network names one tensor as output twice; name each once")


def _separate_outputs(graph: Graph) -> Graph:
    """Copies of outputs whose bytes are the input's, or those of an output before."""
    model, storage = graph.model, dict(graph.storage)
    tensors, outputs, copies = list(model.tensors), [], []
    taken = {storage[model.input]}
    for output in model.outputs:
        tensor = tensors[output]
        if storage[output] in taken:
            tensor = replace(tensor, index=len(tensors))
            tensors.append(tensor)
            storage[tensor.index] = tensor.index
            fields: dict[str, Value] = {"n_bytes": tensor.n_elements}
            source = (storage[output],)
            copies.append(Layer("tg_copy", "RESHAPE", source, tensor.index, fields, in_place=(0,)))
        outputs.append(tensor.index)
        taken.add(storage[tensor.index])
    model = replace(model, tensors=tuple(tensors), outputs=tuple(outputs))
    return Graph(model, (*graph.layers, *copies), storage)
