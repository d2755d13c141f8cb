"""Layers that may write over their input do so when nobody reads it afterwards, and only then."""

import numpy as np
import pytest
from random_networks import random_network
from tflite_builder import Graph

from tinygest.generate.network import resolve_network
from tinygest.generate.placement import Place

SHAPE = (1, 64)


@pytest.fixture
def graph():
    return Graph()


def activation(graph: Graph) -> int:
    return graph.activation(SHAPE, 0.1)


def relu(graph: Graph, x: int) -> int:
    return graph.add("RELU", (x,), activation(graph))


def add(graph: Graph, a: int, b: int) -> int:
    return graph.add("ADD", (a, b), activation(graph), "Add")


def test_a_chain_of_such_layers_needs_one_place(graph):
    x = activation(graph)
    network = resolve_network(graph.build(x, relu(graph, relu(graph, relu(graph, x)))))
    assert network.arena_bytes == 64
    assert [step.target.kind for step in network.steps] == ["arena", "arena", "output"]


def test_what_is_read_again_is_not_overwritten(graph):
    """x, then its relu beside it; their sum goes where one of them was."""
    x = activation(graph)
    y = relu(graph, x)
    network = resolve_network(graph.build(x, relu(graph, add(graph, x, y))))
    assert network.arena_bytes == 128


def test_an_output_is_not_overwritten(graph):
    """The first output is read by the second's layer, and must be there at the end."""
    x = activation(graph)
    first = relu(graph, x)
    network = resolve_network(graph.build(x, first, relu(graph, first)))
    assert network.arena_bytes == 64 + 128  # the input, and the block of both outputs


def test_several_outputs_lie_one_behind_the_other(graph):
    x = activation(graph)
    network = resolve_network(graph.build(x, relu(graph, x), relu(graph, x)))
    assert [step.target for step in network.steps] == [Place("output", 0), Place("output", 64)]


def test_an_output_that_is_the_input_by_another_name_is_copied(graph):
    x = activation(graph)
    shape = graph.constant(np.array([1, 8, 8], np.int32))
    y = graph.add("RESHAPE", (x, shape), graph.activation((1, 8, 8), 0.1), "Reshape", NewShape=(1, 8, 8))
    network = resolve_network(graph.build(x, y, relu(graph, y)))
    assert [step.layer.kernel for step in network.steps] == ["tg_lookup", "tg_copy"]
    assert network.steps[0].sources == (Place("input", 0),)


@pytest.mark.parametrize("seed", range(60))
def test_plans_of_random_networks_reach_the_bound(seed):
    plan = resolve_network(random_network(seed)).plan
    assert plan.arena_bytes == plan.bound
