"""`segment --fit`: a segmenter that finds what a person labelled, and how well each kind does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tinygest.core.contract import Activity, Segmenter
from tinygest.core.errors import DatasetError
from tinygest.core.progress import Progress, silent
from tinygest.label.segmentation import answered
from tinygest.metrics.quality import SegmentQuality, segment_quality
from tinygest.signalpath.path import find_segments
from tinygest.store.project import Project
from tinygest.train.data import Spans, TrainingData, segment_spans, training_data
from tinygest.train.segmenter_choice import choose_segmenter
from tinygest.train.segmenter_kinds import KINDS
from tinygest.train.segmenter_search import judged_time
from tinygest.workflow.training import load_labelled


@dataclass(frozen=True)
class FittedKind:
    """The best segmenter of one kind against the labels it was fitted to, at IoU 0.5."""

    kind: str
    f1: float
    n_true: int
    n_found: int
    n_missed: int
    n_extra: int
    n_merged: int
    """Found segments that swallow several labelled ones."""
    n_split: int
    """Labelled segments that fell into several found ones."""
    start_error_ms: float | None
    """Median distance of the starts of matched segments, and of their ends."""
    stop_error_ms: float | None
    delay_ms: float | None
    """Median time from the labelled end until the segment is told."""
    activity: Activity
    segmenter: Segmenter


@dataclass(frozen=True)
class SegmenterFit:
    """The best of the kinds, what training would take and why, and how well each kind does."""

    activity: Activity
    segmenter: Segmenter
    reason: str
    kinds: list[FittedKind]


def fit_segmenter(
    project: Project, where: str, kinds: Sequence[str] = tuple(KINDS), progress: Progress = silent
) -> SegmenterFit:
    """Fit to what a person labelled in the chosen recordings; proposals nobody answered are no labels.

    Raises DatasetError where there is too little to fit to.
    """
    chosen = load_labelled(project, where)
    data = training_data([(recording, answered(track)) for recording, track in chosen])
    choice = choose_segmenter(data, project.config.activity, progress, kinds=kinds)
    if not choice.kinds:
        raise DatasetError(f"there is nothing to fit: {choice.reason}; label recordings that have pauses")
    rows = [_report(data, kind, fitted.activity, fitted.segmenter) for kind, fitted in choice.kinds.items()]
    # What training takes may be a centre detector, which proposes nothing without a network.
    best = max(choice.kinds.values(), key=lambda fitted: fitted.score)
    return SegmenterFit(best.activity, best.segmenter, choice.reason, rows)


def _report(data: TrainingData, kind: str, activity: Activity, segmenter: Segmenter) -> FittedKind:
    """Over all recordings, where the search may have looked at some of them only."""
    true, found, told = _found(data, activity, segmenter)
    quality = segment_quality(true, found)
    ms = 1000 / data.sensor.rate_hz
    return FittedKind(
        kind=kind,
        f1=2 * quality.n_matched / max(1, quality.n_true + quality.n_found),
        n_true=quality.n_true,
        n_found=quality.n_found,
        n_missed=quality.n_missed,
        n_extra=quality.n_extra,
        n_merged=quality.n_merged,
        n_split=quality.n_split,
        start_error_ms=_median(np.abs(quality.start_errors), ms),
        stop_error_ms=_median(np.abs(quality.stop_errors), ms),
        delay_ms=_median(_delays(quality, found, told), ms),
        activity=activity,
        segmenter=segmenter,
    )


def _found(data: TrainingData, activity: Activity, segmenter: Segmenter) -> tuple[Spans, Spans, Spans]:
    """(labelled, found, told at), counted over all continuous recordings laid end to end."""
    true, found, told, offset = [], [], [], 0
    for recording, track in data.recordings:
        if not recording.info.continuous:
            continue
        n = recording.info.n_samples
        spans, emitted_at = find_segments(
            recording.samples, recording.info.gaps, data.sensor, activity, segmenter
        )
        n_judged = np.concatenate([[0], np.cumsum(judged_time(n, track))])
        is_judged = 2 * (n_judged[spans[:, 1]] - n_judged[spans[:, 0]]) >= spans[:, 1] - spans[:, 0]
        true.append(segment_spans(track.segments) + offset)
        found.append(spans[is_judged] + offset)
        told.append(emitted_at[is_judged] + offset)
        offset += n
    return np.concatenate(true), np.concatenate(found), np.concatenate(told)


def _delays(quality: SegmentQuality, found: Spans, told: Spans) -> list[int]:
    """Samples from the labelled end to the one that told the segment, for each matched pair."""
    return [
        int(told[j] - (found[j, 1] - error))
        for j, error in zip(quality.matched_found, quality.stop_errors, strict=True)
    ]


def _median(values: Sequence[int] | np.ndarray[tuple[int], np.dtype[np.int64]], ms: float) -> float | None:
    return float(np.median(values)) * ms if len(values) else None
