"""Thresholds by hand: what each would give on recordings, and a revision that has them."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
from msgspec import structs

from tinygest.core.contract import ModelContract
from tinygest.core.errors import UsageError
from tinygest.evaluate.calibration import evidence_of
from tinygest.evaluate.data import whole_pieces
from tinygest.evaluate.folds import StreamResult
from tinygest.evaluate.thresholds import Operating, some_of, trade_off
from tinygest.metrics import Rate, false_alarm_rate
from tinygest.store.bundles import Bundle
from tinygest.store.project import Project
from tinygest.train.data import Labelled
from tinygest.workflow.answers import make_answers
from tinygest.workflow.calibration import store_decision
from tinygest.workflow.judging import stream

MAX_SCORE = 255
MAX_POINTS = 100  # of the curve


class CurvePoint(msgspec.Struct, frozen=True):
    """One choice of thresholds, and what it gives on the streams."""

    thresholds: dict[str, int]
    rate: Rate
    recall: float


class TradeOff(msgspec.Struct, frozen=True):
    """Everything that thresholds decide on some streams: enough to try any of them without the model."""

    thresholds: dict[str, int]
    """That the model has."""
    n_true: dict[str, int]
    """Label -> true events."""
    hours: float
    """Reviewed time without an event."""
    events: tuple[tuple[str, int, bool], ...]
    """(label, score, whether it is a false alarm) of all that a model without thresholds reports."""
    curve: tuple[CurvePoint, ...]
    """From no thresholds to no false alarm, along the cheapest way."""


def trade_off_of(
    bundle: Bundle, recordings: Sequence[Labelled], streams: Sequence[StreamResult]
) -> TradeOff:
    """streams: of the bundle as it is; with thresholds it is run again without them."""
    own = bundle.contract.decision.thresholds
    if any(own.values()):
        streams = _without_thresholds(bundle, recordings)
    evidence = evidence_of([(one, 1.0) for one in streams], lambda one: one.recording)
    n_true: Counter[str] = Counter()
    for (_, label), n in evidence.n_true.items():
        n_true[label] += n

    def shown(point: Operating) -> CurvePoint:
        rate = false_alarm_rate(point.n_alarms, evidence.total_hours)
        return CurvePoint(point.thresholds, rate, point.recall)

    return TradeOff(
        thresholds=own,
        n_true=dict(sorted(n_true.items())),
        hours=evidence.total_hours,
        events=tuple((event.label, event.margin, event.is_alarm) for event in evidence.events),
        curve=tuple(map(shown, some_of(trade_off(evidence), MAX_POINTS))),
    )


def set_thresholds(project: Project, name: str | None, thresholds: Mapping[str, int]) -> Bundle:
    """Store the model with these thresholds as its next revision; labels not named keep theirs.

    Raises UsageError for a label that the model does not know, or a score outside 0..255.
    """
    parent = project.bundle(name)
    check_thresholds(parent.contract, thresholds)
    decision = parent.contract.decision
    merged = {label: score for label, score in {**decision.thresholds, **thresholds}.items() if score}
    if merged == {label: score for label, score in decision.thresholds.items() if score}:
        raise UsageError(f"{parent} has these thresholds already")
    chosen = structs.replace(decision, thresholds=merged)
    return store_decision(project, parent, chosen, {"thresholds": dict(thresholds)})


def check_thresholds(contract: ModelContract, thresholds: Mapping[str, int]) -> None:
    """Raise UsageError unless the model can have them."""
    known = contract.labels[1:]
    for label, score in thresholds.items():
        if label not in known:
            raise UsageError(f"the model does not know {label!r}; its labels are {', '.join(known)}")
        if not 0 <= score <= MAX_SCORE:
            raise UsageError(f"threshold {score} of {label}: scores are 0 to {MAX_SCORE}")


def _without_thresholds(bundle: Bundle, recordings: Sequence[Labelled]) -> list[StreamResult]:
    decision = structs.replace(bundle.contract.decision, thresholds={})
    contract = structs.replace(bundle.contract, decision=decision)
    pieces = whole_pieces(recordings)
    with tempfile.TemporaryDirectory(prefix="tinygest-thresholds-") as folder:
        return stream(make_answers(contract, bundle.tflite, Path(folder)), recordings, pieces)
