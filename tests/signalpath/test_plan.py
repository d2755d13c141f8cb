"""Milliseconds become samples once, and what makes no sense is refused with a sentence."""

from __future__ import annotations

import math
from typing import Any

import msgspec
import pytest

from tinygest.core.contract import (
    Activity,
    AdaptiveSegmenter,
    Decision,
    FeatureInput,
    HysteresisSegmenter,
    ModelContract,
    PeakSegmenter,
    Quantisation,
    Segmenter,
    SlidingSegmenter,
    TriggerSegmenter,
)
from tinygest.core.errors import ContractError
from tinygest.core.sensor import imu_contract
from tinygest.signalpath import plan
from tinygest.signalpath._native import lib
from tinygest.signalpath.plan import (
    ActivityPlan,
    AdaptivePlan,
    DecisionPlan,
    HysteresisPlan,
    PeakPlan,
    SlidingPlan,
    TriggerPlan,
    plan_activity,
    plan_decision,
    plan_segmentation,
    plan_segmenter,
)

SENSOR = imu_contract(100.0)
ACTIVITY = Activity(weights=(16,) * 6)
HYSTERESIS = HysteresisSegmenter(start_level=600, stop_level=300, min_ms=100, max_ms=1500)
ADAPTIVE = AdaptiveSegmenter(0.5, 0.25, 10_000, 600, 300, min_ms=100, max_ms=1500, merge_ms=50)
PEAK = PeakSegmenter(600, length_ms=500, pre_ms=200, horizon_ms=250, level_share=0.25, rise_share=0.5)
TRIGGER = TriggerSegmenter(level=600, length_ms=500, pre_ms=100)
SLIDING = SlidingSegmenter(length_ms=1000, hop_ms=50)


def make_contract(**decision: Any) -> ModelContract:
    return ModelContract(
        name="punch",
        sensor=SENSOR,
        activity=ACTIVITY,
        segmenter=HYSTERESIS,
        input=FeatureInput(channels=("ax",), features=("mean",)),
        quantisation=Quantisation(0.04, 0, 0.1, 3),
        classes=("jab", "unknown", "cross"),
        decision=Decision(**decision),
    ).check()


def test_limits_are_those_of_the_c_library() -> None:
    assert plan.MAX_SEGMENT == lib.TG_MAX_SEGMENT
    assert plan.MAX_SMOOTH == lib.TG_MAX_SMOOTH
    assert plan.MAX_AGREE == lib.TG_MAX_AGREE


def test_activity() -> None:
    made = plan_activity(SENSOR, Activity(weights=(16, 0, 255, 1, 2, 3), baseline_ms=500, smooth_ms=50))
    share = round(16384 * (1 - math.exp(-1 / 50)))  # a step is 1 - 1/e done after 50 samples
    assert made == ActivityPlan(6, (16, 0, 255, 1, 2, 3), share, 5)


@pytest.mark.parametrize(
    ("rate_hz", "ms", "samples"), [(100, 4, 1), (100, 25, 3), (119, 500, 60), (50, 29, 1)]
)
def test_lengths_round_half_up_to_at_least_one(rate_hz: float, ms: float, samples: int) -> None:
    made = plan_activity(imu_contract(rate_hz), Activity(weights=(16,) * 6, smooth_ms=ms))
    assert made.smooth_length == samples


def test_hysteresis() -> None:
    segmenter = msgspec.structs.replace(HYSTERESIS, pre_ms=50, post_ms=4, merge_ms=116)
    made = plan_segmentation(SENSOR, ACTIVITY, segmenter)
    assert made.segmenter == HysteresisPlan(600, 300, 10, 150, 5, 0, 12)
    assert made.ring_capacity == 150


def test_adaptive() -> None:
    made = plan_segmentation(SENSOR, ACTIVITY, ADAPTIVE)
    # 2^16 (1 - exp(-1 / 1000)) is 65.5.
    assert made.segmenter == AdaptivePlan(HysteresisPlan(600, 300, 10, 150, 0, 0, 5), 1 << 15, 1 << 14, 66)
    assert made.ring_capacity == 150


def test_peak() -> None:
    assert plan_segmenter(SENSOR, PEAK) == PeakPlan(600, 1 << 14, 66, 1 << 15, 25, 50, 20)
    assert plan_segmentation(SENSOR, ACTIVITY, PEAK).ring_capacity == 50
    late = msgspec.structs.replace(PEAK, horizon_ms=1000)
    assert plan_segmentation(SENSOR, ACTIVITY, late).ring_capacity == 20 + 100 + 1


def test_a_share_just_under_one_fits_its_16_bits() -> None:
    made = plan_segmenter(SENSOR, msgspec.structs.replace(PEAK, rise_share=0.999999, peak_ms=1e-3))
    assert isinstance(made, PeakPlan)
    assert (made.rise_share, made.decay_q16) == (65535, 65535)


def test_trigger_and_sliding() -> None:
    assert plan_segmentation(SENSOR, ACTIVITY, TRIGGER).ring_capacity == 50
    assert plan_segmenter(SENSOR, TRIGGER) == TriggerPlan(600, 50, 10)
    assert plan_segmentation(SENSOR, ACTIVITY, SLIDING).ring_capacity == 100
    assert plan_segmenter(SENSOR, SLIDING) == SlidingPlan(100, 5)


