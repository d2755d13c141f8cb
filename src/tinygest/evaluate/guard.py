"""Folds, and the guard that no test data can reach training."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tinygest.core.errors import DatasetError
from tinygest.evaluate.data import Piece, RecordingFacts

Unit = Literal["subject", "recording", "block", "random"]
"""What is kept whole on one side: a person, a recording, a block of time, or only a single segment."""


@dataclass(frozen=True)
class Fold:
    """One training and one test."""

    name: str
    train: tuple[Piece, ...]
    test: tuple[Piece, ...]

    @property
    def recordings(self) -> list[str]:
        """Ids of all recordings on either side, sorted."""
        return sorted({piece.recording for piece in (*self.train, *self.test)})


@dataclass(frozen=True)
class Split:
    """A protocol and its folds."""

    unit: Unit
    description: str
    folds: tuple[Fold, ...] = ()
    borders_given: bool = False
    """Nothing but labelled segments on either side: no segmenter has a say."""

    @property
    def is_streamed(self) -> bool:
        """Whole stretches of time are held out, so that events can be looked for in them."""
        return self.unit != "random" and not self.borders_given


def check_no_leakage(split: Split, recordings: Sequence[RecordingFacts]) -> Split:
    """Return the split; raises DatasetError if any fold could see what it is tested on.

    Refused: an empty side, overlapping spans, the same capture under two names, a subject on both
    sides of a split that promises otherwise, and a segment tested twice.
    """
    facts = {recording.id: recording for recording in recordings}
    if not split.folds:
        raise DatasetError("there is nothing to hold out; name at least one fold that is tested on")
    for fold in split.folds:
        _check_sides(fold)
        _check_overlap(fold)
        _check_same_content(fold, facts)
        if split.unit == "subject":
            _check_subjects(fold, facts)
    _check_tested_once(split)
    return split


def _check_sides(fold: Fold) -> None:
    for side, pieces in (("train on", fold.train), ("test on", fold.test)):
        if not pieces:
            raise DatasetError(
                f"fold {fold.name!r} leaves nothing to {side}; choose fewer folds or more data"
            )


def _check_overlap(fold: Fold) -> None:
    clash = _first_overlap([*fold.train, *fold.test])
    if clash:
        a, b = clash
        raise DatasetError(
            f"fold {fold.name!r}: rows [{a.start}, {a.stop}) and [{b.start}, {b.stop}) of {a.recording} "
            "overlap"
        )


def _check_tested_once(split: Split) -> None:
    clash = _first_overlap([piece for fold in split.folds for piece in fold.test])
    if clash:
        raise DatasetError(f"rows of {clash[0].recording} are tested in two folds")


def _first_overlap(pieces: Sequence[Piece]) -> tuple[Piece, Piece] | None:
    by_recording: dict[str, list[Piece]] = defaultdict(list)
    for piece in sorted(pieces):
        by_recording[piece.recording].append(piece)
    for ordered in by_recording.values():
        for a, b in itertools.pairwise(ordered):
            if b.start < a.stop:
                return a, b
    return None


def _check_same_content(fold: Fold, facts: dict[str, RecordingFacts]) -> None:
    trained: dict[str, set[str]] = defaultdict(set)
    for piece in fold.train:
        trained[facts[piece.recording].content].add(piece.recording)
    for name in sorted({piece.recording for piece in fold.test}):
        for twin in sorted(trained[facts[name].content] - {name}):
            raise DatasetError(
                f"fold {fold.name!r}: {twin} and {name} hold the same samples, one is trained on and the "
                "other tested; delete one of them"
            )


def _check_subjects(fold: Fold, facts: dict[str, RecordingFacts]) -> None:
    both = {facts[piece.recording].subject for piece in fold.train} & {
        facts[piece.recording].subject for piece in fold.test
    }
    if both:
        raise DatasetError(f"fold {fold.name!r}: subject {sorted(both)[0]!r} is on both sides")
