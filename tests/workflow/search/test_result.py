from types import SimpleNamespace

import pytest

from tinygest.store.config import Budgets
from tinygest.workflow.costs import excess, over_budget
from tinygest.workflow.search.attempt import Rival, beaten_by
from tinygest.workflow.search.page import nice, plot, render_page
from tinygest.workflow.search.result import SearchResult, TrialRow, pareto_front

COST = {"flash_bytes": 1000, "ram_bytes": 100, "instructions": 50, "idle_instructions": 5}


def row(number, score, flash, **fields):
    known = {
        "state": "complete", "model": "dense <8>", "parameters": {}, "interval": (0.5, 0.9),
        "ram_bytes": 10, "instructions": 20, "on_front": False, "reason": "", "worker": "w",
        "retry_of": None,
    }  # fmt: skip
    return TrialRow(number=number, score=score, flash_bytes=flash, **{**known, **fields})


def test_the_front_holds_what_nothing_beats():
    points = {
        0: (0.9, 10, 1, 1),
        1: (0.8, 5, 1, 1),
        2: (0.8, 6, 1, 1),
        3: (0.9, 10, 1, 1),
        4: (0.7, 9, 9, 0),
    }
    trials = [SimpleNamespace(number=number, values=values) for number, values in points.items()]
    assert pareto_front(trials) == {0, 1, 3, 4}
    assert pareto_front([]) == set()


def test_limits_count_only_where_they_are_set():
    assert excess(COST, Budgets()) == {}
    assert over_budget(COST, Budgets(flash_bytes=1000)) == ""
    assert over_budget(COST, Budgets(flash_bytes=500, ram_bytes=200)) == "flash_bytes 1000 of 500"
    assert excess(COST, Budgets(flash_bytes=500))["flash_bytes"] == pytest.approx(1.0)


def test_a_trial_is_given_up_only_for_one_that_is_cheaper_and_clearly_better():
    cheaper = Rival(7, (0.9, 0.9), {**COST, "flash_bytes": 900})
    assert beaten_by([0.8], COST, [cheaper]) is cheaper
    assert beaten_by([0.89], COST, [cheaper]) is None, "within the margin"
    assert beaten_by([0.8], {**COST, "flash_bytes": 800}, [cheaper]) is None, "smaller, so it may be wanted"
    assert beaten_by([0.9, 0.7, 0.1], COST, [cheaper]) is None, "nothing is known of the third fold"


def test_page_shows_the_front_and_escapes_what_it_is_told():
    rows = (row(0, 0.9, 900, on_front=True), row(1, 0.8, 1000, reason="beaten <b>"), row(2, None, None))
    result = SearchResult("s", "event macro-F1", "split", Budgets(flash_bytes=2000), 3, 3, rows)
    page = render_page(result)
    assert page == render_page(result)
    assert page.count("<svg") == 3
    assert page.count('class="front"') == 3 + 1
    assert "beaten &lt;b&gt;" in page
    assert "flash, bytes 2,000" in page
    assert "<script" not in page
    empty = render_page(SearchResult("s", "m", "split", Budgets(), 0, 1, ()))
    assert "No model is within the limits yet" in empty


def test_plot_keeps_every_dot_inside():
    drawn = plot([row(0, 0.9, 900), row(1, 0.5, 4000), row(2, None, None)], "flash_bytes")
    assert len(drawn["dots"]) == 2
    for dot in drawn["dots"]:
        assert drawn["left"] <= dot.x <= drawn["right"]
        assert drawn["top"] <= dot.y <= drawn["bottom"]
    assert plot([row(2, None, None)], "flash_bytes") is None


@pytest.mark.parametrize(("low", "high"), [(0.9, 0.9), (0, 1), (15636, 15640), (1e-3, 2e-3), (0, 0)])
def test_ticks_are_few_and_reach_round_everything(low, high):
    ticks = nice(low, high)
    assert ticks[0] <= low
    assert ticks[-1] >= high
    assert 2 <= len(ticks) <= 8
