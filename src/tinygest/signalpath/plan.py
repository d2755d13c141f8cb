"""From a model contract to the integers of the C structs.

Only here do milliseconds become samples. Each dataclass mirrors one C struct of
firmware/lib/tinygest, field by field; `native` fills cffi structs from them and `generate` prints
them as C initialisers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from tinygest.core.contract import (
    Activity,
    AdaptiveSegmenter,
    CentreSegmenter,
    HysteresisSegmenter,
    ModelContract,
    PeakSegmenter,
    Segmenter,
    SlidingSegmenter,
    TriggerSegmenter,
)
from tinygest.core.errors import ContractError
from tinygest.core.sensor import SensorContract
from tinygest.signalpath.checks import check_range, check_time, length_in, samples_in
from tinygest.signalpath.input_plan import InputPlan, plan_input

MAX_SEGMENT = 2048  # TG_MAX_SEGMENT
MAX_SMOOTH = 256  # TG_MAX_SMOOTH
MAX_AGREE = 16  # TG_MAX_AGREE
MAX_CLASSES = 255
MAX_LEVEL = 65535
MAX_HOP = 65535
MAX_LENGTH = 65535  # of an event, which need not lie in the ring
MAX_REFRACTORY = 2**31
MAX_CENTRE_SMOOTH = 16  # TG_MAX_CENTRE_SMOOTH
MAX_CENTRE_REFRACTORY = 2**28 - 1
BASELINE_ONE = 1 << 14
SHARE_ONE = 1 << 16


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

    @property
    def reach(self) -> int:
        """Samples from a segment's start to the one that tells it, both included, at most."""
        return self.longest


@dataclass(frozen=True)
class AdaptivePlan:
    """tg_adaptive_config_t"""

    kind: ClassVar[str] = "adaptive"
    movement: HysteresisPlan
    start_share: int
    stop_share: int
    decay_q16: int

    @property
    def longest(self) -> int:
        """Samples of the longest segment."""
        return self.movement.longest

    @property
    def reach(self) -> int:
        """Samples from a segment's start to the one that tells it, both included, at most."""
        return self.movement.reach


@dataclass(frozen=True)
class PeakPlan:
    """tg_peak_config_t"""

    kind: ClassVar[str] = "peak"
    level: int
    level_share: int
    decay_q16: int
    rise_share: int
    horizon: int
    length: int
    pre: int

    @property
    def longest(self) -> int:
        """Samples of the longest segment."""
        return self.length

    @property
    def reach(self) -> int:
        """Samples from a segment's start to the one that tells it, both included, at most."""
        return max(self.length, self.pre + self.horizon + 1)


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

    @property
    def reach(self) -> int:
        """Samples from a segment's start to the one that tells it, both included, at most."""
        return self.longest


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

    @property
    def reach(self) -> int:
        """Samples from a segment's start to the one that tells it, both included, at most."""
        return self.longest


SegmenterPlan = HysteresisPlan | AdaptivePlan | PeakPlan | TriggerPlan | SlidingPlan
"""`kind` names the C symbols: tg_<kind>_kind, tg_<kind>_config_t, tg_<kind>_t."""


@dataclass(frozen=True)
class SegmentationPlan:
    """tg_path_config_t"""

    ring_capacity: int
    activity: ActivityPlan
    segmenter: SegmenterPlan


@dataclass(frozen=True)
class CentrePlan:
    """tg_centre_config_t"""

    lengths: tuple[int, ...]
    """Samples, one per label, unknown first."""
    offset: int
    smooth: int
    horizon: int


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
    centre: CentrePlan | None = None
    """What `decider` points to, or NULL."""


@dataclass(frozen=True)
class PathPlan:
    """tg_classifier_config_t"""

    segmentation: SegmentationPlan
    input: InputPlan
    decision: DecisionPlan


def plan_path(contract: ModelContract) -> PathPlan:
    """Every integer of the signal path of one trained model; raises ContractError."""
    contract.check()
    return PathPlan(
        segmentation=plan_segmentation(contract.sensor, contract.activity, contract.segmenter),
        input=plan_input(contract),
        decision=plan_decision(contract),
    )


def plan_segmentation(sensor: SensorContract, activity: Activity, segmenter: Segmenter) -> SegmentationPlan:
    """From rows to segments; raises ContractError."""
    segmenter_plan = plan_segmenter(sensor, segmenter)
    return SegmentationPlan(
        ring_capacity=segmenter_plan.reach,
        activity=plan_activity(sensor, activity),
        segmenter=segmenter_plan,
    )


