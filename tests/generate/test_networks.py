"""Generated networks answer bit for bit what TensorFlow Lite Micro answers."""

from pathlib import Path

import numpy as np
import pytest
import tflite as schema
from random_networks import random_network
from tflm_oracle import tflm_answers

from tinygest.core.errors import ToolchainError
from tinygest.generate import operators
from tinygest.generate.arithmetic import quantise_multiplier
from tinygest.generate.network import resolve_network
from tinygest.generate.network_library import generate_network
from tinygest.generate.vectors import NetworkVectors, random_inputs
from tinygest.toolchain import host
from tinygest.toolchain.process import run

NAMES = sorted(path.stem for path in (Path(__file__).parent.parent / "golden/networks").glob("*.tflite"))
BENCH = ("a_mlp", "b_conv1d", "c_ds")
SANITIZERS = ("-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-g")


@pytest.fixture(scope="module")
def networks(compile_networks, network_bytes):
    return compile_networks({name: network_bytes(name) for name in NAMES})


@pytest.fixture(scope="module")
def bench(shared_dir):
    """The bench models: {name: (tflite, vectors)}."""
    found = {}
    for name in BENCH:
        tflite = (shared_dir / "bench" / "models" / f"{name}.tflite").read_bytes()
        with np.load(shared_dir / "bench" / "models" / f"{name}_vectors.npz") as arrays:
            found[name] = (tflite, NetworkVectors(arrays["x"], arrays["y"]))
    return found


def test_the_golden_networks_use_every_operator_in_many_forms(network_bytes):
    networks = [resolve_network(network_bytes(name)) for name in NAMES]
    titles = {step.layer.title for network in networks for step in network.steps}
    kernels = {step.layer.kernel for network in networks for step in network.steps}
    assert len(NAMES) >= 30
    assert len(titles) >= 20
    assert kernels == {
        "tg_add",
        "tg_average_pool_2d",
        "tg_concatenate",
        "tg_conv_2d",
        "tg_copy",
        "tg_depthwise_conv_2d",
        "tg_fully_connected",
        "tg_general_conv_2d",
        "tg_lookup",
        "tg_max_pool_2d",
        "tg_mean",
        "tg_multiply",
        "tg_pad",
        "tg_softmax",
        "tg_average_pool_quads",
        "tg_conv_1d",
        "tg_conv_1d_relu",
        "tg_conv_2d_quads",
        "tg_dense",
        "tg_dense_per_channel",
        "tg_depthwise_quads",
        "tg_depthwise_quads_relu",
        "tg_mean_quads",
    }


@pytest.mark.parametrize("name", NAMES)
def test_golden_vectors(networks, golden_vectors, name):
    vectors = golden_vectors(name)
    np.testing.assert_array_equal(networks[name](vectors.inputs), vectors.outputs)


@pytest.mark.parametrize("name", NAMES)
def test_random_vectors_against_tflm(networks, network_bytes, needs_tflm, name):
    tflite = network_bytes(name)
    inputs = random_inputs(300, resolve_network(tflite).input.n_elements, seed=7)
    np.testing.assert_array_equal(networks[name](inputs), tflm_answers(tflite, inputs))


def test_general_kernels_answer_the_same(compile_networks, network_bytes, golden_vectors, monkeypatch):
    """What the faster kernels stand for still computes every golden network."""
    monkeypatch.setattr(operators, "choose_kernel", lambda layer: layer)
    models = {name: network_bytes(name) for name in NAMES}
    for name, network in compile_networks(models).items():
        vectors = golden_vectors(name)
        np.testing.assert_array_equal(network(vectors.inputs), vectors.outputs, err_msg=name)


def test_random_networks_with_their_ends_in_the_arena(compile_networks, needs_tflm):
    """What is checked of golden networks as well: input and output may lie where the header says."""
    models = {f"random_{seed}": random_network(seed) for seed in range(2000, 2010)}
    for name, run_network in compile_networks(models, "-O0").items():
        inputs = random_inputs(20, resolve_network(models[name]).input.n_elements, seed=3)
        np.testing.assert_array_equal(run_network(inputs), tflm_answers(models[name], inputs))


