"""The segmenter's own finds as examples: named like the label they match, or background.

The device classifies what its segmenter finds, not what a person marked; so training sees both.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tinygest.core.contract import Activity, Segmenter, SlidingSegmenter
from tinygest.core.labels import LabelTrack
from tinygest.core.recording import Recording
from tinygest.metrics.matching import Overlaps, overlapping_pairs
from tinygest.signalpath.path import find_segments
from tinygest.train.data import Labelled, Spans, TrainingData, segment_spans

IGNORE = -1
"""Neither a label nor background: half of one thing, or time that nobody has reviewed."""

MIN_IOU = 0.5
MIN_IOU_CAPTURED = 0.9  # of a sliding window with the capture that it lies in: parts look like other labels
MIN_COVER = 0.75  # of a sliding window inside a segment of a continuous recording, where it may be long


def propose(data: TrainingData, one: Labelled, activity: Activity, segmenter: Segmenter) -> Spans:
    """(k, 2) what the C segmenter finds in one recording."""
    recording, _ = one
    sensor, gaps = data.sensor, recording.info.gaps
    return find_segments(recording.samples, gaps, sensor, activity, segmenter).spans


def name_proposals(
    data: TrainingData, one: Labelled, spans: Spans, segmenter: Segmenter
) -> NDArray[np.int64]:
    """(k,) class of each proposal: an index into the labels, len(labels) for background, or IGNORE."""
    recording, track = one
    truth = segment_spans(track.segments)
    pairs = overlapping_pairs(spans, truth)
    fits = pairs.iou >= MIN_IOU
    if isinstance(segmenter, SlidingSegmenter):
        if recording.info.continuous:
            fits |= _cover(spans, truth, pairs) >= MIN_COVER
        else:
            fits = pairs.iou >= MIN_IOU_CAPTURED
    class_of = [
        data.labels.index(segment.label) if segment.label in data.labels else IGNORE
        for segment in track.segments
    ]
    named = np.full(len(spans), IGNORE, np.int64)
    for i, j in zip(pairs.i[fits].tolist(), pairs.j[fits].tolist(), strict=True):
        named[i] = class_of[j]
    free = background_mask(recording, track)
    n_free = np.concatenate([[0], np.cumsum(free, dtype=np.int32)])
    is_background = n_free[spans[:, 1]] - n_free[spans[:, 0]] == spans[:, 1] - spans[:, 0]
    named[is_background] = len(data.labels)
    return named


def background_mask(recording: Recording, track: LabelTrack) -> NDArray[np.bool_]:
    """(n_samples,) reviewed by a person and left without any segment, named or not."""
    mask = np.zeros(recording.info.n_samples, np.bool_)
    for interval in track.reviewed:
        mask[interval.start : interval.stop] = True
    for segment in track.segments:
        mask[segment.start : segment.stop] = False
    return mask


def _cover(spans: Spans, truth: Spans, pairs: Overlaps) -> NDArray[np.float64]:
    """Share of each pair's proposal that lies inside its labelled segment."""
    a, b = spans[pairs.i], truth[pairs.j]
    shared = np.minimum(a[:, 1], b[:, 1]) - np.maximum(a[:, 0], b[:, 0])
    return np.asarray(shared / (a[:, 1] - a[:, 0]))
