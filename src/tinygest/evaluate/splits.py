"""Who is trained on and who is tested on: the protocols.

Each function takes the facts of all recordings and returns a `Split`, which `check_no_leakage` has passed.
"""

from __future__ import annotations

import itertools
import random
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Literal

from tinygest.core.errors import DatasetError
from tinygest.evaluate.data import Piece, RecordingFacts
from tinygest.evaluate.guard import Fold, Split, check_no_leakage

LOCKED = "locked"
"""Name of the fold in a split file that neither fitting nor search ever sees."""
TRAIN = "train"
"""Name of the fold in a split file that is never tested on."""

Facts = Sequence[RecordingFacts]


def leave_one_subject_out(recordings: Facts) -> Split:
    """One fold a subject: trained on everybody else."""
    subjects = subjects_of(recordings)
    return _by_group(
        recordings,
        {recording.id: recording.subject for recording in recordings},
        Split("subject", f"each of {len(subjects)} subjects held out whole, one at a time"),
    )


def grouped(recordings: Facts, k: int, seed: int = 0) -> Split:
    """k folds of whole subjects, with about the same number of segments of every label in each."""
    subjects = subjects_of(recordings)
    _check_k(k, len(subjects), "subjects")
    held: dict[str, Counter[str]] = {subject: Counter() for subject in subjects}
    for recording in recordings:
        held[recording.subject].update(segment.label or "" for segment in recording.segments)
    fold_of = _deal(held, k, seed)
    return _by_group(
        recordings,
        {recording.id: fold_of[recording.subject] for recording in recordings},
        Split("subject", f"{len(subjects)} subjects held out whole, in {k} groups"),
    )


def by_recording(recordings: Facts, k: int = 5, seed: int = 0) -> Split:
    """k folds of whole recordings: the same person may be on both sides."""
    _check_k(k, len(recordings), "recordings")
    fold_of = _deal_recordings(recordings, k, seed)
    return _by_group(
        recordings,
        fold_of,
        Split(
            "recording", f"{len(recordings)} recordings held out whole, in {k} groups; people on both sides"
        ),
    )


def random_segments(recordings: Facts, k: int = 5, seed: int = 0) -> Split:
    """k folds of single segments, drawn label by label: the flattering number others print."""
    pieces: dict[str, list[Piece]] = defaultdict(list)
    for recording in recordings:
        for segment in recording.segments:
            pieces[segment.label or ""].append(Piece(recording.id, segment.start, segment.stop))
    _check_k(k, sum(map(len, pieces.values())), "segments")
    fold_of: dict[Piece, int] = {}
    generator = random.Random(seed)
    for label in sorted(pieces):
        generator.shuffle(pieces[label])
        fold_of |= {piece: (len(fold_of) + i) % k for i, piece in enumerate(pieces[label])}
    folds = [
        Fold(
            f"{number + 1} of {k}",
            train=tuple(sorted(piece for piece, fold in fold_of.items() if fold != number)),
            test=tuple(sorted(piece for piece, fold in fold_of.items() if fold == number)),
        )
        for number in range(k)
    ]
    split = Split(
        "random", f"single segments drawn at random, {k} folds; recordings and people on both sides"
    )
    return _finished(split, folds, recordings)


def blocks_in_time(recordings: Facts, k: int = 5) -> Split:
    """k consecutive blocks of every recording; fold i is tested on the i-th of each.

    For a single recording, or one label a recording, where nothing larger can be held out.
    """
    n_segments = max((len(recording.segments) for recording in recordings), default=0)
    _check_k(k, n_segments, "segments in any recording")
    blocks = {recording.id: _blocks(recording, k) for recording in recordings}
    folds = [
        Fold(
            f"block {number + 1} of {k}",
            train=tuple(
                piece
                for recording in recordings
                for i, piece in enumerate(blocks[recording.id])
                if i != number and piece.start < piece.stop
            ),
            test=tuple(
                blocks[recording.id][number]
                for recording in recordings
                if blocks[recording.id][number].start < blocks[recording.id][number].stop
            ),
        )
        for number in range(k)
    ]
    split = Split("block", f"every recording cut into {k} blocks in time, one tested at a time")
    return _finished(split, folds, recordings)


def assigned(recordings: Facts, fold_of: Mapping[str, str], by: Literal["subject", "recording"]) -> Split:
    """Folds as a person named them; `by` says what the keys of `fold_of` are.

    Fold `train` is never tested on; fold `locked` is left out of everything.
    """
    keys = {
        recording.id: recording.subject if by == "subject" else recording.id for recording in recordings
    }
    missing = sorted(set(keys.values()) - fold_of.keys())
    if missing:
        raise DatasetError(
            f"the split file does not say where {by} {', '.join(map(repr, missing))} belongs"
        )
    kept = [recording for recording in recordings if fold_of[keys[recording.id]] != LOCKED]
    return _by_group(
        kept,
        {recording.id: fold_of[keys[recording.id]] for recording in kept},
        Split(by, f"folds of {by}s as the split file names them"),
    )


