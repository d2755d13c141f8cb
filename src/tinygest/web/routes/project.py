"""The project as a whole."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel

from tinygest import __version__
from tinygest.web.context import Shared

router = APIRouter(prefix="/api", tags=["project"])


class ProjectView(BaseModel):
    """What the page shows on every view."""

    name: str
    version: str
    """Of tinygest."""
    labels: list[str]
    """In the order of the number keys."""
    fields: list[str]
    rate_hz: float
    n_recordings: int


@router.get("/project")
def project(shared: Shared) -> ProjectView:
    """Name, labels and size of the project."""
    opened = shared.project
    return ProjectView(
        name=opened.root.resolve().name,
        version=__version__,
        labels=list(opened.known_labels()),
        fields=list(opened.config.fields),
        rate_hz=opened.config.sensor.rate_hz,
        n_recordings=len(opened.layout.recording_ids()),
    )
