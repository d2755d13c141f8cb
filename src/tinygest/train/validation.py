"""How the recipe does on recordings held out: what decides between families, and an honest number."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
import numpy as np

from tinygest.metrics.segments import SegmentScores, segment_scores
from tinygest.train.data import Labelled, marked, segment_spans
from tinygest.train.model import TrainedModel


class Place(msgspec.Struct, frozen=True, array_like=True):
    """A segment: rows [start, stop) of a recording, and who moved."""

    recording: str
    subject: str
    start: int
    stop: int


class Answers(msgspec.Struct, frozen=True):
    """Held-out marked segments, as `seen_spans` shows them, and what the float network calls them."""

    true: tuple[str, ...]
    answer: tuple[str, ...]
    margins: tuple[int, ...]
    """Between the two best logits, in steps of the int8 output, 0..255."""
    places: tuple[Place, ...] = ()
    """Where each segment lies."""

    def scores(self) -> SegmentScores:
        return segment_scores(self.true, self.answer)


class Validation(msgspec.Struct, frozen=True):
    """One family, every fold together."""

    split: str
    """In words: what was held out."""
    n_folds: int
    answers: Answers
    untrained: tuple[str, ...] = ()
    """Labels that some fold had to do without: nearly all of their segments were held out at once."""


def held_out_answers(model: TrainedModel, held_out: Iterable[Labelled], labels: tuple[str, ...]) -> Answers:
    """Run a model over marked segments that it has not seen; labels: those of the whole data set."""
    true, answer, margins, places = [], [], [], []
    for recording, track in held_out:
        segments = marked((recording, track), labels)
        if not segments:
            continue
        logits = model.float_logits(recording.samples, model.seen(recording, segment_spans(segments)))
        best = np.sort(logits, axis=1)
        steps = np.rint((best[:, -1] - best[:, -2]) / model.contract.quantisation.output_scale)
        true += [segment.label or "" for segment in segments]
        answer += [model.contract.classes[i] for i in logits.argmax(axis=1)]
        margins += np.clip(steps, 0, 255).astype(int).tolist()
        subject = recording.meta.subject
        places += [Place(recording.id, subject, segment.start, segment.stop) for segment in segments]
    return Answers(tuple(true), tuple(answer), tuple(margins), tuple(places))


def join(parts: Iterable[Answers]) -> Answers:
    """All folds in one."""
    parts = list(parts)
    return Answers(
        tuple(label for part in parts for label in part.true),
        tuple(label for part in parts for label in part.answer),
        tuple(margin for part in parts for margin in part.margins),
        tuple(place for part in parts for place in part.places),
    )
