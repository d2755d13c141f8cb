"""The result of `tinygest calibrate`: thresholds, what they rest on, and what may be claimed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence

import msgspec

from tinygest.evaluate.folds import StreamResult
from tinygest.evaluate.thresholds import (
    Checked,
    Event,
    Evidence,
    Operating,
    allowed,
    at_most,
    cross_check,
    hours_needed,
    some_of,
    trade_off,
)
from tinygest.metrics import Rate, false_alarm_rate
from tinygest.metrics.judgement import right_and_alarms

MAX_POINTS = 200  # of the plotted trade-off


class TradeOffPoint(msgspec.Struct, frozen=True):
    """One choice of thresholds on the held-out streams."""

    rate: Rate
    recall: float


class Calibration(msgspec.Struct, frozen=True):
    """What was chosen for a false-alarm rate, and why it may be believed or not."""

    per_hour: float
    """The rate that was asked for."""
    thresholds: dict[str, int]
    """Margins, by label."""
    chosen: TradeOffPoint
    """On the streams that the thresholds were chosen on."""
    before: TradeOffPoint
    """The same without thresholds."""
    checked: Checked | None
    """Each person judged by thresholds of the others; None with one person."""
    hours_needed: float
    """Reviewed background without an alarm that would show the rate."""
    is_shown: bool
    """The 95 % interval of the check ends below the rate."""
    trade_off: tuple[TradeOffPoint, ...]

    def verdict(self) -> str:
        """One sentence on what may be claimed."""
        hours = self.chosen.rate.hours
        if self.is_shown and self.checked:
            return (
                f"fewer than {self.per_hour:g} false alarms an hour: {self.checked.rate.n} in "
                f"{hours:.2f} h of people who had no say in the thresholds, at most "
                f"{self.checked.rate.high:.2f} an hour"
            )
        if hours < self.hours_needed:
            return (
                f"{hours:.2f} h of reviewed background cannot show {self.per_hour:g} false alarms an hour: "
                f"that takes {self.hours_needed:.1f} h without any; review more everyday movement"
            )
        if self.checked is None:
            return (
                f"{self.per_hour:g} false alarms an hour are not shown: all recordings are of one person, "
                "so nobody is left to check the thresholds on"
            )
        return (
            f"{self.per_hour:g} false alarms an hour are not shown: {self.checked.rate.n} in {hours:.2f} h "
            f"of people who had no say in the thresholds, up to {self.checked.rate.high:.2f} an hour"
        )


def calibrate_streams(evidence: Evidence, per_hour: float) -> Calibration:
    """Thresholds for a rate on held-out streams; what they cost; whether the rate is shown."""
    path = trade_off(evidence)
    n_allowed, enough = allowed(per_hour, evidence.total_hours)
    chosen = at_most(path, n_allowed)
    checked = cross_check(evidence, per_hour)
    high = checked.rate.high if checked else None

    def shown(point: Operating) -> TradeOffPoint:
        return TradeOffPoint(false_alarm_rate(point.n_alarms, evidence.total_hours), point.recall)

    return Calibration(
        per_hour=per_hour,
        thresholds=chosen.thresholds,
        chosen=shown(chosen),
        before=shown(path[0]),
        checked=checked,
        hours_needed=hours_needed(per_hour),
        is_shown=enough and high is not None and high <= per_hour,
        trade_off=tuple(map(shown, some_of(path, MAX_POINTS))),
    )


def evidence_of(
    streams: Sequence[tuple[StreamResult, float]],
    group_of: Callable[[StreamResult], str],
    iou: float = 0.5,
) -> Evidence:
    """Held-out streams, each with the factor that takes its model's margins to those of the final model."""
    events: list[Event] = []
    n_true: Counter[tuple[str, str]] = Counter()
    hours: dict[str, float] = defaultdict(float)
    for stream, factor in streams:
        group, truth = group_of(stream), stream.truth
        right, alarms = right_and_alarms(truth, stream.found, iou)
        n_true.update((group, event.label) for event in truth.events)
        hours[group] += truth.hours_of(truth.background())
        for found, is_alarm in ((right, False), (alarms, True)):
            events += [Event(group, e.label, scaled(e.score, factor), is_alarm) for e in found]
    return Evidence(tuple(events), dict(n_true), dict(hours))


def scaled(margin: int, factor: float) -> int:
    """A margin of another model in steps of the final one's logits."""
    return min(255, round(margin * factor))
