"""Folds of several splits and seeds: planned, looked up in the cache, computed in parallel."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path

from tinygest import __version__
from tinygest.core.progress import Progress, silent
from tinygest.evaluate.data import RecordingFacts
from tinygest.evaluate.folds import FoldCache, FoldResult, code_hash, fold_key
from tinygest.evaluate.guard import Split
from tinygest.workflow.answers import compile_runtime
from tinygest.workflow.fold import FoldTask, Recipe, run_fold
from tinygest.workflow.pool import n_cores, run_tasks

Announce = Callable[[str], None]
"""Called with a sentence for the person who waits."""


@dataclass(frozen=True)
class Run:
    """All folds of one split with one seed."""

    split: Split
    recipe: Recipe
    tasks: tuple[FoldTask, ...]


def plan_run(root: Path, cache: Path, split: Split, facts: Sequence[RecordingFacts], recipe: Recipe) -> Run:
    """What is to be computed, each fold with the key of its result."""
    settings = recipe.settings() | {"streamed": split.is_streamed}
    fingerprints = {recording.id: recording.fingerprint for recording in facts}
    used = versions()
    tasks = [
        FoldTask(
            root=root,
            fold=fold,
            is_streamed=split.is_streamed,
            recipe=recipe,
            fingerprints={name: fingerprints[name] for name in fold.recordings},
            key=fold_key(fold, fingerprints, settings, used),
            cache=cache,
        )
        for fold in split.folds
    ]
    return Run(split, recipe, tuple(tasks))


def compute(
    runs: Sequence[Run],
    cache: FoldCache,
    jobs: int = 0,
    progress: Progress = silent,
    announce: Announce = lambda sentence: None,
) -> dict[str, FoldResult]:
    """Results by key; those in the cache are not computed again. jobs: processes, 0 for one a core.

    Raises TrainError when a fold fails; what was finished stays in the cache.
    """
    tasks = {task.key: task for run in runs for task in run.tasks}
    results = {key: found for key in tasks if (found := cache.get(key)) is not None}
    waiting = [task for key, task in tasks.items() if key not in results]
    if results:
        announce(f"{len(results)} of {len(tasks)} folds are known from before")
    jobs = min(jobs or n_cores(), max(len(waiting), 1))
    started = time.monotonic()
    progress("evaluating folds", len(results), len(tasks))
    with tempfile.TemporaryDirectory(prefix="tinygest-evaluate-") as folder:
        runtime = compile_runtime(Path(folder)) if waiting else None
        with closing(run_tasks(partial(run_fold, runtime=runtime), waiting, jobs)) as finished:
            for n_done, (task, result) in enumerate(finished, 1):
                results[task.key] = result
                progress("evaluating folds", len(results), len(tasks))
                if n_done == 1 and len(waiting) > jobs:
                    announce(estimate(time.monotonic() - started, len(waiting), jobs))
    cache.prune()
    return results


def estimate(first_s: float, n_folds: int, jobs: int) -> str:
    """How long the rest will take, from the first fold, which also paid for starting up."""
    left_s = first_s * (-(-n_folds // jobs) - 1)
    shown = f"{left_s / 60:.0f} min" if left_s >= 90 else f"{left_s:.0f} s"
    return (
        f"the first fold took {first_s:.0f} s: at most about {shown} for {n_folds} folds, {jobs} at a time"
    )


def versions() -> dict[str, str]:
    """Of the code and packages that compute a fold; TensorFlow need not be loaded to ask for its own."""
    packages = {name: version(name) for name in ("numpy", "tensorflow", "keras")}
    return {"tinygest": __version__, "code": code_hash(), **packages}
