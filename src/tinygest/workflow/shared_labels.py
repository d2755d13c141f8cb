"""Labels that several windows edit: every change names the version that its author saw."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tinygest.core.errors import ConflictError
from tinygest.core.labels import LabelTrack
from tinygest.store.labels import version_of
from tinygest.store.project import Project


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
    return SharedLabels(track, version_of(track), history.undoes, history.redoes)


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


def _check(track: LabelTrack, version: str) -> None:
    if version_of(track) != version:
        raise ConflictError("somebody else changed these labels; look at them again, then repeat the edit")
