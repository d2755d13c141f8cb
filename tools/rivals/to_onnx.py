"""An int8 network as ONNX with quantised operators: `to_onnx.py LAYERS.npz OUT.onnx`.

Runs where the package onnx is installed, which need not be where tinygest is. LAYERS.npz is what
tools/bench_kernels.py writes: for each layer its kind, its constants and the scales around it. Pictures are
channels first in ONNX, so weights and inputs are transposed.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
from onnx import TensorProto, helper, numpy_helper, save

MICROSOFT = "com.microsoft"


class Graph:
    """Nodes and constants so far; `at` names the last activation."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []
        self.values: list[Any] = []
        self.at = "input"

    def constant(self, value: Any) -> str:
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.asarray(value), name))
        return name

    def scale(self, scale: float, zero_point: int) -> list[str]:
        return [self.constant(np.float32(scale)), self.constant(np.int8(zero_point))]

    def node(
        self, operator: str, inputs: list[str], shape: list[int], domain: str = "", **attributes: Any
    ) -> None:
        """shape: of its output, which inference does not know for Microsoft's operators."""
        output = f"x{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, inputs, [output], domain=domain, **attributes))
        self.values.append(helper.make_tensor_value_info(output, TensorProto.INT8, shape))
        self.at = output


def convolution(graph: Graph, layer: dict[str, Any], n_groups: int) -> None:
    """weights: (outputs, height, width, inputs of a group)."""
    weights = layer["weights"].transpose(0, 3, 1, 2)
    inputs = [graph.at, *graph.scale(*layer["input"])]
    inputs += [graph.constant(weights), graph.constant(layer["scales"].astype(np.float32))]
    inputs += [graph.constant(np.zeros(len(weights), np.int8)), *graph.scale(*layer["output"])]
    graph.node(
        "QLinearConv",
        [*inputs, graph.constant(layer["bias"].astype(np.int32))],
        layer["shape"].tolist(),
        group=n_groups,
        strides=layer["strides"].tolist(),
        pads=layer["pads"].tolist(),
        kernel_shape=list(weights.shape[2:]),
    )


def dense(graph: Graph, layer: dict[str, Any]) -> None:
    """weights: (outputs, inputs)."""
    row = [1, layer["weights"].shape[1]]
    graph.node("Reshape", [graph.at, graph.constant(np.array(row, np.int64))], row)
    inputs = [graph.at, *graph.scale(*layer["input"]), graph.constant(layer["weights"])]
    scales = (
        np.float32(layer["scales"][0]) if len(layer["scales"]) == 1 else layer["scales"].astype(np.float32)
    )
    zeros = np.int8(0) if scales.ndim == 0 else np.zeros(len(scales), np.int8)
    inputs += [
        graph.constant(scales),
        graph.constant(zeros),
        graph.constant(layer["bias"].astype(np.int32)),
    ]
    inputs += graph.scale(*layer["output"])
    graph.node("QGemm", inputs, layer["shape"].tolist(), MICROSOFT, transB=1)


def add_layer(graph: Graph, layer: dict[str, Any]) -> None:
    kind = str(layer["kind"])
    if kind == "CONV_2D":
        convolution(graph, layer, 1)
    elif kind == "DEPTHWISE_CONV_2D":
        convolution(graph, layer, len(layer["weights"]))
    elif kind == "FULLY_CONNECTED":
        dense(graph, layer)
    else:
        operator = {"MEAN": "QLinearGlobalAveragePool", "SOFTMAX": "QLinearSoftmax"}[kind]
        scales = graph.scale(*layer["input"]) + graph.scale(*layer["output"])
        attributes = {"axis": -1, "opset": 13} if kind == "SOFTMAX" else {}
        shape = layer["shape"].tolist()
        graph.node(operator, [graph.at, *scales], shape, MICROSOFT, **attributes)


def main() -> None:
    source, out = sys.argv[1:]
    with np.load(source) as arrays:
        layers: dict[int, dict[str, Any]] = {}
        for key, value in arrays.items():
            index, _, name = key.partition(".")
            layers.setdefault(int(index), {})[name] = value
    head = layers.pop(-1)
    graph = Graph()
    for index in sorted(layers):
        add_layer(graph, layers[index])
    graph.nodes[-1].output[0] = "output"
    graph.values.pop()
    model = helper.make_graph(
        graph.nodes,
        "network",
        [helper.make_tensor_value_info("input", TensorProto.INT8, head["input_shape"].tolist())],
        [helper.make_tensor_value_info("output", TensorProto.INT8, head["output_shape"].tolist())],
        graph.constants,
        value_info=graph.values,
    )
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid(MICROSOFT, 1)]
    save(helper.make_model(model, opset_imports=opsets, ir_version=8), out)


if __name__ == "__main__":
    main()
