"""What a bare network costs on a Cortex-M4, whole and layer by layer."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from tinygest.core.errors import VerifyError
from tinygest.core.progress import Progress, silent
from tinygest.toolchain import arm, elf, qemu
from tinygest.toolchain.boards import CortexM4Board, Image
from tinygest.toolchain.stack import CALL_GRAPH_FLAG, read_call_graph
from tinygest.verify.layers import LayerCost, LayerTold, measure_layers
from tinygest.verify.library import Library
from tinygest.verify.network import build_network, run_network
from tinygest.verify.profile import Spread, spread

FLASH_SECTIONS = (".text.runtime", ".rodata.runtime", ".text.model", ".rodata.model")


class NetworkBuild(msgspec.Struct, frozen=True):
    """One build of the network, measured over random inputs, the same every time."""

    flags: tuple[str, ...]
    compiler: str
    instructions: Spread | None
    """Of an inference."""
    flash: int
    """Code and constants of network and runtime, without the compiler's library."""
    stack: int
    """Measured."""
    stack_bound: int | None
    """By the frames of the deepest calls, without those of the compiler's library (memcpy); None: the
    compiler does not tell."""


class NetworkProfile(msgspec.Struct, frozen=True):
    """What stands in the generated header beside what was measured."""

    network: str
    arena: int
    """All memory that it needs: activations, input and output included."""
    stack_stated: int
    """What the header says that an inference takes at most."""
    size: NetworkBuild
    """As PlatformIO builds."""
    speed: NetworkBuild
    """With -O2."""
    layers: tuple[LayerCost, ...]
    """As PlatformIO builds."""
    emulator: str


def profile_network(
    library: Library,
    layers: Sequence[LayerTold],
    arena_bytes: int,
    stack_bytes: int,
    inputs: NDArray[np.int8],
    *,
    progress: Progress = silent,
) -> NetworkProfile:
    """library: of a bare network; stack_bytes: what its header states; inputs: (n >= 1, n_inputs).

    Raises ToolchainError, and VerifyError if an inference may take more stack than is stated.
    """
    CortexM4Board().check()
    frames = (CALL_GRAPH_FLAG,) if arm.takes_flags(CALL_GRAPH_FLAG) else ()
    size, speed = (CortexM4Board((*flags, *frames)) for flags in (arm.PLATFORMIO_FLAGS, arm.SPEED_FLAGS))
    with tempfile.TemporaryDirectory(prefix="tinygest-profile-") as temporary:
        folder = Path(temporary)
        progress("counting instructions", 0, 3)
        built = _measure(library, size, inputs, folder / "size")
        progress("counting instructions", 1, 3)
        fast = _measure(library, speed, inputs, folder / "speed")
        progress("counting instructions of each layer", 2, 3)
        costs = measure_layers(size, library, layers, inputs, folder / "layers")
    for build in (built, fast):
        check_stack(build, stack_bytes)
    return NetworkProfile(
        network=library.name,
        arena=arena_bytes,
        stack_stated=stack_bytes,
        size=built,
        speed=fast,
        layers=costs,
        emulator=qemu.emulator_version(),
    )


def check_stack(build: NetworkBuild, stated: int) -> None:
    """Raise VerifyError if an inference may take more than the library's header says."""
    needed = max(build.stack, build.stack_bound or 0)
    if needed > stated:
        raise VerifyError(
            f"an inference may take {needed} bytes of stack, and the library's header promises {stated}; "
            "keep the larger number free, and tell us of this compiler"
        )


def _measure(
    library: Library, board: CortexM4Board, inputs: NDArray[np.int8], folder: Path
) -> NetworkBuild:
    image = build_network(board, library, folder)
    run = run_network(board, image, inputs, folder, count_instructions=True)
    sections = elf.sections(image.path)
    return NetworkBuild(
        flags=image.flags,
        compiler=image.compiler,
        instructions=spread(run.instructions.tolist()),
        flash=sum(sections[name].n_bytes for name in FLASH_SECTIONS if name in sections),
        stack=run.stack_bytes,
        stack_bound=_stack_bound(image, folder, f"tg_{library.name}_invoke"),
    )


def _stack_bound(image: Image, folder: Path, entry: str) -> int | None:
    if CALL_GRAPH_FLAG not in image.flags:
        return None
    graph = read_call_graph((folder / "runtime", folder / "model"), elf.functions(image.path))
    return graph.bound(entry).bytes
