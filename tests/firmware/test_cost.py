"""What a sample costs when nothing else happens: the device pays it a hundred times a second."""

from __future__ import annotations

import path_costs

from tinygest.toolchain.boards import CortexM4Board

BUDGET = 250  # Cortex-M4 instructions for ring, activity and segmenter, six channels


def test_a_sample_costs_less_than_the_budget(needs_qemu: None) -> None:
    for name, idle in path_costs.measure_idle(CortexM4Board()).items():
        print(f"{name}: {idle.mean:.1f} instructions a sample, at most {idle.longest}")
        assert idle.n_segments > 0
        assert idle.mean < BUDGET
        assert idle.longest < 2 * BUDGET
