"""The kernels with the DSP instructions of the Cortex-M4, in the emulator, over every golden network."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from tinygest.core.resources import resource_dir
from tinygest.generate.network_library import generate_network
from tinygest.generate.vectors import NetworkVectors
from tinygest.toolchain import arm
from tinygest.toolchain.boards import CortexM4Board, Sources
from tinygest.toolchain.compiler import STRICT
from tinygest.toolchain.process import run

NETWORKS = Path(__file__).resolve().parent.parent / "golden" / "networks"
NAMES = sorted(path.stem for path in NETWORKS.glob("*.tflite"))


def golden_vectors(name: str) -> NetworkVectors:
    with np.load(NETWORKS / f"{name}.npz") as arrays:
        return NetworkVectors(arrays["inputs"], arrays["outputs"])


@pytest.mark.parametrize("defines", [{}, {"TG_PORTABLE": "1"}], ids=["dsp", "portable"])
def test_golden_networks(needs_qemu, tmp_path, defines):
    """All self-tests in one image, whose exit status is the number of wrong answers."""
    libraries = [
        generate_network(
            (NETWORKS / f"{name}.tflite").read_bytes(), name, tmp_path, vectors=golden_vectors(name)
        )
        for name in NAMES
    ]
    main = tmp_path / "main.c"
    includes = "".join(f'#include "tg_{name}_selftest.h"\n' for name in NAMES)
    calls = " + ".join(f"tg_{name}_selftest()" for name in NAMES)
    main.write_text(f"{includes}int main(void) {{ return {calls}; }}\n")
    board = CortexM4Board(flags=(*arm.FLAGS, *STRICT))
    sources = Sources(
        harness=(main,),
        runtime=tuple(libraries[0].runtime_sources),
        model=tuple(
            source for library in libraries for source in sorted((library.folder / "src").glob("*.c"))
        ),
        include_dirs=tuple(sorted({folder for library in libraries for folder in library.include_dirs})),
        defines=defines,
    )
    board.run(board.build(sources, tmp_path / "build"), tmp_path)


@pytest.mark.skipif(shutil.which("clang") is None, reason="clang is absent")
def test_clang_compiles_the_runtime_for_a_cortex_m4(tmp_path):
    """By its portable C: it leaves inline assembly fewer registers than GCC does."""
    (tmp_path / "string.h").write_text(
        "#include <stddef.h>\n"
        "void *memcpy(void *, const void *, size_t);\n"
        "void *memmove(void *, const void *, size_t);\n"
        "void *memset(void *, int, size_t);\n"
    )
    flags = ["--target=arm-none-eabi", "-mcpu=cortex-m4", "-mthumb", "-ffreestanding", "-std=c99", "-O1"]
    flags += ["-Wall", "-Wextra", "-Werror", "-isystem", str(tmp_path)]
    sources = sorted((resource_dir("firmware/lib/tinygest") / "src").glob("*.c"))
    run(["clang", *flags, "-c", *sources], cwd=tmp_path)
    assert len(list(tmp_path.glob("*.o"))) == len(sources)
