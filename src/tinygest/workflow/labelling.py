"""Editing labels of a project: looks up what the person means, edits, and keeps the way back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from tinygest.core.errors import LabelError, TinygestError
from tinygest.core.labels import Interval, LabelTrack, Segment
from tinygest.label import edits
from tinygest.label.choice import parse_position, parse_segments
from tinygest.store.project import Project
from tinygest.store.recordings import RecordingEntry
from tinygest.workflow.projects import check_known

Edit = Callable[[LabelTrack, int], LabelTrack]


@dataclass(frozen=True)
class SegmentRow:
    """A segment with its number, which counts from 1."""

    number: int
    start: int
    stop: int
    start_s: float
    stop_s: float
    label: str | None
    source: str


@dataclass(frozen=True)
class Track:
    """Labels of one recording, for people and machines."""

    id: str
    n_samples: int
    rate_hz: float
    segments: list[SegmentRow]
    reviewed: list[Interval]


def show(project: Project, entry: RecordingEntry, track: LabelTrack | None = None) -> Track:
    """Numbered segments and reviewed time of a recording."""
    track = project.labels(entry.id) if track is None else track
    rate_hz = entry.info.contract.rate_hz
    rows = [_row(number, segment, rate_hz) for number, segment in enumerate(track.segments, start=1)]
    return Track(entry.id, entry.info.n_samples, rate_hz, rows, list(track.reviewed))


def add(
    project: Project, recording_id: str, start: str, stop: str, label: str | None, *, new: bool = False
) -> Track:
    """A new segment; positions as in `label.choice`. Raises LabelError for a label nobody has used."""
    entry = project.entry(recording_id)
    rate_hz = entry.info.contract.rate_hz
    span = parse_position(start, rate_hz), parse_position(stop, rate_hz)
    check_known(project, label, new=new)
    return _edit(project, entry, f"add {label or 'segment'}", lambda t, n: edits.add(t, n, *span, label))


def assign(
    project: Project, recording_id: str, segments: str, label: str | None, *, new: bool = False
) -> Track:
    """Name segments; None takes their names away."""
    check_known(project, label, new=new)

    def change(track: LabelTrack, n_samples: int) -> LabelTrack:
        return edits.assign(track, n_samples, parse_segments(segments, track), label)

    return _edit(project, project.entry(recording_id), f"assign {label or 'no label'}", change)


def move(project: Project, recording_id: str, segment: str, start: str | None, stop: str | None) -> Track:
    """Move one edge of a segment, or both."""
    entry = project.entry(recording_id)
    new_start, new_stop = (_position(text, entry) for text in (start, stop))
    if new_start is None and new_stop is None:
        raise LabelError("say where to: --start, --stop, or both")

    def change(track: LabelTrack, n_samples: int) -> LabelTrack:
        return edits.move(track, n_samples, _one(segment, track), new_start, new_stop)

    return _edit(project, entry, "move", change)


def split(project: Project, recording_id: str, segment: str, at: str) -> Track:
    """Make two segments of one."""
    entry = project.entry(recording_id)
    row = parse_position(at, entry.info.contract.rate_hz)
    return _edit(project, entry, "split", lambda t, n: edits.split(t, n, _one(segment, t), row))


def merge(
    project: Project, recording_id: str, segments: str, label: str | None, *, new: bool = False
) -> Track:
    """Make one segment of neighbours."""
    check_known(project, label, new=new)

    def change(track: LabelTrack, n_samples: int) -> LabelTrack:
        return edits.merge(track, n_samples, parse_segments(segments, track), label)

    return _edit(project, project.entry(recording_id), "merge", change)


def delete(project: Project, recording_id: str, segments: str) -> Track:
    """Remove segments."""

    def change(track: LabelTrack, n_samples: int) -> LabelTrack:
        return edits.delete(track, n_samples, parse_segments(segments, track))

    return _edit(project, project.entry(recording_id), "delete", change)


def review(
    project: Project,
    entries: Iterable[RecordingEntry],
    start: str | None,
    stop: str | None,
    *,
    undone: bool = False,
) -> list[Track]:
    """Mark time as reviewed, or with `undone` as not; without positions whole recordings."""
    action, change = ("unreview", edits.unreview) if undone else ("review", edits.review)
    tracks = []
    for entry in entries:
        first, last = (_position(text, entry) for text in (start, stop))
        span = first or 0, entry.info.n_samples if last is None else last
        tracks.append(_edit(project, entry, action, lambda t, n, span=span: change(t, n, *span)))  # type: ignore[misc]
    return tracks


@dataclass(frozen=True)
class Step:
    """What undo or redo did to a recording; action None: there was nothing to do."""

    id: str
    action: str | None


def undo(project: Project, ids: Sequence[str]) -> list[Step]:
    """Take back the last edit of each recording; raises LabelError if none of them has any."""
    return _steps(ids, project.undo_labels)


def redo(project: Project, ids: Sequence[str]) -> list[Step]:
    """Do again what was undone last in each recording; raises LabelError if none of them has any."""
    return _steps(ids, project.redo_labels)


def _edit(project: Project, entry: RecordingEntry, action: str, change: Edit) -> Track:
    return show(project, entry, project.edit_labels(entry.id, action, change))


def _steps(ids: Sequence[str], step: Callable[[str], str]) -> list[Step]:
    steps: list[Step] = []
    problem: TinygestError | None = None
    for recording_id in ids:
        try:
            steps.append(Step(recording_id, step(recording_id)))
        except LabelError as error:
            problem = error
            steps.append(Step(recording_id, None))
    if problem is not None and all(done.action is None for done in steps):
        raise problem
    return steps


def _one(text: str, track: LabelTrack) -> int:
    indices = parse_segments(text, track)
    if len(indices) != 1:
        raise LabelError(f"name one segment, not {len(indices)}")
    return indices[0]


def _position(text: str | None, entry: RecordingEntry) -> int | None:
    return None if text is None else parse_position(text, entry.info.contract.rate_hz)


def _row(number: int, segment: Segment, rate_hz: float) -> SegmentRow:
    return SegmentRow(
        number,
        segment.start,
        segment.stop,
        segment.start / rate_hz,
        segment.stop / rate_hz,
        segment.label,
        segment.source,
    )
