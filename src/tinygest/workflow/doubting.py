"""Labelled segments that a model would call something else: where a second look pays."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from tinygest.core.errors import DatasetError
from tinygest.core.labels import UNKNOWN
from tinygest.core.progress import Progress, silent
from tinygest.core.sensor import explain_mismatch
from tinygest.evaluate.data import whole_pieces
from tinygest.evaluate.folds import SegmentAnswer
from tinygest.store.project import Project
from tinygest.train.data import Labelled
from tinygest.workflow.answers import make_answers
from tinygest.workflow.judging import classify


@dataclass(frozen=True)
class Doubt:
    """A segment, what a person called it and what the model does."""

    recording: str
    number: int
    """Of the segment in its recording, from 1."""
    start: int
    stop: int
    label: str
    answer: str
    score: int


@dataclass(frozen=True)
class Doubts:
    """The model's surest objections first."""

    model: str
    n_segments: int
    """That were looked at."""
    doubts: list[Doubt]


def doubtful_segments(
    project: Project, name: str | None = None, where: str = "", progress: Progress = silent
) -> Doubts:
    """Ask the compiled model about every labelled segment that `where` chooses, its borders given.

    A label that the model has not learnt is no doubt. Raises StoreError without a model, DatasetError
    where nothing is labelled that the model could be asked about.
    """
    bundle = project.bundle(name)
    chosen: list[Labelled] = [
        (project.load(entry.id), project.labels(entry.id))
        for entry in project.recordings(where)
        if not explain_mismatch(bundle.contract.sensor, entry.info.contract)
    ]
    pieces = whole_pieces(chosen)
    progress("asking the model", 0, 1)
    with tempfile.TemporaryDirectory(prefix="tinygest-doubts-") as folder:
        answers = make_answers(bundle.contract, bundle.tflite, Path(folder))
        said = classify(answers, bundle.contract, chosen, pieces)
    progress("asking the model", 1, 1)
    known = [one for one in said if one.label in bundle.contract.labels]
    if not known:
        raise DatasetError(f"no segment is labelled with what {bundle} knows; label some, or widen --where")
    numbers = {
        (recording.id, segment.start): number
        for recording, track in chosen
        for number, segment in enumerate(track.segments, start=1)
    }
    doubts = [_doubt(one, numbers) for one in known if one.answer != one.label]
    return Doubts(str(bundle), len(known), sorted(doubts, key=_surest_first))


def _doubt(one: SegmentAnswer, numbers: dict[tuple[str, int], int]) -> Doubt:
    number = numbers[one.recording, one.start]
    return Doubt(one.recording, number, one.start, one.stop, one.label, one.answer, one.score)


def _surest_first(doubt: Doubt) -> tuple[bool, int, str, int]:
    """Another label before unknown, which says only that the model is not sure."""
    return doubt.answer == UNKNOWN, -doubt.score, doubt.recording, doubt.start
