"""Decisions by hand: threshold, unknown, refractory time, agreement, gaps."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from msgspec import structs
from numpy.typing import NDArray

from tinygest.core.contract import (
    Activity,
    CentreSegmenter,
    Decision,
    FeatureInput,
    HysteresisSegmenter,
    ModelContract,
    Quantisation,
)
from tinygest.core.errors import ContractError
from tinygest.core.event import Event
from tinygest.core.recording import Gap
from tinygest.core.sensor import imu_contract
from tinygest.signalpath.decision import decide, judge

UNKNOWN, JAB, CROSS = 0, 1, 2
SCORES = {"jab": [50, 10, -128], "cross": [-5, 0, 60], "unknown": [-20, 90, 40]}


def make_contract(**decision: Any) -> ModelContract:
    """100 Hz, so that 10 ms are a sample. The network's outputs: jab, unknown, cross."""
    return ModelContract(
        name="punch",
        sensor=imu_contract(100.0),
        activity=Activity(weights=(16,) * 6),
        segmenter=HysteresisSegmenter(start_level=600, stop_level=300, min_ms=100, max_ms=1500),
        input=FeatureInput(channels=("ax",), features=("mean",)),
        quantisation=Quantisation(0.04, 0, 0.1, 3),
        classes=("jab", "unknown", "cross"),
        decision=Decision(**decision),
    ).check()


def logits_of(*names: str) -> NDArray[np.int8]:
    return np.array([SCORES[name] for name in names], np.int8).reshape(-1, 3)


def events(
    names: list[str], spans: list[tuple[int, int]], gaps: tuple[int, ...] = (), **decision: Any
) -> list[tuple[int, int]]:
    """(start, label) of each event; every segment is decided at its last sample."""
    bounds = np.array(spans, np.int64).reshape(-1, 2)
    found = decide(
        logits_of(*names),
        bounds,
        make_contract(**decision),
        bounds[:, 1] - 1,
        [Gap(at) for at in gaps],
    )
    return [(event.start, event.label) for event in found]


def test_event_holds_the_segment_label_and_margin() -> None:
    (event,) = decide(logits_of("jab"), np.array([[100, 180]]), make_contract(), np.array([185]))
    assert event == Event(start=100, length=80, label=JAB, score=40, decided_at=185)


def test_judge_takes_the_margin_between_the_two_best() -> None:
    labels, scores = judge(logits_of("jab", "cross", "unknown"), make_contract())
    assert labels.tolist() == [JAB, CROSS, UNKNOWN]
    assert scores.tolist() == [40, 60, 50]


@pytest.mark.parametrize(
    ("logits", "label", "score"),
    [
        ([127, -128, -128], JAB, 255),
        ([-128, -128, -128], JAB, 0),  # the first of equals
        ([-128, 5, 5], UNKNOWN, 0),
        ([-128, -128, -127], CROSS, 1),
    ],
)
def test_extreme_and_equal_logits(logits: list[int], label: int, score: int) -> None:
    labels, scores = judge(np.array([logits], np.int8), make_contract())
    assert (labels[0], scores[0]) == (label, score)


def test_scores_come_from_the_table() -> None:
    table = tuple(255 - margin for margin in range(256))
    _, scores = judge(logits_of("jab", "cross"), make_contract(score_table=table))
    assert scores.tolist() == [215, 195]


def test_a_score_below_the_labels_threshold_is_unknown() -> None:
    contract = make_contract(thresholds={"jab": 41, "cross": 60})
    assert judge(logits_of("jab", "cross"), contract).labels.tolist() == [UNKNOWN, CROSS]


def test_unknown_is_told_as_an_event() -> None:
    assert events(["unknown"], [(0, 50)]) == [(0, UNKNOWN)]


def test_refractory_time_counts_from_the_end_of_the_last_event() -> None:
    names = ["jab", "cross", "cross", "jab"]
    spans = [(0, 50), (69, 100), (70, 100), (120, 130)]
    assert events(names, spans, refractory_ms=200) == [(0, JAB), (70, CROSS), (120, JAB)]
    assert events(names, spans, refractory_ms=210) == [(0, JAB), (120, JAB)]


def test_overlapping_segments_give_one_event_even_without_refractory_time() -> None:
    assert events(["jab"] * 4, [(0, 50), (10, 60), (49, 99), (50, 100)]) == [(0, JAB), (50, JAB)]


