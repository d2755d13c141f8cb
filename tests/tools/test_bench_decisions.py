"""What a whole decision of the default networks costs on a Cortex-M4, held to its limit."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest

from tinygest.core.contract import SlidingSegmenter
from tinygest.toolchain import arm

TOOLS = Path(__file__).resolve().parents[2] / "tools"
SECOND = SlidingSegmenter(1000.0, 1000.0)


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(TOOLS))
    import bench_decisions

    return bench_decisions


@pytest.mark.parametrize(("family", "limit"), [("dense", 40_000), ("cnn", 140_000)])
def test_a_decision_on_a_second_of_movement(
    bench: ModuleType, needs_qemu: None, family: str, limit: int
) -> None:
    """Features or window, network, decision; as PlatformIO builds. The header's stack holds, too."""
    found = bench.measure(*bench.default_model(family), SECOND, arm.PLATFORMIO_FLAGS)
    print(f"{family}: {found.deciding_push.max:,} instructions at most, idle {found.idle_push.mean:.0f}")
    assert found.deciding_push.n == bench.N_DECISIONS + 1
    assert limit / 2 < found.deciding_push.max <= limit
    assert found.idle_push.mean <= 250
