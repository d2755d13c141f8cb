"""One fold: train on its training part, compile, judge on its test part. Runs in a process of its own."""

from __future__ import annotations

import tempfile
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from msgspec import structs

from tinygest.core.contract import model_id
from tinygest.core.errors import DatasetError, TinygestError, TrainError
from tinygest.core.labels import UNKNOWN
from tinygest.core.recording import Recording
from tinygest.evaluate.data import Piece, cut, facts_of
from tinygest.evaluate.folds import FoldCache, FoldResult, SegmentAnswer, StreamResult
from tinygest.evaluate.guard import Fold
from tinygest.signalpath.plan import MAX_SEGMENT
from tinygest.store.project import Project
from tinygest.train.data import Labelled
from tinygest.train.model import TrainedModel, TrainOptions, train_model
from tinygest.workflow.answers import make_answers
from tinygest.workflow.judging import classify, stream
from tinygest.workflow.training import FamilyChoice, choose_family, learnable


@dataclass(frozen=True)
class Recipe:
    """How a fold trains."""

    family: FamilyChoice
    options: TrainOptions

    def settings(self) -> dict[str, Any]:
        """All of it that can change a result, as JSON."""
        settings: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(asdict(self.options)))
        del settings["n_threads"], settings["fit"]["n_threads"], settings["fit"]["seed"]
        return settings | {"family": self.family}


@dataclass(frozen=True)
class FoldTask:
    """Everything a process needs; picklable."""

    root: Path
    """Of the project."""
    fold: Fold
    is_streamed: bool
    recipe: Recipe
    fingerprints: dict[str, str]
    """Of every recording on either side, as they were when the fold was planned."""
    key: str
    """Under which the result is cached."""
    cache: Path


def run_fold(task: FoldTask, runtime: Path | None = None) -> FoldResult:
    """Compute one fold and keep its result. Raises TrainError that names the fold.

    runtime: the compiled runtime library, where there is one.
    """
    try:
        result = _compute(task, runtime)
    except TinygestError as error:
        # One class for all, because not every error survives the way between processes.
        raise TrainError(f"fold {task.fold.name}: {error}") from None
    FoldCache(task.cache).put(task.key, result)
    return result


def _compute(task: FoldTask, runtime: Path | None) -> FoldResult:
    project = Project.open(task.root)
    started = time.perf_counter()
    whole = load_unchanged(project, task.fingerprints)
    training = cut_down(whole, task.fold.train, as_captures=not task.is_streamed)
    model = train_model("fold", training, fitted_options(task.recipe, training))
    trained = time.perf_counter()
    said = judge_fold(model, whole, task.fold, is_streamed=task.is_streamed, runtime=runtime)
    return FoldResult(
        fold=task.fold.name,
        seed=task.recipe.options.seed,
        model_id=model_id(model.contract, model.tflite),
        runner=said.runner,
        segmenter=model.contract.segmenter,
        n_train_segments=sum(1 for _, track in training for s in track.segments if s.label),
        logit_step=model.contract.quantisation.output_scale,
        streams=said.streams,
        answers=said.answers,
        train_s=trained - started,
        test_s=time.perf_counter() - trained,
        float_answers=tuple(float_answers(model, whole, said.answers)),
    )


@dataclass(frozen=True)
class Said:
    """What a model answers on the test part of a fold."""

    runner: str
    streams: tuple[StreamResult, ...]
    answers: tuple[SegmentAnswer, ...]


def judge_fold(
    model: TrainedModel,
    whole: Mapping[str, Labelled],
    fold: Fold,
    *,
    is_streamed: bool,
    runtime: Path | None = None,
) -> Said:
    """Generate, compile and ask a model that was trained on the fold's training part.

    whole: recordings by id, uncut; runtime: as `run_fold`.
    """
    tested = {piece.recording for piece in fold.test}
    tests = [one for name, one in whole.items() if name in tested]
    with tempfile.TemporaryDirectory(prefix="tinygest-fold-") as folder:
        answers = make_answers(model.contract, model.tflite, Path(folder), runtime)
        streams = stream(answers, tests, fold.test) if is_streamed else []
        segments = classify(answers, model.contract, tests, fold.test)
        return Said(answers.name, tuple(streams), tuple(segments))


def float_answers(
    model: TrainedModel, recordings: Mapping[str, Labelled], asked: Sequence[SegmentAnswer]
) -> list[str]:
    """What the network answers before it is quantised; unknown where the device holds no such length."""
    answers = [UNKNOWN] * len(asked)
    for name, (recording, _) in recordings.items():
        own = [
            i
            for i, one in enumerate(asked)
            if one.recording == name and one.stop - one.start <= MAX_SEGMENT
        ]
        if own:
            spans = np.array([(asked[i].start, asked[i].stop) for i in own], np.int64)
            best = model.float_logits(recording.samples, spans).argmax(axis=1)
            for i, which in zip(own, best.tolist(), strict=True):
                answers[i] = model.contract.classes[which]
    return answers


def fitted_options(recipe: Recipe, training: Sequence[Labelled]) -> TrainOptions:
    """What depends on the training part: the labels that can be learnt from it, and the family.

    One thread, because how many of them add up a sum may change its last bit.
    """
    labels = learnable(training, recipe.options.labels)
    options = replace(recipe.options, labels=labels, n_threads=1)
    return replace(options, family=choose_family(recipe.family, training, options))


def load_unchanged(project: Project, fingerprints: Mapping[str, str]) -> dict[str, Labelled]:
    """Recordings by id; raises DatasetError if one is not what the fold was planned with.

    Otherwise a label edited meanwhile would end up under the key of the old ones.
    """
    loaded = {name: (project.load(name), project.labels(name)) for name in fingerprints}
    for name, one in loaded.items():
        if facts_of(*one).fingerprint != fingerprints[name]:
            raise DatasetError(f"recording {name} was changed during the evaluation; start it again")
    return loaded


def cut_down(
    recordings: Mapping[str, Labelled], pieces: Sequence[Piece], *, as_captures: bool = False
) -> list[Labelled]:
    """Recordings with only these pieces left: what is outside of them is not there.

    as_captures: nothing is left but single segments, so no segmenter may be fitted on their borders.
    """
    by_recording: dict[str, list[Piece]] = defaultdict(list)
    for piece in pieces:
        by_recording[piece.recording].append(piece)
    cuts = [cut(*recordings[name], own) for name, own in sorted(by_recording.items())]
    return [(_as_capture(recording), track) for recording, track in cuts] if as_captures else cuts


def _as_capture(recording: Recording) -> Recording:
    return replace(recording, info=structs.replace(recording.info, continuous=False))
