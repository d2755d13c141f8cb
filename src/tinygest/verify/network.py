"""Run a generated network over int8 vectors on a board."""

from __future__ import annotations

import struct
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tinygest.core.errors import VerifyError
from tinygest.core.resources import resource_dir
from tinygest.toolchain.boards import INPUT_FILE, OUTPUT_FILE, Board, Image
from tinygest.verify.library import Library


@dataclass(frozen=True)
class NetworkRun:
    """What a board answered."""

    outputs: NDArray[np.int8]
    """(n_vectors, n_outputs)"""
    instructions: NDArray[np.uint32]
    """(n_vectors,), zero where nothing was counted."""
    stack_bytes: int


def build_network(board: Board, library: Library, folder: Path) -> Image:
    """Link tg_NAME_invoke with its harness; raises ToolchainError. library: of a bare network."""
    macro = f"TG_{library.name.upper()}"
    defines = {
        "NETWORK_HEADER": f'"tg_{library.name}.h"',
        "NETWORK_INVOKE": f"tg_{library.name}_invoke",
        **{f"NETWORK_{size}": f"{macro}_{size}" for size in ("N_INPUTS", "N_OUTPUTS", "ARENA_BYTES")},
    }
    harness = (resource_dir("firmware/emulated") / "network_harness.c",)
    return board.build(replace(library.sources(), harness=harness, defines=defines), folder)


def run_network(
    board: Board,
    image: Image,
    inputs: NDArray[np.int8],
    folder: Path,
    *,
    count_instructions: bool = False,
) -> NetworkRun:
    """inputs: (n_vectors, n_inputs). Raises ToolchainError, or VerifyError when the answer is damaged."""
    if inputs.dtype != np.int8 or inputs.ndim != 2:
        raise ValueError(f"inputs are {inputs.dtype} {inputs.shape}, not int8 (n_vectors, n_inputs)")
    folder.mkdir(parents=True, exist_ok=True)
    header = struct.pack("<III", count_instructions, inputs.shape[1], len(inputs))
    (folder / INPUT_FILE).write_bytes(header + inputs.tobytes())
    board.run(image, folder, count_instructions=count_instructions)
    return parse_network_run((folder / OUTPUT_FILE).read_bytes(), len(inputs))


def parse_network_run(data: bytes, n_vectors: int) -> NetworkRun:
    """The output of firmware/emulated/network_harness.c; raises VerifyError when its size is wrong."""
    if len(data) < 8:
        raise VerifyError(f"the board answered only {len(data)} bytes")
    (n_outputs,) = struct.unpack_from("<I", data)
    expected = 8 + n_vectors * (4 + n_outputs)
    if len(data) != expected:
        raise VerifyError(
            f"the board answered {len(data)} bytes for {n_vectors} vectors of {n_outputs} outputs instead "
            f"of {expected}"
        )
    vector = np.dtype([("instructions", "<u4"), ("outputs", "i1", (n_outputs,))])
    rows = np.frombuffer(data, vector, n_vectors, offset=4)
    (stack_bytes,) = struct.unpack_from("<I", data, expected - 4)
    return NetworkRun(rows["outputs"].copy(), rows["instructions"].copy(), stack_bytes)
