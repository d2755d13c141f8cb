"""The same program on this computer and on the emulated Cortex-M4."""

import numpy as np
import pytest

from tinygest.core.errors import ToolchainError
from tinygest.toolchain import arm
from tinygest.toolchain.boards import INPUT_FILE, OUTPUT_FILE, CortexM4Board, HostBoard, Sources
from tinygest.toolchain.compiler import STRICT

BOARDS = {
    "host": HostBoard(flags=("-std=c99", "-O2", *STRICT)),
    "cortex-m4": CortexM4Board(flags=(*arm.FLAGS, *STRICT)),
}

# Adds numbers up; tells instructions and stack beside each sum. The callee's stack is 4 * DEPTH and more.
PROGRAM = """
#include "board.h"
static int32_t add(void *sum, const void *number, void *n_loops)
{
    volatile uint32_t stack[DEPTH];
    for (uint32_t i = *(const uint32_t *)n_loops; i > 0; i--) {
        stack[i % DEPTH] = i;
    }
    *(uint32_t *)sum += *(const uint32_t *)number;
    return (int32_t)stack[0];
}
int main(void)
{
    uint32_t count = 0, number = 0, sum = 0, n_loops = 0;
    board_open("input.bin", "output.bin");
    (void)board_read(&count, sizeof count);
    if (count == 1u) {
        board_count_instructions();
    }
    if (count == 2u) {
        board_fail("told to stop");
    }
    while (board_read(&number, sizeof number)) {
        n_loops = number & 1023u;
        (void)board_call(add, &sum, &number, &n_loops);
        const board_cost_t cost = board_cost();
        board_write(&sum, sizeof sum);
        board_write(&cost, sizeof cost);
    }
    board_close();
    return 0;
}
"""


@pytest.fixture(scope="module", params=sorted(BOARDS))
def board(request, tmp_path_factory):
    """(board, run): run takes (count, numbers) and gives an array (n, 3) of sum, instructions, stack."""
    request.getfixturevalue("needs_host_compiler" if request.param == "host" else "needs_qemu")
    chosen = BOARDS[request.param]
    folder = tmp_path_factory.mktemp("board")
    (folder / "program.c").write_text(PROGRAM)
    sources = Sources(harness=(folder / "program.c",), defines={"DEPTH": "64u"})
    image = chosen.build(sources, folder / "build")
    assert image.compiler

    def run(count, numbers):
        words = np.array([count, *numbers], "<u4")
        (folder / INPUT_FILE).write_bytes(words.tobytes())
        chosen.run(image, folder, count_instructions=count == 1)
        return np.fromfile(folder / OUTPUT_FILE, "<u4").reshape(-1, 3)

    return chosen, run


def test_files_larger_than_the_buffers_pass_through(board):
    numbers = np.random.default_rng(1).integers(0, 2**32, 20_000, dtype=np.uint32)
    rows = board[1](0, numbers)
    np.testing.assert_array_equal(rows[:, 0], np.cumsum(numbers, dtype=np.uint32))
    assert not rows[:, 1].any(), "nothing is counted unless asked"


def test_instructions_are_exact_and_repeatable(board):
    """Every turn of the loop takes the same number of instructions, so the counts lie on a line."""
    chosen, run = board
    n_loops = np.arange(1, 800, 7)
    counts = run(1, n_loops)[:, 1].astype(np.int64)
    if chosen.name == "host":
        assert not counts.any()
        return
    turns = (counts - counts[0]) / (n_loops - n_loops[0]).clip(1)
    assert turns[1] == int(turns[1]) > 0
    assert set(turns[1:]) == {turns[1]}
    np.testing.assert_array_equal(run(1, n_loops)[:, 1], counts)


def test_stack_is_that_of_the_called_function(board):
    chosen, run = board
    stack = set(run(0, [64, 65])[:, 2])
    if chosen.name == "host":
        assert stack == {0}
    else:
        assert len(stack) == 1
        assert 256 <= stack.pop() <= 256 + 32


def test_failure_is_told(board):
    with pytest.raises(ToolchainError, match="status 3: told to stop"):
        board[1](2, [])


def test_counting_without_the_emulators_help_is_refused(needs_qemu, tmp_path):
    chosen = BOARDS["cortex-m4"]
    (tmp_path / "program.c").write_text(PROGRAM)
    image = chosen.build(Sources((tmp_path / "program.c",), defines={"DEPTH": "8u"}), tmp_path / "build")
    (tmp_path / INPUT_FILE).write_bytes(np.array([1], "<u4").tobytes())
    with pytest.raises(ToolchainError, match="does not count instructions exactly"):
        chosen.run(image, tmp_path, count_instructions=False)


@pytest.mark.usefixtures("needs_qemu")
@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("*(volatile int *)0xF0000000u = 1;", "took a fault"),
        ("volatile char deep[32768]; deep[0] = 1; deep[32767] = deep[0];", "more stack than the board has"),
    ],
)
def test_fault_and_stack_overflow_end_the_run(statement, reason, tmp_path):
    program = f"""
#include "board.h"
static int32_t bad(void *a, const void *b, void *c) {{ (void)a; (void)b; (void)c; {statement} return 0; }}
int main(void) {{ board_open("input.bin", "output.bin"); return board_call(bad, NULL, NULL, NULL); }}
"""
    (tmp_path / "program.c").write_text(program)
    (tmp_path / INPUT_FILE).write_bytes(b"")
    board = CortexM4Board()
    image = board.build(Sources((tmp_path / "program.c",)), tmp_path / "build")
    with pytest.raises(ToolchainError, match=reason):
        board.run(image, tmp_path)
