"""Pooling of folds: counts first, scores once."""

from __future__ import annotations

import pytest

from tinygest.core.canonical import decode_json, pretty_json
from tinygest.core.contract import SlidingSegmenter
from tinygest.evaluate.folds import FoldResult, SegmentAnswer, StreamResult
from tinygest.evaluate.summary import ProtocolSummary, summarise
from tinygest.metrics import FoundEvent, StreamTruth, TrueEvent

LABELS = ("jab", "hook")


def stream(subject, n_right, n_wrong, n_stray=0):
    """Ten events a label; `n_right` found well, `n_wrong` found with the other label."""
    true = [TrueEvent(100 * k, 100 * k + 40, LABELS[k % 2]) for k in range(20)]
    found = [FoundEvent(e.start, e.stop, e.label, 250, e.stop + 10) for e in true[:n_right]]
    for event in true[n_right : n_right + n_wrong]:
        other = LABELS[1 - LABELS.index(event.label)]
        found.append(FoundEvent(event.start, event.stop, other, 250, event.stop + 10))
    found += [FoundEvent(2000 + 50 * k, 2040 + 50 * k, "jab", 250, 2040 + 50 * k) for k in range(n_stray)]
    return StreamResult(
        f"rec_{subject}", subject, 0, StreamTruth(4000, 100.0, tuple(true), (), ((0, 4000),)), tuple(found)
    )


def fold(subject, streams=(), answers=()):
    return FoldResult(
        subject,
        1,
        "id",
        "compiled C",
        SlidingSegmenter(500.0, 100.0),
        10,
        0.1,
        tuple(streams),
        tuple(answers),
        1.0,
        0.1,
    )


def answers(subject, right, wrong):
    return [
        SegmentAnswer(f"rec_{subject}", subject, 0, 10, "jab", answer, 200)
        for answer in ["jab"] * right + ["hook"] * wrong
    ]


def test_continuous_folds():
    results = [
        fold("S1", [stream("S1", 20, 0)], answers("S1", 9, 1)),
        fold("S2", [stream("S2", 10, 10, n_stray=3)], answers("S2", 5, 5)),
    ]
    summary = summarise("subject", "two people", results, ["a note"])
    assert summary.n_folds == 2
    assert summary.events.n_true == 40
    assert summary.events.recall == 0.75
    assert summary.events.macro_f1 == pytest.approx(0.5 * (2 * 15 / (20 + 23) + 2 * 15 / (20 + 20)))
    assert summary.events.false_alarms.n == 3
    assert summary.events.false_alarms.hours == pytest.approx(2 * (4000 - 800) / 100 / 3600)
    assert summary.events.delay.median_s == pytest.approx(0.1)
    assert summary.events.interval.low < summary.events.macro_f1 < summary.events.interval.high
    assert summary.segments.accuracy == 0.7
    assert summary.worst.subject == "S2"
    assert summary.worst.event_macro_f1 < 0.5
    assert [row.subject for row in summary.subjects] == ["S1", "S2"]
    assert summary.subjects[0].event_macro_f1 == 1.0
    assert summary.notes == ("a note",)


def test_isolated_folds_are_ranked_by_segments():
    summary = summarise(
        "subject", "", [fold("S1", (), answers("S1", 9, 1)), fold("S2", (), answers("S2", 8, 2))]
    )
    assert summary.events is None
    assert summary.subjects[0].event_macro_f1 is None
    assert summary.worst.subject == "S2"
    assert summary.worst.segment_accuracy == 0.8


def test_one_subject_has_no_worst_and_no_interval():
    summary = summarise("block", "", [fold("b1", [stream("S1", 20, 0)]), fold("b2", [stream("S1", 18, 2)])])
    assert summary.worst is None
    assert summary.events.interval is None


def test_nothing_at_all():
    summary = summarise("subject", "", [fold("S1")])
    assert summary.events is None
    assert summary.segments.accuracy is None
    assert summary.subjects == ()


def test_summary_is_plain_json():
    summary = summarise("subject", "", [fold("S1", [stream("S1", 20, 0)], answers("S1", 1, 1))])
    assert decode_json(pretty_json(summary), ProtocolSummary) == summary


def test_one_slip_does_not_make_the_worst_subject():
    folds = [
        fold("S1", (), answers("S1", 9, 1)),
        fold("S2", (), answers("S2", 8, 2)),
        fold("S3", (), answers("S3", 0, 1)),
    ]
    assert summarise("subject", "", folds).worst.subject == "S2"
    few = [fold("S1", (), answers("S1", 1, 0)), fold("S3", (), answers("S3", 0, 1))]
    assert summarise("subject", "", few).worst.subject == "S3"
