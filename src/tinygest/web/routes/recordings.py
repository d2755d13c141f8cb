"""The library: recordings, their metadata and their signals."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict

from tinygest.web.columns import MEDIA_TYPE, encode_view
from tinygest.web.context import Shared
from tinygest.workflow import projects
from tinygest.workflow.projects import RecordingRow

router = APIRouter(prefix="/api/recordings", tags=["recordings"])

MAX_BINS = 16384


class MetadataEdit(BaseModel):
    """New values for some recordings; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    ids: list[str]
    subject: str | None = None
    side: str | None = None
    session: str | None = None
    default_label: str | None = None
    notes: str | None = None
    fields: dict[str, str] = {}
    """An empty value removes a field."""
    deleted: bool | None = None
    new: bool = False
    """The label may be new to the project."""


class Changed(BaseModel):
    """How many recordings really changed."""

    n_changed: int


@router.get("")
def recordings(shared: Shared, where: str = "", deleted: bool = False) -> list[RecordingRow]:
    """Recordings that `where` chooses, as the command line's `--where`."""
    return projects.list_recordings(shared.project, where, deleted=deleted)


@router.patch("")
def edit(shared: Shared, body: MetadataEdit) -> Changed:
    """Correct metadata in bulk; deleting is a mark that can be taken back."""
    texts = body.model_dump(include={"subject", "side", "session", "default_label", "notes"})
    changes = {name: value for name, value in texts.items() if value is not None}
    entries = [shared.project.entry(recording_id) for recording_id in body.ids]
    n_changed = projects.edit_metadata(
        shared.project, entries, changes, body.fields, deleted=body.deleted, new=body.new
    )
    return Changed(n_changed=n_changed)


@router.get("/{recording_id}/signal", response_class=Response)
def signal(
    shared: Shared,
    recording_id: str,
    start: int = 0,
    stop: int | None = None,
    bins: Annotated[int, Query(ge=1, le=MAX_BINS)] = 1024,
) -> Response:
    """Samples [start, stop) in columns (`web.columns`): as they are, or smallest and largest a bin."""
    recording = shared.recording.load(recording_id)
    info = recording.info
    stop = info.n_samples if stop is None else stop
    view = shared.recording.pyramid(recording_id).view(start, stop, bins)
    content = encode_view(
        view,
        n_samples=info.n_samples,
        rate_hz=info.contract.rate_hz,
        channels=[
            {"name": channel.name, "unit": channel.unit, "counts_per_unit": channel.counts_per_unit}
            for channel in info.contract.channels
        ],
        gaps=[[gap.at, gap.n_missing] for gap in info.gaps if start <= gap.at < stop],
    )
    return Response(content, media_type=MEDIA_TYPE)
