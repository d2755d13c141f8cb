"""From a project's recordings to a stored model bundle."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import msgspec

from tinygest.core.canonical import pretty_json
from tinygest.core.errors import DatasetError
from tinygest.core.progress import Progress, silent
from tinygest.evaluate.data import Piece, RecordingFacts, cut, facts_of, row_before_cut
from tinygest.evaluate.guard import Fold, Split
from tinygest.evaluate.protocol import no_split_by_recording
from tinygest.evaluate.splits import blocks_in_time, by_recording, grouped, subjects_of
from tinygest.generate.runtime import check_model_name
from tinygest.store.bundles import KERAS, METRICS, REPORT, TFLITE, Bundle, check_distinct
from tinygest.store.project import Project
from tinygest.train.data import MIN_SEGMENTS, Labelled, TrainingData, training_data
from tinygest.train.model import TrainedModel, TrainOptions, choose, train_model
from tinygest.train.networks import FAMILIES, Family
from tinygest.train.report import ReportData, render_report
from tinygest.train.scores import TrainingScores, training_scores
from tinygest.train.validation import Answers, Validation, held_out_answers, join
from tinygest.workflow.costs import budget_rows, measure
from tinygest.workflow.locking import make_lock

N_FOLDS = 3
DEFAULTS = TrainOptions()
FamilyChoice = Literal["auto", "dense", "cnn"]


@dataclass(frozen=True)
class TrainingResult:
    """A stored bundle and what is worth telling about it."""

    bundle: Bundle
    model: TrainedModel
    scores: TrainingScores
    validations: dict[str, Validation]
    why_not_validated: str


def train_bundle(
    project: Project,
    name: str,
    *,
    family: FamilyChoice = "auto",
    where: str = "",
    options: TrainOptions = DEFAULTS,
    only: Collection[str] | None = None,
    validate: bool = True,
    measure_cost: bool = False,
    progress: Progress = silent,
) -> TrainingResult:
    """Train on the recordings that `where` chooses and store the next revision of model `name`.

    family `auto` trains both and keeps the one that does better on held-out recordings. Labels,
    activity and segmenter come from the options, else from `tinygest.toml`, else from the data.
    only: ids that `where` may choose from; a search keeps its locked recordings out so.
    measure_cost: link and emulate the model for a Cortex-M4 too, for `metrics.json`; raises
    ToolchainError where that is not possible. Nothing is written unless everything succeeds.
    """
    check_model_name(name)
    check_distinct(project.layout, name)
    recordings = load_labelled(project, where, only)
    options = with_project_defaults(project, options)
    data = training_data(recordings, options.labels, options.label_order, options.channels)
    families = FAMILIES if family == "auto" else (family,)
    validations, why_not = (
        _validate(data, options, families, progress) if validate else ({}, "not asked for")
    )
    best = best_family(families, validations)
    model = train_model(name, recordings, replace(options, family=best), progress)
    scores = training_scores(model, recordings)
    asked = {"family": family, "validate": validate}
    lock = make_lock(project, model, recordings, replace(options, family=best), where=where, asked=asked)
    metrics = metrics_of(model, scores, validations, why_not)
    if measure_cost:
        progress("measuring flash, RAM and instructions", 0, 1)
        metrics["cost"] = msgspec.to_builtins(measure(model.contract, model.tflite, recordings))
    report = ReportData(
        model,
        recordings,
        scores,
        validations,
        why_not,
        msgspec.to_builtins(lock),
        budget_rows(metrics.get("cost", {}), project.config.budgets),
    )
    files = {
        TFLITE: model.tflite,
        KERAS: model.keras,
        METRICS: pretty_json(metrics),
        REPORT: render_report(report).encode(),
    }
    bundle = project.save_bundle(model.contract, lock, files)
    return TrainingResult(bundle, model, scores, validations, why_not)


def load_labelled(project: Project, where: str, only: Collection[str] | None = None) -> list[Labelled]:
    """Chosen recordings with their labels; raises DatasetError if there are none."""
    entries = [entry for entry in project.recordings(where) if only is None or entry.id in only]
    if not entries:
        raise DatasetError(
            f"no recording matches {where!r}" if where else "the project has no recordings; import some"
        )
    return [(project.load(entry.id), project.labels(entry.id)) for entry in entries]


def best_family(families: Sequence[Family], validations: dict[str, Validation]) -> Family:
    """The family with more held-out segments right; the first, smaller one of equals."""
    return max(families, key=lambda family: _n_right(validations.get(family)))


def _n_right(validation: Validation | None) -> int:
    return validation.answers.scores().n_right if validation else 0


def choose_family(
    choice: FamilyChoice, recordings: Sequence[Labelled], options: TrainOptions, progress: Progress = silent
) -> Family:
    """The choice; for `auto` the family that does better on held-out parts of these recordings."""
    if choice != "auto":
        return choice
    data = training_data(recordings, options.labels, options.label_order, options.channels)
    return best_family(FAMILIES, _validate(data, options, FAMILIES, progress)[0])


def with_project_defaults(project: Project, options: TrainOptions) -> TrainOptions:
    """What the options leave open, as `tinygest.toml` says."""
    return replace(
        options,
        label_order=options.label_order or project.known_labels(),
        activity=options.activity or project.config.activity,
        segmenter=options.segmenter or project.config.segmenter,
    )


def _validate(
    data: TrainingData, options: TrainOptions, families: Sequence[Family], progress: Progress
) -> tuple[dict[str, Validation], str]:
    """({family: what it answers on held-out folds}, why there is none)."""
    try:
        split = validation_split([facts_of(*one) for one in data.recordings])
        return _cross_validate(data, split, options, families, progress), ""
    except DatasetError as error:
        return {}, str(error)


def validation_split(facts: Sequence[RecordingFacts]) -> Split:
    """A few folds of whole subjects where there are two or more, else recordings, else blocks of time."""
    n_subjects = len(subjects_of(facts))
    if n_subjects > 1:
        return grouped(facts, min(N_FOLDS, n_subjects))
    if no_split_by_recording(facts) is None:
        return by_recording(facts, min(N_FOLDS, len(facts)))
    return blocks_in_time(facts, N_FOLDS)


def _cross_validate(
    data: TrainingData, split: Split, options: TrainOptions, families: Sequence[Family], progress: Progress
) -> dict[str, Validation]:
    """Every family on every fold; the segmenter is fitted once a fold, for all of them."""
    parts: dict[str, list[Answers]] = {family: [] for family in families}
    untrained: set[str] = set()
    for number, fold in enumerate(split.folds):
        train, test = _sides(data.recordings, fold)
        labels = learnable(train, data.labels)
        untrained |= {*data.labels} - {*labels}
        told = _prefixed(f"fold {number + 1} of {len(split.folds)}", progress)
        fold_options = replace(options, labels=labels)
        choice = choose(training_data(train, labels), fold_options, told)
        for family in families:
            model = train_model("fold", train, replace(fold_options, family=family), told, choice)
            parts[family].append(_placed(held_out_answers(model, test, data.labels), fold))
    if not any(answers.true for own in parts.values() for answers in own):
        raise DatasetError("every labelled segment is longer than the device can hold")
    return {
        family: Validation(split.description, len(split.folds), join(own), tuple(sorted(untrained)))
        for family, own in parts.items()
    }


def _placed(answers: Answers, fold: Fold) -> Answers:
    """With the rows of whole recordings: the fold's test side is cut."""
    pieces = _by_recording(fold.test)
    return msgspec.structs.replace(
        answers,
        places=tuple(
            msgspec.structs.replace(place, start=start, stop=start + place.stop - place.start)
            for place in answers.places
            for start in [row_before_cut(pieces[place.recording], place.start)]
        ),
    )


