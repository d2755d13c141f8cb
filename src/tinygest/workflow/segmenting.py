"""Running a segmenter over recordings of a project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from msgspec import structs
from numpy.typing import NDArray

from tinygest.core.contract import Activity, CentreSegmenter, Segmenter
from tinygest.core.errors import UsageError
from tinygest.core.progress import Progress, silent
from tinygest.core.recording import Recording
from tinygest.core.sensor import SensorContract
from tinygest.label.segmentation import (
    STOP_SHARE,
    Span,
    find_spans,
    propose,
    sensible_activity,
    sensible_segmenter,
)
from tinygest.signalpath.path import activity as activity_of
from tinygest.store.config import ProjectConfig
from tinygest.store.project import Project

__all__ = [
    "Parameters",
    "Segmentation",
    "SegmentedRecording",
    "activity_signal",
    "find_spans",
    "kind_of",
    "resolve",
    "segment_recording",
    "segment_recordings",
]


@dataclass(frozen=True)
class Parameters:
    """What decides the segments of a recording."""

    activity: Activity
    segmenter: Segmenter


@dataclass(frozen=True)
class SegmentedRecording:
    """What a segmenter found in one recording."""

    id: str
    n_found: int
    n_proposed: int
    n_in_the_way: int
    """Found, but it would have touched what a person labelled or reviewed."""
    median_s: float | None
    """Typical length of what was found."""
    activity_median: float
    activity_95: float
    """Half, and 95 %, of the activity lies below: a start level belongs between rest and movement."""


@dataclass(frozen=True)
class Segmentation:
    """The result per recording, and the parameters used: several where sensors differ."""

    recordings: list[SegmentedRecording]
    parameters: list[Parameters]
    dry_run: bool


def segment_recordings(
    project: Project,
    where: str,
    kind: str | None,
    settings: Mapping[str, Any],
    *,
    fitted: Parameters | None = None,
    dry_run: bool = False,
    progress: Progress = silent,
) -> Segmentation:
    """Propose segments with each recording's default label; `dry_run` only counts.

    fitted: parameters to use as they are. settings: fields of Activity and of the segmenter. Parameters
    come from there, else from tinygest.toml, else sensible ones for the sensor. All recordings are
    searched before the first label is written. Raises ContractError, UsageError.
    """
    entries = project.recordings(where)
    used: list[Parameters] = []
    found: list[tuple[str, str | None, list[Span]]] = []
    rows = []
    for done, entry in enumerate(entries, start=1):
        recording = project.load(entry.id)
        parameters = fitted or resolve(project.config, recording.info.contract, kind, settings)
        spans = find_spans(recording, parameters.activity, parameters.segmenter)
        found.append((entry.id, entry.meta.default_label or None, spans))
        rows.append(_row(project, recording, parameters.activity, spans))
        used += [parameters] if parameters not in used else []
        progress("segmenting", done, len(entries))
    if not dry_run:
        for recording_id, label, spans in found:
            _write(project, recording_id, label, spans)
    return Segmentation(rows, used, dry_run)


def segment_recording(
    project: Project, recording_id: str, kind: str | None, settings: Mapping[str, Any]
) -> SegmentedRecording:
    """Propose segments of one recording with its default label, as `segment_recordings` does."""
    recording = project.load(recording_id)
    parameters = resolve(project.config, recording.info.contract, kind, settings)
    spans = find_spans(recording, parameters.activity, parameters.segmenter)
    row = _row(project, recording, parameters.activity, spans)
    _write(project, recording_id, recording.meta.default_label or None, spans)
    return row


def activity_signal(recording: Recording, parameters: Parameters) -> NDArray[np.uint16]:
    """(n_samples,): what the segmenter looks at."""
    info = recording.info
    return activity_of(recording.samples, info.gaps, info.contract, parameters.activity)


def resolve(
    config: ProjectConfig, sensor: SensorContract, kind: str | None, settings: Mapping[str, Any]
) -> Parameters:
    """Parameters for one sensor: what the person sets, over tinygest.toml, over sensible ones."""
    activity = config.activity or sensible_activity(sensor)
    segmenter = config.segmenter
    if segmenter is None or kind not in (None, kind_of(segmenter)):
        segmenter = sensible_segmenter(kind or "hysteresis", sensor)
    if isinstance(segmenter, CentreSegmenter):
        raise UsageError(
            "a centre detector finds events by its network's answers, so it proposes no segments; "
            "choose another --kind"
        )
    of_activity, of_segmenter = activity.__struct_fields__, segmenter.__struct_fields__
    for name in settings:
        if name not in (*of_activity, *of_segmenter):
            raise UsageError(f"--{name.replace('_', '-')} does not belong to --kind {kind_of(segmenter)}")
    if "start_level" in settings:
        settings = {"stop_level": round(settings["start_level"] * STOP_SHARE), **settings}
    return Parameters(
        structs.replace(activity, **{name: settings[name] for name in of_activity if name in settings}),
        structs.replace(segmenter, **{name: settings[name] for name in of_segmenter if name in settings}),
    )


def kind_of(segmenter: Segmenter) -> str:
    """hysteresis, adaptive, peak, trigger or sliding"""
    return str(segmenter.__struct_config__.tag)


def _row(
    project: Project, recording: Recording, activity: Activity, spans: list[Span]
) -> SegmentedRecording:
    info = recording.info
    proposal = propose(project.labels(recording.id), spans, None)
    levels = activity_of(recording.samples, info.gaps, info.contract, activity)
    lengths = [stop - start for start, stop in spans]
    return SegmentedRecording(
        recording.id,
        n_found=len(spans),
        n_proposed=proposal.n_proposed,
        n_in_the_way=proposal.n_in_the_way,
        median_s=float(np.median(lengths)) / info.contract.rate_hz if lengths else None,
        activity_median=float(np.median(levels)),
        activity_95=float(np.percentile(levels, 95)),
    )


def _write(project: Project, recording_id: str, label: str | None, spans: list[Span]) -> None:
    project.edit_labels(
        recording_id, "segment", lambda track, n_samples: propose(track, spans, label).track
    )