def test_unknown_neither_waits_nor_makes_others_wait() -> None:
    names = ["unknown", "jab", "unknown", "cross"]
    spans = [(0, 50), (50, 100), (100, 150), (150, 200)]
    assert events(names, spans, refractory_ms=510) == [(0, UNKNOWN), (50, JAB), (100, UNKNOWN)]


def test_agreement_needs_the_label_often_enough_among_the_last_decisions() -> None:
    names = ["jab", "cross", "jab", "cross", "cross", "jab"]
    spans = [(100 * i, 100 * i + 50) for i in range(6)]
    assert events(names, spans, agree=2, agree_of=3) == [(200, JAB), (300, CROSS), (400, CROSS)]
    assert events(names, spans, agree=2, agree_of=2) == [(400, CROSS)]


def test_with_agreement_unknown_counts_as_a_decision_and_is_not_told() -> None:
    names = ["jab", "unknown", "unknown", "jab", "jab"]
    spans = [(100 * i, 100 * i + 50) for i in range(5)]
    assert events(names, spans, agree=2, agree_of=3) == [(400, JAB)]
    assert events(["unknown"] * 3, spans[:3], agree=1, agree_of=2) == []


def test_a_gap_forgets_refractory_time_and_earlier_decisions() -> None:
    spans = [(0, 50), (60, 100)]
    assert events(["jab", "jab"], spans, refractory_ms=500) == [(0, JAB)]
    assert events(["jab", "jab"], spans, gaps=(55,), refractory_ms=500) == [(0, JAB), (60, JAB)]
    assert events(["jab", "jab"], spans, agree=2, agree_of=2) == [(60, JAB)]
    assert events(["jab", "jab"], spans, gaps=(55,), agree=2, agree_of=2) == []


def test_no_segments_no_events() -> None:
    assert events([], []) == []


@pytest.mark.parametrize(
    ("logits", "spans", "decided_at", "sentence"),
    [
        (np.zeros((1, 2), np.int8), [[0, 1]], [0], r"this model gives int8 \(n, 3\)"),
        (np.zeros((1, 3), np.float32), [[0, 1]], [0], "logits are float32"),
        (np.zeros((2, 3), np.int8), [[0, 1]], [0], "2 rows of logits"),
        (np.zeros((1, 3), np.int8), [[0, 1]], [0, 1], "1 rows of logits"),
        (np.zeros((1, 3), np.int8), [[5, 5]], [5], "a segment is 1 to 2048 samples"),
        (np.zeros((1, 3), np.int8), [[0, 3000]], [3000], "a segment is 1 to 2048 samples"),
        (np.zeros((1, 3), np.int8), [[-1, 3]], [3], "not in the order"),
        (np.zeros((2, 3), np.int8), [[9, 10], [0, 5]], [10, 11], "not in the order"),
    ],
)
def test_what_does_not_fit_is_refused(
    logits: NDArray[Any], spans: list[list[int]], decided_at: list[int], sentence: str
) -> None:
    with pytest.raises(ContractError, match=sentence):
        decide(logits, np.array(spans), make_contract(), np.array(decided_at))


LENGTHS = {"jab": 600.0, "cross": 400.0}
JUDGED_AT, HOP = 50, 10  # samples: windows are [0, 50), [10, 60), ...


def centre_events(
    margins: list[int],
    gaps: tuple[int, ...] = (),
    smooth: int = 1,
    horizon: int = 2,
    n_rows: int = 0,
    **decision: Any,
) -> list[tuple[int, int, int, int, int]]:
    """(start, length, label, score, decided at) of what a centre detector makes of signed margins.

    A margin above 0 is for jab, one below for cross, 0 for unknown.
    """
    logits = np.zeros((len(margins), 3), np.int8)
    for row, margin in zip(logits, margins, strict=True):
        row[:] = (margin, 0, 0) if margin > 0 else (0, 0, -margin) if margin < 0 else (0, 9, 0)
    segmenter = CentreSegmenter(10.0 * JUDGED_AT, 10.0 * HOP, LENGTHS, smooth, horizon)
    contract = structs.replace(make_contract(**decision), segmenter=segmenter)
    start = np.arange(len(margins)) * HOP
    spans = np.stack([start, start + JUDGED_AT], axis=1)
    cuts = [Gap(at) for at in gaps]
    found = decide(logits, spans, contract, spans[:, 1] - 1, cuts, n_rows=n_rows)
    return [(e.start, e.length, e.label, e.score, e.decided_at) for e in found]


