"""Cross-validation: train a model for each fold, judge the compiled library on what was held out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tinygest.core.contract import WindowInput
from tinygest.core.errors import DatasetError, TinygestError
from tinygest.core.progress import Progress, silent
from tinygest.evaluate.data import RecordingFacts, facts_of
from tinygest.evaluate.evaluation import PROTOCOL_NAMES, DatasetSummary, Evaluation, seed_score
from tinygest.evaluate.folds import FoldCache, FoldResult
from tinygest.evaluate.guard import Split
from tinygest.evaluate.protocol import (
    final_split,
    locked_in_file,
    make_split,
    no_split_by_recording,
    unseen_labels,
)
from tinygest.evaluate.splits import by_recording, random_segments, with_given_borders
from tinygest.evaluate.summary import ProtocolSummary, summarise
from tinygest.store.atomic import write_atomic
from tinygest.store.project import Project
from tinygest.train.data import check_one_contract
from tinygest.train.model import TrainOptions
from tinygest.train.networks import Family
from tinygest.workflow.costs import budget_rows
from tinygest.workflow.cross_validation import Announce, Run, compute, plan_run, versions
from tinygest.workflow.fold import Recipe
from tinygest.workflow.training import FamilyChoice, with_project_defaults

FOLDS_BESIDE = 5  # of the by-recording and random splits that stand beside the chosen one


@dataclass(frozen=True)
class EvaluateOptions:
    """What a person may choose."""

    where: str = ""
    split: str = ""
    """Empty: the hardest one that the data allow."""
    locked: str = ""
    """Recordings, chosen as by `where`, that no fold may see."""
    final: bool = False
    """Judge the locked recordings instead of cross-validating the others."""
    borders_given: bool = False
    """Train on labelled segments alone and judge segments alone: no segmenter has a say."""
    quick: bool = False
    """Without the easier protocols beside the chosen one."""
    n_seeds: int = 1
    jobs: int = 0
    """Processes; 0: one a core."""
    family: FamilyChoice | None = None
    """None: that of the newest model, dense without one; auto: chosen anew inside each fold."""
    train: TrainOptions = field(default_factory=TrainOptions)


@dataclass(frozen=True)
class Evaluated:
    """The result, and the folds of its main protocol and first seed for the report."""

    evaluation: Evaluation
    folds: tuple[FoldResult, ...]


def evaluate(
    project: Project,
    options: EvaluateOptions | None = None,
    progress: Progress = silent,
    announce: Announce = lambda sentence: None,
) -> Evaluated:
    """Judge what training makes of this project's recordings.

    Raises UsageError for a split that means nothing, DatasetError when the data cannot answer,
    TrainError when a fold fails.
    """
    options = options or EvaluateOptions()
    facts, continuous = read_facts(project, options.where)
    split, kept, warnings = choose_split(project, facts, options)
    if options.borders_given:
        split = with_given_borders(split, facts)
    for warning in warnings:
        announce(warning)
    beside, notes = ([], []) if options.quick or options.final else easier_splits(split, kept)
    cache = FoldCache(project.layout.private / "cache" / "evaluate")

    train = with_project_defaults(project, options.train)
    family = options.family or family_of_newest(project)

    def plan(split: Split, seed: int) -> Run:
        recipe = Recipe(family, replace(train, seed=seed))
        return plan_run(project.root, cache.folder, split, kept, recipe)

    first = options.train.seed
    main = [plan(split, seed) for seed in range(first, first + options.n_seeds)]
    others = [plan(easier, first) for easier in beside]
    results = compute([*main, *others], cache, options.jobs, progress, announce)
    evaluation = Evaluation(
        dataset=describe(project, kept, options.where, continuous),
        settings=main[0].recipe.settings(),
        main=summary(main[0], results, warnings),
        beside=tuple(summary(run, results) for run in others),
        seeds=tuple(seed_score(run.recipe.options.seed, summary(run, results)) for run in main),
        notes=tuple(notes),
        versions=versions(),
    )
    return Evaluated(evaluation, tuple(results[task.key] for task in main[0].tasks))


def family_of_newest(project: Project) -> Family:
    """What the newest model is; dense in a project without models."""
    if not project.models():
        return "dense"
    return "cnn" if isinstance(project.bundle().contract.input, WindowInput) else "dense"


def read_facts(project: Project, where: str) -> tuple[list[RecordingFacts], bool]:
    """(facts of the chosen recordings, whether any is continuous); raises DatasetError."""
    recordings = [project.load(entry.id) for entry in project.recordings(where)]
    if not recordings:
        raise DatasetError("no recording was chosen; import some, or widen --where")
    check_one_contract(recordings)
    facts = [facts_of(recording, project.labels(recording.id)) for recording in recordings]
    if not any(recording.segments for recording in facts):
        raise DatasetError(
            "the chosen recordings have no labelled segment; label some with `tinygest label`"
        )
    return facts, any(recording.info.continuous for recording in recordings)


def choose_split(
    project: Project, facts: Sequence[RecordingFacts], options: EvaluateOptions
) -> tuple[Split, list[RecordingFacts], list[str]]:
    """(the split, the recordings that it and others may use, sentences for the reader)."""
    locked = {entry.id for entry in project.recordings(options.locked)} if options.locked else set()
    kind, _, path = options.split.partition(":")
    if kind == "file" and path:
        locked |= locked_in_file(Path(path), facts)
    if options.final:
        split = final_split(facts, locked)
        return split, list(facts), unseen_labels(split, facts)
    kept = [recording for recording in facts if recording.id not in locked]
    split, notes = make_split(options.split, kept, options.train.seed)
    if locked:
        notes.append(f"{len(facts) - len(kept)} recordings are locked and were not looked at")
    return split, kept, notes


def easier_splits(main: Split, facts: Sequence[RecordingFacts]) -> tuple[list[Split], list[str]]:
    """Splits to stand beside the main one, and why one of them is not possible."""
    splits: list[Split] = []
    notes: list[str] = []
    if main.unit == "subject":
        why_not = no_split_by_recording(facts)
        if why_not is None:
            splits.append(by_recording(facts, min(FOLDS_BESIDE, len(facts))))
        else:
            notes.append(f"no split by recording, because {why_not}")
    if main.unit != "random":
        n_segments = sum(len(recording.segments) for recording in facts)
        splits.append(random_segments(facts, min(FOLDS_BESIDE, n_segments)))
    notes += [
        f"{PROTOCOL_NAMES[split.unit]}, {note}" for split in splits for note in unseen_labels(split, facts)
    ]
    return splits, notes


def summary(run: Run, results: Mapping[str, FoldResult], notes: Sequence[str] = ()) -> ProtocolSummary:
    """All folds of a run in one."""
    folds = [results[task.key] for task in run.tasks]
    return summarise(run.split.unit, run.split.description, folds, notes)


def describe(
    project: Project, facts: Sequence[RecordingFacts], where: str, continuous: bool
) -> DatasetSummary:
    """What was evaluated on."""
    used = {label for recording in facts for label in recording.labels}
    return DatasetSummary(
        where=where,
        dataset_hash=project.dataset_hash(recording.id for recording in facts),
        n_recordings=len(facts),
        n_subjects=len({recording.subject for recording in facts}),
        n_segments=sum(len(recording.segments) for recording in facts),
        labels=tuple(label for label in project.known_labels() if label in used),
        continuous=continuous,
    )


def _cost_of_newest(project: Project) -> dict[str, Any]:
    """Model and budget for the page; nothing without a model, or with one that this version cannot read."""
    try:
        newest = project.bundle()
        cost = newest.metrics.get("cost", {})
    except TinygestError:
        return {}
    return {"model": str(newest), "budget": budget_rows(cost, project.config.budgets)}


def write_report(project: Project, evaluated: Evaluated, path: Path) -> None:
    """Write evaluation.html; raises StoreError if that is not possible."""
    from tinygest.evaluate.html import Surroundings, render_report

    known = set(project.layout.recording_ids())
    around = Surroundings(
        load=lambda name: project.load(name) if name in known else None,
        **_cost_of_newest(project),
    )
    write_atomic(path, render_report(evaluated.evaluation, evaluated.folds, around).encode())
