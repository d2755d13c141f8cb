"""How well a segmenter cuts, whatever the labels are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinygest.metrics.events import Spans
from tinygest.metrics.matching import match_spans, overlapping_pairs, shared_rows


@dataclass(frozen=True)
class SegmentQuality:
    """Two sets of segments compared; counts, and errors in samples."""

    n_true: int
    n_found: int
    n_matched: int
    n_merged: int
    """Found segments that swallow more than half of each of two or more true ones."""
    n_split: int
    """True segments that hold more than half of each of two or more found ones."""
    start_errors: tuple[int, ...]
    stop_errors: tuple[int, ...]
    """Found minus true, in samples, of each matched pair."""
    matched_found: tuple[int, ...]
    """Which found segment each pair has, in the order of the true ones."""
    ious: tuple[float, ...]
    """Intersection over union of each matched pair."""

    @property
    def n_missed(self) -> int:
        return self.n_true - self.n_matched

    @property
    def n_extra(self) -> int:
        return self.n_found - self.n_matched


def segment_quality(true: Spans, found: Spans, iou: float = 0.5) -> SegmentQuality:
    """Label-free comparison of two sets of segments, (n, 2) and (m, 2)."""
    pairs = np.array(match_spans(true, found, iou).pairs, np.int64).reshape(-1, 2)
    errors = found[pairs[:, 1]] - true[pairs[:, 0]]
    return SegmentQuality(
        n_true=len(true),
        n_found=len(found),
        n_matched=len(pairs),
        n_merged=_n_swallowing(found, true),
        n_split=_n_swallowing(true, found),
        start_errors=tuple(errors[:, 0].tolist()),
        stop_errors=tuple(errors[:, 1].tolist()),
        matched_found=tuple(pairs[:, 1].tolist()),
        ious=_ious(true[pairs[:, 0]], found[pairs[:, 1]]),
    )


def _ious(a: Spans, b: Spans) -> tuple[float, ...]:
    shared = shared_rows(a, b)
    return tuple((shared / (a[:, 1] - a[:, 0] + b[:, 1] - b[:, 0] - shared)).tolist())


def _n_swallowing(outer: Spans, inner: Spans) -> int:
    """How many of `outer` hold more than half of each of two or more of `inner`."""
    pairs = overlapping_pairs(outer, inner)
    length = inner[pairs.j, 1] - inner[pairs.j, 0]
    swallowed = 2 * shared_rows(outer[pairs.i], inner[pairs.j]) > length
    return int((np.bincount(pairs.i[swallowed], minlength=len(outer)) >= 2).sum())
