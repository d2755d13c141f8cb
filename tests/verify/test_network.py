"""The harness of bare networks, with a hand-written network that can be computed in the head."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinygest.core.errors import ToolchainError, VerifyError
from tinygest.core.resources import resource_dir
from tinygest.toolchain.boards import CortexM4Board, HostBoard
from tinygest.verify.library import Library
from tinygest.verify.network import build_network, parse_network_run, run_network


@pytest.fixture
def reverse(tmp_path):
    """A network whose outputs are its last three inputs, last first."""
    (tmp_path / "tg_reverse.h").write_text(
        '#include "tg_types.h"\n'
        "#define TG_REVERSE_N_INPUTS 5\n#define TG_REVERSE_N_OUTPUTS 3\n#define TG_REVERSE_ARENA_BYTES 8\n"
        "tg_status_t tg_reverse_invoke(const int8_t *input, int8_t *output, void *arena);\n"
    )
    (tmp_path / "reverse.c").write_text(
        '#include "tg_reverse.h"\n'
        "tg_status_t tg_reverse_invoke(const int8_t *input, int8_t *output, void *arena)\n"
        "{\n    for (int i = 0; i < 3; i++) {\n        output[i] = input[4 - i];\n    }\n"
        "    ((int8_t *)arena)[7] = 1;\n    return TG_OK;\n}\n"
    )
    runtime = resource_dir("firmware/lib/tinygest") / "src"
    return Library("reverse", (tmp_path / "reverse.c",), (), (tmp_path, runtime))


@pytest.mark.parametrize("board", [HostBoard(), CortexM4Board()], ids=lambda board: board.name)
def test_every_vector_passes_through_the_network(board, reverse, request, tmp_path):
    request.getfixturevalue("needs_host_compiler" if board.name == "host" else "needs_qemu")
    image = build_network(board, reverse, tmp_path / "build")
    inputs = np.random.default_rng(2).integers(-128, 128, (5000, 5), dtype=np.int8)
    run = run_network(board, image, inputs, tmp_path / "run", count_instructions=True)
    np.testing.assert_array_equal(run.outputs, inputs[:, :1:-1])
    if board.name == "cortex-m4":
        assert len(set(run.instructions)) == 1
        assert run.instructions[0] > 9
        assert run.stack_bytes <= 64


def test_no_vectors_are_no_error(needs_host_compiler, reverse, tmp_path):
    image = build_network(HostBoard(), reverse, tmp_path / "build")
    run = run_network(HostBoard(), image, np.zeros((0, 5), np.int8), tmp_path / "run")
    assert run.outputs.shape == (0, 3)


def test_vectors_of_another_size_are_refused(needs_host_compiler, reverse, tmp_path):
    image = build_network(HostBoard(), reverse, tmp_path / "build")
    with pytest.raises(ToolchainError, match="not made for this network"):
        run_network(HostBoard(), image, np.zeros((1, 6), np.int8), tmp_path / "run")


@settings(deadline=None, max_examples=100)
@given(st.binary(max_size=60), st.integers(0, 5), st.integers(0, 3))
def test_damaged_answers_are_refused(data, n_vectors, n_outputs):
    data = n_outputs.to_bytes(4, "little") + data
    if len(data) == 8 + n_vectors * (4 + n_outputs):
        assert parse_network_run(data, n_vectors).outputs.shape == (n_vectors, n_outputs)
    else:
        with pytest.raises(VerifyError, match=r"instead of|only"):
            parse_network_run(data, n_vectors)


def test_a_huge_number_of_outputs_takes_no_memory():
    with pytest.raises(VerifyError, match="4294967295 outputs"):
        parse_network_run(b"\xff" * 12, 1)
