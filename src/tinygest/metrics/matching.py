"""One-to-one matching of found to true events, and the quality of segments without their labels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tinygest.metrics.events import FoundEvent, Spans, TrueEvent, spans_of

Indices = NDArray[np.int64]


@dataclass(frozen=True)
class Matching:
    """Indices into the two lists: who belongs to whom, and who is left over."""

    pairs: tuple[tuple[int, int], ...]
    """(true, found), in the order of the true events."""
    missed: tuple[int, ...]
    """True events without a partner."""
    extra: tuple[int, ...]
    """Found events without a partner."""


@dataclass(frozen=True)
class Overlaps:
    """Pairs of spans that share a sample: indices into both sets, and intersection over union."""

    i: Indices
    j: Indices
    iou: NDArray[np.float64]

    def only(self, keep: NDArray[np.bool_] | Indices) -> Overlaps:
        """The chosen pairs."""
        return Overlaps(self.i[keep], self.j[keep], self.iou[keep])


def match_events(true: Sequence[TrueEvent], found: Sequence[FoundEvent], iou: float = 0.5) -> Matching:
    """As many pairs as possible with the same label and intersection over union >= iou, one to one.

    Of several matchings with the same number of pairs, the one with the largest sum of IoU.
    """
    true_labels = [event.label for event in true]
    found_labels = [event.label for event in found]
    number = {label: i for i, label in enumerate({*true_labels, *found_labels})}
    true_numbers = np.array([number[label] for label in true_labels], np.int64)
    found_numbers = np.array([number[label] for label in found_labels], np.int64)
    pairs = overlapping_pairs(spans_of(true), spans_of(found))
    same = true_numbers[pairs.i] == found_numbers[pairs.j]
    return _match(len(true), len(found), pairs.only(same), iou)


def match_spans(true: Spans, found: Spans, iou: float = 0.5) -> Matching:
    """The same without labels: is each segment where it should be? (n, 2) and (m, 2)."""
    return _match(len(true), len(found), overlapping_pairs(true, found), iou)


def overlapping_pairs(a: Spans, b: Spans) -> Overlaps:
    """All pairs that share a sample, `i` into a and `j` into b.

    Sorts once and looks up neighbours, so thousands of short events cost no more than their overlaps.
    """
    order = np.argsort(b[:, 0], kind="stable")
    starts, stops = b[order, 0], b[order, 1]
    first = np.searchsorted(np.maximum.accumulate(stops), a[:, 0], side="right")
    last = np.searchsorted(starts, a[:, 1], side="left")
    counts = np.maximum(last - first, 0)
    i = np.repeat(np.arange(len(a)), counts)
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    j = order[np.repeat(first, counts) + within]
    shared = shared_rows(a[i], b[j])
    union = (a[i, 1] - a[i, 0]) + (b[j, 1] - b[j, 0]) - shared
    return Overlaps(i, j, shared / union).only(shared > 0)


def shared_rows(a: Spans, b: Spans) -> Indices:
    """(n,): length of the intersection of row k of a and row k of b; negative where they lie apart."""
    return np.asarray(np.minimum(a[:, 1], b[:, 1]) - np.maximum(a[:, 0], b[:, 0]))


def _match(n_true: int, n_found: int, candidates: Overlaps, iou: float) -> Matching:
    if not 0 < iou <= 1:
        raise ValueError(f"IoU threshold {iou} is not in (0, 1]")
    pairs = sorted(_best_pairs(n_true + n_found, n_true, candidates.only(candidates.iou >= iou)))
    matched_true = {pair[0] for pair in pairs}
    matched_found = {pair[1] for pair in pairs}
    return Matching(
        pairs=tuple(pairs),
        missed=tuple(k for k in range(n_true) if k not in matched_true),
        extra=tuple(k for k in range(n_found) if k not in matched_found),
    )


def _best_pairs(n_nodes: int, n_true: int, candidates: Overlaps) -> Iterator[tuple[int, int]]:
    """Solve each connected group of candidates on its own; most groups are a single pair."""
    if len(candidates.i) == 0:
        return
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    ones = np.ones(len(candidates.i), np.int8)
    graph = coo_array((ones, (candidates.i, n_true + candidates.j)), shape=(n_nodes, n_nodes))
    group = connected_components(graph, directed=False)[1][candidates.i]
    order = np.argsort(group, kind="stable")
    borders = np.flatnonzero(np.diff(group[order])) + 1
    for members in np.split(order, borders):
        yield from _assign(candidates.only(members))


def _assign(group: Overlaps) -> Iterator[tuple[int, int]]:
    """Maximum matching of one group; the number of pairs first, then the sum of IoU."""
    if len(group.i) == 1:
        yield int(group.i[0]), int(group.j[0])
        return
    from scipy.optimize import linear_sum_assignment

    rows, row = np.unique(group.i, return_inverse=True)
    columns, column = np.unique(group.j, return_inverse=True)
    # A sum of IoU is at most the number of pairs, so scaled like this it never outweighs one pair.
    gain = np.zeros((len(rows), len(columns)))
    gain[row, column] = 1.0 + group.iou / (2 * min(gain.shape))
    for r, c in zip(*linear_sum_assignment(gain, maximize=True), strict=True):
        if gain[r, c] > 0:
            yield int(rows[r]), int(columns[c])
