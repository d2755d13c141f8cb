"""Run a generated network over int8 vectors on a board."""

from __future__ import annotations

import struct
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tinygest.core.errors import VerifyError
from tinygest.core.resources import resource_dir
from tinygest.toolchain.boards import INPUT_FILE, OUTPUT_FILE, Board, Image, Sources


@dataclass(frozen=True)
class NetworkEntry:
    """How a network is called: `function(const int8_t *input, int8_t *output)` of `header`."""

    header: str
    function: str
    n_inputs: int
    n_outputs: int


@dataclass(frozen=True)
class NetworkRun:
    """What a board answered."""

    outputs: NDArray[np.int8]
    """(n_vectors, n_outputs)"""
    instructions: NDArray[np.uint32]
    """(n_vectors,), zero where nothing was counted."""
    stack_bytes: int


def build_network(board: Board, entry: NetworkEntry, sources: Sources, folder: Path) -> Image:
    """Link the network with its harness; raises ToolchainError. sources.harness stays empty."""
    defines = {
        "NETWORK_HEADER": f'"{entry.header}"',
        "NETWORK_RUN": entry.function,
        "NETWORK_N_INPUTS": str(entry.n_inputs),
        "NETWORK_N_OUTPUTS": str(entry.n_outputs),
    }
    harness = (resource_dir("firmware/emulated") / "network_harness.c",)
    return board.build(replace(sources, harness=harness, defines=defines), folder)


def run_network(
    board: Board,
    image: Image,
    entry: NetworkEntry,
    inputs: NDArray[np.int8],
    folder: Path,
    *,
    count_instructions: bool = False,
) -> NetworkRun:
    """inputs: (n_vectors, n_inputs). Raises ToolchainError, or VerifyError when the answer is damaged."""
    if inputs.dtype != np.int8 or inputs.ndim != 2 or inputs.shape[1] != entry.n_inputs:
        raise ValueError(
            f"inputs are {inputs.dtype} {inputs.shape}, the network takes {entry.n_inputs} int8"
        )
    folder.mkdir(parents=True, exist_ok=True)
    header = struct.pack("<II", count_instructions, len(inputs))
    (folder / INPUT_FILE).write_bytes(header + inputs.tobytes())
    board.run(image, folder, count_instructions=count_instructions)
    return parse_network_run((folder / OUTPUT_FILE).read_bytes(), len(inputs), entry.n_outputs)


def parse_network_run(data: bytes, n_vectors: int, n_outputs: int) -> NetworkRun:
    """The output of firmware/emulated/network_harness.c; raises VerifyError when its size is wrong."""
    vector = np.dtype([("instructions", "<u4"), ("outputs", "i1", (n_outputs,))])
    expected = n_vectors * vector.itemsize + 4
    if len(data) != expected:
        raise VerifyError(
            f"the board answered {len(data)} bytes for {n_vectors} vectors instead of {expected}"
        )
    rows = np.frombuffer(data, vector, n_vectors)
    (stack_bytes,) = struct.unpack_from("<I", data, expected - 4)
    return NetworkRun(rows["outputs"].copy(), rows["instructions"].copy(), stack_bytes)