def test_bench_models(compile_networks, bench):
    """600 vectors each, and the arenas are the largest input and output alive at once."""
    compiled = compile_networks({name: tflite for name, (tflite, _) in bench.items()})
    for name, (_, vectors) in bench.items():
        assert vectors.inputs.shape[0] == 600
        np.testing.assert_array_equal(compiled[name](vectors.inputs), vectors.outputs)
    arenas = {name: resolve_network(tflite).arena_bytes for name, (tflite, _) in bench.items()}
    assert arenas == {"a_mlp": 56, "b_conv1d": 896, "c_ds": 2048}


def test_bench_models_against_tflm_on_random_vectors(compile_networks, bench, needs_tflm):
    compiled = compile_networks({name: tflite for name, (tflite, _) in bench.items()})
    for name, (tflite, vectors) in bench.items():
        inputs = random_inputs(500, vectors.inputs.shape[1], seed=8)
        np.testing.assert_array_equal(compiled[name](inputs), tflm_answers(tflite, inputs))


def test_self_tests_run_clean_under_sanitizers(
    network_bytes, golden_vectors, needs_host_compiler, tmp_path
):
    """Address and undefined-behaviour sanitizers over every golden network, in one program."""
    libraries = [
        generate_network(network_bytes(name), name, tmp_path, vectors=golden_vectors(name))
        for name in NAMES
    ]
    main = tmp_path / "main.c"
    includes = "".join(f'#include "tg_{name}_selftest.h"\n' for name in NAMES)
    calls = " + ".join(f"tg_{name}_selftest()" for name in NAMES)
    main.write_text(f"{includes}int main(void) {{ return {calls}; }}\n")
    sources = [source for library in libraries for source in sorted((library.folder / "src").glob("*.c"))]
    program = host.compile_executable(
        [main, *sources, *libraries[0].runtime_sources],
        tmp_path / "selftests",
        include_dirs=sorted({folder for library in libraries for folder in library.include_dirs}),
        flags=("-std=c99", "-O0", *SANITIZERS),
    )
    run([program], cwd=tmp_path)


def test_a_wrong_golden_vector_is_found(network_bytes, golden_vectors, needs_host_compiler, tmp_path):
    vectors = golden_vectors("dense_none")
    outputs = vectors.outputs.copy()
    outputs[[3, 9]] += 1
    library = generate_network(
        network_bytes("dense_none"), "dense_none", tmp_path, vectors=NetworkVectors(vectors.inputs, outputs)
    )
    program = host.compile_executable(
        [
            *sorted((library.folder / "src").glob("*.c")),
            library.folder / "selftest/main.c",
            *library.runtime_sources,
        ],
        tmp_path / "selftest",
        include_dirs=library.include_dirs,
    )
    with pytest.raises(ToolchainError, match="tg_dense_none: 2 wrong answers"):
        run([program], cwd=tmp_path)


def test_single_rounding_differs_by_one_at_most_and_somewhere(compile_networks, network_bytes, networks):
    """The compile switch for the arithmetic of XNNPACK: a known small difference."""
    (single,) = compile_networks({"mean_conv": network_bytes("mean_conv")}, "-DTG_SINGLE_ROUNDING").values()
    inputs = random_inputs(300, 3 * 8 * 5, seed=9)
    difference = np.abs(single(inputs).astype(int) - networks["mean_conv"](inputs))
    assert 0 < difference.max() <= 2


def test_scales_of_a_dense_layer_are_multiplied_in_double_precision(network_bytes):
    """In single precision about one in 3,000 inputs of a trained 174-40-5 network differs from TFLM."""
    data = network_bytes("dense_per_tensor")
    graph = schema.Model.GetRootAs(data, 0).Subgraphs(0)
    for i, step in enumerate(resolve_network(data).steps):
        operator = graph.Operators(i)
        input, weights, output = (
            float(graph.Tensors(tensor).Quantization().Scale(0))
            for tensor in (operator.Inputs(0), operator.Inputs(1), operator.Outputs(0))
        )
        (multiplier,) = step.layer.general.fields["requantise"]["multipliers"].values
        single = float(np.float32(input) * np.float32(weights)) / output
        assert multiplier == quantise_multiplier(input * weights / output).value
        assert multiplier != quantise_multiplier(single).value
