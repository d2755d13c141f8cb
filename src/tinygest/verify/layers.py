"""What each layer of a network costs on the emulated Cortex-M4, against its floor."""

from __future__ import annotations

import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from tinygest.core.errors import VerifyError
from tinygest.core.resources import resource_dir
from tinygest.toolchain import elf
from tinygest.toolchain.boards import INPUT_FILE, OUTPUT_FILE, Board, Image, Sources
from tinygest.toolchain.stack import CALL_GRAPH_FLAG, CallGraph, read_call_graph
from tinygest.verify.floor import instruction_floor
from tinygest.verify.library import Library

TRACED = """/* The generated network, whose layers tell when they are done. */
{includes}
#include "layers_harness.h"

{macros}
#include "tg_{name}_network.c"
"""


@dataclass(frozen=True)
class LayerTold:
    """What the generator knows about a layer."""

    title: str
    kernel: str
    shapes: str
    n_macs: int
    n_outputs: int
    flash_floor: int
    """Its weights, and for each output channel a bias, a multiplier and a shift."""
    ram: int
    """Bytes of the arena in use while it runs."""
    ram_floor: int
    """Its inputs and its output, if that cannot overwrite an input."""


class LayerCost(msgspec.Struct, frozen=True):
    """One layer. Floors are explained in docs/verification.md."""

    layer: str
    kernel: str
    shapes: str
    macs: int
    instructions: float
    """Mean over the inputs."""
    instructions_floor: int | None
    flash: int
    """Constants, and what code no layer before it needs as well, without the compiler's library."""
    flash_floor: int
    ram: int
    ram_floor: int
    stack: int | None
    """Of the kernel, by the compiler's frames; None: the compiler does not tell."""


def measure_layers(
    board: Board, library: Library, told: Sequence[LayerTold], inputs: NDArray[np.int8], folder: Path
) -> tuple[LayerCost, ...]:
    """inputs: (n >= 1, n_inputs) that the network is run over. Raises ToolchainError or VerifyError."""
    image = _build(board, library, told, folder)
    (folder / INPUT_FILE).write_bytes(struct.pack("<I", len(inputs)) + inputs.tobytes())
    board.run(image, folder, count_instructions=True)
    counts = _parse((folder / OUTPUT_FILE).read_bytes(), len(told), len(inputs)).mean(axis=0)
    graph = None
    if CALL_GRAPH_FLAG in image.flags:
        graph = read_call_graph((folder / "runtime",), elf.functions(image.path))
    flash = _flash(image, told, graph)
    return tuple(
        LayerCost(
            layer=layer.title,
            kernel=layer.kernel,
            shapes=layer.shapes,
            macs=layer.n_macs,
            instructions=round(float(counts[i]), 1),
            instructions_floor=instruction_floor(layer.kernel, layer.n_macs, layer.n_outputs),
            flash=flash[i],
            flash_floor=layer.flash_floor,
            ram=layer.ram,
            ram_floor=layer.ram_floor,
            stack=None if graph is None else graph.bound(layer.kernel).bytes,
        )
        for i, layer in enumerate(told)
    )


def _build(board: Board, library: Library, told: Sequence[LayerTold], folder: Path) -> Image:
    """The network is compiled inside of a file that makes a report out of each call of a kernel."""
    folder.mkdir(parents=True, exist_ok=True)
    kernels = sorted({layer.kernel for layer in told})
    traced = folder / "traced_network.c"
    traced.write_text(
        TRACED.format(
            name=library.name,
            includes="\n".join(f'#include "{kernel}.h"' for kernel in kernels),
            macros="".join(
                f"#define {kernel}(...) ({kernel}(__VA_ARGS__), layer_done())\n" for kernel in kernels
            ),
        )
    )
    macro = f"TG_{library.name.upper()}"
    defines = {
        "NETWORK_HEADER": f'"tg_{library.name}_network.h"',
        "NETWORK_INVOKE": f"tg_{library.name}_invoke",
        "NETWORK_N_LAYERS": str(len(told)),
        **{f"NETWORK_{size}": f"{macro}_{size}" for size in ("N_INPUTS", "N_OUTPUTS", "ARENA_BYTES")},
    }
    harness = (resource_dir("firmware/emulated") / "layers_harness.c", traced)
    return board.build(Sources(harness, library.runtime, (), library.include_dirs, defines), folder)


def _parse(data: bytes, n_layers: int, n_vectors: int) -> NDArray[np.uint32]:
    """(n_vectors, n_layers) from output.bin; raises VerifyError when its size is wrong."""
    expected = 4 * (1 + n_layers * n_vectors)
    if len(data) != expected or struct.unpack_from("<I", data) != (n_layers,):
        raise VerifyError(f"the board answered {len(data)} bytes for {n_layers} layers, not {expected}")
    return np.frombuffer(data, "<u4", offset=4).reshape(n_vectors, n_layers)


def _flash(image: Image, told: Sequence[LayerTold], graph: CallGraph | None) -> list[int]:
    """Constants by the names of their symbols; code by the calls, each function for its first layer."""
    code = elf.function_bytes(image.path)
    constants = [0] * len(told)
    for name, n_bytes in elf.symbol_bytes(image.path).items():
        found = re.fullmatch(r"layer_(\d+)(_\w+)?", name)
        if found and int(found[1]) < len(told):
            constants[int(found[1])] += n_bytes
    seen: set[str] = set()
    for i, layer in enumerate(told):
        functions = {layer.kernel}
        if graph is not None:  # without the compiler's library, which has no frames
            functions = graph.reachable(layer.kernel) & graph.frames.keys()
        constants[i] += sum(code.get(name, 0) for name in functions - seen)
        seen |= functions
    return constants
