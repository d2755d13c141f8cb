"""Labels of a recording: every change says which version it was made on (409 if there is a newer one)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from tinygest.core.labels import LabelTrack
from tinygest.label import edits
from tinygest.web.context import Shared
from tinygest.workflow import shared_labels
from tinygest.workflow.projects import check_known
from tinygest.workflow.shared_labels import SharedLabels

router = APIRouter(prefix="/api/recordings/{recording_id}/labels", tags=["labels"])

Change = Callable[[LabelTrack, int], LabelTrack]


class Strict(BaseModel):
    """Refuses names it does not know: a slip is an error, not a default."""

    model_config = ConfigDict(extra="forbid")


class SegmentView(BaseModel):
    """Samples [start, stop)."""

    start: int
    stop: int
    label: str | None
    source: str


class LabelsView(BaseModel):
    """Labels of one recording; segments are named by their position in this list."""

    version: str
    segments: list[SegmentView]
    reviewed: list[tuple[int, int]]
    undo: str | None
    redo: str | None


class Add(Strict):
    kind: Literal["add"]
    start: int
    stop: int
    label: str | None = None

    def change(self) -> Change:
        return lambda track, n: edits.add(track, n, self.start, self.stop, self.label)


class Assign(Strict):
    kind: Literal["assign"]
    segments: list[int]
    label: str | None

    def change(self) -> Change:
        return lambda track, n: edits.assign(track, n, self.segments, self.label)


class Move(Strict):
    kind: Literal["move"]
    segment: int
    start: int | None = None
    stop: int | None = None

    def change(self) -> Change:
        return lambda track, n: edits.move(track, n, self.segment, self.start, self.stop)


class Split(Strict):
    kind: Literal["split"]
    segment: int
    at: int

    def change(self) -> Change:
        return lambda track, n: edits.split(track, n, self.segment, self.at)


class Merge(Strict):
    kind: Literal["merge"]
    segments: list[int]
    label: str | None = None

    def change(self) -> Change:
        return lambda track, n: edits.merge(track, n, self.segments, self.label)


class Delete(Strict):
    kind: Literal["delete"]
    segments: list[int]

    def change(self) -> Change:
        return lambda track, n: edits.delete(track, n, self.segments)


class Review(Strict):
    kind: Literal["review"]
    start: int
    stop: int

    def change(self) -> Change:
        return lambda track, n: edits.review(track, n, self.start, self.stop)


class Unreview(Strict):
    kind: Literal["unreview"]
    start: int
    stop: int

    def change(self) -> Change:
        return lambda track, n: edits.unreview(track, n, self.start, self.stop)


Edit = Annotated[
    Add | Assign | Move | Split | Merge | Delete | Review | Unreview, Field(discriminator="kind")
]


class LabelEdit(Strict):
    """One edit of labels of one version."""

    version: str
    edit: Edit
    new: bool = False
    """The label may be new to the project."""


class Version(Strict):
    """What the author of the change saw."""

    version: str


@router.get("")
def labels(shared: Shared, recording_id: str) -> LabelsView:
    """Labels as they are now."""
    return _view(shared_labels.read(shared.project, recording_id))


@router.post("")
def edit(shared: Shared, recording_id: str, body: LabelEdit) -> LabelsView:
    """Change labels; saved before the answer comes, and can be undone."""
    label = getattr(body.edit, "label", None)
    check_known(shared.project, label, new=body.new)
    action = f"{body.edit.kind} {label}" if label else body.edit.kind
    return _view(
        shared_labels.change(shared.project, recording_id, body.version, action, body.edit.change())
    )


@router.post("/undo")
def undo(shared: Shared, recording_id: str, body: Version) -> LabelsView:
    """Take back the last edit, whoever made it."""
    return _view(shared_labels.undo(shared.project, recording_id, body.version))


@router.post("/redo")
def redo(shared: Shared, recording_id: str, body: Version) -> LabelsView:
    """Do again what was undone last."""
    return _view(shared_labels.redo(shared.project, recording_id, body.version))


def _view(now: SharedLabels) -> LabelsView:
    return LabelsView(
        version=now.version,
        segments=[
            SegmentView(start=s.start, stop=s.stop, label=s.label, source=s.source)
            for s in now.track.segments
        ],
        reviewed=[(span.start, span.stop) for span in now.track.reviewed],
        undo=now.undo,
        redo=now.redo,
    )
