"""From a model contract to the integers of the C structs: the only place where ms become samples.

Each dataclass mirrors one C struct of firmware/lib/tinygest, field by field; `native` fills cffi
structs from them and `generate` prints them as C initialisers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from tinygest.core.contract import (
    Activity,
    HysteresisSegmenter,
    ModelContract,
    Segmenter,
    SlidingSegmenter,
    TriggerSegmenter,
)
from tinygest.core.errors import ContractError
from tinygest.core.sensor import SensorContract

MAX_SEGMENT = 2048  # TG_MAX_SEGMENT
MAX_SMOOTH = 256  # TG_MAX_SMOOTH
MAX_AGREE = 16  # TG_MAX_AGREE
MAX_CLASSES = 255
MAX_LEVEL = 65535
MAX_HOP = 65535
MAX_REFRACTORY = 2**31
BASELINE_ONE = 1 << 14


@dataclass(frozen=True)
class ActivityPlan:
    """tg_activity_config_t"""

    n_channels: int
    weights: tuple[int, ...]
    baseline_q14: int
    smooth_length: int


@dataclass(frozen=True)
class HysteresisPlan:
    """tg_hysteresis_config_t"""

    kind: ClassVar[str] = "hysteresis"
    start_level: int
    stop_level: int
    min_length: int
    max_length: int
    pre: int
    post: int
    merge: int

    @property
    def longest(self) -> int:
        """Samples of the longest segment."""
        return self.max_length


@dataclass(frozen=True)
class TriggerPlan:
    """tg_trigger_config_t"""

    kind: ClassVar[str] = "trigger"
    level: int
    length: int
    pre: int

    @property
    def longest(self) -> int:
        """Samples of the longest segment."""
        return self.length


@dataclass(frozen=True)
class SlidingPlan:
    """tg_sliding_config_t"""

    kind: ClassVar[str] = "sliding"
    length: int
    hop: int

    @property
    def longest(self) -> int:
        """Samples of the longest segment."""
        return self.length


SegmenterPlan = HysteresisPlan | TriggerPlan | SlidingPlan
"""`kind` names the C symbols: tg_<kind>_kind, tg_<kind>_config_t, tg_<kind>_t."""


@dataclass(frozen=True)
class SegmentationPlan:
    """tg_path_config_t"""

    ring_capacity: int
    activity: ActivityPlan
    segmenter: SegmenterPlan


@dataclass(frozen=True)
class DecisionPlan:
    """tg_decision_config_t"""

    n_classes: int
    class_to_label: tuple[int, ...]
    thresholds: tuple[int, ...]
    """One per label, unknown first."""
    score_table: tuple[int, ...]
    """256 scores, or empty for NULL."""
    refractory: int
    agree: int
    agree_of: int


@dataclass(frozen=True)
class PathPlan:
    """tg_classifier_config_t"""

    segmentation: SegmentationPlan
    decision: DecisionPlan


def plan_path(contract: ModelContract) -> PathPlan:
    """Every integer of the signal path of one model; raises ContractError."""
    contract.check()
    return PathPlan(
        segmentation=plan_segmentation(contract.sensor, contract.activity, contract.segmenter),
        decision=plan_decision(contract),
    )


def plan_segmentation(sensor: SensorContract, activity: Activity, segmenter: Segmenter) -> SegmentationPlan:
    """From rows to segments; raises ContractError."""
    segmenter_plan = plan_segmenter(sensor, segmenter)
    return SegmentationPlan(
        # Each of these segmenters tells a segment at most `longest` samples after its start.
        ring_capacity=segmenter_plan.longest,
        activity=plan_activity(sensor, activity),
        segmenter=segmenter_plan,
    )


def plan_activity(sensor: SensorContract, activity: Activity) -> ActivityPlan:
    """Weights, the baseline's coefficient 1 - exp(-1 / samples) in Q14, and the averaging length."""
    sensor.check()
    if len(activity.weights) != len(sensor.channels):
        raise ContractError(f"{len(activity.weights)} activity weights for {len(sensor.channels)} channels")
    for weight in activity.weights:
        _check_range("activity weight", weight, 0, 255)
    if not any(activity.weights):
        raise ContractError("all activity weights are 0, so nothing would ever move; use 16 for a channel")
    return ActivityPlan(
        n_channels=len(sensor.channels),
        weights=activity.weights,
        baseline_q14=_baseline_q14(activity.baseline_ms, sensor.rate_hz),
        smooth_length=_length("activity smooth_ms", activity.smooth_ms, sensor.rate_hz, MAX_SMOOTH),
    )


def plan_segmenter(sensor: SensorContract, segmenter: Segmenter) -> SegmenterPlan:
    """Levels and lengths of any segmenter; raises ContractError."""
    sensor.check()
    match segmenter:
        case HysteresisSegmenter():
            return _plan_hysteresis(segmenter, sensor.rate_hz)
        case TriggerSegmenter():
            return _plan_trigger(segmenter, sensor.rate_hz)
        case SlidingSegmenter():
            return _plan_sliding(segmenter, sensor.rate_hz)


