"""Automatic segmentation of one recording: the activity signal, what would be found, and accepting it."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from tinygest.web.columns import MEDIA_TYPE, encode_view
from tinygest.web.context import Shared
from tinygest.web.routes.recordings import MAX_BINS
from tinygest.workflow import segmenting
from tinygest.workflow.signal_view import Pyramid

router = APIRouter(prefix="/api/recordings/{recording_id}", tags=["segments"])


class Settings(BaseModel):
    """What a person moved; the rest is as in tinygest.toml, or sensible for the sensor."""

    model_config = ConfigDict(extra="forbid")

    kind: str | None = None
    settings: dict[str, float | list[int]] = {}
    """Fields of the activity signal and of the segmenter."""

    def values(self) -> dict[str, Any]:
        """As the contract has them: whole numbers as such, lists as tuples."""
        return {name: _plain(value) for name, value in self.settings.items()}


class ActivityRequest(Settings):
    start: int = 0
    stop: int | None = None
    bins: Annotated[int, Field(ge=1, le=MAX_BINS)] = 1024


class Detection(BaseModel):
    """What the segmenter finds, with all parameters that decided it."""

    kind: str
    activity: dict[str, Any]
    segmenter: dict[str, Any]
    spans: list[tuple[int, int]]


class Proposed(BaseModel):
    """What became of the found spans."""

    n_proposed: int
    n_in_the_way: int


@router.post("/activity", response_class=Response)
def activity(shared: Shared, recording_id: str, body: ActivityRequest) -> Response:
    """The activity signal in columns (`web.columns`), one uint16 channel."""
    recording = shared.recording.load(recording_id)
    parameters = _parameters(shared, recording_id, body)
    levels = segmenting.activity_signal(recording, parameters)
    stop = len(levels) if body.stop is None else body.stop
    view = Pyramid(levels[None, :]).view(body.start, stop, body.bins)
    return Response(encode_view(view), media_type=MEDIA_TYPE)


@router.post("/detect")
def detect(shared: Shared, recording_id: str, body: Settings) -> Detection:
    """Run the C segmenter; nothing is written."""
    recording = shared.recording.load(recording_id)
    parameters = _parameters(shared, recording_id, body)
    spans = segmenting.find_spans(recording, parameters.activity, parameters.segmenter)
    return Detection(
        kind=segmenting.kind_of(parameters.segmenter),
        activity=msgspec.to_builtins(parameters.activity),
        segmenter=msgspec.to_builtins(parameters.segmenter),
        spans=spans,
    )


@router.post("/propose")
def propose(shared: Shared, recording_id: str, body: Settings) -> Proposed:
    """Take what the segmenter finds as proposals with the recording's default label; can be undone."""
    result = segmenting.segment_recording(shared.project, recording_id, body.kind, body.values())
    return Proposed(n_proposed=result.n_proposed, n_in_the_way=result.n_in_the_way)


def _parameters(shared: Shared, recording_id: str, body: Settings) -> segmenting.Parameters:
    sensor = shared.recording.load(recording_id).info.contract
    return segmenting.resolve(shared.project.config, sensor, body.kind, body.values())


def _plain(value: float | list[int]) -> Any:
    if isinstance(value, list):
        return tuple(value)
    return int(value) if value.is_integer() else value
