"""Golden networks, and generated networks as functions that Python can call."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest

from tinygest.generate.network import resolve_network
from tinygest.generate.network_library import generate_network
from tinygest.generate.vectors import NetworkVectors
from tinygest.toolchain import host

NETWORKS = Path(__file__).resolve().parent.parent / "golden" / "networks"
WARNINGS = ("-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror")

Network = Callable[[np.ndarray], np.ndarray]
Vectors = Callable[[str], NetworkVectors]


@pytest.fixture(scope="session")
def network_bytes() -> Callable[[str], bytes]:
    """The .tflite of a golden network by its name."""
    return lambda name: (NETWORKS / f"{name}.tflite").read_bytes()


@pytest.fixture(scope="session")
def golden_vectors() -> Vectors:
    """Inputs of a golden network and what TensorFlow Lite Micro answered."""

    def load(name: str) -> NetworkVectors:
        with np.load(NETWORKS / f"{name}.npz") as arrays:
            return NetworkVectors(arrays["inputs"], arrays["outputs"])

    return load


@pytest.fixture(scope="session")
def compile_networks(needs_host_compiler, tmp_path_factory) -> Callable[..., dict[str, Network]]:
    """compile_networks({name: tflite}, *flags): each network as a function of (n, n_inputs) int8."""

    def build(models: Mapping[str, bytes], *flags: str) -> dict[str, Network]:
        out = tmp_path_factory.mktemp("networks")
        libraries = [generate_network(tflite, name, out) for name, tflite in models.items()]
        shared = host.compile_shared(
            [
                *(source for library in libraries for source in library.model_sources),
                *libraries[0].runtime_sources,
            ],
            out / "networks.so",
            include_dirs=sorted({folder for library in libraries for folder in library.include_dirs}),
            flags=("-std=c99", "-O2", *WARNINGS, *flags),
        )
        loaded = ctypes.CDLL(str(shared))
        return {name: _caller(getattr(loaded, f"tg_{name}_invoke"), models[name]) for name in models}

    return build


def _caller(invoke, tflite: bytes) -> Network:
    network = resolve_network(tflite)

    def call(*arrays: np.ndarray) -> None:
        assert invoke(*(ctypes.c_void_p(array.ctypes.data) for array in arrays)) == 0

    def run(inputs: np.ndarray) -> np.ndarray:
        """Twice: with the caller's own memory for input and output, and with both in the arena."""
        outputs = np.zeros((len(inputs), network.n_outputs), np.int8)
        arena = np.zeros(network.arena_bytes // 4 + 1, np.int32).view(np.int8)
        input = arena[network.input_offset :][: network.input.n_elements]
        output = arena[network.output_offset :][: network.n_outputs]
        for values, answer in zip(np.ascontiguousarray(inputs), outputs, strict=True):
            call(values, answer, arena)
            input[:] = values
            call(input, output, arena)
            np.testing.assert_array_equal(output, answer)
        return outputs

    return run
