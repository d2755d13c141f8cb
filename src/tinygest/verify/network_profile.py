"""What a bare network costs on a Cortex-M4, whole and layer by layer."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from tinygest.core.progress import Progress, silent
from tinygest.toolchain import arm, elf, qemu
from tinygest.toolchain.boards import CortexM4Board, Image
from tinygest.toolchain.stack import CALL_GRAPH_FLAG, read_call_graph
from tinygest.verify.layers import LayerCost, LayerTold, measure_layers
from tinygest.verify.library import Library
from tinygest.verify.network import build_network, run_network
from tinygest.verify.profile import Spread, spread

FLASH_SECTIONS = (".text.runtime", ".rodata.runtime", ".text.model", ".rodata.model")


class NetworkProfile(msgspec.Struct, frozen=True):
    """Measured over random inputs, the same every time."""

    network: str
    instructions: Spread | None
    """Of an inference."""
    flash: int
    """Code and constants of network and runtime, without the compiler's library."""
    arena: int
    """All memory that it needs: activations, input and output included."""
    stack: int
    """Measured."""
    stack_bound: int | None
    layers: tuple[LayerCost, ...]
    compiler: str
    flags: tuple[str, ...]
    emulator: str


def profile_network(
    library: Library,
    layers: Sequence[LayerTold],
    arena_bytes: int,
    inputs: NDArray[np.int8],
    *,
    progress: Progress = silent,
) -> NetworkProfile:
    """library: of a bare network; inputs: (n >= 1, n_inputs). Raises ToolchainError."""
    board = CortexM4Board()
    board.check()
    if arm.takes_flags(CALL_GRAPH_FLAG):
        board = CortexM4Board((*board.flags, CALL_GRAPH_FLAG))
    with tempfile.TemporaryDirectory(prefix="tinygest-profile-") as temporary:
        folder = Path(temporary)
        progress("counting instructions", 0, 2)
        image = build_network(board, library, folder / "whole")
        run = run_network(board, image, inputs, folder / "whole", count_instructions=True)
        progress("counting instructions of each layer", 1, 2)
        costs = measure_layers(board, library, layers, inputs, folder / "layers")
        sections = elf.sections(image.path)
        return NetworkProfile(
            network=library.name,
            instructions=spread(run.instructions.tolist()),
            flash=sum(sections[name].n_bytes for name in FLASH_SECTIONS if name in sections),
            arena=arena_bytes,
            stack=run.stack_bytes,
            stack_bound=_stack_bound(image, folder / "whole", f"tg_{library.name}_invoke"),
            layers=costs,
            compiler=image.compiler,
            flags=image.flags,
            emulator=qemu.emulator_version(),
        )


def _stack_bound(image: Image, folder: Path, entry: str) -> int | None:
    if CALL_GRAPH_FLAG not in image.flags:
        return None
    graph = read_call_graph((folder / "runtime", folder / "model"), elf.functions(image.path))
    return graph.bound(entry).bytes
