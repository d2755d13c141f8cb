"""A short run of the radio's benchmark: several boards at the highest rate, and nothing is lost."""

from __future__ import annotations

import asyncio
import importlib.util
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "tools" / "bench_radio.py"


@pytest.mark.parametrize(("n_boards", "mtu"), [(4, 247), (2, 185)])
def test_nothing_is_lost(
    n_boards: int, mtu: int, board_cache: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = importlib.util.spec_from_file_location("bench_radio", SCRIPT)
    assert spec
    assert spec.loader
    bench = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "bench_radio", bench)  # its dataclass looks itself up
    spec.loader.exec_module(bench)
    result = asyncio.run(bench.measure(n_boards, 400, mtu, 1.5))
    assert (result.n_lost, result.n_lost_on_boards) == (0, 0)
    assert result.n_received == result.n_sent >= n_boards * 400 * 1.2
