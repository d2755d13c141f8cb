"""What counts as right, wrong, duplicate, ignored and false alarm."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinygest.metrics import FoundEvent, StreamTruth, TrueEvent, event_scores, total
from tinygest.metrics.judgement import BACKGROUND, MISSED, NOTHING

RATE_HZ = 100.0


def truth(*events, n_rows=1000, reviewed=((0, 1000),), unnamed=()):
    return StreamTruth(n_rows, RATE_HZ, tuple(TrueEvent(*event) for event in events), unnamed, reviewed)


def found(start, stop, label, decided_at=None):
    return FoundEvent(start, stop, label, 255, stop - 1 if decided_at is None else decided_at)


def test_perfect_detection():
    judgement = event_scores(
        truth((10, 50, "jab"), (100, 150, "hook")), [found(10, 50, "jab", 60), found(100, 150, "hook", 152)]
    )
    assert judgement.macro_f1 == 1.0
    assert judgement.delays_s == pytest.approx((0.10, 0.02))
    assert judgement.confusion == {("jab", "jab"): 1, ("hook", "hook"): 1}
    assert (judgement.n_false_alarms, judgement.n_ignored) == (0, 0)
    assert judgement.background_hours == pytest.approx((1000 - 90) / RATE_HZ / 3600)


def test_nothing_true_and_nothing_found():
    judgement = event_scores(truth(reviewed=()), [])
    assert judgement.macro_f1 == 0.0
    assert judgement.background_hours == 0.0
    assert not judgement.confusion


def test_a_second_answer_for_one_event_is_a_duplicate_and_no_false_alarm():
    judgement = event_scores(truth((10, 50, "jab")), [found(10, 50, "jab"), found(45, 80, "jab")])
    counts = judgement.labels["jab"]
    assert (counts.n_matched, counts.n_found, counts.n_duplicates) == (1, 2, 1)
    assert counts.precision == 0.5
    assert judgement.n_false_alarms == 0


def test_a_wrong_label_is_confusion_and_no_false_alarm():
    judgement = event_scores(truth((10, 50, "jab")), [found(10, 50, "hook")])
    assert judgement.confusion == {("jab", "hook"): 1}
    assert judgement.labels["hook"].n_found == 1
    assert judgement.n_false_alarms == 0
    assert judgement.macro_f1 == 0.0


def test_only_reviewed_background_raises_a_false_alarm():
    stray = found(500, 550, "jab")
    assert event_scores(truth((10, 50, "jab")), [stray]).n_false_alarms == 1
    unreviewed = event_scores(truth((10, 50, "jab"), reviewed=((0, 520),)), [stray])
    assert (unreviewed.n_false_alarms, unreviewed.n_ignored) == (0, 1)
    assert unreviewed.labels["jab"].n_found == 0
    unnamed = event_scores(truth((10, 50, "jab"), unnamed=((480, 560),)), [stray])
    assert (unnamed.n_false_alarms, unnamed.n_ignored) == (0, 1)


def test_unknown_is_no_event_but_shows_in_the_confusion():
    judgement = event_scores(
        truth((10, 50, "jab"), (100, 150, "hook")), [found(10, 50, "unknown"), found(600, 650, "unknown")]
    )
    assert judgement.confusion == {("jab", "unknown"): 1, ("hook", MISSED): 1}
    assert judgement.n_false_alarms == 0
    assert set(judgement.labels) == {"jab", "hook"}


def test_a_stray_event_has_its_row_in_the_confusion():
    judgement = event_scores(truth(), [found(500, 550, "jab")])
    assert judgement.confusion == {(BACKGROUND, "jab"): 1}
    assert judgement.n_false_alarms == 1


SPAN = st.tuples(st.integers(0, 950), st.integers(1, 50), st.sampled_from(["jab", "hook", "unknown"]))


@settings(deadline=None, max_examples=100)
@given(st.lists(SPAN, max_size=20), st.lists(SPAN, max_size=20))
def test_counts_agree_with_the_confusion_matrix(true, answers):
    events = [(start, start + length, label) for start, length, label in true if label != "unknown"]
    judgement = event_scores(
        truth(*events), [found(start, start + length, label) for start, length, label in answers]
    )
    for name, counts in judgement.labels.items():
        row = {answer: n for (label, answer), n in judgement.confusion.items() if label == name}
        column = {label: n for (label, answer), n in judgement.confusion.items() if answer == name}
        assert sum(row.values()) == counts.n_true
        assert sum(column.values()) == counts.n_found
        assert row.get(name, 0) == counts.n_matched
    assert judgement.n_ignored == 0
    assert judgement.micro.n_matched == len(judgement.delays_s)


def test_streams_add_up():
    one = event_scores(truth((10, 50, "jab")), [found(10, 50, "jab")])
    two = event_scores(truth((10, 50, "hook")), [found(500, 550, "hook")])
    both = total([one, two])
    assert both.macro_f1 == 0.5
    assert both.n_false_alarms == 1
    assert both.background_hours == pytest.approx(one.background_hours + two.background_hours)
    assert total([]) == NOTHING
