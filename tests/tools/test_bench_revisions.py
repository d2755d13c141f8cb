"""A model trained on one board revision keeps its score on the other."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "tools" / "bench_revisions.py"


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = importlib.util.spec_from_file_location("bench_revisions", SCRIPT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "bench_revisions", module)  # its dataclasses look themselves up
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
def test_a_model_keeps_its_score_on_the_other_revision(
    bench: ModuleType, needs_host_compiler: None, capsys: pytest.CaptureFixture[str]
) -> None:
    """Four people, one of them held out; the script does it with six. Prints the loss."""
    scores = bench.compare(n_people=4, held_out={4})
    with capsys.disabled():
        print()
        bench.print_scores(scores)
    assert {(score.trained_on, score.tested_on) for score in scores} == {
        (a, b) for a in ("rev1", "rev2") for b in ("rev1", "rev2")
    }
    own = {score.trained_on: score for score in scores if score.trained_on == score.tested_on}
    for score in scores:
        assert score.event_f1 > 0.6
        assert abs(own[score.trained_on].event_f1 - score.event_f1) < 0.03
        assert abs(own[score.trained_on].accuracy - score.accuracy) < 0.03


def test_the_table_says_what_is_lost(bench: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    bench.print_scores(
        [bench.Score("rev1", "rev1", 0.9, 0.95, 10), bench.Score("rev1", "rev2", 0.87, 0.94, 10)]
    )
    *_, same, other = capsys.readouterr().out.splitlines()
    assert same.split() == ["rev1", "rev1", "0.900", "0.950", "0.0"]
    assert other.split() == ["rev1", "rev2", "0.870", "0.940", "3.0"]
