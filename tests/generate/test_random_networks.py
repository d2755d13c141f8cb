"""Random networks of every operator answer bit for bit what TFLM answers: here and on a Cortex-M4."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
from random_networks import random_network
from tflm_oracle import tflm_answers

from tinygest.generate.network import resolve_network
from tinygest.generate.network_library import generate_network
from tinygest.generate.vectors import NetworkVectors, random_inputs
from tinygest.toolchain.boards import Board, CortexM4Board, HostBoard, Sources

N_VECTORS = 16
BATCH = 30
STRICT = ("-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror")
HOST = HostBoard(("-std=c99", "-O1", *STRICT, "-fsanitize=address,undefined", "-fno-sanitize-recover=all"))
SLOW = pytest.mark.slow

MAIN = """#include <string.h>
#include "board.h"
{includes}
int main(void) {{
    int n_wrong[{n}];
    board_open("input.bin", "output.bin");
{calls}
    board_write(n_wrong, sizeof n_wrong);
    board_close();
    return 0;
}}
"""


def wrong_answers(networks: Iterable[bytes], board: Board, folder: Path) -> list[int]:
    """Vectors that each network answers otherwise than TFLM: all in one image, by their self-tests."""
    sources, includes, dirs, runtime = [], [], [], ()
    for number, tflite in enumerate(networks):
        inputs = random_inputs(N_VECTORS, resolve_network(tflite).input.n_elements, seed=number)
        vectors = NetworkVectors(inputs, tflm_answers(tflite, inputs))
        library = generate_network(tflite, f"r{number}", folder / "libraries", vectors=vectors)
        sources += sorted((library.folder / "src").glob("*.c"))
        includes.append(f'#include "tg_r{number}_selftest.h"')
        dirs.append(library.folder / "src")
        runtime = library.runtime_sources
        runtime_dir = library.runtime / "src"
    n = len(includes)
    calls = "\n".join(f"    n_wrong[{i}] = tg_r{i}_selftest();" for i in range(n))
    main = folder / "main.c"
    main.write_text(MAIN.format(includes="\n".join(includes), n=n, calls=calls))
    (folder / "input.bin").write_bytes(b"")
    image = board.build(Sources((main,), runtime, tuple(sources), (*dirs, runtime_dir)), folder)
    board.run(image, folder)
    return np.frombuffer((folder / "output.bin").read_bytes(), "<i4").tolist()


@pytest.fixture
def batch(request):
    """Networks of n seeds from `first` on."""
    first, n = request.param
    return [random_network(seed) for seed in range(first, first + n)]


def batches(n: int) -> list[tuple[int, int]]:
    return [(first, min(BATCH, n - first)) for first in range(0, n, BATCH)]


@pytest.mark.parametrize("batch", [(1000, 12)], indirect=True)
def test_some_on_the_host(batch, needs_tflm, needs_host_compiler, tmp_path):
    assert wrong_answers(batch, HOST, tmp_path) == [0] * len(batch)


@pytest.mark.parametrize("batch", [(1012, 8)], indirect=True)
def test_some_on_the_emulator(batch, needs_tflm, needs_qemu, tmp_path):
    assert wrong_answers(batch, CortexM4Board(), tmp_path) == [0] * len(batch)


@SLOW
@pytest.mark.parametrize("batch", batches(300), indirect=True)
def test_three_hundred_on_the_host(batch, needs_tflm, needs_host_compiler, tmp_path):
    assert wrong_answers(batch, HOST, tmp_path) == [0] * len(batch)


@SLOW
@pytest.mark.parametrize("batch", batches(300), indirect=True)
def test_three_hundred_on_the_emulator(batch, needs_tflm, needs_qemu, tmp_path):
    assert wrong_answers(batch, CortexM4Board(), tmp_path) == [0] * len(batch)
