"""Thresholds and score table from held-out predictions, as a new revision of a model."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from msgspec import structs

from tinygest.core.canonical import pretty_json
from tinygest.core.contract import Decision, ModelContract, model_id
from tinygest.core.errors import ContractError, DatasetError
from tinygest.core.labels import UNKNOWN
from tinygest.core.progress import Progress, silent
from tinygest.core.sensor import explain_mismatch
from tinygest.evaluate.calibration import Calibration, calibrate_streams, evidence_of, scaled
from tinygest.evaluate.data import facts_of, whole_pieces
from tinygest.evaluate.folds import FoldCache, SegmentAnswer, StreamResult
from tinygest.evaluate.protocol import make_split
from tinygest.evaluate.score_table import fit_score_table, separated
from tinygest.evaluate.thresholds import keeping
from tinygest.store.bundles import KERAS, METRICS, REPORT, TFLITE, Bundle, Lock
from tinygest.store.project import Project
from tinygest.train.data import Labelled
from tinygest.workflow.answers import make_answers
from tinygest.workflow.cross_validation import Announce, Run, compute, plan_run
from tinygest.workflow.fold import Recipe
from tinygest.workflow.judging import classify, stream
from tinygest.workflow.locking import generated_hashes, options_of

NOTHING_TOLD: Mapping[str, Any] = {}


@dataclass(frozen=True)
class CalibrateOptions:
    """What a person may choose."""

    model: str | None = None
    per_hour: float = 1.0
    """False alarms."""
    keep: float | None = None
    """Instead of a rate: the share of right held-out answers that thresholds let through."""
    where: str = ""
    """Recordings beside those that trained the model: streamed through the model as it is."""
    split: str = ""
    """How the model's own recordings are held out."""
    scores: bool = True
    jobs: int = 0


@dataclass(frozen=True)
class HeldOut:
    """Predictions of models that had not seen what they were asked about."""

    streams: tuple[tuple[StreamResult, float], ...]
    """With the factor from the margins of the fold's model to those of the final one."""
    answers: tuple[tuple[SegmentAnswer, float], ...]
    description: str


@dataclass(frozen=True)
class Calibrated:
    """A stored revision and what is worth telling about it."""

    bundle: Bundle
    parent: Bundle
    calibration: Calibration | None
    """None where thresholds keep a share of right answers."""
    thresholds: dict[str, int]
    """Scores, as the contract has them."""
    share_kept: float
    """Of right held-out segments."""
    has_scores: bool
    held_out: str
    notes: tuple[str, ...]


def calibrate(
    project: Project,
    options: CalibrateOptions = CalibrateOptions(),
    progress: Progress = silent,
    announce: Announce = lambda sentence: None,
) -> Calibrated:
    """Choose thresholds on held-out predictions and store them as the model's next revision.

    Raises DatasetError when there is nothing to choose them on, and what training a fold may raise.
    """
    parent = project.bundle(options.model)
    held_out, notes = predictions(project, parent, options, progress, announce)
    calibration, margins = None, {}
    if options.keep is None:
        calibration = _for_rate(held_out, options.per_hour)
        margins = calibration.thresholds
    else:
        margins = keeping(_right_margins(held_out.answers), options.keep)
    known = set(parent.contract.labels)
    margins = {label: margin for label, margin in margins.items() if label in known}
    decision = with_thresholds(parent.contract.decision, margins, held_out.answers, scores=options.scores)
    kept = _share_kept(held_out.answers, margins)
    told = {
        "held_out": held_out.description,
        "share_of_right_segments_kept": kept,
        "streams": msgspec.to_builtins(calibration),
    }
    asked = {"per_hour": options.per_hour} if options.keep is None else {"keep": options.keep}
    bundle = store_decision(project, parent, decision, asked, told=told, calibration=calibration)
    return Calibrated(
        bundle=bundle,
        parent=parent,
        calibration=calibration,
        thresholds=decision.thresholds,
        share_kept=kept,
        has_scores=bool(decision.score_table),
        held_out=held_out.description,
        notes=tuple(notes),
    )


