"""Long work: jobs are started, watched, cancelled. Which there are: `web.job_requests`."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from fastapi.responses import FileResponse
from pydantic import BaseModel

from tinygest.core.errors import NotFoundError
from tinygest.web.context import Shared
from tinygest.web.job_requests import JobStart
from tinygest.workflow.downloads import archive
from tinygest.workflow.jobs import Job

router = APIRouter(prefix="/api/jobs", tags=["jobs"])


class ProgressView(BaseModel):
    what: str
    done: int
    total: int


class JobView(BaseModel):
    """A job as it stands."""

    id: str
    verb: str
    arguments: list[str]
    created: str
    state: str
    progress: ProgressView
    seconds: float | None
    result: Any
    message: str


@router.get("")
def jobs(shared: Shared) -> list[JobView]:
    """All jobs, newest first; their results only one by one."""
    return [_view(job, with_result=False) for job in shared.jobs.all()]


@router.post("", status_code=201)
def start(shared: Shared, body: JobStart) -> JobView:
    """Begin a job; it goes on if the page or the gateway is closed."""
    return _view(shared.jobs.start(body.verb, body.arguments(shared.project)))


@router.get("/{job_id}")
def job(shared: Shared, job_id: str) -> JobView:
    """One job, with its result when there is one."""
    return _view(shared.jobs.get(job_id))


@router.post("/{job_id}/cancel")
def cancel(shared: Shared, job_id: str) -> JobView:
    """End a job that is running."""
    return _view(shared.jobs.cancel(job_id))


@router.get("/{job_id}/files", response_class=FileResponse)
def files(shared: Shared, job_id: str) -> FileResponse:
    """What an export wrote, as a ZIP."""
    done = shared.jobs.get(job_id)
    if done.verb != "export" or not isinstance(done.result, dict) or "folder" not in done.result:
        raise NotFoundError(f"job {job_id} has no files to download")
    packed = archive(shared.project, str(done.result["folder"]))
    name = f"{shared.project.root.resolve().name}-{done.result.get('format', 'export')}.zip"
    return FileResponse(packed, media_type="application/zip", filename=name)


def _view(job: Job, *, with_result: bool = True) -> JobView:
    return JobView(
        id=job.id,
        verb=job.verb,
        arguments=list(job.arguments),
        created=job.created,
        state=job.state,
        progress=ProgressView(what=job.progress.what, done=job.progress.done, total=job.progress.total),
        seconds=job.seconds,
        result=job.result if with_result else None,
        message=job.message,
    )
