"""Memory plans of random networks: what the benchmark says of them."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[2] / "tools" / "bench_plans.py"


def test_every_plan_is_counted(monkeypatch):
    spec = importlib.util.spec_from_file_location("bench_plans", SCRIPT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "bench_plans", module)
    spec.loader.exec_module(module)
    plans = module.measure(8)
    table = dict(module.rows(plans))
    assert table["networks, layers"] == f"8, {sum(found.n_layers for found in plans)}"
    assert table["plans that are proven to be the least"] == "8"
    assert all(found.plan.arena_bytes <= found.not_in_place.arena_bytes for found in plans)
