"""Labels that several windows edit: every change names the version that its author saw."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from tinygest.core.errors import ConflictError
from tinygest.core.labels import LabelTrack
from tinygest.store.labels import encode_track
from tinygest.store.project import Project

VERSION_DIGITS = 16


@dataclass(frozen=True)
class SharedLabels:
    """Labels of a recording, and what to name when changing them."""

    track: LabelTrack
    version: str
    undo: str | None
    """What undo would take back."""
    redo: str | None


def read(project: Project, recording_id: str) -> SharedLabels:
    """Labels as they are now."""
    track = project.labels(recording_id)
    history = project.label_history(recording_id)
    position, states = history.position, history.states
    return SharedLabels(
        track,
        version_of(track),
        states[position].action if position > 0 else None,
        states[position + 1].action if position + 1 < len(states) else None,
    )


def change(
    project: Project,
    recording_id: str,
    version: str,
    action: str,
    edit: Callable[[LabelTrack, int], LabelTrack],
) -> SharedLabels:
    """Apply an edit to labels of this version; raises ConflictError if they have changed since."""

    def checked(track: LabelTrack, n_samples: int) -> LabelTrack:
        _check(track, version)
        return edit(track, n_samples)

    project.edit_labels(recording_id, action, checked)
    return read(project, recording_id)


def undo(project: Project, recording_id: str, version: str) -> SharedLabels:
    """Take back the last edit; raises ConflictError, LabelError if there is none."""
    project.undo_labels(recording_id, lambda track: _check(track, version))
    return read(project, recording_id)


def redo(project: Project, recording_id: str, version: str) -> SharedLabels:
    """Do again what was undone last; raises ConflictError, LabelError if there is none."""
    project.redo_labels(recording_id, lambda track: _check(track, version))
    return read(project, recording_id)


def version_of(track: LabelTrack) -> str:
    """The same labels have the same version."""
    return hashlib.sha256(encode_track(track)).hexdigest()[:VERSION_DIGITS]


def _check(track: LabelTrack, version: str) -> None:
    if version_of(track) != version:
        raise ConflictError("somebody else changed these labels; look at them again, then repeat the edit")
