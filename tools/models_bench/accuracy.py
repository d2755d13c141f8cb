"""Accuracy on segments with given borders, each person held out; int8 in C beside float; a baseline."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models_bench.sets import SETS, project_of
from models_bench.work import Work
from tinygest.core.labels import LabelTrack
from tinygest.core.recording import Recording
from tinygest.evaluate.data import facts_of
from tinygest.evaluate.protocol import make_split
from tinygest.evaluate.splits import with_given_borders
from tinygest.store.project import Project
from tinygest.train.model import TrainOptions
from tinygest.workflow.evaluation import EvaluateOptions, evaluate
from tinygest.workflow.fold import cut_down

N_TREES = 200


def run(work: Work, names: Sequence[str], seeds: Iterable[int]) -> None:
    for name in names:
        for seed in seeds:
            work.once(f"accuracy.{name}.{seed}", lambda name=name, seed=seed: judge(work, name, seed))
            work.once(f"plain.{name}.{seed}", lambda name=name, seed=seed: plain(work, name, seed))


def judge(work: Work, name: str, seed: int) -> dict[str, Any]:
    """`tinygest evaluate --given-borders --quick` of the default recipe."""
    options = EvaluateOptions(
        split=SETS[name].split,
        borders_given=True,
        quick=True,
        jobs=work.jobs,
        family="dense",
        train=TrainOptions(seed=seed),
    )
    evaluated = evaluate(project_of(work, name), options, announce=print)
    main = evaluated.evaluation.main
    pairs = [
        (answer.answer == answer.label, by_float == answer.label)
        for fold in evaluated.folds
        for answer, by_float in zip(fold.answers, fold.float_answers, strict=True)
    ]
    int8, real = np.mean(pairs, axis=0).tolist()
    return {
        "runner": main.runner,
        "n": main.segments.n,
        "int8": int8,
        "float": real,
        "n_folds": main.n_folds,
        "worst": main.worst.headline if main.worst else None,
    }


def plain(work: Work, name: str, seed: int) -> dict[str, Any]:
    """Plain statistics of each channel with a random forest, on the same folds and segments."""
    from sklearn.ensemble import RandomForestClassifier

    n_right = n = 0
    for train, test in sides(project_of(work, name), SETS[name].split, seed):
        forest = RandomForestClassifier(N_TREES, random_state=seed, n_jobs=1)
        forest.fit(*statistics(train))
        x, y = statistics(test)
        n_right += int((forest.predict(x) == y).sum())
        n += len(y)
    return {"accuracy": n_right / n, "n": n}


Sides = list[tuple[Recording, LabelTrack]]


def sides(
    project: Project, spec: str, seed: int, *, borders_given: bool = False
) -> Iterable[tuple[Sides, Sides]]:
    """(training part, test part) of each fold; with borders_given nothing but labelled segments."""
    whole = {entry.id: (project.load(entry.id), project.labels(entry.id)) for entry in project.recordings()}
    facts = [facts_of(*one) for one in whole.values()]
    split, _ = make_split(spec, facts, seed)
    split = with_given_borders(split, facts) if borders_given else split
    for fold in split.folds:
        yield (
            cut_down(whole, fold.train, as_captures=borders_given),
            cut_down(whole, fold.test, as_captures=borders_given),
        )


def statistics(recordings: Sides) -> tuple[NDArray[np.float64], NDArray[np.str_]]:
    """(n, 15 * n_channels) and (n,) labels of all segments; means of eight parts tell the order in time."""
    rows, labels = [], []
    for recording, track in recordings:
        for segment in track.segments:
            if segment.label:
                x = recording.samples[segment.start : segment.stop].astype(float)
                parts = [x.mean(0), x.std(0), x.min(0), x.max(0), np.median(x, 0), np.sqrt((x**2).mean(0))]
                parts.append(np.abs(np.diff(x, axis=0)).mean(0) if len(x) > 1 else 0 * x[0])
                parts += [part.mean(0) for part in np.array_split(x, min(8, len(x)))] + [x[-1]] * (
                    8 - len(x)
                )
                rows.append(np.concatenate(parts))
                labels.append(segment.label)
    return np.array(rows), np.array(labels)
