"""Intervals against published and independently computed values."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from tinygest.metrics import LabelCounts, bootstrap_macro_f1, false_alarm_rate, wilson
from tinygest.metrics.delay import summarise_delays


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 300), st.integers(0, 300))
def test_wilson_agrees_with_scipy(a, b):
    n_right, n = min(a, b), max(a, b)
    interval = wilson(n_right, n)
    if n == 0:
        assert interval is None
        return
    expected = stats.binomtest(n_right, n).proportion_ci(method="wilson")
    assert (interval.low, interval.high) == pytest.approx((expected.low, expected.high), abs=1e-9)


def test_no_alarm_in_ten_hours_is_not_no_alarm_ever():
    rate = false_alarm_rate(0, 10.0)
    assert (rate.per_hour, rate.low) == (0.0, 0.0)
    assert rate.high == pytest.approx(0.3689, abs=1e-4)  # -ln(0.025) / 10


def test_poisson_interval_agrees_with_published_table():
    """Garwood 1936: 10 events -> 4.795 to 18.390."""
    rate = false_alarm_rate(10, 1.0)
    assert (rate.low, rate.high) == pytest.approx((4.795, 18.390), abs=1e-3)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 500), st.floats(0.001, 1000))
def test_poisson_interval_holds_what_it_promises(n, hours):
    """Each end is the rate at which a count this extreme has exactly 2.5 % probability."""
    rate = false_alarm_rate(n, hours)
    assert rate.low <= rate.per_hour <= rate.high
    assert stats.poisson.cdf(n, rate.high * hours) == pytest.approx(0.025, rel=1e-4)
    if n:
        assert stats.poisson.sf(n - 1, rate.low * hours) == pytest.approx(0.025, rel=1e-4)


def test_without_hours_there_is_no_rate():
    rate = false_alarm_rate(3, 0.0)
    assert (rate.n, rate.per_hour, rate.high) == (3, None, None)


@pytest.mark.parametrize(("n", "hours"), [(-1, 1.0), (1, -1.0)])
def test_impossible_counts_are_refused(n, hours):
    with pytest.raises(ValueError, match="alarms in"):
        false_alarm_rate(n, hours)


def test_bootstrap_needs_two_people():
    assert bootstrap_macro_f1([]) is None
    assert bootstrap_macro_f1([{"jab": LabelCounts(5, 5, 5)}]) is None


def test_bootstrap_of_equal_people_has_no_width_and_of_unequal_people_has():
    good, bad = {"jab": LabelCounts(10, 10, 10)}, {"jab": LabelCounts(10, 10, 2)}
    same = bootstrap_macro_f1([good] * 4)
    assert (same.low, same.high) == (1.0, 1.0)
    mixed = bootstrap_macro_f1([good, bad] * 4)
    assert mixed.low < 0.6 < mixed.high
    assert mixed == bootstrap_macro_f1([good, bad] * 4)


def test_bootstrap_covers_the_spread_of_subject_means():
    """Many subjects: the interval tends to the normal one of the pooled score."""
    people = [{"jab": LabelCounts(10, 10, k % 11)} for k in range(110)]
    interval = bootstrap_macro_f1(people, n_draws=4000)
    sd = (sum((k / 10 - 0.5) ** 2 for k in range(11)) / 11) ** 0.5 / 110**0.5
    assert interval.low == pytest.approx(0.5 - 1.96 * sd, abs=0.01)
    assert interval.high == pytest.approx(0.5 + 1.96 * sd, abs=0.01)


def test_delays():
    assert summarise_delays([]).median_s is None
    delay = summarise_delays([0.1, 0.2, 0.3])
    assert (delay.n, delay.median_s) == (3, pytest.approx(0.2))
    assert delay.p90_s == pytest.approx(0.28)
