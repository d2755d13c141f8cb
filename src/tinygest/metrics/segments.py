"""Scores on isolated segments: where the segment is given and only its label is asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import msgspec

from tinygest.core.labels import UNKNOWN
from tinygest.metrics.intervals import Interval95, wilson
from tinygest.metrics.scores import LabelCounts, macro_f1


class SegmentScores(msgspec.Struct, frozen=True):
    """Accuracy and macro-F1 over labelled segments. An answer `unknown` is wrong, but no label."""

    n: int
    n_right: int
    accuracy: float | None
    interval: Interval95 | None
    macro_f1: float | None
    labels: dict[str, LabelCounts]
    confusion: dict[str, dict[str, int]]
    """true label -> answer -> how often."""


def segment_scores(true: Sequence[str], answers: Sequence[str]) -> SegmentScores:
    """Compare label by label; both sequences have one entry a segment."""
    pairs = Counter(zip(true, answers, strict=True))
    n = len(true)
    n_right = sum(times for (label, answer), times in pairs.items() if label == answer)
    labels = {name: _counts(name, pairs) for name in sorted({*true, *answers} - {UNKNOWN})}
    confusion: dict[str, dict[str, int]] = {}
    for (label, answer), times in sorted(pairs.items()):
        confusion.setdefault(label, {})[answer] = times
    return SegmentScores(
        n=n,
        n_right=n_right,
        accuracy=n_right / n if n else None,
        interval=wilson(n_right, n),
        macro_f1=macro_f1(labels.values()) if n else None,
        labels=labels,
        confusion=confusion,
    )


def _counts(name: str, pairs: Counter[tuple[str, str]]) -> LabelCounts:
    return LabelCounts(
        n_true=sum(times for (label, _), times in pairs.items() if label == name),
        n_found=sum(times for (_, answer), times in pairs.items() if answer == name),
        n_matched=pairs[name, name],
    )