def test_decision() -> None:
    made = plan_decision(make_contract(thresholds={"cross": 40}, refractory_ms=250, agree=2, agree_of=3))
    assert made == DecisionPlan(
        n_classes=3,
        class_to_label=(1, 0, 2),
        thresholds=(0, 0, 40),
        score_table=(),
        refractory=25,
        agree=2,
        agree_of=3,
    )


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"weights": (16,) * 5}, "5 activity weights for 6 channels"),
        ({"weights": (16,) * 5 + (256,)}, "activity weight is 256"),
        ({"weights": (16,) * 5 + (-1,)}, "activity weight is -1"),
        ({"weights": (0,) * 6}, "all activity weights are 0"),
        ({"baseline_ms": 0}, "baseline_ms is 0"),
        ({"baseline_ms": -1}, "baseline_ms is -1"),
        ({"baseline_ms": math.nan}, "baseline_ms is nan"),
        ({"baseline_ms": 4e5}, "too long at 100 Hz"),
        ({"smooth_ms": 0}, "smooth_ms is 0"),
        ({"smooth_ms": 2570}, "at most 256 are possible, that is 2560 ms"),
    ],
)
def test_activity_that_makes_no_sense(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ContractError, match=sentence):
        plan_activity(SENSOR, msgspec.structs.replace(ACTIVITY, **changes))


@pytest.mark.parametrize(
    ("segmenter", "changes", "sentence"),
    [
        (HYSTERESIS, {"start_level": 0}, "start_level is 0"),
        (HYSTERESIS, {"start_level": 65536}, "start_level is 65536"),
        (HYSTERESIS, {"stop_level": 0}, "stop_level is 0"),
        (HYSTERESIS, {"stop_level": 601}, "stop_level 601 is above start_level 600"),
        (HYSTERESIS, {"min_ms": 0}, "min_ms is 0"),
        (HYSTERESIS, {"max_ms": 0}, "max_ms is 0"),
        (HYSTERESIS, {"max_ms": 20490}, "at most 2048 are possible, that is 20480 ms"),
        (HYSTERESIS, {"max_ms": math.inf}, "max_ms is inf"),
        (HYSTERESIS, {"pre_ms": -10}, "pre_ms is -10"),
        (HYSTERESIS, {"pre_ms": 1000, "post_ms": 500}, "100 . 10 . 50 samples, which max_ms"),
        (ADAPTIVE, {"start_share": 1.0}, "start_share is 1; it is a share"),
        (ADAPTIVE, {"stop_share": -0.1}, "stop_share is -0.1"),
        (ADAPTIVE, {"start_share": math.nan}, "start_share is nan"),
        (ADAPTIVE, {"stop_share": 0.6}, "stop_share 0.6 is above start_share 0.5"),
        (ADAPTIVE, {"peak_ms": 0}, "peak_ms is 0"),
        (ADAPTIVE, {"peak_ms": math.inf}, "peak_ms is inf"),
        (ADAPTIVE, {"stop_level": 601}, "stop_level 601 is above"),
        (PEAK, {"level": 0}, "level is 0"),
        (PEAK, {"horizon_ms": 0}, "horizon_ms is 0"),
        (PEAK, {"pre_ms": 500}, "would end before its peak"),
        (PEAK, {"rise_share": 1}, "rise_share is 1"),
        (PEAK, {"level_share": 2}, "level_share is 2"),
        (PEAK, {"peak_ms": -1}, "peak_ms is -1"),
        (TRIGGER, {"level": 0}, "level is 0"),
        (TRIGGER, {"length_ms": 0}, "length_ms is 0"),
        (TRIGGER, {"length_ms": 30000}, "length_ms 30000 is 3000 samples at 100 Hz"),
        (TRIGGER, {"pre_ms": 500}, "would end before its trigger"),
        (SLIDING, {"length_ms": 0}, "length_ms is 0"),
        (SLIDING, {"length_ms": math.nan}, "length_ms is nan"),
        (SLIDING, {"hop_ms": 0}, "hop_ms is 0"),
        (SLIDING, {"hop_ms": 1e9}, "hop_ms 1e.09 is 100000000 samples"),
    ],
)
def test_segmenter_that_makes_no_sense(
    segmenter: Segmenter, changes: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ContractError, match=sentence):
        plan_segmenter(SENSOR, msgspec.structs.replace(segmenter, **changes))


@pytest.mark.parametrize(
    ("decision", "sentence"),
    [
        ({"thresholds": {"jab": 256}}, "threshold of 'jab' is 256"),
        ({"score_table": (1, 2)}, "256 entries or none, not 2"),
        ({"score_table": (0,) * 255 + (256,)}, "score in the score table is 256"),
        ({"agree_of": 17}, "agree_of is 17; it must be 1 to 16"),
        ({"agree": 3, "agree_of": 2}, "agree is 3; it must be 1 to 2"),
        ({"agree": 0}, "agree is 0"),
        ({"refractory_ms": -1.0}, "refractory_ms is -1"),
    ],
)
def test_decision_that_makes_no_sense(decision: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ContractError, match=sentence):
        plan_decision(make_contract(**decision))


def test_a_rate_of_zero_is_refused() -> None:
    sensor = msgspec.structs.replace(SENSOR, rate_hz=0.0)
    with pytest.raises(ContractError, match=r"rate 0 Hz is not possible"):
        plan_segmentation(sensor, ACTIVITY, HYSTERESIS)
