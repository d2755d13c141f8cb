"""One trial: train and judge fold by fold, measure the cost, stop as soon as it cannot win."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tinygest.evaluate.folds import SegmentAnswer, StreamResult
from tinygest.evaluate.guard import Fold, Split
from tinygest.evaluate.summary import IOU, score_answers, summarise_events
from tinygest.metrics import Interval95
from tinygest.store.config import Budgets
from tinygest.train.data import Labelled, training_data
from tinygest.train.model import TrainOptions, choose, train_model
from tinygest.train.segmenter_choice import CENTRE, SegmenterChoice
from tinygest.workflow.costs import Cost, measure, over_budget
from tinygest.workflow.fold import cut_down, judge_fold
from tinygest.workflow.search.space import options_of_trial
from tinygest.workflow.training import learnable

MARGIN = 0.02  # by which a trial must be behind, on the same folds, to be given up


class StoppedError(Exception):
    """This trial cannot win; the message says why."""


@dataclass(frozen=True)
class Rival:
    """A finished trial, to be beaten."""

    number: int
    scores: tuple[float, ...]
    """After one fold, two folds, ...; the last one is the result."""
    cost: Mapping[str, int]


@dataclass(frozen=True)
class Outcome:
    """Of a trial that ran through all folds."""

    score: float
    interval: Interval95 | None
    cost: Cost


@dataclass
class Material:
    """What every trial of a worker needs, loaded once."""

    recordings: Mapping[str, Labelled]
    split: Split
    options: TrainOptions
    budgets: Budgets
    runtime: Path | None
    """The compiled runtime library, where there is a compiler for this machine."""
    segmenters: dict[str, SegmenterChoice] = field(default_factory=dict)
    """Fitted ones by fold: they do not depend on the network."""


def attempt(
    chosen: Mapping[str, Any],
    material: Material,
    rivals: Sequence[Rival],
    note: Callable[[str, Any], None],
) -> Outcome:
    """Run a trial. note: keeps what is known so far, also of trials that are stopped.

    Raises StoppedError when the model breaks a limit or is clearly beaten, TinygestError if it fails.
    """
    options = options_of_trial(chosen, material.options)
    streams: list[StreamResult] = []
    answers: list[SegmentAnswer] = []
    scores: list[float] = []
    cost: Cost | None = None
    for fold in material.split.folds:
        training = cut_down(material.recordings, fold.train, as_captures=not material.split.is_streamed)
        fold_options = replace(options, labels=learnable(training, options.labels))
        choice = fitted_segmenter(material, fold, chosen["segmenter"], training, fold_options)
        model = train_model("search", training, fold_options, choice=choice)
        if cost is None:
            cost = measure(model.contract, model.tflite, training)
            note("cost", as_dict(cost))
            _stop_over_budget(cost, material.budgets)
        said = judge_fold(
            model, material.recordings, fold,
            is_streamed=material.split.is_streamed, runtime=material.runtime,
        )  # fmt: skip
        streams += said.streams
        answers += said.answers
        scores.append(score_of(streams, answers)[0])
        note("scores", scores)
        if len(scores) < len(material.split.folds):
            _stop_beaten(scores, cost, rivals)
    assert cost is not None, "a split has folds"
    return Outcome(*score_of(streams, answers), cost)


def score_of(
    streams: Sequence[StreamResult], answers: Sequence[SegmentAnswer]
) -> tuple[float, Interval95 | None]:
    """Event macro-F1 where there are streams, else accuracy on given segments; with its interval."""
    if streams:
        events = summarise_events(streams, IOU)
        return events.macro_f1, events.interval
    segments = score_answers(answers)
    return segments.accuracy or 0.0, segments.interval


def fitted_segmenter(
    material: Material, fold: Fold, kind: str, training: Sequence[Labelled], options: TrainOptions
) -> SegmenterChoice:
    """The fold's segmenter of a kind, fitted on its training part; kinds that are searched all at once."""
    if fold.name not in material.segmenters:
        data = training_data(training, options.labels, options.label_order, options.channels)
        material.segmenters[fold.name] = choose(data, replace(options, kinds=()))
    best = material.segmenters[fold.name]
    if kind == CENTRE:
        data = training_data(training, options.labels, options.label_order, options.channels)
        return choose(data, replace(options, kinds=(CENTRE,)))
    if kind not in best.kinds:
        return best
    fitted = best.kinds[kind]
    return SegmenterChoice(fitted.activity, fitted.segmenter, best.decision, f"a trial: {kind}", fitted.f1)


def as_dict(cost: Cost) -> dict[str, int]:
    """As it lies in the database."""
    return {name: getattr(cost, name) for name in cost.__struct_fields__}


def beaten_by(scores: Sequence[float], cost: Mapping[str, int], rivals: Sequence[Rival]) -> Rival | None:
    """A rival that costs no more of anything and was clearly better on the same folds."""
    n = len(scores)
    for rival in rivals:
        cheaper = all(
            rival.cost[name] <= cost[name] for name in ("flash_bytes", "ram_bytes", "instructions")
        )
        if cheaper and len(rival.scores) >= n and rival.scores[n - 1] > scores[-1] + MARGIN:
            return rival
    return None


def _stop_beaten(scores: Sequence[float], cost: Cost, rivals: Sequence[Rival]) -> None:
    rival = beaten_by(scores, as_dict(cost), rivals)
    if rival:
        raise StoppedError(f"beaten by trial {rival.number} after {len(scores)} folds")


def _stop_over_budget(cost: Cost, budgets: Budgets) -> None:
    broken = over_budget(as_dict(cost), budgets)
    if broken:
        raise StoppedError(f"over budget: {broken}")
