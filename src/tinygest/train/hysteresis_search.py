"""Levels and times of the hysteresis segmenter by a small grid search.

A candidate is judged by running the C segmenter over the training recordings and counting how many of
its segments match the marked ones, whatever their label.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import NDArray

from tinygest.core.contract import Activity, HysteresisSegmenter
from tinygest.core.labels import LabelTrack
from tinygest.core.progress import Progress, silent
from tinygest.core.recording import Gap, Samples
from tinygest.core.sensor import SensorContract
from tinygest.metrics.quality import segment_quality
from tinygest.signalpath import path
from tinygest.signalpath.plan import MAX_SEGMENT, MAX_SMOOTH
from tinygest.train.data import Spans, TrainingData, segment_spans

SMOOTHING = (0.05, 0.1, 0.2)  # in typical lengths
N_LEVELS = 8
STOP_SHARES = (0.3, 0.5, 0.8)  # of the start level
MERGES = (0.1, 0.25, 0.5)  # in typical lengths
LOOSE_IOU, IOU = 0.3, 0.5
N_REFINED = 10
MAX_SAMPLES = 120_000  # what one candidate runs over: the search stays within seconds

Candidate = tuple[Activity, HysteresisSegmenter]


@dataclass(frozen=True)
class FittedHysteresis:
    """The best candidate and its F1 on the recordings it was fitted on."""

    activity: Activity
    segmenter: HysteresisSegmenter
    f1: float
    n_tried: int


@dataclass(frozen=True)
class _Stream:
    """Recordings laid end to end, a gap between them, and what is known about them."""

    sensor: SensorContract
    samples: Samples
    gaps: tuple[Gap, ...]
    truth: Spans
    judged: NDArray[np.bool_]
    """(n,) where a found segment is right or wrong."""


@dataclass(frozen=True)
class _Score:
    f1: float
    start_error: float
    stop_error: float


def search_hysteresis(
    data: TrainingData, measures: Sequence[Activity], progress: Progress = silent
) -> FittedHysteresis:
    """First which movements it finds at all (IoU 0.3), then, for the best, where borders belong (0.5).

    measures: activities to try.
    """
    stream = _lay_end_to_end(data)
    candidates = [one for measure in measures for one in _candidates(stream, measure)]
    n_steps = len(candidates) + 2 * N_REFINED
    scores = []
    for i, candidate in enumerate(candidates):
        progress("fitting the segmenter", i, n_steps)
        scores.append(_score(stream, candidate, LOOSE_IOU))
    best = sorted(range(len(candidates)), key=lambda i: -scores[i].f1)[:N_REFINED]
    finalists = [variant for i in best for variant in _variants(stream, candidates[i], scores[i])]
    finals = []
    for i, candidate in enumerate(finalists):
        progress("fitting the segmenter", len(candidates) + i, n_steps)
        finals.append(_score(stream, candidate, IOU).f1)
    measure, segmenter = finalists[int(np.argmax(finals))]
    progress("fitting the segmenter", n_steps, n_steps)
    return FittedHysteresis(measure, segmenter, max(finals), len(candidates) + len(finalists))


def smoothed(measure: Activity, data: TrainingData) -> list[Activity]:
    """The same activity, averaged over shorter and longer shares of a typical segment."""
    rate_hz = data.sensor.rate_hz
    lengths = [min(max(1, round(share * np.median(data.lengths()))), MAX_SMOOTH) for share in SMOOTHING]
    return [msgspec.structs.replace(measure, smooth_ms=n * 1000 / rate_hz) for n in sorted({*lengths})]


def judged_time(n_samples: int, track: LabelTrack) -> NDArray[np.bool_]:
    """(n_samples,) reviewed time and marked segments: there a found segment is right or wrong.

    Where nobody has reviewed anything, from the first marked segment to the last one: whoever marked
    these went past what lies between.
    """
    mask = np.zeros(n_samples, np.bool_)
    for interval in track.reviewed:
        mask[interval.start : interval.stop] = True
    for segment in track.segments:
        mask[segment.start : segment.stop] = True
    if not track.reviewed and track.segments:
        mask[track.segments[0].start : track.segments[-1].stop] = True
    return mask


def _lay_end_to_end(data: TrainingData) -> _Stream:
    """Recordings spread evenly over those with and those without segments, up to MAX_SAMPLES in sum."""
    every = max(1, math.ceil(sum(r.info.n_samples for r, _ in data.recordings) / MAX_SAMPLES))
    kept = [
        *[one for one in data.recordings if one[1].segments][::every],
        *[one for one in data.recordings if not one[1].segments][::every],
    ]
    offset, gaps, truth = 0, [], []
    for recording, track in kept:
        gaps += [Gap(offset)] if offset else []
        gaps += [Gap(gap.at + offset) for gap in recording.info.gaps]
        truth.append(segment_spans(track.segments) + offset)
        offset += recording.info.n_samples
    return _Stream(
        sensor=data.sensor,
        samples=np.concatenate([recording.samples for recording, _ in kept]),
        gaps=tuple(gaps),
        truth=np.concatenate(truth),
        judged=np.concatenate([judged_time(r.info.n_samples, track) for r, track in kept]),
    )


def _candidates(stream: _Stream, measure: Activity) -> Iterator[Candidate]:
    lengths = stream.truth[:, 1] - stream.truth[:, 0]
    typical = float(np.median(lengths))
    ms = 1000 / stream.sensor.rate_hz
    shortest = max(1, int(np.quantile(lengths, 0.05) / 4))
    longest = min(MAX_SEGMENT, math.ceil(lengths.max() * 1.5) + 2)
    levels = _levels(stream, measure)
    for level, stop, merge in itertools.product(levels, STOP_SHARES, MERGES):
        segmenter = HysteresisSegmenter(
            start_level=level,
            stop_level=max(1, round(level * stop)),
            min_ms=shortest * ms,
            max_ms=longest * ms,
            merge_ms=round(merge * typical) * ms,
        )
        yield measure, segmenter


def _levels(stream: _Stream, measure: Activity) -> list[int]:
    """Start levels from what is usual outside segments to what nearly every segment reaches."""
    values = path.activity(stream.samples, stream.gaps, stream.sensor, measure)
    outside = stream.judged.copy()
    for start, stop in stream.truth:
        outside[start:stop] = False
    peaks = [int(values[start:stop].max()) for start, stop in stream.truth]
    low = max(1.0, float(np.median(values[outside]))) if outside.any() else 1.0
    high = max(low + 1, float(np.quantile(peaks, 0.1)))
    return sorted({round(level) for level in np.geomspace(low, high, N_LEVELS)})


def _score(stream: _Stream, candidate: Candidate, iou: float) -> _Score:
    """F1 of the found segments and the median error of their borders, in samples."""
    found = path.find_segments(stream.samples, stream.gaps, stream.sensor, *candidate).spans
    n_before = np.concatenate([[0], np.cumsum(stream.judged)])
    n_judged = n_before[found[:, 1]] - n_before[found[:, 0]]
    found = found[2 * n_judged >= found[:, 1] - found[:, 0]]
    quality = segment_quality(stream.truth, found, iou)
    f1 = 2 * quality.n_matched / max(quality.n_true + quality.n_found, 1)
    starts, stops = quality.start_errors, quality.stop_errors
    return _Score(f1, float(np.median(starts or [0])), float(np.median(stops or [0])))


def _variants(stream: _Stream, candidate: Candidate, score: _Score) -> list[Candidate]:
    """The candidate, and with pre- and post-roll that undo its median error.

    A border that is found too early cannot be taken back.
    """
    measure, segmenter = candidate
    ms = 1000 / stream.sensor.rate_hz
    pre_ms, post_ms = max(0.0, score.start_error) * ms, max(0.0, -score.stop_error) * ms
    if pre_ms + segmenter.min_ms + post_ms > segmenter.max_ms - ms:
        return [candidate]
    return [candidate, (measure, msgspec.structs.replace(segmenter, pre_ms=pre_ms, post_ms=post_ms))]
