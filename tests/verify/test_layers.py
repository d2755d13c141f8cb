"""Costs of layers, checked against the network as a whole."""

import struct

import numpy as np
import pytest

from tinygest.core.errors import VerifyError
from tinygest.generate.network import resolve_network
from tinygest.generate.network_library import generate_network
from tinygest.generate.vectors import random_inputs
from tinygest.toolchain import arm, elf
from tinygest.toolchain.boards import CortexM4Board
from tinygest.toolchain.stack import CALL_GRAPH_FLAG
from tinygest.verify.layers import _parse, measure_layers
from tinygest.verify.library import open_library
from tinygest.verify.network import build_network, run_network
from tinygest.verify.network_profile import FLASH_SECTIONS
from tinygest.workflow.layers import tell_layers


@pytest.fixture(scope="module")
def measured(needs_qemu, golden_network, tmp_path_factory):
    """(costs of the layers of `inception`, instructions and flash of all of it, the network)."""
    folder = tmp_path_factory.mktemp("layers")
    tflite = golden_network("inception")
    network = resolve_network(tflite)
    generate_network(tflite, "net", folder)
    library = open_library(folder, "net")
    board = CortexM4Board((*arm.FLAGS, CALL_GRAPH_FLAG))
    inputs = random_inputs(6, network.input.n_elements)
    costs = measure_layers(board, library, tell_layers(network), inputs, folder / "layers")
    image = build_network(board, library, folder / "whole")
    whole = run_network(board, image, inputs, folder / "whole", count_instructions=True)
    assert whole.stack_bytes <= network.stack_bytes
    sections = elf.sections(image.path)
    flash = sum(sections[name].n_bytes for name in FLASH_SECTIONS if name in sections)
    return costs, whole.instructions.mean(), flash, network


def test_instructions_of_the_layers_are_those_of_the_network(measured):
    costs, whole, _, _ = measured
    assert sum(cost.instructions for cost in costs) == pytest.approx(whole, abs=12)
    assert all(cost.instructions > (cost.instructions_floor or 0) for cost in costs)


def test_every_layer_has_its_constants_and_code(measured):
    costs, _, flash, network = measured
    assert [cost.layer for cost in costs] == [step.layer.title for step in network.steps]
    assert all(cost.flash >= cost.flash_floor for cost in costs)
    assert network.constant_bytes < sum(cost.flash for cost in costs) <= flash


def test_code_is_counted_where_it_is_needed_first(measured):
    """Each part of the CONCATENATION has a struct of 16 bytes, the first the kernel as well."""
    costs, *_ = measured
    first, *others = [cost.flash for cost in costs if cost.kernel == "tg_concatenate"]
    assert others == [16] * 3
    assert 16 < first < 500


def test_memory_reaches_the_arena(measured):
    costs, _, _, network = measured
    assert network.arena_bytes - 20 <= max(cost.ram for cost in costs) <= network.arena_bytes  # aligned
    assert all(cost.ram >= cost.ram_floor for cost in costs)
    assert all(cost.stack is not None and cost.stack >= 8 for cost in costs)


def test_a_damaged_answer_is_refused():
    assert _parse(struct.pack("<5I", 2, 3, 4, 5, 6), 2, 2).tolist() == [[3, 4], [5, 6]]
    for data in (b"", struct.pack("<4I", 2, 3, 4, 5), np.zeros(5, "<u4").tobytes()):
        with pytest.raises(VerifyError, match="bytes for 2 layers"):
            _parse(data, 2, 2)
