"""Decisions by hand: threshold, unknown, refractory time, agreement, gaps."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tinygest.core.contract import (
    Activity,
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