def plan_activity(sensor: SensorContract, activity: Activity) -> ActivityPlan:
    """Weights, the baseline's coefficient 1 - exp(-1 / samples) in Q14, and the averaging length."""
    sensor.check()
    if len(activity.weights) != len(sensor.channels):
        raise ContractError(f"{len(activity.weights)} activity weights for {len(sensor.channels)} channels")
    for weight in activity.weights:
        check_range("activity weight", weight, 0, 255)
    if not any(activity.weights):
        raise ContractError("all activity weights are 0, so nothing would ever move; use 16 for a channel")
    return ActivityPlan(
        n_channels=len(sensor.channels),
        weights=activity.weights,
        baseline_q14=_baseline_q14(activity.baseline_ms, sensor.rate_hz),
        smooth_length=length_in("activity smooth_ms", activity.smooth_ms, sensor.rate_hz, MAX_SMOOTH),
    )


def plan_segmenter(sensor: SensorContract, segmenter: Segmenter) -> SegmenterPlan:
    """Levels and lengths of any segmenter; raises ContractError."""
    sensor.check()
    match segmenter:
        case HysteresisSegmenter():
            return _plan_hysteresis(segmenter, sensor.rate_hz)
        case AdaptiveSegmenter():
            return _plan_adaptive(segmenter, sensor.rate_hz)
        case PeakSegmenter():
            return _plan_peak(segmenter, sensor.rate_hz)
        case TriggerSegmenter():
            return _plan_trigger(segmenter, sensor.rate_hz)
        case SlidingSegmenter() | CentreSegmenter():
            return _plan_sliding(segmenter, sensor.rate_hz)


def plan_decision(contract: ModelContract) -> DecisionPlan:
    """Thresholds in the order of the labels, times in samples; raises ContractError."""
    decision = contract.decision
    check_range("number of classes", len(contract.classes), 2, MAX_CLASSES)
    thresholds = tuple(decision.thresholds.get(label, 0) for label in contract.labels)
    for label, threshold in zip(contract.labels, thresholds, strict=True):
        check_range(f"threshold of {label!r}", threshold, 0, 255)
    if decision.score_table and len(decision.score_table) != 256:
        raise ContractError(f"a score table has 256 entries or none, not {len(decision.score_table)}")
    for score in decision.score_table:
        check_range("score in the score table", score, 0, 255)
    check_range("decision agree_of", decision.agree_of, 1, MAX_AGREE)
    check_range("decision agree", decision.agree, 1, decision.agree_of)
    return DecisionPlan(
        n_classes=len(contract.classes),
        class_to_label=contract.class_to_label(),
        thresholds=thresholds,
        score_table=decision.score_table,
        refractory=samples_in(
            "decision refractory_ms", decision.refractory_ms, contract.sensor.rate_hz, MAX_REFRACTORY
        ),
        agree=decision.agree,
        agree_of=decision.agree_of,
        centre=_plan_centre(contract),
    )


def _plan_centre(contract: ModelContract) -> CentrePlan | None:
    """Lengths in samples, and where the average of the last windows lies in the newest one."""
    segmenter, rate_hz = contract.segmenter, contract.sensor.rate_hz
    if not isinstance(segmenter, CentreSegmenter):
        return None
    if contract.decision.agree_of != 1:
        raise ContractError("a centre detector averages answers itself; set decision agree_of to 1")
    samples_in("decision refractory_ms", contract.decision.refractory_ms, rate_hz, MAX_CENTRE_REFRACTORY)
    missing = [label for label in contract.labels[1:] if label not in segmenter.lengths_ms]
    if missing:
        raise ContractError(f"segmenter lengths_ms does not say how long {missing[0]!r} is; add it")
    lengths = [
        length_in(f"segmenter length of {label!r}", segmenter.lengths_ms[label], rate_hz, MAX_LENGTH)
        for label in contract.labels[1:]
    ]
    check_range("segmenter smooth", segmenter.smooth, 1, MAX_CENTRE_SMOOTH)
    check_range("segmenter horizon", segmenter.horizon, 1, 255)
    window = _plan_sliding(segmenter, rate_hz)
    offset = (window.length - (segmenter.smooth - 1) * window.hop) // 2
    return CentrePlan((0, *lengths), offset, segmenter.smooth, segmenter.horizon)


