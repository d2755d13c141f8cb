"""`tinygest search`: start or join a search, work in it, keep one of its models."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from tinygest import __version__
from tinygest.core.errors import DatasetError, StoreError, TinygestError, ToolchainError, UsageError
from tinygest.core.progress import Progress, silent
from tinygest.evaluate.data import RecordingFacts
from tinygest.evaluate.folds import code_hash
from tinygest.evaluate.guard import Split
from tinygest.store.config import Budgets
from tinygest.store.project import Project
from tinygest.train.data import training_data
from tinygest.train.model import TrainOptions
from tinygest.train.segmenter_choice import CENTRE, has_pauses
from tinygest.train.segmenter_kinds import KINDS
from tinygest.workflow.answers import compile_runtime
from tinygest.workflow.costs import why_not_measurable
from tinygest.workflow.evaluation import EvaluateOptions, choose_split, read_facts
from tinygest.workflow.locking import settings_of
from tinygest.workflow.search.attempt import Material, Outcome, Rival, StoppedError, attempt
from tinygest.workflow.search.result import SearchResult, n_finished, result_of
from tinygest.workflow.search.space import FITTED, options_of_trial, suggest
from tinygest.workflow.search.study import (
    Search,
    Settings,
    add_slots,
    beating,
    claim,
    create,
    join,
    retry_stale,
    sqlite_url,
    told_in_a_sentence,
    wait_for_others,
)
from tinygest.workflow.training import TrainingResult, train_bundle, validation_split, with_project_defaults

if TYPE_CHECKING:
    from optuna import Trial
    from optuna.trial import FrozenTrial

DEFAULT_STUDY = "search"
Announce = Callable[[str], None]


@dataclass(frozen=True)
class SearchOptions:
    """What a person may choose; a worker takes all but study, storage and patience from the storage."""

    study: str = DEFAULT_STUDY
    storage: str = ""
    """Empty: a file in the project's private folder."""
    where: str = ""
    split: str = ""
    """Empty: a few folds of whole subjects, as training holds out."""
    locked: str = ""
    n_trials: int = 50
    budgets: Budgets | None = None
    """None: those of `tinygest.toml`."""
    patience_s: int = 60
    jobs: int = 1
    train: TrainOptions = field(default_factory=TrainOptions)


def run_search(
    project: Project,
    options: SearchOptions,
    progress: Progress = silent,
    announce: Announce = lambda sentence: None,
) -> SearchResult:
    """Start a search, or go on with it, and work until all its trials are finished.

    Raises UsageError if the study was started with other settings, DatasetError if the data cannot give
    the folds, ToolchainError if nothing can be measured here.
    """
    facts, split = _split(project, options.where, options.split, options.locked)
    settings = _settings(project, options, facts)
    opened = create(storage_of(project, options), options.study, settings)
    with closing(opened) as search, told_in_a_sentence():
        add_slots(search, options.n_trials)
        with _helpers(project, options):
            _work(project, search, split, progress, announce)
        return result_of(search, measure_name(project, facts, split), split.description)


def join_search(
    project: Project,
    options: SearchOptions,
    progress: Progress = silent,
    announce: Announce = lambda sentence: None,
) -> SearchResult:
    """Work in a search that was started elsewhere; its settings come from the storage.

    Raises DatasetError if this project's recordings are not those that the search was started with.
    """
    opened = join(storage_of(project, options), options.study, options.patience_s)
    with closing(opened) as search, told_in_a_sentence():
        facts, split = _split_of(project, search.settings)
        _work(project, search, split, progress, announce)
        return result_of(search, measure_name(project, facts, split), split.description)


def keep_trial(
    project: Project, options: SearchOptions, number: int, name: str, progress: Progress = silent
) -> TrainingResult:
    """Train a trial's model on all recordings of the search and store it as the next revision of `name`.

    Raises UsageError if there is no such trial, or it has not finished.
    """
    with closing(join(storage_of(project, options), options.study, options.patience_s)) as search:
        _split_of(project, search.settings)
        finished = {trial.number: trial for trial in search.trials("COMPLETE")}
        if number not in finished:
            raise UsageError(f"study {options.study!r} has no finished trial {number}")
        chosen = options_of_trial(finished[number].params, _base_options(search.settings))
    return train_bundle(
        project,
        name,
        family=chosen.family,
        where=search.settings.where,
        only=search.settings.recordings,
        options=chosen,
        measure_cost=True,
        progress=progress,
    )


def storage_of(project: Project, options: SearchOptions) -> str:
    """The address that was given, or the project's own file."""
    if options.storage:
        return options.storage
    project.layout.private.mkdir(parents=True, exist_ok=True)
    return sqlite_url(project.layout.private / "search.db")


def measure_name(project: Project, facts: Sequence[RecordingFacts], split: Split) -> str:
    """What the score of a trial is."""
    streamed = split.is_streamed and any(project.entry(one.id).info.continuous for one in facts)
    return "event macro-F1" if streamed else "segment accuracy"


def _settings(project: Project, options: SearchOptions, facts: Sequence[RecordingFacts]) -> Settings:
    ids = tuple(one.id for one in facts)
    train = with_project_defaults(project, options.train)
    return Settings(
        dataset_hash=project.dataset_hash(ids),
        where=options.where,
        split=options.split,
        locked=options.locked,
        recordings=ids,
        budgets=options.budgets or project.config.budgets,
        segmenters=segmenters_to_try(project, ids, train),
        seed=train.seed,
        training=settings_of(train),
        patience_s=options.patience_s,
        versions={"tinygest": __version__, "code": code_hash()},
    )


