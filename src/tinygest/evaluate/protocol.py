"""From the words of the command line to a split, and what to say when the data cannot give it."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from tinygest.core.errors import DatasetError, UsageError
from tinygest.evaluate.guard import Split
from tinygest.evaluate.split_file import read_split_file
from tinygest.evaluate.splits import (
    LOCKED,
    Facts,
    assigned,
    blocks_in_time,
    by_recording,
    grouped,
    leave_one_subject_out,
    locked_test,
    random_segments,
    subjects_of,
)

SPLITS = "loso, grouped:K, by-recording[:K], blocks[:K], random[:K] or file:PATH"
DEFAULT_K = 5


def make_split(spec: str, recordings: Facts, seed: int = 0) -> tuple[Split, list[str]]:
    """(the split, sentences that the reader must see). An empty spec chooses the hardest one possible.

    Raises UsageError for a spec that means nothing, DatasetError when the data cannot give it.
    """
    kind, _, argument = spec.partition(":")
    if not spec:
        split, notes = hardest_split(recordings, seed)
    elif kind == "file" and argument:
        split, notes = split_from_file(Path(argument), recordings), []
    else:
        split, notes = _named_split(kind, argument, recordings, seed), []
    return split, notes + unseen_labels(split, recordings)


def hardest_split(recordings: Facts, seed: int = 0) -> tuple[Split, list[str]]:
    """Whole subjects if there are two; else recordings; else blocks in time. Never silently."""
    subjects = subjects_of(recordings)
    if len(subjects) > 1:
        return leave_one_subject_out(recordings), []
    who = f"only one subject ({subjects[0] or 'not named'})" if subjects else "no recordings"
    warning = f"{who}: nothing here says how the model does on another person"
    why_not = no_split_by_recording(recordings)
    if why_not is None:
        k = min(DEFAULT_K, len(recordings))
        return by_recording(recordings, k, seed), [warning, "recordings are held out instead of subjects"]
    most = max((len(recording.segments) for recording in recordings), default=0)
    return blocks_in_time(recordings, min(DEFAULT_K, max(most, 2))), [
        warning,
        f"blocks of time are held out instead of subjects, because {why_not}",
    ]


def no_split_by_recording(recordings: Facts) -> str | None:
    """Why whole recordings cannot be held out; None if they can."""
    if len(recordings) < 2:
        return "there is a single recording"
    for label in sorted(frozenset[str]().union(*(recording.labels for recording in recordings))):
        holders = [recording.id for recording in recordings if label in recording.labels]
        if len(holders) == 1:
            return f"label {label!r} occurs in one recording only ({holders[0]})"
    return None


def unseen_labels(split: Split, recordings: Facts) -> list[str]:
    """A sentence for each fold whose test holds labels that its training has never seen."""
    facts = {recording.id: recording for recording in recordings}
    notes = []
    for fold in split.folds:
        sides = []
        for pieces in (fold.train, fold.test):
            spans = [(piece.start, piece.stop, facts[piece.recording]) for piece in pieces]
            sides.append(
                {
                    segment.label or ""
                    for start, stop, recording in spans
                    for segment in recording.segments
                    if start <= segment.start and segment.stop <= stop
                }
            )
        unseen = sorted(sides[1] - sides[0])
        if unseen:
            notes.append(
                f"fold {fold.name}: trained without {', '.join(unseen)}, so these cannot be recognised"
            )
    return notes


def split_from_file(path: Path, recordings: Facts) -> Split:
    """Folds from a CSV (`subject,fold` or `recording,fold`) or a JSON (`{"subject": {"S1": "a"}}`)."""
    by, fold_of = read_split_file(path)
    return assigned(recordings, fold_of, by)


def locked_in_file(path: Path, recordings: Facts) -> set[str]:
    """Ids of the recordings that a split file locks away."""
    by, fold_of = read_split_file(path)
    keys = {
        recording.id: recording.subject if by == "subject" else recording.id for recording in recordings
    }
    return {name for name, key in keys.items() if fold_of.get(key) == LOCKED}


def final_split(recordings: Facts, locked: Collection[str]) -> Split:
    """The locked group judged by a model of all others; raises DatasetError when nothing is locked."""
    if not locked:
        raise DatasetError(
            "no recording is locked; name some with --locked, or as fold `locked` of a split file"
        )
    return locked_test(recordings, locked)


def _named_split(kind: str, argument: str, recordings: Facts, seed: int) -> Split:
    if kind == "loso" and not argument:
        subjects = subjects_of(recordings)
        if len(subjects) < 2:
            raise DatasetError(
                f"with {len(subjects)} subjects none can be held out; use --split by-recording or blocks"
            )
        return leave_one_subject_out(recordings)
    makers = {
        "grouped": lambda k: grouped(recordings, k, seed),
        "by-recording": lambda k: by_recording(recordings, k, seed),
        "blocks": lambda k: blocks_in_time(recordings, k),
        "random": lambda k: random_segments(recordings, k, seed),
    }
    if (
        kind not in makers
        or (argument and not argument.isdecimal())
        or (kind == "grouped" and not argument)
    ):
        shown = f"{kind}:{argument}" if argument else kind
        raise UsageError(f"split {shown!r} is not known; use {SPLITS}")
    return makers[kind](int(argument or DEFAULT_K))
