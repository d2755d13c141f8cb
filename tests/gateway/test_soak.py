"""Several boards at once for a while: nothing lost, memory flat; tools/bench_gateway.py does it longer."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

import pytest

if sys.platform != "linux":
    pytest.skip("the virtual board runs on Linux", allow_module_level=True)

TOOL = Path(__file__).resolve().parents[2] / "tools" / "bench_gateway.py"


@pytest.mark.parametrize(("n_boards", "seconds"), [(3, 4.0), pytest.param(8, 60.0, marks=pytest.mark.slow)])
def test_nothing_is_lost_and_memory_stays(needs_host_compiler: None, n_boards: int, seconds: float) -> None:
    result = runpy.run_path(str(TOOL))["measure"](n_boards, 200, seconds)
    assert (result.n_lost, result.n_repeated, result.n_links) == (0, 0, n_boards)
    assert result.n_samples > 0.8 * n_boards * 200 * seconds
    assert result.memory_mb[1] - result.memory_mb[0] < 3
