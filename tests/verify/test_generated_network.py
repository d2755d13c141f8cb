"""Generated networks answer like TFLM, on this computer and on the emulated Cortex-M4."""

import numpy as np
import pytest

from tinygest.generate.network_library import generate_network
from tinygest.generate.vectors import random_inputs
from tinygest.toolchain import arm
from tinygest.toolchain.boards import CortexM4Board, HostBoard
from tinygest.toolchain.compiler import STRICT
from tinygest.verify.library import open_library
from tinygest.verify.network import build_network, run_network

BOARDS = {
    "host": HostBoard(flags=("-std=c99", "-O2", *STRICT)),
    "cortex-m4": CortexM4Board(flags=(*arm.FLAGS, *STRICT)),
}


@pytest.fixture(params=sorted(BOARDS))
def board(request):
    request.getfixturevalue("needs_host_compiler" if request.param == "host" else "needs_qemu")
    return BOARDS[request.param]


@pytest.mark.parametrize("name", ["a_mlp", "b_conv1d", "c_ds"])
def test_bench_models_give_all_expected_outputs(name, board, shared_dir, tmp_path):
    models = shared_dir / "bench" / "models"
    generate_network((models / f"{name}.tflite").read_bytes(), name, tmp_path / "library")
    image = build_network(board, open_library(tmp_path / "library", name), tmp_path / "build")
    with np.load(models / f"{name}_vectors.npz") as vectors:
        found = run_network(board, image, vectors["x"], tmp_path / "run").outputs
        assert found.shape == (600, 6)
        np.testing.assert_array_equal(found, vectors["y"])


@pytest.mark.slow
@pytest.mark.parametrize("name", ["a_mlp", "b_conv1d", "c_ds"])
def test_ten_thousand_random_vectors_answer_like_tflm(name, board, needs_tflm, shared_dir, tmp_path):
    from tflite_micro import runtime

    tflite = (shared_dir / "bench" / "models" / f"{name}.tflite").read_bytes()
    generate_network(tflite, name, tmp_path / "library")
    image = build_network(board, open_library(tmp_path / "library", name), tmp_path / "build")
    interpreter = runtime.Interpreter.from_bytes(tflite, arena_size=1 << 20)
    shape = interpreter.get_input_details(0)["shape"]
    inputs = random_inputs(10_000, int(np.prod(shape)), seed=31)
    found = run_network(board, image, inputs, tmp_path / "run").outputs
    for values, answer in zip(inputs, found, strict=True):
        interpreter.set_input(values.reshape(shape), 0)
        interpreter.invoke()
        np.testing.assert_array_equal(answer, np.array(interpreter.get_output(0)).reshape(-1))