def segmenters_to_try(project: Project, ids: Sequence[str], options: TrainOptions) -> tuple[str, ...]:
    """Every kind where training would choose between kinds, else the one that it takes."""
    recordings = [(project.load(name), project.labels(name)) for name in ids]
    data = training_data(recordings, options.labels, options.label_order, options.channels)
    return (FITTED, *KINDS, CENTRE) if options.segmenter is None and has_pauses(data) else (FITTED,)


def _base_options(settings: Settings) -> TrainOptions:
    options: TrainOptions = msgspec.convert({**settings.training, "seed": settings.seed}, TrainOptions)
    return options


def _split(project: Project, where: str, split: str, locked: str) -> tuple[list[RecordingFacts], Split]:
    """(the recordings that may be used, their folds)"""
    facts, _ = read_facts(project, where)
    if split:
        asked = EvaluateOptions(where=where, split=split, locked=locked)
        chosen, kept, _ = choose_split(project, facts, asked)
        return kept, chosen
    hidden = {entry.id for entry in project.recordings(locked)} if locked else set()
    kept = [one for one in facts if one.id not in hidden]
    return kept, validation_split(kept)


def _split_of(project: Project, settings: Settings) -> tuple[list[RecordingFacts], Split]:
    facts, split = _split(project, settings.where, settings.split, settings.locked)
    if project.dataset_hash(one.id for one in facts) != settings.dataset_hash:
        raise DatasetError(
            "the recordings of this project are not those that the search was started with; bring signals, "
            "metadata and labels to the same state, or start another search with --study"
        )
    return facts, split


def _work(project: Project, search: Search, split: Split, progress: Progress, announce: Announce) -> None:
    """Claim and run trials until none is left."""
    reason = why_not_measurable()
    if reason:
        raise ToolchainError(f"a search measures every model: {reason}")
    if search.settings.versions["code"] != code_hash():
        announce("this worker's code is not the code that the search was started with")
    recordings = {name: (project.load(name), project.labels(name)) for name in search.settings.recordings}
    with tempfile.TemporaryDirectory(prefix="tinygest-search-") as folder:
        material = Material(
            recordings=recordings,
            split=split,
            options=_base_options(search.settings),
            budgets=search.settings.budgets,
            runtime=compile_runtime(Path(folder)),
        )
        _tell(search, progress)
        while True:
            retry_stale(search)
            trial = claim(search)
            if trial is None:
                if not wait_for_others(search):
                    break
                continue
            with beating(search, trial):
                run_trial(search, trial, material)
            _tell(search, progress)
    _tell(search, progress)


def run_trial(search: Search, trial: Trial, material: Material) -> None:
    """Run a claimed trial and tell the study how it ended."""
    import optuna

    started = time.perf_counter()
    try:
        trial.set_user_attr("worker", f"{socket.gethostname()}:{os.getpid()}")
        ended = _outcome(search, trial, material)
        trial.set_user_attr("seconds", round(time.perf_counter() - started, 1))
        search.study.tell(trial, **ended, skip_if_finished=True)
    except optuna.exceptions.UpdateFinishedTrialError:
        return  # we were taken for dead, and another trial has taken over: what we found is dropped


def _outcome(search: Search, trial: Trial, material: Material) -> dict[str, Any]:
    """Arguments of `tell`."""
    import optuna

    chosen = suggest(trial, search.settings.segmenters)
    finished = search.trials("COMPLETE")
    twin = next((other for other in finished if other.params == chosen), None)
    if twin is not None:
        return _copied(trial, twin)
    try:
        outcome = attempt(chosen, material, [_rival(other) for other in finished], trial.set_user_attr)
    except StoppedError as stopped:
        trial.set_user_attr("reason", str(stopped))
        return {"state": optuna.trial.TrialState.PRUNED}
    except TinygestError as error:
        trial.set_user_attr("reason", str(error))
        return {"state": optuna.trial.TrialState.FAIL}
    return {"values": _values(trial, outcome)}


def _values(trial: Trial, outcome: Outcome) -> tuple[float, ...]:
    interval, cost = outcome.interval, outcome.cost
    trial.set_user_attr("interval", None if interval is None else [interval.low, interval.high])
    return outcome.score, cost.flash_bytes, cost.ram_bytes, cost.instructions


def _copied(trial: Trial, twin: FrozenTrial) -> dict[str, Any]:
    """The same parameters give the same model: nothing is computed twice."""
    for name in ("cost", "scores", "interval"):
        trial.set_user_attr(name, twin.user_attrs.get(name))
    trial.set_user_attr("same_as", twin.number)
    trial.set_user_attr("reason", f"the same as trial {twin.number}")
    return {"values": twin.values}


def _rival(trial: FrozenTrial) -> Rival:
    return Rival(trial.number, tuple(trial.user_attrs["scores"]), trial.user_attrs["cost"])


def _tell(search: Search, progress: Progress) -> None:
    trials = search.trials()
    best = max((trial.values[0] for trial in trials if trial.state.name == "COMPLETE"), default=None)
    so_far = "searching" if best is None else f"searching, best {best:.1%}"
    progress(so_far, n_finished(trials), len(trials))


@contextmanager
def _helpers(project: Project, options: SearchOptions) -> Iterator[None]:
    """The other workers of --jobs: the same command as on other machines."""
    command = [sys.executable, "-m", "tinygest", "-p", str(project.root), "search", "--worker", "--json"]
    command += ["--study", options.study]
    environment = {**os.environ, "TINYGEST_STORAGE": storage_of(project, options)}
    workers = [
        subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        for _ in range(options.jobs - 1)
    ]
    try:
        yield
        for worker in workers:
            _, complaint = worker.communicate()
            if worker.returncode:
                raise StoreError(f"a worker stopped: {complaint.decode(errors='replace').strip()}")
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
