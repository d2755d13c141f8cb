"""Each gesture left out of training in turn: how much of it is answered with unknown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from models_bench.accuracy import Sides, sides
from models_bench.sets import SETS, project_of
from models_bench.work import Work
from tinygest.core.labels import UNKNOWN
from tinygest.evaluate.thresholds import keeping
from tinygest.train.data import Labelled, segment_spans, training_data
from tinygest.train.model import TrainedModel, TrainOptions, choose, train_model

KEEP = 0.95  # of the right answers to known gestures, on the same held-out people


def run(work: Work, names: Sequence[str], seeds: Iterable[int]) -> None:
    """One seed: every label costs a training in each of two folds."""
    for name in names:
        labels = project_of(work, name).known_labels()
        for label in labels:
            work.once(
                f"unknown.{name}.{label}", lambda name=name, label=label: leave_out(work, name, label)
            )


def leave_out(work: Work, name: str, label: str) -> dict[str, Any]:
    """Two halves of the people (blocks of time where there is one), each held out once."""
    spec = "blocks:2" if SETS[name].split.startswith("blocks") else "grouped:2"
    n_rejected = n = n_kept = n_known = 0
    for train, test in sides(project_of(work, name), spec, 1, borders_given=True):
        model = train_without(train, label)
        known = {other: answers(model, test, other) for other in model.contract.labels[1:]}
        right = {other: [m for said, m in own if said == other] for other, own in known.items()}
        thresholds = keeping(right, KEEP)
        asked = answers(model, test, label)
        n_rejected += sum(said == UNKNOWN or m < thresholds.get(said, 0) for said, m in asked)
        n += len(asked)
        n_kept += sum(m >= thresholds.get(other, 0) for other, own in right.items() for m in own)
        n_known += sum(map(len, known.values()))
    return {"rejected": n_rejected, "n": n, "kept_right": n_kept, "n_known": n_known}


def train_without(recordings: Sides, label: str) -> TrainedModel:
    """The default recipe without one label: its segments are neither a gesture nor background."""
    used = {s.label for _, track in recordings for s in track.segments if s.label}
    options = TrainOptions(labels=tuple(sorted(used - {label})))
    data = training_data(recordings, options.labels)
    return train_model("without", recordings, replace(options, n_threads=1), choice=choose(data, options))


def answers(model: TrainedModel, recordings: Sequence[Labelled], label: str) -> list[tuple[str, int]]:
    """(class, margin in int8 steps) for every segment of a label, by the float network."""
    found = []
    for recording, track in recordings:
        spans = segment_spans([s for s in track.segments if s.label == label and s.stop - s.start <= 2048])
        if len(spans):
            answered = model.float_logits(recording.samples, spans)
            logits, best = np.sort(answered, axis=1), answered.argmax(axis=1)
            steps = (logits[:, -1] - logits[:, -2]) / model.contract.quantisation.output_scale
            margins = np.clip(np.rint(steps), 0, 255).astype(int)
            found += [(model.contract.classes[b], int(m)) for b, m in zip(best, margins, strict=True)]
    return found
