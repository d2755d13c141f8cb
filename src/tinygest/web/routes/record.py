"""Recording from the connected boards."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from tinygest.core.recording import RecordingMeta
from tinygest.web.context import SharedHub
from tinygest.workflow.recording import RecordPlan

router = APIRouter(prefix="/api/record", tags=["record"])

Text = Annotated[str, Field(max_length=200)]


class Begin(BaseModel):
    """What to record, and as what."""

    model_config = ConfigDict(extra="forbid")

    label: Text = ""
    subject: Text = ""
    side: Text = ""
    session: Text = ""
    notes: Annotated[str, Field(max_length=2000)] = ""
    fields: dict[str, str] = {}
    seconds: Annotated[float, Field(gt=0, le=24 * 3600)] | None = None
    """Of each recording; until the end is said without."""
    countdown: Annotated[float, Field(ge=0, le=60)] = 3.0
    repeat: Annotated[int, Field(ge=1, le=999)] = 1


class Mark(BaseModel):
    label: Text


class State(BaseModel):
    phase: str
    number: int
    repeat: int
    seconds: float
    label: str


@router.get("")
async def state(hub: SharedHub) -> State:
    """What is being recorded."""
    return State(**asdict(hub.recording()))


@router.post("/begin")
async def begin(hub: SharedHub, body: Begin) -> State:
    """Begin with the countdown."""
    meta = RecordingMeta(body.subject, body.side, body.session, body.label, body.notes, body.fields)
    hub.begin_recording(RecordPlan(meta, "", body.seconds, body.countdown, body.repeat))
    return State(**asdict(hub.recording()))


@router.post("/mark")
async def mark(hub: SharedHub, body: Mark) -> State:
    """A segment begins now, or with an empty label ends."""
    hub.mark(body.label)
    return State(**asdict(hub.recording()))


@router.post("/end")
async def end(hub: SharedHub) -> list[dict[str, Any]]:
    """End and store; returns the recordings with their quality."""
    return [msgspec.to_builtins(one) for one in await hub.end_recording()]


@router.get("/last")
async def last(hub: SharedHub) -> list[dict[str, Any]]:
    """What was recorded last, with its quality."""
    return [msgspec.to_builtins(one) for one in hub.last_recorded]