def locked_test(recordings: Facts, locked: Collection[str]) -> Split:
    """The one fold that is tested on the locked recordings (ids) and trained on all others."""
    people = [
        {recording.subject for recording in recordings if (recording.id in locked) == side}
        for side in (True, False)
    ]
    split = Split(
        "recording" if people[0] & people[1] else "subject", "the locked test group against all others"
    )
    return _by_group(
        recordings,
        {recording.id: LOCKED if recording.id in locked else TRAIN for recording in recordings},
        split,
    )


def with_given_borders(split: Split, recordings: Facts) -> Split:
    """The same folds with nothing left but labelled segments: what a network makes of known borders."""
    segments = {recording.id: recording.segments for recording in recordings}

    def only_segments(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
        return tuple(
            Piece(piece.recording, segment.start, segment.stop)
            for piece in pieces
            for segment in segments[piece.recording]
            if piece.start <= segment.start and segment.stop <= piece.stop
        )

    folds = [Fold(fold.name, only_segments(fold.train), only_segments(fold.test)) for fold in split.folds]
    return check_no_leakage(
        Split(
            split.unit,
            f"{split.description}; segments with given borders",
            tuple(fold for fold in folds if fold.test),
            borders_given=True,
        ),
        recordings,
    )


def subjects_of(recordings: Facts) -> list[str]:
    """All subjects, sorted; raises DatasetError when some recordings do not say who is moving."""
    nameless = [recording.id for recording in recordings if not recording.subject]
    if nameless and len(nameless) < len(recordings):
        raise DatasetError(
            f"{len(nameless)} recordings have no subject, e.g. {nameless[0]}; say who is moving in them"
        )
    return sorted({recording.subject for recording in recordings})


def _by_group(recordings: Facts, group_of: Mapping[str, str], split: Split) -> Split:
    """One fold a group of whole recordings; `train` is in no test."""
    names = sorted(set(group_of.values()) - {TRAIN})
    folds = [
        Fold(
            name,
            train=tuple(recording.whole for recording in recordings if group_of[recording.id] != name),
            test=tuple(recording.whole for recording in recordings if group_of[recording.id] == name),
        )
        for name in names
    ]
    return _finished(split, folds, recordings)


def _finished(split: Split, folds: Sequence[Fold], recordings: Facts) -> Split:
    return check_no_leakage(Split(split.unit, split.description, tuple(folds)), recordings)


def _deal(held: Mapping[str, Counter[str]], k: int, seed: int) -> dict[str, str]:
    """Groups to k folds, labels spread evenly: a label that two people have must not be held out at once.

    The largest group first, each to the fold where the squared shares of all labels grow least; a rare
    label's share counts like a common one's. The seed breaks ties.
    """
    total = sum(held.values(), Counter[str]())
    shares = {name: {label: n / total[label] for label, n in own.items()} for name, own in held.items()}
    names = sorted(held)
    random.Random(seed).shuffle(names)
    folds: list[defaultdict[str, float]] = [defaultdict(float) for _ in range(k)]
    taken = [0] * k
    fold_of: dict[str, str] = {}

    def growth(number: int, name: str) -> float:
        return sum(n * (2 * folds[number][label] + n) for label, n in shares[name].items())

    for name in sorted(names, key=lambda name: (-sum(shares[name].values()), -held[name].total())):
        number = min(range(k), key=lambda i: (round(growth(i, name), 12), taken[i], i))
        for label, share in shares[name].items():
            folds[number][label] += share
        taken[number] += 1
        fold_of[name] = _fold_name(number, k)
    return fold_of


def _deal_recordings(recordings: Facts, k: int, seed: int) -> dict[str, str]:
    """Recordings to k folds so that every label stays in as many folds as it can.

    Each recording goes to the fold that holds fewest segments of its labels, then fewest in all.
    """
    order = list(recordings)
    random.Random(seed).shuffle(order)
    by_label: list[Counter[str]] = [Counter() for _ in range(k)]
    fold_of: dict[str, str] = {}
    for recording in sorted(order, key=lambda recording: -len(recording.segments)):
        own = Counter({"": 1}) + Counter(segment.label or "" for segment in recording.segments)
        costs = [
            (sum(counts[label] for label in own), counts.total(), number)
            for number, counts in enumerate(by_label)
        ]
        number = min(costs)[-1]
        by_label[number] += own
        fold_of[recording.id] = _fold_name(number, k)
    return fold_of


def _fold_name(number: int, k: int) -> str:
    return f"{number + 1:0{len(str(k))}d} of {k}"


def _blocks(recording: RecordingFacts, k: int) -> list[Piece]:
    """k consecutive pieces with equal numbers of segments, cut halfway between neighbours."""
    segments, n = recording.segments, recording.n_samples
    if len(segments) < 2:
        cuts = [n * i // k for i in range(1, k)]
    else:
        firsts = [-(-len(segments) * i // k) for i in range(1, k)]
        cuts = [
            (segments[first - 1].stop + segments[first].start) // 2 if 0 < first < len(segments) else n
            for first in firsts
        ]
    edges = [0, *cuts, n]
    return [Piece(recording.id, start, stop) for start, stop in itertools.pairwise(edges)]


def _check_k(k: int, n: int, what: str) -> None:
    if k < 2:
        raise DatasetError(f"{k} folds are not a cross-validation; ask for 2 or more")
    if k > n:
        raise DatasetError(f"{k} folds need {k} {what} or more; there are {n}")
