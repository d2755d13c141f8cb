"""Thresholds for a stated number of false alarms, chosen on held-out events.

Each label has a threshold on the margin between the two best logits. Raising one drops false alarms of
that label and, sooner or later, right events. The path from no thresholds to silence always takes the
step that drops the most alarms for the recall it costs; every point on it is a possible choice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import NDArray

from tinygest.metrics import Rate, false_alarm_rate

MAX_MARGIN = 255
FREE = 1e-6  # recall: what a step that costs nothing is taken to cost, so that larger ones go first


class Event(msgspec.Struct, frozen=True, array_like=True):
    """A held-out event that is right or a false alarm; others do not matter here."""

    group: str
    """Who or what was held out with it."""
    label: str
    margin: int
    is_alarm: bool


@dataclass(frozen=True)
class Evidence:
    """Held-out streams, as far as thresholds depend on them."""

    events: tuple[Event, ...]
    n_true: dict[tuple[str, str], int]
    """(group, label) -> true events."""
    hours: dict[str, float]
    """Group -> reviewed background."""

    @property
    def total_hours(self) -> float:
        return sum(self.hours.values())

    @property
    def labels(self) -> list[str]:
        """All that a person marked or a model reported."""
        return sorted({label for _, label in self.n_true} | {event.label for event in self.events})

    def only(self, groups: Iterable[str]) -> Evidence:
        """The part of some groups."""
        kept = set(groups)
        return Evidence(
            tuple(event for event in self.events if event.group in kept),
            {key: n for key, n in self.n_true.items() if key[0] in kept},
            {group: hours for group, hours in self.hours.items() if group in kept},
        )


class Operating(msgspec.Struct, frozen=True):
    """What a choice of thresholds gives on some evidence."""

    thresholds: dict[str, int]
    """Margins, 1..255, of the labels that have one."""
    n_alarms: int
    recall: float
    """Mean over labels of the share of true events that are found."""


def some_of(path: Sequence[Operating], n_most: int) -> tuple[Operating, ...]:
    """About n_most points of a path, to draw: evenly spread, first and last among them."""
    return (*path[: -1 : max(1, len(path) // n_most)], path[-1])


def trade_off(evidence: Evidence) -> list[Operating]:
    """Choices from no thresholds to no false alarm, fewer alarms with every step."""
    sides = _by_label(evidence)
    chosen = dict.fromkeys(sides, 0)
    path = [_operating(sides, chosen)]
    while True:
        steps = [step for label in sides for step in _steps(sides[label], label, chosen[label])]
        if not steps:
            return path
        best = max(steps, key=lambda step: (step.n_dropped / max(step.cost, FREE), -step.margin))
        chosen[best.label] = best.margin
        path.append(_operating(sides, chosen))


def at_most(path: Sequence[Operating], n_alarms: int) -> Operating:
    """The first choice with so few alarms; the last one where none has."""
    return next((point for point in path if point.n_alarms <= n_alarms), path[-1])


def allowed(per_hour: float, hours: float) -> tuple[int, bool]:
    """(false alarms that may be left, whether these hours can show that the rate is kept).

    They can if the upper end of the exact 95 % interval stays below the rate with some number of
    alarms, if only 0. Otherwise the count is the one that the rate itself gives.
    """
    n = -1
    while hours > 0 and (false_alarm_rate(n + 1, hours).high or 0.0) <= per_hour:
        n += 1
    return (n, True) if n >= 0 else (int(per_hour * hours), False)


def hours_needed(per_hour: float) -> float:
    """Reviewed background without a single alarm that would show a rate."""
    return (false_alarm_rate(0, 1.0).high or 0.0) / per_hour


def apply(evidence: Evidence, thresholds: dict[str, int]) -> Operating:
    """What thresholds chosen elsewhere give here."""
    sides = _by_label(evidence)
    return _operating(sides, {label: thresholds.get(label, 0) for label in sides})


class Checked(msgspec.Struct, frozen=True):
    """Thresholds chosen without a group, judged on that group; all groups in one pot."""

    rate: Rate
    recall: float
    n_groups: int


def cross_check(evidence: Evidence, per_hour: float) -> Checked | None:
    """What to expect of thresholds on people who had no say in them; None with one group."""
    groups = sorted({*evidence.hours, *(group for group, _ in evidence.n_true)})
    if len(groups) < 2:
        return None
    n_alarms, kept = 0, []
    for group in groups:
        others = evidence.only(set(groups) - {group})
        n_allowed, _ = allowed(per_hour, others.total_hours)
        thresholds = at_most(trade_off(others), n_allowed).thresholds
        own = evidence.only([group])
        n_alarms += apply(own, thresholds).n_alarms
        kept += [event for event in own.events if event.margin >= thresholds.get(event.label, 0)]
    remaining = Evidence(tuple(kept), evidence.n_true, evidence.hours)
    recall = apply(remaining, {}).recall
    return Checked(false_alarm_rate(n_alarms, evidence.total_hours), recall, len(groups))


def keeping(margins: Mapping[str, Sequence[int]], share: float) -> dict[str, int]:
    """Per label the highest threshold that lets `share` of these right answers through."""
    thresholds = {}
    for label, own in margins.items():
        if own:
            n_dropped = int((1 - share) * len(own) + 1e-9)  # 0.05 * 20 is a little less than 1
            thresholds[label] = int(sorted(own)[n_dropped])
    return {label: margin for label, margin in thresholds.items() if margin > 0}


@dataclass(frozen=True)
class _Side:
    """One label: margins of right events and of alarms, ascending."""

    right: NDArray[np.int64]
    alarms: NDArray[np.int64]
    n_true: int
    weight: float
    """Of one right event in the mean recall over labels."""


@dataclass(frozen=True)
class _Step:
    label: str
    margin: int
    n_dropped: int
    cost: float


def _by_label(evidence: Evidence) -> dict[str, _Side]:
    n_true: dict[str, int] = defaultdict(int)
    for (_, label), n in evidence.n_true.items():
        n_true[label] += n
    n_labels = max(1, sum(n > 0 for n in n_true.values()))
    sides = {}
    for label in evidence.labels:
        own = [event for event in evidence.events if event.label == label]
        right = np.sort(np.array([e.margin for e in own if not e.is_alarm], np.int64))
        alarms = np.sort(np.array([e.margin for e in own if e.is_alarm], np.int64))
        weight = 1 / (n_true[label] * n_labels) if n_true[label] else 0.0
        sides[label] = _Side(right, alarms, n_true[label], weight)
    return sides


def _steps(side: _Side, label: str, now: int) -> list[_Step]:
    """Raising one label's threshold above each of its alarms."""
    before = np.searchsorted(side.alarms, now), np.searchsorted(side.right, now)
    steps = []
    for alarm in np.unique(side.alarms[before[0] :]).tolist():
        margin = _between(side.right, alarm)
        if margin > MAX_MARGIN:
            continue  # no threshold is above the surest answer
        n_dropped = int(np.searchsorted(side.alarms, margin) - before[0])
        cost = float(np.searchsorted(side.right, margin) - before[1]) * side.weight
        steps.append(_Step(label, margin, n_dropped, cost))
    return steps


def _between(right: NDArray[np.int64], alarm: int) -> int:
    """Half way from an alarm to the next surer right event: the next alarm may be a little surer."""
    above = right[np.searchsorted(right, alarm, side="right") :]
    return alarm + 1 + (int(above[0]) - alarm - 1) // 2 if len(above) else alarm + 1


def _operating(sides: dict[str, _Side], chosen: dict[str, int]) -> Operating:
    n_alarms = sum(
        len(side.alarms) - int(np.searchsorted(side.alarms, chosen[label])) for label, side in sides.items()
    )
    recall = sum(
        (len(side.right) - int(np.searchsorted(side.right, chosen[label]))) * side.weight
        for label, side in sides.items()
    )
    return Operating({label: m for label, m in chosen.items() if m > 0}, n_alarms, float(recall))
