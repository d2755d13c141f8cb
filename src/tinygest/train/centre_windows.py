"""Windows of a centre detector as examples: named by how near their middle is to that of a segment."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tinygest.core.labels import LabelTrack, Segment
from tinygest.core.recording import Recording
from tinygest.train.data import Labelled, Spans, TrainingData
from tinygest.train.proposals import IGNORE

NEAR, FAR = 0.12, 0.45  # of a segment's length: up to here its middle, from here on background
BACKGROUND_SHARE = 3  # windows of background for each one of a label


def name_windows(data: TrainingData, one: Labelled, spans: Spans) -> NDArray[np.int64]:
    """(k,) class of each window: an index into the labels, len(labels) for background, or IGNORE.

    The windows come in the order of time. A segment with a label that is not to be learnt is background:
    somebody saw that it is none of ours.
    """
    recording, track = one
    named = np.where(_is_reviewed(recording, track, spans), len(data.labels), IGNORE)
    wanted = [s for s in track.segments if s.label is None or s.label in data.labels]
    twice_middles = spans.sum(axis=1)
    for segment in wanted:
        named[_around(segment, FAR, twice_middles)] = IGNORE
    for segment in wanted:
        if segment.label is not None:
            named[_around(segment, NEAR, twice_middles)] = data.labels.index(segment.label)
    return np.asarray(named, np.int64)


def _around(segment: Segment, share: float, twice_middles: NDArray[np.int64]) -> slice:
    """Windows whose middles, in ascending order, lie within a share of the segment's length around its own.

    A slice for each segment: a table of all windows against all segments is gigabytes for an hour.
    """
    middle, reach = segment.start + segment.stop, 2 * share * (segment.stop - segment.start)
    first = np.searchsorted(twice_middles, middle - reach)
    return slice(int(first), int(np.searchsorted(twice_middles, middle + reach, "right")))


def _is_reviewed(recording: Recording, track: LabelTrack, spans: Spans) -> NDArray[np.bool_]:
    """(k,) every sample of the window is reviewed or in a segment: it is known what is not there."""
    mask = np.zeros(recording.info.n_samples, np.int64)
    spans_known = [(s.start, s.stop) for s in track.reviewed] + [(s.start, s.stop) for s in track.segments]
    for start, stop in spans_known:
        mask[start:stop] = 1
    n_before = np.concatenate([[0], np.cumsum(mask)])
    return np.asarray(n_before[spans[:, 1]] - n_before[spans[:, 0]] == spans[:, 1] - spans[:, 0])