def learnable(recordings: Sequence[Labelled], wanted: Sequence[str]) -> tuple[str, ...]:
    """Labels, all when none is wanted, of which these recordings have enough segments.

    One person may be nearly all there is of a label; a fold without that person cannot learn it.
    """
    counts = Counter(s.label for _, track in recordings for s in track.segments if s.label)
    return tuple(label for label in wanted or sorted(counts) if counts[label] >= MIN_SEGMENTS)


def _sides(recordings: Sequence[Labelled], fold: Fold) -> tuple[list[Labelled], list[Labelled]]:
    return _cut(recordings, fold.train), _cut(recordings, fold.test)


def _by_recording(pieces: Sequence[Piece]) -> dict[str, list[Piece]]:
    wanted: dict[str, list[Piece]] = {}
    for piece in pieces:
        wanted.setdefault(piece.recording, []).append(piece)
    return wanted


def _cut(recordings: Sequence[Labelled], pieces: Sequence[Piece]) -> list[Labelled]:
    wanted = _by_recording(pieces)
    return [
        cut(recording, track, wanted[recording.id])
        for recording, track in recordings
        if recording.id in wanted
    ]


def _prefixed(prefix: str, progress: Progress) -> Progress:
    return lambda what, done, total: progress(f"{prefix}: {what}", done, total)


def metrics_of(
    model: TrainedModel, scores: TrainingScores, validations: dict[str, Validation], why_not: str
) -> dict[str, Any]:
    """metrics.json: every number with the data that it comes from."""
    held_out = {
        family: {
            "split": validation.split,
            "n_folds": validation.n_folds,
            "labels_some_fold_lacked": list(validation.untrained),
            **msgspec.to_builtins(validation.answers.scores()),
            "answers": _rows(validation.answers),
        }
        for family, validation in validations.items()
    }
    return {
        "family": model.family,
        "n_parameters": model.n_parameters,
        "tflite_bytes": len(model.tflite),
        "train_s": round(model.seconds, 3),
        "examples": model.n_examples,
        "n_augmented": model.n_copies,
        "segmenter": {"reason": model.choice.reason, "f1_on_training_recordings": model.choice.f1},
        "history": msgspec.to_builtins(model.history),
        "on_training_segments": msgspec.to_builtins(scores),
        "on_held_out_segments": held_out,
        "why_not_validated": why_not,
    }


def _rows(answers: Answers) -> list[list[Any]]:
    """[recording, subject, start, stop, label, answer, margin] of each held-out segment."""
    return [
        [place.recording, place.subject, place.start, place.stop, label, answer, margin]
        for place, label, answer, margin in zip(
            answers.places, answers.true, answers.answer, answers.margins, strict=False
        )
    ]
