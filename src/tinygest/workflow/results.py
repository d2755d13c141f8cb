"""What boards recognise, what a model finds on the gateway beside them, and what really happened."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tinygest.core.event import Event
from tinygest.core.labels import UNKNOWN
from tinygest.gateway.host_clock import unix_s
from tinygest.gateway.live import Live, Status
from tinygest.gateway.session import SessionOptions
from tinygest.gateway.updates import Reported, Update
from tinygest.metrics.matching import match_spans
from tinygest.protocol.words import Mode
from tinygest.store.project import Project
from tinygest.workflow.hub_trial import Trial, TrialState
from tinygest.workflow.live_model import LiveModel
from tinygest.workflow.timed_labels import Time

BOARD, GATEWAY = "board", "gateway"
SAME = 0.1
"""Intersection over union from which a result is of a time: results lie on the clock to some 0.1 s."""
SETTLE_S = 2.0
"""A result may come so much after what it is of."""


@dataclass(frozen=True)
class Result:
    """Something was recognised. Unix time, to the delay of the radio."""

    board: str
    device: str
    by: str
    """board or gateway"""
    label: str
    score: int
    """0 to 255"""
    start_s: float
    stop_s: float


@dataclass(frozen=True)
class Comparison:
    """Results of one board, by itself or on the gateway, against what really happened."""

    board: str
    by: str
    n_true: int
    n_right: int
    n_other: int
    """Found, with another label or none."""
    n_missed: int
    n_extra: int
    """Found where nothing happened; what was answered with unknown is not counted."""


@dataclass
class Results:
    """Of one connected board: `session.listen(results)`. Calls `tell` with each."""

    live: Live
    labels: Sequence[str]
    """Of the board's model; without them results have the number of their label."""
    trial: Trial | None = None
    """Runs on what the board sends."""
    tell: Callable[[Result], None] = lambda _result: None
    recognises: bool = True
    """The board itself; else only what is tried here."""
    seen: list[Result] = field(default_factory=list)
    since_s: float = field(default_factory=time.time)

    def __call__(self, update: Update) -> None:
        if isinstance(update, Reported):
            self._note(update.event.event, BOARD, self.labels, update.host_s)
        for event in self.trial.take(update) if self.trial else ():
            self._note(event, GATEWAY, self._trial_labels(), update.host_s)

    @property
    def name(self) -> str:
        """What a person calls the board."""
        status = self.live.status()
        return status.side or status.name

    def _trial_labels(self) -> Sequence[str]:
        return self.trial.model.contract.labels if self.trial else ()

    def _note(self, event: Event, by: str, labels: Sequence[str], decided_s: float) -> None:
        rate_hz = self._rate_hz()
        label = labels[event.label] if event.label < len(labels) else f"label {event.label}"
        start_s = unix_s(decided_s) - (event.decided_at - event.start) / rate_hz
        result = Result(
            self.name,
            self.live.status().device,
            by,
            label,
            event.score,
            start_s,
            start_s + event.length / rate_hz,
        )
        self.seen.append(result)
        self.tell(result)

    def _rate_hz(self) -> float:
        contract = self.live.session.contract
        assert contract is not None
        return contract.rate_hz


def labels_of(project: Project, model_id: str) -> list[str]:
    """Of the model with this id, label 0 first; empty if the project does not have it."""
    for name, revisions in project.models().items() if model_id else ():
        for revision in reversed(revisions):
            bundle = project.bundle(name, revision)
            if bundle.model_id == model_id:
                return list(bundle.contract.labels)
    return []


def compare(results: Results, times: Sequence[Time], until_s: float) -> list[Comparison]:
    """By the board if it recognises, and on the gateway where a model ran there; of what ended `SETTLE_S`
    before until_s (Unix time)."""
    device = results.live.status().device
    true = [
        one
        for one in times
        if one.is_of(device) and one.start_s >= results.since_s and one.stop_s <= until_s - SETTLE_S
    ]
    by_whom = {BOARD: results.recognises, GATEWAY: results.trial is not None}
    return [_compare(results, true, by) for by, looks in by_whom.items() if looks]


def _compare(results: Results, true: list[Time], by: str) -> Comparison:
    found = [one for one in results.seen if one.by == by]
    matching = match_spans(_spans(true), _spans(found), SAME)
    right = sum(true[i].label == found[j].label for i, j in matching.pairs)
    last_s = max((one.stop_s for one in true), default=0.0)
    extra = [found[j] for j in matching.extra if found[j].label != UNKNOWN and found[j].start_s < last_s]
    return Comparison(
        results.name,
        by,
        len(true),
        right,
        len(matching.pairs) - right,
        len(matching.missed),
        len(extra),
    )


def _spans(many: Sequence[Time] | Sequence[Result]) -> NDArray[np.int64]:
    """(n, 2) whole milliseconds."""
    return np.array(
        [(round(one.start_s * 1000), round(one.stop_s * 1000)) for one in many], np.int64
    ).reshape(-1, 2)


@dataclass(frozen=True)
class Watch:
    """What is to be looked at: results of the boards, of a model here, or both."""

    project: Project
    from_boards: bool
    model: str | None = None
    """Name, runs here on what boards send; empty: the newest."""

    def options(self) -> SessionOptions:
        """Of the sessions: samples are needed where a model runs here."""
        mode = Mode.RECOGNISE if self.from_boards else Mode.CAPTURE
        return SessionOptions(mode=mode, with_samples=True)

    def attach(self, lives: Sequence[Live], tell: Callable[[Result], None]) -> list[Results]:
        """Begin to look; the sessions are then to tell what this returns. With a model it takes some
        seconds, so not on the event loop. Raises StoreError, ContractError, ToolchainError.
        """
        model = None
        if self.model is not None:
            bundle = self.project.bundle(self.model or None)
            for live in lives:
                if live.session.contract is not None:
                    bundle.contract.require_sensor(live.session.contract, f"board {live.status().name}")
            model = LiveModel(bundle)
        return [
            Results(
                live, self._labels(live), Trial(model.again()) if model else None, tell, self.from_boards
            )
            for live in lives
        ]

    def _labels(self, live: Live) -> list[str]:
        info = live.session.identity.info if live.session.identity else None
        return labels_of(self.project, info.model_id) if info else []


@dataclass(frozen=True)
class Report:
    """What was seen, board by board."""

    boards: list[Status]
    results: list[Result]
    trials: dict[str, TrialState]
    """By board: how far what ran here and what the board said agree."""
    comparisons: list[Comparison]


def report(many: Sequence[Results], times: Sequence[Time] | None) -> Report:
    """times: what really happened, if anybody knows."""
    now_s = time.time()
    return Report(
        [one.live.status() for one in many],
        sorted((result for one in many for result in one.seen), key=lambda result: result.start_s),
        {one.name: one.trial.state() for one in many if one.trial},
        [row for one in many for row in compare(one, times, now_s)] if times is not None else [],
    )
