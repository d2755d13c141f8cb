"""What an inference costs on a Cortex-M4: python tools/bench_kernels.py [--models FOLDER] [--rivals FOLDER]

Ours, ours without DSP instructions, and with --rivals the generators of C that PyPI has (they are
installed in that folder, once), all in the same harness, emulator and run. FOLDER of models holds
NAME.tflite and NAME_vectors.npz (x: int8 inputs, y: what TensorFlow Lite Micro answers). Prints Markdown.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from tinygest.core.resources import resource_dir
from tinygest.generate.network import Network, resolve_network
from tinygest.generate.network_library import generate_network
from tinygest.toolchain import arm, elf
from tinygest.toolchain.boards import CortexM4Board, Image, Sources
from tinygest.verify.library import open_library
from tinygest.verify.network import run_network

sys.path.insert(0, str(Path(__file__).resolve().parent))
from bench_rivals import Rival, install, rivals

ROOT = Path(__file__).resolve().parent.parent
MODELS = ROOT.parent / "shared" / "bench" / "models"
N_VECTORS = 40  # counting slows the emulator; the number of instructions hardly depends on the input
N_RANDOM = 10_000

SECTIONS = ("-ffunction-sections", "-fdata-sections")
# The second as the platform nordicnrf52 builds a library for nano33ble: Arduino's core adds char's sign.
COLUMNS = {
    "-O2": ("-std=c99", "-O2", *SECTIONS),
    "as PlatformIO": ("-std=gnu11", "-Os", *SECTIONS, "-fno-exceptions", "-funsigned-char"),
}


@dataclass(frozen=True)
class Candidate:
    """A network behind a function that the harness calls."""

    name: str
    sources: Sources
    vectors: np.ndarray[Any, np.dtype[np.int8]]
    """(n, n_inputs) as this candidate wants them."""
    is_exact: bool = True
    """Whether it claims the bits of TensorFlow Lite Micro."""
    defines: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Cost:
    """Of one inference."""

    instructions: float
    flash: int
    ram: int
    stack: int
    n_wrong: int
    """Vectors whose outputs are not TensorFlow Lite Micro's."""
    n_vectors: int


def candidates(
    name: str, tflite: bytes, vectors: Any, python: Path | None, folder: Path
) -> Iterator[Candidate]:
    """Ours twice, then whatever rival takes the model."""
    network = resolve_network(tflite)
    generate_network(tflite, name, folder)
    library = open_library(folder, name).sources()
    ours = {"NETWORK_HEADER": f'"tg_{name}.h"', "NETWORK_INVOKE": f"tg_{name}_invoke"}
    in_arena = ("N_INPUTS", "N_OUTPUTS", "ARENA_BYTES", "INPUT_OFFSET", "OUTPUT_OFFSET")
    ours |= {f"NETWORK_{size}": f"TG_{name.upper()}_{size}" for size in in_arena}
    yield Candidate("tinygest", library, vectors, defines=ours)
    yield Candidate("tinygest, portable C", library, vectors, defines=ours | {"TG_PORTABLE": "1"})
    if python is not None:
        for rival in rivals(tflite, python, folder / "rivals"):
            yield _candidate(rival, network, vectors)


def _candidate(rival: Rival, network: Network, vectors: Any) -> Candidate:
    shape = network.input.shape
    if rival.channels_first and len(shape) == 4:
        vectors = np.moveaxis(vectors.reshape(-1, *shape[1:]), 3, 1).reshape(len(vectors), -1)
    runtime = resource_dir("firmware/lib/tinygest") / "src"
    sources = Sources((), model=rival.sources, include_dirs=(*rival.include_dirs, runtime))
    defines = {"NETWORK_HEADER": '"rival.h"', "NETWORK_INVOKE": "rival_invoke"}
    defines |= {f"NETWORK_{size}": f"TG_RIVAL_{size}" for size in ("N_INPUTS", "N_OUTPUTS", "ARENA_BYTES")}
    return Candidate(rival.name, sources, vectors, is_exact=False, defines=defines)


def build(candidate: Candidate, board: CortexM4Board, folder: Path) -> Image:
    harness = (resource_dir("firmware/emulated") / "network_harness.c",)
    return board.build(replace(candidate.sources, harness=harness, defines=candidate.defines), folder)


