"""Models of the project: what they are, what was measured, their reports."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Query
from fastapi.responses import FileResponse
from pydantic import BaseModel

from tinygest.core.errors import NotFoundError
from tinygest.web.context import Shared
from tinygest.workflow.comparing import diff_models

router = APIRouter(prefix="/api/models", tags=["models"])

Name = Annotated[str, Query(min_length=1, max_length=80)]
"""NAME/REVISION"""


class ModelName(BaseModel):
    """A model and its revisions, oldest first."""

    name: str
    revisions: list[int]


class ModelView(BaseModel):
    """One revision: contract and metrics as in its bundle."""

    name: str
    revision: int
    model_id: str
    contract: dict[str, Any]
    metrics: dict[str, Any]
    recordings: list[str]
    """It was trained on these."""
    has_report: bool


@router.get("")
def models(shared: Shared) -> list[ModelName]:
    """All models."""
    return [ModelName(name=name, revisions=numbers) for name, numbers in shared.project.models().items()]


@router.get("/diff")
def diff(shared: Shared, a: Name, b: Name) -> dict[str, Any]:
    """Two models side by side, as `tinygest diff` has it."""
    compared = diff_models(shared.project.bundle(a), shared.project.bundle(b))
    told: dict[str, Any] = msgspec.to_builtins(compared)
    return told


@router.get("/{name}/{revision}")
def model(shared: Shared, name: str, revision: int) -> ModelView:
    """One revision of a model."""
    bundle = shared.project.bundle(name, revision)
    return ModelView(
        name=bundle.name,
        revision=bundle.revision,
        model_id=bundle.model_id,
        contract=msgspec.to_builtins(bundle.contract),
        metrics=bundle.metrics,
        recordings=list(bundle.lock.recordings),
        has_report=bundle.report.is_file(),
    )


@router.get("/{name}/{revision}/report", response_class=FileResponse)
def report(shared: Shared, name: str, revision: int) -> FileResponse:
    """The report that training wrote."""
    bundle = shared.project.bundle(name, revision)
    if not bundle.report.is_file():
        raise NotFoundError(f"model {bundle} has no report")
    return FileResponse(bundle.report, media_type="text/html")