def _plan_hysteresis(segmenter: HysteresisSegmenter | AdaptiveSegmenter, rate_hz: float) -> HysteresisPlan:
    check_range("segmenter start_level", segmenter.start_level, 1, MAX_LEVEL)
    check_range("segmenter stop_level", segmenter.stop_level, 1, MAX_LEVEL)
    if segmenter.stop_level > segmenter.start_level:
        raise ContractError(
            f"segmenter stop_level {segmenter.stop_level} is above start_level "
            f"{segmenter.start_level}, so movements would end as they start; lower it"
        )
    plan = HysteresisPlan(
        start_level=segmenter.start_level,
        stop_level=segmenter.stop_level,
        min_length=length_in("segmenter min_ms", segmenter.min_ms, rate_hz, MAX_SEGMENT),
        max_length=length_in("segmenter max_ms", segmenter.max_ms, rate_hz, MAX_SEGMENT),
        pre=samples_in("segmenter pre_ms", segmenter.pre_ms, rate_hz, MAX_SEGMENT),
        post=samples_in("segmenter post_ms", segmenter.post_ms, rate_hz, MAX_SEGMENT),
        merge=samples_in("segmenter merge_ms", segmenter.merge_ms, rate_hz, MAX_SEGMENT),
    )
    if plan.pre + plan.min_length + plan.post > plan.max_length:
        raise ContractError(
            f"segmenter pre_ms, min_ms and post_ms are {plan.pre} + {plan.min_length} + {plan.post} "
            f"samples, which max_ms ({plan.max_length} samples) does not hold; raise max_ms"
        )
    return plan


def _plan_adaptive(segmenter: AdaptiveSegmenter, rate_hz: float) -> AdaptivePlan:
    if segmenter.stop_share > segmenter.start_share:
        raise ContractError(
            f"segmenter stop_share {segmenter.stop_share:g} is above start_share "
            f"{segmenter.start_share:g}, so movements would end as they start; lower it"
        )
    return AdaptivePlan(
        movement=_plan_hysteresis(segmenter, rate_hz),
        start_share=_share_q16("start_share", segmenter.start_share),
        stop_share=_share_q16("stop_share", segmenter.stop_share),
        decay_q16=_decay_q16(segmenter.peak_ms, rate_hz),
    )


def _plan_peak(segmenter: PeakSegmenter, rate_hz: float) -> PeakPlan:
    check_range("segmenter level", segmenter.level, 1, MAX_LEVEL)
    plan = PeakPlan(
        level=segmenter.level,
        level_share=_share_q16("level_share", segmenter.level_share),
        decay_q16=_decay_q16(segmenter.peak_ms, rate_hz),
        rise_share=_share_q16("rise_share", segmenter.rise_share),
        horizon=length_in("segmenter horizon_ms", segmenter.horizon_ms, rate_hz, MAX_SEGMENT),
        length=length_in("segmenter length_ms", segmenter.length_ms, rate_hz, MAX_SEGMENT),
        pre=samples_in("segmenter pre_ms", segmenter.pre_ms, rate_hz, MAX_SEGMENT),
    )
    if plan.pre >= plan.length:
        raise ContractError(
            f"segmenter pre_ms is {plan.pre} samples, so a window of {plan.length} would end before "
            "its peak; lower pre_ms or raise length_ms"
        )
    return plan


def _plan_trigger(segmenter: TriggerSegmenter, rate_hz: float) -> TriggerPlan:
    check_range("segmenter level", segmenter.level, 1, MAX_LEVEL)
    plan = TriggerPlan(
        level=segmenter.level,
        length=length_in("segmenter length_ms", segmenter.length_ms, rate_hz, MAX_SEGMENT),
        pre=samples_in("segmenter pre_ms", segmenter.pre_ms, rate_hz, MAX_SEGMENT),
    )
    if plan.pre >= plan.length:
        raise ContractError(
            f"segmenter pre_ms is {plan.pre} samples, so a window of {plan.length} would end before "
            "its trigger; lower pre_ms or raise length_ms"
        )
    return plan


def _plan_sliding(segmenter: SlidingSegmenter | CentreSegmenter, rate_hz: float) -> SlidingPlan:
    return SlidingPlan(
        length=length_in("segmenter length_ms", segmenter.length_ms, rate_hz, MAX_SEGMENT),
        hop=length_in("segmenter hop_ms", segmenter.hop_ms, rate_hz, MAX_HOP),
    )


def _share_q16(name: str, share: float) -> int:
    if not 0 <= share < 1:
        raise ContractError(f"segmenter {name} is {share:g}; it is a share, 0 or more and less than 1")
    return min(round(share * SHARE_ONE), SHARE_ONE - 1)


def _decay_q16(peak_ms: float, rate_hz: float) -> int:
    """What a peak with time constant peak_ms loses in a sample; 0 never forgets."""
    check_time("segmenter peak_ms", peak_ms)
    if peak_ms == 0:
        raise ContractError("segmenter peak_ms is 0; a running peak needs some time, such as 10000")
    return min(round(SHARE_ONE * -math.expm1(-1000 / (peak_ms * rate_hz))), SHARE_ONE - 1)


def _baseline_q14(baseline_ms: float, rate_hz: float) -> int:
    check_time("activity baseline_ms", baseline_ms)
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