def empty_flash(board: CortexM4Board, folder: Path) -> int:
    """Bytes of the same image around a network that does nothing."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "empty.h").write_text(
        '#include "tg_types.h"\n'
        "static inline tg_status_t empty_invoke(const int8_t *input, int8_t *output, void *arena) {\n"
        "    (void)input;\n    (void)output;\n    (void)arena;\n    return TG_OK;\n}\n"
    )
    runtime = resource_dir("firmware/lib/tinygest") / "src"
    sizes = dict.fromkeys(("N_INPUTS", "N_OUTPUTS", "ARENA_BYTES"), "4")
    defines = {"NETWORK_HEADER": '"empty.h"', "NETWORK_INVOKE": "empty_invoke"}
    defines |= {f"NETWORK_{size}": value for size, value in sizes.items()}
    empty = Candidate(
        "empty", Sources((), include_dirs=(folder, runtime)), np.zeros((0, 4)), defines=defines
    )
    return elf.flash_bytes(build(empty, board, folder / "build").path)


def measure(candidate: Candidate, outputs: Any, board: CortexM4Board, base: int, folder: Path) -> Cost:
    """base: bytes of the empty image."""
    image = build(candidate, board, folder / "build")
    counted = run_network(
        board, image, candidate.vectors[:N_VECTORS], folder / "run", count_instructions=True
    )
    found = run_network(board, image, candidate.vectors, folder / "run").outputs
    return Cost(
        instructions=float(counted.instructions.mean()),
        flash=elf.flash_bytes(image.path) - base,
        ram=_ram_bytes(image.path),
        stack=counted.stack_bytes,
        n_wrong=int((found != outputs).any(axis=1).sum()),
        n_vectors=len(outputs),
    )


def _ram_bytes(path: Path) -> int:
    """Activations with input and output, and variables of the library."""
    symbols, sections = elf.symbol_bytes(path), elf.sections(path)
    library = sum(sections[name].n_bytes for name in (".data.library", ".bss.library") if name in sections)
    return library + sum(symbols.get(name, 0) for name in ("arena", "inputs", "outputs"))


def compare(models: Path, python: Path | None) -> Iterator[tuple[str, ...]]:
    """Rows of the table."""
    for path in sorted(models.glob("*.tflite")):
        with np.load(path.with_name(f"{path.stem}_vectors.npz")) as arrays:
            vectors, outputs = arrays["x"], arrays["y"]
        with tempfile.TemporaryDirectory(prefix="tinygest-bench-") as folder:
            yield from _rows(path, vectors, outputs, python, Path(folder))


def _rows(
    path: Path, vectors: Any, outputs: Any, python: Path | None, folder: Path
) -> Iterator[tuple[str, ...]]:
    boards = {name: CortexM4Board(flags) for name, flags in COLUMNS.items()}
    bases = {name: empty_flash(board, folder / "empty" / name) for name, board in boards.items()}
    for i, candidate in enumerate(candidates(path.stem, path.read_bytes(), vectors, python, folder)):
        costs = [
            measure(candidate, outputs, board, bases[name], folder / str(i) / name)
            for name, board in boards.items()
        ]
        wrong = {f"{cost.n_wrong} of {cost.n_vectors}" for cost in costs}
        yield (path.stem, candidate.name, *(_cell(cost) for cost in costs), ", ".join(sorted(wrong)))


def _cell(cost: Cost) -> str:
    return f"{cost.instructions:,.0f} / {cost.flash:,} / {cost.ram:,} / {cost.stack:,}"


HEAD = (
    "model",
    "generator",
    *(f"{column}: instructions / flash / RAM / stack" for column in COLUMNS),
    "vectors not as TFLM",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=Path, default=MODELS)
    parser.add_argument("--rivals", type=Path, help="install rivals here and measure them too")
    arguments = parser.parse_args()
    python = install(arguments.rivals) if arguments.rivals else None
    print(f"{arm.find_compiler().version}\n")
    print("|", " | ".join(HEAD), "|")
    print("|", " | ".join("---" for _ in HEAD), "|")
    for row in compare(arguments.models, python):
        print("|", " | ".join(row), "|", flush=True)


if __name__ == "__main__":
    main()
