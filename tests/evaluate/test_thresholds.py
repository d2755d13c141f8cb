"""Thresholds: the trade-off, what a number of hours can show, and the check on other people."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinygest.evaluate.calibration import calibrate_streams, evidence_of
from tinygest.evaluate.folds import StreamResult
from tinygest.evaluate.plots import trade_off_plot
from tinygest.evaluate.score_table import fit_score_table, separated
from tinygest.evaluate.thresholds import (
    Event,
    Evidence,
    allowed,
    apply,
    at_most,
    hours_needed,
    keeping,
    trade_off,
)
from tinygest.metrics import FoundEvent, StreamTruth, TrueEvent


def evidence(events, n_true, hours):
    return Evidence(tuple(Event(*event) for event in events), n_true, hours)


def test_the_cheapest_alarms_go_first():
    """Label a loses nothing by a threshold, label b a right event."""
    given = evidence(
        [("S1", "a", 9, True), ("S1", "a", 40, False), ("S1", "b", 30, True), ("S1", "b", 20, False)],
        {("S1", "a"): 1, ("S1", "b"): 1},
        {"S1": 1.0},
    )
    path = trade_off(given)
    assert [(point.n_alarms, point.recall) for point in path] == [(2, 1.0), (1, 1.0), (0, 0.5)]
    assert path[1].thresholds == {"a": 25}  # half way from the alarm to the right event
    assert at_most(path, 1) == path[1]
    assert apply(given, path[2].thresholds) == path[2]


def test_an_alarm_with_the_largest_margin_stays():
    given = evidence([("S1", "a", 255, True), ("S1", "a", 10, True)], {("S1", "a"): 1}, {"S1": 1.0})
    assert [point.n_alarms for point in trade_off(given)] == [2, 1]


events = st.lists(
    st.tuples(st.sampled_from(["S1", "S2"]), st.sampled_from("ab"), st.integers(0, 255), st.booleans()),
    max_size=12,
)


@settings(deadline=None, max_examples=60)
@given(events)
def test_every_point_is_what_its_thresholds_give(found):
    n_true = dict.fromkeys(itertools.product(("S1", "S2"), "ab"), 12)
    given_evidence = evidence(found, n_true, {"S1": 0.5, "S2": 0.5})
    path = trade_off(given_evidence)
    assert [point.n_alarms for point in path] == sorted({p.n_alarms for p in path}, reverse=True)
    for point in path:
        assert apply(given_evidence, point.thresholds) == point
    assert path[-1].n_alarms == sum(alarm and margin == 255 for _, _, margin, alarm in found)


def test_hours_decide_what_can_be_shown():
    assert hours_needed(2.0) == pytest.approx(3.689 / 2, abs=1e-3)
    assert allowed(1.0, 3.6) == (3, False)
    assert allowed(1.0, 3.7) == (0, True)
    assert allowed(2.0, 10.0) == (11, True)
    assert allowed(1.0, 0.0) == (0, False)


def test_a_rate_that_is_shown_and_three_that_are_not():
    quiet = {f"S{i}": 2.0 for i in range(4)}
    true = {(name, "a"): 10 for name in quiet}
    right = [(name, "a", 100 + k, False) for name in quiet for k in range(10)]
    alarms = [(name, "a", 10, True) for name in quiet]
    shown = calibrate_streams(evidence(right + alarms, true, quiet), 1.0)
    assert shown.is_shown
    assert shown.verdict().startswith("fewer than 1 false alarms an hour: 0 in 8.00 h")
    assert shown.chosen.recall == shown.checked.recall == 1.0
    assert shown.before.rate.n == 4
    # Alarms that no other person raises come through.
    alone = [("S0", "a", 240, True)] * 20
    surprised = calibrate_streams(evidence(right + alone, true, quiet), 1.0)
    assert not surprised.is_shown
    assert surprised.checked.rate.n == 20
    assert "are not shown: 20 in 8.00 h" in surprised.verdict()
    short = calibrate_streams(evidence(right, true, dict.fromkeys(quiet, 0.1)), 1.0)
    assert not short.is_shown
    assert "cannot show 1 false alarms an hour: that takes 3.7 h" in short.verdict()
    single = evidence([("S0", "a", 100, False)], {("S0", "a"): 1}, {"S0": 9.0})
    assert "all recordings are of one person" in calibrate_streams(single, 1.0).verdict()
    assert trade_off_plot(shown).startswith("<svg")


def test_events_become_evidence_in_steps_of_the_final_model():
    truth = StreamTruth(1000, 100.0, (TrueEvent(0, 100, "a"),), (), ((0, 1000),))
    found = (
        FoundEvent(5, 100, "a", 40, 110),
        FoundEvent(300, 400, "b", 200, 410),
        FoundEvent(500, 600, "unknown", 9, 610),
    )
    given = evidence_of([(StreamResult("r", "S1", 0, truth, found), 1.5)], lambda one: one.subject)
    assert given.events == (Event("S1", "a", 60, False), Event("S1", "b", 255, True))
    assert given.n_true == {("S1", "a"): 1}
    assert given.total_hours == pytest.approx(9 / 3600)


def test_a_share_is_kept():
    assert keeping({"a": list(range(20, 40)), "b": [0, 0], "c": []}, 0.95) == {"a": 21}
    assert keeping({"a": [7, 5]}, 1.0) == {"a": 5}


def test_scores_are_shares_of_right_answers():
    margins = [10] * 40 + [100] * 40
    right = [True] * 20 + [False] * 20 + [True] * 38 + [False] * 2
    table = fit_score_table(margins, right)
    assert len(table) == 256
    assert list(table) == sorted(table)
    assert table[10] / 255 == pytest.approx(0.5, abs=0.05)
    assert table[100] / 255 == pytest.approx(0.95, abs=0.05)
    assert fit_score_table([5] * 100, [True] * 95 + [False] * 5) == ()  # five wrong tell nothing
    assert fit_score_table([200] * 20 + [10] * 20, [False] * 20 + [True] * 20) == ()  # falls


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(0, 255), min_size=256, max_size=256), st.sets(st.integers(1, 255), max_size=6))
def test_a_threshold_on_the_score_is_one_on_the_margin(values, margins):
    table = separated(tuple(sorted(values)), margins)
    for margin in margins if table else ():
        passes = [score >= table[margin] for score in table]
        assert passes == [m >= margin for m in range(256)]
    assert list(table) == sorted(table)
