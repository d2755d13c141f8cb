"""Segment scores against scikit-learn."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, f1_score

from tinygest.metrics import LabelCounts, macro_f1, segment_scores

LABEL = st.sampled_from(["jab", "hook", "cross"])
ANSWER = st.sampled_from(["jab", "hook", "cross", "unknown"])


@settings(deadline=None, max_examples=80)
@given(st.lists(st.tuples(LABEL, ANSWER), min_size=1, max_size=40))
def test_agrees_with_sklearn(pairs):
    true, answers = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    scores = segment_scores(true, answers)
    labels = sorted({*true, *answers} - {"unknown"})
    assert scores.accuracy == pytest.approx(accuracy_score(true, answers))
    assert scores.macro_f1 == pytest.approx(
        f1_score(true, answers, labels=labels, average="macro", zero_division=0)
    )
    for label in labels:
        expected = f1_score(true, answers, labels=[label], average="macro", zero_division=0)
        assert scores.labels[label].f1 == pytest.approx(expected)


def test_empty():
    scores = segment_scores([], [])
    assert (scores.n, scores.accuracy, scores.macro_f1, scores.interval) == (0, None, None, None)


def test_confusion_counts_unknown():
    scores = segment_scores(["jab", "jab"], ["jab", "unknown"])
    assert scores.confusion == {"jab": {"jab": 1, "unknown": 1}}
    assert scores.macro_f1 == pytest.approx(2 / 3)


def test_lengths_must_agree():
    with pytest.raises(ValueError, match="zip"):
        segment_scores(["jab"], [])


def test_macro_leaves_out_what_never_occurs():
    assert macro_f1([LabelCounts(), LabelCounts(2, 2, 2)]) == 1.0
    assert macro_f1([]) == 0.0
    assert LabelCounts(4, 2, 1).recall == 0.25
    assert LabelCounts().precision == 0.0
