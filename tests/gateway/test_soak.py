"""Several boards at once for a while: nothing lost, memory flat; tools/bench_gateway.py does it longer."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

import pytest

if sys.platform != "linux":
    pytest.skip("the virtual board runs on Linux", allow_module_level=True)

TOOLS = Path(__file__).resolve().parents[2] / "tools"


@pytest.mark.parametrize(("n_boards", "seconds"), [(3, 4.0), pytest.param(8, 60.0, marks=pytest.mark.slow)])
def test_nothing_is_lost_and_memory_stays(needs_host_compiler: None, n_boards: int, seconds: float) -> None:
    result = runpy.run_path(str(TOOLS / "bench_gateway.py"))["measure"](n_boards, 200, seconds)
    assert (result.n_lost, result.n_repeated, result.n_links) == (0, 0, n_boards)
    assert result.n_samples > 0.8 * n_boards * 200 * seconds
    assert result.memory_mb[1] - result.memory_mb[0] < 3


@pytest.mark.slow
def test_clocks_of_boards_agree_over_the_radio(needs_host_compiler: None) -> None:
    """Crystals 50 ppm fast and slow, intervals of 30 ms; the truth is in the samples."""
    found = runpy.run_path(str(TOOLS / "bench_clocks.py"))["measure"](4, 60.0)
    assert found.true_within_s(0.95) < 0.010
