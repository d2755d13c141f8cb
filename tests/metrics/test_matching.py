"""One-to-one matching against a brute-force search, and its symmetries."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinygest.metrics.events import FoundEvent, TrueEvent, spans_of
from tinygest.metrics.matching import match_events, match_spans, overlapping_pairs

LABELS = ("jab", "hook")
SPAN = st.tuples(st.integers(0, 30), st.integers(1, 12), st.sampled_from(LABELS))


def true_events(spans):
    return [TrueEvent(start, start + length, label) for start, length, label in spans]


def found_events(spans):
    return [FoundEvent(start, start + length, label, 200, start + length) for start, length, label in spans]


def iou_of(a, b):
    shared = min(a.stop, b.stop) - max(a.start, b.start)
    return max(shared, 0) / (max(a.stop, b.stop) - min(a.start, b.start)) if shared > 0 else 0.0


def brute_force(true, found, threshold):
    """(number of pairs, sum of IoU) of the best matching, by trying every one."""
    short, long = (true, found) if len(true) <= len(found) else (found, true)
    best = (0, 0.0)
    for partners in itertools.permutations(range(len(long)), len(short)):
        overlaps = [
            iou_of(short[k], long[partner])
            for k, partner in enumerate(partners)
            if short[k].label == long[partner].label
        ]
        kept = [overlap for overlap in overlaps if overlap >= threshold]
        best = max(best, (len(kept), sum(kept)))
    return best


@settings(deadline=None, max_examples=150)
@given(st.lists(SPAN, max_size=5), st.lists(SPAN, max_size=5), st.sampled_from([0.1, 0.3, 0.5, 1.0]))
def test_as_good_as_brute_force(true, found, threshold):
    true, found = true_events(true), found_events(found)
    matching = match_events(true, found, threshold)
    n_pairs, overlap = brute_force(true, found, threshold)
    assert len(matching.pairs) == n_pairs
    assert sum(iou_of(true[i], found[j]) for i, j in matching.pairs) == pytest.approx(overlap)


@settings(deadline=None, max_examples=100)
@given(st.lists(SPAN, max_size=20), st.lists(SPAN, max_size=20), st.sampled_from([0.3, 0.5]))
def test_one_to_one_and_complete(true, found, threshold):
    true, found = true_events(true), found_events(found)
    matching = match_events(true, found, threshold)
    matched_true = [i for i, _ in matching.pairs]
    matched_found = [j for _, j in matching.pairs]
    assert len(set(matched_true)) == len(matched_true)
    assert len(set(matched_found)) == len(matched_found)
    assert sorted([*matched_true, *matching.missed]) == list(range(len(true)))
    assert sorted([*matched_found, *matching.extra]) == list(range(len(found)))
    for i, j in matching.pairs:
        assert true[i].label == found[j].label
        assert iou_of(true[i], found[j]) >= threshold


@settings(deadline=None, max_examples=100)
@given(st.lists(SPAN, max_size=12), st.lists(SPAN, max_size=12), st.integers(0, 1000))
def test_swapping_sides_or_names_or_shifting_time_changes_no_count(a, b, shift):
    n = len(match_events(true_events(a), found_events(b)).pairs)
    assert len(match_events(true_events(b), found_events(a)).pairs) == n
    other = {"jab": "hook", "hook": "jab"}
    renamed_a = [(start + shift, length, other[label]) for start, length, label in a]
    renamed_b = [(start + shift, length, other[label]) for start, length, label in b]
    assert len(match_events(true_events(renamed_a), found_events(renamed_b)).pairs) == n


@settings(deadline=None, max_examples=60)
@given(st.lists(SPAN, max_size=30), st.lists(SPAN, max_size=30))
def test_overlapping_pairs_finds_every_overlap(a, b):
    a, b = true_events(a), true_events(b)
    pairs = overlapping_pairs(spans_of(a), spans_of(b))
    found = dict(zip(zip(pairs.i.tolist(), pairs.j.tolist(), strict=True), pairs.iou.tolist(), strict=True))
    expected = {
        (x, y): iou_of(a[x], b[y])
        for x, y in itertools.product(range(len(a)), range(len(b)))
        if iou_of(a[x], b[y]) > 0
    }
    assert found == pytest.approx(expected)


def test_more_pairs_win_over_a_better_overlap():
    """The greedy choice (10..20 with 10..20) would leave the second true event alone."""
    true = true_events([(10, 10, "jab"), (16, 10, "jab")])
    found = found_events([(4, 12, "jab"), (12, 10, "jab")])
    assert match_events(true, found, 0.3).pairs == ((0, 0), (1, 1))


def test_exactly_on_the_threshold_is_a_match():
    true, found = true_events([(0, 10, "jab")]), found_events([(0, 3, "jab")])
    assert match_events(true, found, 0.3).pairs == ((0, 0),)
    assert match_events(true, found, 0.31).pairs == ()


def test_thousands_of_events_with_dense_windows():
    """Sliding windows over contiguous events: every found one overlaps others, and it still returns."""
    true = true_events([(k * 100, 100, LABELS[k % 2]) for k in range(3000)])
    found = found_events([(k * 10, 100, LABELS[(k // 10) % 2]) for k in range(30000)])
    assert len(match_events(true, found, 0.5).pairs) == 3000


@pytest.mark.parametrize("threshold", [0.0, -0.5, 1.5])
def test_a_threshold_outside_its_range_is_refused(threshold):
    with pytest.raises(ValueError, match="IoU threshold"):
        match_events([], [], threshold)


def test_match_spans_ignores_labels():
    assert match_spans(np.array([[0, 10]]), np.array([[1, 10]])).pairs == ((0, 0),)
