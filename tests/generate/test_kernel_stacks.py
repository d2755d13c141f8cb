"""The stacks that generated headers promise are those that the compiler makes."""

import re
from pathlib import Path

import pytest

from tinygest.core.resources import resource_dir
from tinygest.generate.kernel_stacks import AROUND, KERNEL_STACKS, network_stack
from tinygest.generate.network import resolve_network
from tinygest.generate.network_library import generate_network
from tinygest.toolchain import arm
from tinygest.toolchain.stack import CALL_GRAPH_FLAG, CallGraph, read_call_graph

SOURCES = resource_dir("firmware/lib/tinygest") / "src"
MEMCPY = 24  # more than newlib's takes; its frame is in no call graph
KERNEL = re.compile(r"^void (tg_\w+)\(const \1_t \*layer,", re.MULTILINE)


def kernels() -> set[str]:
    """Functions of the library that a layer can be."""
    return {name for path in SOURCES.glob("tg_*.h") for name in KERNEL.findall(path.read_text())}


def call_graph(sources: list[Path], folder: Path, flag: str, include: Path) -> CallGraph:
    words = (*arm.MACHINE, "-std=c99", flag, CALL_GRAPH_FLAG, "-I", SOURCES, "-I", include)
    arm.find_compiler().run(*map(str, words), "-c", *map(str, sources), cwd=folder)
    return read_call_graph([folder], set())


def test_every_kernel_is_in_the_table():
    assert kernels() == set(KERNEL_STACKS)


@pytest.mark.parametrize("flag", ["-Os", "-O2"])
def test_kernels_and_networks_keep_to_it(needs_arm, network_bytes, tmp_path, flag):
    models = {name: network_bytes(name) for name in ("inception", "conv1d")}
    libraries = [generate_network(tflite, name, tmp_path / name) for name, tflite in models.items()]
    sources = [path for library in libraries for path in library.model_sources]
    names = [*KERNEL_STACKS, "tg_dot", "tg_pairs"]
    sources += [path for path in (SOURCES / f"{name}.c" for name in names) if path.is_file()]
    include = tmp_path / "headers"
    include.mkdir()
    for library in libraries:
        for header in (library.folder / "src").glob("*.h"):
            (include / header.name).write_bytes(header.read_bytes())
    (tmp_path / "build").mkdir()
    graph = call_graph(sources, tmp_path / "build", flag, include)
    for kernel, promised in KERNEL_STACKS.items():
        assert graph.bound(kernel).bytes <= promised, kernel
    for name, tflite in models.items():
        bound = graph.bound(f"tg_{name}_invoke")
        assert set(bound.not_counted) <= {"memcpy", "memset", "memmove"}
        assert bound.bytes + MEMCPY <= resolve_network(tflite).stack_bytes


def test_a_kernel_that_is_not_known_is_taken_for_the_deepest():
    assert network_stack(["tg_lookup"]) == 32 + AROUND
    assert network_stack(["tg_lookup", "tg_new"]) == max(KERNEL_STACKS.values()) + AROUND