def predictions(
    project: Project,
    bundle: Bundle,
    options: CalibrateOptions,
    progress: Progress = silent,
    announce: Announce = lambda sentence: None,
) -> tuple[HeldOut, list[str]]:
    """(predictions by models of folds and, for recordings it has not seen, by the model itself; notes)."""
    trained, others = _recordings(project, bundle, options.where)
    notes = []
    if project.dataset_hash(bundle.lock.recordings) != bundle.lock.dataset_hash:
        notes.append(f"recordings of {bundle} were changed since; the folds use them as they are now")
    run, more_notes = _plan(project, bundle, trained, options.split)
    results = compute([run], _cache(project), options.jobs, progress, announce)
    folds = [results[task.key] for task in run.tasks]
    notes += more_notes
    streams = [
        (one, fold.logit_step / bundle.contract.quantisation.output_scale)
        for fold in folds
        for one in fold.streams
    ]
    answers = [
        (one, fold.logit_step / bundle.contract.quantisation.output_scale)
        for fold in folds
        for one in fold.answers
    ]
    description = f"{run.split.description}, {len(folds)} folds"
    if others:
        more_streams, more_answers = _by_the_model(bundle, others, progress)
        streams += [(one, 1.0) for one in more_streams]
        answers += [(one, 1.0) for one in more_answers]
        description += f"; {len(others)} recordings that the model has not seen"
    return HeldOut(tuple(streams), tuple(answers), description), notes


def _recordings(project: Project, bundle: Bundle, where: str) -> tuple[list[Labelled], list[Labelled]]:
    """(those that trained the model, the others that `where` chooses); raises DatasetError."""
    here = set(project.layout.recording_ids())
    missing = sorted(set(bundle.lock.recordings) - here)
    if missing:
        raise DatasetError(
            f"{bundle} was trained on {missing[0]}, which the project has no longer; restore it"
        )
    trained = [(project.load(name), project.labels(name)) for name in bundle.lock.recordings]
    others = []
    for entry in project.recordings(where):
        if entry.id in bundle.lock.recordings:
            continue
        if explain_mismatch(bundle.contract.sensor, entry.info.contract):
            if where:
                bundle.contract.require_sensor(entry.info.contract, f"recording {entry.id}")
            continue
        track = project.labels(entry.id)
        if track.reviewed or track.segments:
            others.append((project.load(entry.id), track))
    return trained, others


def _plan(
    project: Project, bundle: Bundle, trained: Sequence[Labelled], split_spec: str
) -> tuple[Run, list[str]]:
    """(the model's own recipe on its own recordings, sentences for the reader).

    The folds are those of `evaluate`, where it was run with the same settings: one cache holds both.
    """
    try:
        train = options_of(bundle.lock)
    except msgspec.ValidationError as error:
        raise ContractError(
            f"{bundle} was trained with other settings ({error}); train it again"
        ) from error
    facts = [facts_of(*one) for one in trained]
    split, notes = make_split(split_spec, facts, train.seed)
    recipe = Recipe(train.family, train)
    return plan_run(project.root, _cache(project).folder, split, facts, recipe), notes


def _cache(project: Project) -> FoldCache:
    return FoldCache(project.layout.private / "cache" / "evaluate")


def _by_the_model(
    bundle: Bundle, recordings: Sequence[Labelled], progress: Progress
) -> tuple[list[StreamResult], list[SegmentAnswer]]:
    """Recordings through the compiled model, without the thresholds that it may have."""
    contract = bare(bundle.contract)
    pieces = whole_pieces(recordings)
    progress("streaming recordings the model has not seen", 0, 1)
    with tempfile.TemporaryDirectory(prefix="tinygest-calibrate-") as folder:
        answers = make_answers(contract, bundle.tflite, Path(folder))
        result = stream(answers, recordings, pieces), classify(answers, contract, recordings, pieces)
    progress("streaming recordings the model has not seen", 1, 1)
    return result


