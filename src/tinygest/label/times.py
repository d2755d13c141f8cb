"""Naming what a segmenter found by a list of times: of a video, a script, another program."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from msgspec import structs

from tinygest.core.labels import LabelTrack, Segment
from tinygest.label.segmentation import Span, answered
from tinygest.metrics.matching import Overlaps, overlapping_pairs

SAME = 0.3
"""Intersection over union from which a proposal is what a time means."""


@dataclass(frozen=True)
class Named:
    """Labels after a list of times, and what became of both."""

    track: LabelTrack
    n_named: int
    """Proposals that a time has named."""
    n_added: int
    """Times at which nothing had been found; they are segments as they stand."""
    n_dropped: int
    """Proposals that no time names."""
    n_in_the_way: int
    """Times that would have touched what a person labelled or reviewed."""


def name_by_times(track: LabelTrack, times: Sequence[tuple[Span, str]]) -> Named:
    """times: rows [start, stop) inside the recording, and their labels; in any order.

    A time names the proposal that it fits best, which keeps its borders; what a person made stays.
    """
    kept = answered(track)
    proposals = [one for one in track.segments if one not in kept.segments]
    taken = [(one.start, one.stop) for one in kept.segments]
    taken += [(one.start, one.stop) for one in kept.reviewed]
    touched = set(_overlapping([span for span, _ in times], taken).i.tolist())
    free = [one for i, one in enumerate(times) if i not in touched]
    fits = _fit([span for span, _ in free], [(one.start, one.stop) for one in proposals])
    spans = [(fits.get(i, span), label, i in fits) for i, (span, label) in enumerate(free)]
    made, named = _in_a_row(sorted(spans))
    segments = sorted((*kept.segments, *made), key=lambda one: one.start)
    return Named(
        structs.replace(track, segments=tuple(segments)),
        named,
        len(made) - named,
        len(proposals) - named,
        len(times) - len(free),
    )


def _fit(spans: Sequence[Span], found: Sequence[Span]) -> dict[int, Span]:
    """Number of a span -> what was found there: one to one, the best fit first."""
    pairs = _overlapping(spans, found)
    rows = zip(pairs.iou.tolist(), pairs.i.tolist(), pairs.j.tolist(), strict=True)
    fits: dict[int, Span] = {}
    used: set[int] = set()
    for share, i, j in sorted(rows, reverse=True):
        if share >= SAME and i not in fits and j not in used:
            fits[i] = found[j]
            used.add(j)
    return fits


def _in_a_row(spans: Sequence[tuple[Span, str, bool]]) -> tuple[list[Segment], int]:
    """Segments that begin where the one before ends at the earliest; how many of them had been found."""
    made: list[Segment] = []
    n_found = 0
    for (start, stop), label, was_found in spans:
        begin = max(start, made[-1].stop) if made else start
        if begin < stop:
            made.append(Segment(begin, stop, label, "import"))
            n_found += was_found
    return made, n_found


def _overlapping(a: Sequence[Span], b: Sequence[Span]) -> Overlaps:
    return overlapping_pairs(*(np.array(spans, np.int64).reshape(-1, 2) for spans in (a, b)))