def test_a_centre_is_the_surest_of_its_neighbours() -> None:
    # Window 3 is [30, 80), its middle 55; two windows later nothing surer has come.
    assert centre_events([0, 0, 20, 40, 30, 10, 0]) == [(25, 60, JAB, 40, 99)]


def test_a_surer_answer_takes_the_place_whatever_its_label() -> None:
    assert centre_events([0, 0, 0, 20, -30, 0, 0]) == [(45, 40, CROSS, 30, 109)]
    # An equal one does not.
    assert centre_events([0, 0, 0, 20, -20, 0, 0])[0][2] == JAB


def test_logits_are_averaged_and_the_centre_lies_in_the_middle_of_the_windows() -> None:
    # Averages end at windows 2, 3, ...: 7, 20, 27, 20, 7 (9 for unknown fades in and out).
    found = centre_events([0, 0, 0, 20, 40, 20, 0, 0, 0], smooth=3)
    # The surest average holds windows 3 to 5, whose middles are 55, 65, 75.
    assert found == [(35, 60, JAB, 27, 119)]
    assert centre_events([60, 0], smooth=3) == []


def test_a_centre_below_its_threshold_is_nothing() -> None:
    assert centre_events([0, 30, 0, 0, -30, 0, 0], thresholds={"jab": 31}) == [(45, 40, CROSS, 30, 109)]


def test_events_neither_overlap_nor_start_before_the_first_window() -> None:
    # The middle of window 0 is 25, so a jab would start at -5.
    assert centre_events([40, 0, 0])[0][:2] == (0, 55)
    # Middles 55 and 95: the second jab loses what the first has, [65, 85).
    assert [e[:2] for e in centre_events([0, 0, 0, 40, 0, 0, 0, 40, 0, 0])] == [(25, 60), (85, 40)]
    # Middles 55 and 85: more than half would have to go.
    assert [e[:2] for e in centre_events([0, 0, 0, 40, 0, 0, 40, 0, 0])] == [(25, 60), (85, 30)]
    assert len(centre_events([0, 0, 0, 40, 0, 0, 40, 0, 0], refractory_ms=10)) == 1


def test_a_gap_forgets_the_candidate_and_the_last_answers() -> None:
    margins = [0, 0, 0, 40, 0, 0, 0]
    assert len(centre_events(margins)) == 1
    # Window 4 is told at sample 89, so a gap at 85 lies between it and the candidate.
    assert centre_events(margins, gaps=(85,)) == []
    assert len(centre_events([0, 60, 0, 0, 0, 0], smooth=3)) == 1
    assert centre_events([0, 60, 0, 0, 0, 0], smooth=3, gaps=(65,)) == []


def test_a_centre_detector_that_makes_no_sense() -> None:
    with pytest.raises(ContractError, match="agree_of to 1"):
        centre_events([1], agree=2, agree_of=3)
    with pytest.raises(ContractError, match="smooth is 17"):
        centre_events([1], smooth=17)
    with pytest.raises(ContractError, match="horizon is 0"):
        centre_events([1], horizon=0)
    with pytest.raises(ContractError, match="refractory_ms"):
        centre_events([1], refractory_ms=1e10)
    segmenter = CentreSegmenter(500, 100, {"jab": 600.0})
    with pytest.raises(ContractError, match="does not say how long 'cross' is"):
        judge(logits_of("jab"), structs.replace(make_contract(), segmenter=segmenter))


def test_at_the_end_a_candidate_is_an_event_as_far_as_it_was_seen() -> None:
    assert centre_events([0, 0, 20, 40, 30]) == []
    # Window 4 is [40, 90), the middle of window 3 is 55.
    assert centre_events([0, 0, 20, 40, 30], n_rows=95) == [(25, 60, JAB, 40, 94)]
    assert centre_events([0, 0, 20, 40], n_rows=80) == [(25, 55, JAB, 40, 79)]
    assert centre_events([0, 0, 20, 40, 30, 10, 0], n_rows=115) == [(25, 60, JAB, 40, 99)]
    assert centre_events([0, 0, 20, 40], gaps=(85,), n_rows=90) == [], "a gap forgets it"
    assert (
        decide(logits_of(), np.empty((0, 2), np.int64), make_contract(), np.empty(0, np.int64), n_rows=9)
        == []
    )