def bare(contract: ModelContract) -> ModelContract:
    """The contract without thresholds and score table: scores are margins."""
    decision = structs.replace(contract.decision, thresholds={}, score_table=())
    return structs.replace(contract, decision=decision)


def _for_rate(held_out: HeldOut, per_hour: float) -> Calibration:
    """Groups are subjects, or recordings where there is one subject."""
    if not held_out.streams:
        raise DatasetError(
            "no continuous recording was held out, so false alarms cannot be counted; "
            "record everyday movement, or use --keep"
        )
    subjects = {one.subject for one, _ in held_out.streams}
    evidence = evidence_of(
        held_out.streams, lambda one: one.subject if len(subjects) > 1 else one.recording
    )
    if evidence.total_hours == 0:
        raise DatasetError(
            "nothing is reviewed and unlabelled, so false alarms cannot be counted; "
            "mark time as reviewed with `tinygest label`, or use --keep"
        )
    return calibrate_streams(evidence, per_hour)


def with_thresholds(
    decision: Decision,
    margins: dict[str, int],
    answers: Sequence[tuple[SegmentAnswer, float]],
    *,
    scores: bool,
) -> Decision:
    """The decision with a score table fitted on held-out answers, and thresholds in its scores."""
    named = [(answer, factor) for answer, factor in answers if answer.answer != UNKNOWN]
    table = fit_score_table(
        [scaled(answer.score, factor) for answer, factor in named],
        [answer.answer == answer.label for answer, _ in named],
    )
    table = separated(table, margins.values()) if scores else ()
    thresholds = {label: table[margin] if table else margin for label, margin in margins.items()}
    return structs.replace(decision, thresholds=thresholds, score_table=table)


def _right_margins(answers: Iterable[tuple[SegmentAnswer, float]]) -> dict[str, list[int]]:
    margins: dict[str, list[int]] = defaultdict(list)
    for answer, factor in answers:
        if answer.answer == answer.label:
            margins[answer.label].append(scaled(answer.score, factor))
    return margins


def _share_kept(answers: Iterable[tuple[SegmentAnswer, float]], margins: dict[str, int]) -> float:
    kept = [
        margin >= margins.get(label, 0) for label, own in _right_margins(answers).items() for margin in own
    ]
    return sum(kept) / max(1, len(kept))


def store_decision(
    project: Project,
    parent: Bundle,
    decision: Decision,
    asked: dict[str, Any],
    *,
    told: Mapping[str, Any] = NOTHING_TOLD,
    calibration: Calibration | None = None,
) -> Bundle:
    """The parent's network with another decision, as the model's next revision.

    asked: what a person said, for lock.json; told: what came of it, for metrics and report.
    """
    from tinygest.evaluate.calibration_html import render_calibration

    contract = structs.replace(parent.contract, decision=decision).check()
    said = {"of": str(parent), **asked, **told}
    page = render_calibration(contract, str(parent), parent.revision, calibration, said)
    files = {
        TFLITE: parent.tflite,
        METRICS: pretty_json({**parent.metrics, "calibration": said}),
        REPORT: page.encode(),
    }
    if parent.keras.is_file():
        files[KERAS] = parent.keras.read_bytes()
    return project.save_bundle(contract, _lock(parent, contract, asked), files)


def _lock(parent: Bundle, contract: ModelContract, asked: dict[str, Any]) -> Lock:
    """The parent's lock; the decision is data of its own, as no option of training leads to it."""
    return structs.replace(
        parent.lock,
        model_id=model_id(contract, parent.tflite),
        asked={
            **parent.lock.asked,
            "calibrated": {"of": str(parent), **asked},
            "decision": msgspec.to_builtins(contract.decision),
        },
        generated=generated_hashes(contract, parent.tflite),
    )
