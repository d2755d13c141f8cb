"""What a sample costs when nothing else happens: the device pays it a hundred times a second."""

from __future__ import annotations

import struct
from pathlib import Path

from tinygest.toolchain.boards import CortexM4Board, Sources

from .conftest import LIBRARY, REPOSITORY

BUDGET = 250  # Cortex-M4 instructions for ring, activity and segmenter, six channels
SEGMENTERS = ("hysteresis", "adaptive", "peak", "trigger", "sliding")


def test_a_sample_costs_less_than_the_budget(needs_qemu: None, tmp_path: Path) -> None:
    sources = Sources(
        harness=(REPOSITORY / "tests" / "c" / "path_cost.c",),
        runtime=tuple(sorted(LIBRARY.glob("*.c"))),
        include_dirs=(LIBRARY,),
    )
    board = CortexM4Board()
    (tmp_path / "input.bin").write_bytes(b"")
    board.run(board.build(sources, tmp_path), tmp_path, count_instructions=True)

    told = (tmp_path / "output.bin").read_bytes()
    for name, (n_samples, in_sum, longest, n_segments) in zip(
        SEGMENTERS, struct.iter_unpack("<4I", told), strict=True
    ):
        print(f"{name}: {in_sum / n_samples:.1f} instructions a sample, at most {longest}")
        assert n_segments > 0
        assert in_sum / n_samples < BUDGET
        assert longest < 2 * BUDGET