def plan_decision(contract: ModelContract) -> DecisionPlan:
    """Thresholds in the order of the labels, times in samples; raises ContractError."""
    decision = contract.decision
    _check_range("number of classes", len(contract.classes), 2, MAX_CLASSES)
    thresholds = tuple(decision.thresholds.get(label, 0) for label in contract.labels)
    for label, threshold in zip(contract.labels, thresholds, strict=True):
        _check_range(f"threshold of {label!r}", threshold, 0, 255)
    if decision.score_table and len(decision.score_table) != 256:
        raise ContractError(f"a score table has 256 entries or none, not {len(decision.score_table)}")
    for score in decision.score_table:
        _check_range("score in the score table", score, 0, 255)
    _check_range("decision agree_of", decision.agree_of, 1, MAX_AGREE)
    _check_range("decision agree", decision.agree, 1, decision.agree_of)
    return DecisionPlan(
        n_classes=len(contract.classes),
        class_to_label=contract.class_to_label(),
        thresholds=thresholds,
        score_table=decision.score_table,
        refractory=_samples(
            "decision refractory_ms", decision.refractory_ms, contract.sensor.rate_hz, MAX_REFRACTORY
        ),
        agree=decision.agree,
        agree_of=decision.agree_of,
    )


def _plan_hysteresis(segmenter: HysteresisSegmenter, rate_hz: float) -> HysteresisPlan:
    _check_range("segmenter start_level", segmenter.start_level, 1, MAX_LEVEL)
    _check_range("segmenter stop_level", segmenter.stop_level, 1, MAX_LEVEL)
    if segmenter.stop_level > segmenter.start_level:
        raise ContractError(
            f"segmenter stop_level {segmenter.stop_level} is above start_level "
            f"{segmenter.start_level}, so movements would end as they start; lower it"
        )
    plan = HysteresisPlan(
        start_level=segmenter.start_level,
        stop_level=segmenter.stop_level,
        min_length=_length("segmenter min_ms", segmenter.min_ms, rate_hz, MAX_SEGMENT),
        max_length=_length("segmenter max_ms", segmenter.max_ms, rate_hz, MAX_SEGMENT),
        pre=_samples("segmenter pre_ms", segmenter.pre_ms, rate_hz, MAX_SEGMENT),
        post=_samples("segmenter post_ms", segmenter.post_ms, rate_hz, MAX_SEGMENT),
        merge=_samples("segmenter merge_ms", segmenter.merge_ms, rate_hz, MAX_SEGMENT),
    )
    if plan.pre + plan.min_length + plan.post > plan.max_length:
        raise ContractError(
            f"segmenter pre_ms, min_ms and post_ms are {plan.pre} + {plan.min_length} + {plan.post} "
            f"samples, which max_ms ({plan.max_length} samples) does not hold; raise max_ms"
        )
    return plan


def _plan_trigger(segmenter: TriggerSegmenter, rate_hz: float) -> TriggerPlan:
    _check_range("segmenter level", segmenter.level, 1, MAX_LEVEL)
    plan = TriggerPlan(
        level=segmenter.level,
        length=_length("segmenter length_ms", segmenter.length_ms, rate_hz, MAX_SEGMENT),
        pre=_samples("segmenter pre_ms", segmenter.pre_ms, rate_hz, MAX_SEGMENT),
    )
    if plan.pre >= plan.length:
        raise ContractError(
            f"segmenter pre_ms is {plan.pre} samples, so a window of {plan.length} would end before "
            "its trigger; lower pre_ms or raise length_ms"
        )
    return plan


def _plan_sliding(segmenter: SlidingSegmenter, rate_hz: float) -> SlidingPlan:
    return SlidingPlan(
        length=_length("segmenter length_ms", segmenter.length_ms, rate_hz, MAX_SEGMENT),
        hop=_length("segmenter hop_ms", segmenter.hop_ms, rate_hz, MAX_HOP),
    )


def _baseline_q14(baseline_ms: float, rate_hz: float) -> int:
    _check_time("activity baseline_ms", baseline_ms)
    if baseline_ms == 0:
        raise ContractError("activity baseline_ms is 0; a slow average needs some time, such as 500")
    share = round(BASELINE_ONE * -math.expm1(-1000 / (baseline_ms * rate_hz)))
    if share == 0:
        longest_ms = 2 * BASELINE_ONE * 1000 / rate_hz
        raise ContractError(
            f"activity baseline_ms {baseline_ms:g} is too long at {rate_hz:g} Hz; use less than "
            f"{longest_ms:.0f}"
        )
    return share


def _length(what: str, ms: float, rate_hz: float, maximum: int) -> int:
    """Like `_samples`, for what must not be empty: 0 ms is refused, else at least one sample."""
    if ms == 0:
        raise ContractError(f"{what} is 0; it needs to be longer")
    return max(1, _samples(what, ms, rate_hz, maximum))


def _samples(what: str, ms: float, rate_hz: float, maximum: int) -> int:
    """Samples in `ms`, halves up; raises ContractError unless 0 <= samples <= maximum."""
    _check_time(what, ms)
    exact = ms * rate_hz / 1000
    if exact >= maximum + 0.5:
        raise ContractError(
            f"{what} {ms:g} is {exact:.0f} samples at {rate_hz:g} Hz; at most {maximum} are possible, "
            f"that is {maximum * 1000 / rate_hz:g} ms"
        )
    return math.floor(exact + 0.5)


def _check_time(what: str, ms: float) -> None:
    if not (math.isfinite(ms) and ms >= 0):
        raise ContractError(f"{what} is {ms}; it must be a number of milliseconds, 0 or more")


def _check_range(what: str, value: int, minimum: int, maximum: int) -> None:
    if not minimum <= value <= maximum:
        raise ContractError(f"{what} is {value}; it must be {minimum} to {maximum}")
