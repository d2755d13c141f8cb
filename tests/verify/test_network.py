"""The harness of bare networks, with a hand-written network that can be computed in the head."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinygest.core.errors import VerifyError
from tinygest.toolchain.boards import CortexM4Board, HostBoard, Sources
from tinygest.verify.network import NetworkEntry, build_network, parse_network_run, run_network

ENTRY = NetworkEntry("reverse.h", "reverse", n_inputs=5, n_outputs=3)


@pytest.fixture
def reverse(tmp_path):
    """A network whose outputs are its last three inputs, last first."""
    (tmp_path / "reverse.h").write_text(
        "#include <stdint.h>\nvoid reverse(const int8_t *input, int8_t *output);\n"
    )
    (tmp_path / "reverse.c").write_text(
        '#include "reverse.h"\n'
        "void reverse(const int8_t *input, int8_t *output)\n"
        "{\n    for (int i = 0; i < 3; i++) {\n        output[i] = input[4 - i];\n    }\n}\n"
    )
    return Sources((), model=(tmp_path / "reverse.c",), include_dirs=(tmp_path,))


@pytest.mark.parametrize("board", [HostBoard(), CortexM4Board()], ids=lambda board: board.name)
def test_every_vector_passes_through_the_network(board, reverse, request, tmp_path):
    request.getfixturevalue("needs_host_compiler" if board.name == "host" else "needs_qemu")
    image = build_network(board, ENTRY, reverse, tmp_path / "build")
    inputs = np.random.default_rng(2).integers(-128, 128, (5000, 5), dtype=np.int8)
    run = run_network(board, image, ENTRY, inputs, tmp_path / "run", count_instructions=True)
    np.testing.assert_array_equal(run.outputs, inputs[:, :1:-1])
    if board.name == "cortex-m4":
        assert len(set(run.instructions)) == 1
        assert run.instructions[0] > 9
        assert run.stack_bytes <= 64


def test_no_vectors_are_no_error(needs_host_compiler, reverse, tmp_path):
    image = build_network(HostBoard(), ENTRY, reverse, tmp_path / "build")
    run = run_network(HostBoard(), image, ENTRY, np.zeros((0, 5), np.int8), tmp_path / "run")
    assert run.outputs.shape == (0, 3)


@settings(deadline=None, max_examples=50)
@given(st.binary(max_size=60), st.integers(0, 5))
def test_damaged_answers_are_refused(data, n_vectors):
    if len(data) == n_vectors * 7 + 4:
        assert parse_network_run(data, n_vectors, 3).outputs.shape == (n_vectors, 3)
    else:
        with pytest.raises(VerifyError, match="instead of"):
            parse_network_run(data, n_vectors, 3)
