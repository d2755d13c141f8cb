"""Long work. A job is a verb of the command line; each kind says which of its options the page may set."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from tinygest.web.context import Shared
from tinygest.workflow.jobs import Job

router = APIRouter(prefix="/api/jobs", tags=["jobs"])

# Text that cannot be taken for an option.
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_/]*$", max_length=64)]
Where = Annotated[str, Field(max_length=1000)]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Train(Strict):
    kind: Literal["train"]
    name: Name
    where: Where = ""
    family: Literal["auto", "dense", "cnn"] = "auto"
    seed: Annotated[int, Field(ge=0)] = 1

    def arguments(self) -> list[str]:
        return [
            f"--name={self.name}",
            f"--where={self.where}",
            f"--family={self.family}",
            f"--seed={self.seed}",
        ]


class Evaluate(Strict):
    kind: Literal["evaluate"]
    where: Where = ""
    family: Literal["auto", "dense", "cnn"] | None = None

    def arguments(self) -> list[str]:
        return [f"--where={self.where}", *([f"--family={self.family}"] if self.family else [])]


class Test(Strict):
    kind: Literal["test"]
    name: Name
    where: Where = ""

    def arguments(self) -> list[str]:
        return [f"--where={self.where}", self.name]


class Generate(Strict):
    """Into `library/` of the project folder."""

    kind: Literal["generate"]
    name: Name

    def arguments(self) -> list[str]:
        return [self.name]


class Profile(Strict):
    kind: Literal["profile"]
    name: Name

    def arguments(self) -> list[str]:
        return [self.name]


class Verify(Strict):
    kind: Literal["verify"]
    name: Name

    def arguments(self) -> list[str]:
        return [self.name]


class Fit(Strict):
    """Find parameters of segmentation that fit what is labelled; writes nothing."""

    kind: Literal["segment"]
    where: Where = ""

    def arguments(self) -> list[str]:
        return ["--fit", "--dry-run", f"--where={self.where}"]


class Calibrate(Strict):
    """Thresholds for a false-alarm rate, as the next revision of the model."""

    kind: Literal["calibrate"]
    name: Name
    per_hour: Annotated[float, Field(gt=0, le=1000)] = 1.0

    def arguments(self) -> list[str]:
        return [f"--false-alarms-per-hour={self.per_hour}", self.name]


class Flash(Strict):
    """On the only board that is plugged in."""

    kind: Literal["flash"]
    name: Name

    def arguments(self) -> list[str]:
        return [self.name]


Request = Annotated[
    Train | Evaluate | Test | Generate | Profile | Verify | Fit | Calibrate | Flash,
    Field(discriminator="kind"),
]


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
def start(shared: Shared, body: Request) -> JobView:
    """Begin a job; it goes on if the page or the gateway is closed."""
    return _view(shared.jobs.start(body.kind, body.arguments()))


@router.get("/{job_id}")
def job(shared: Shared, job_id: str) -> JobView:
    """One job, with its result when there is one."""
    return _view(shared.jobs.get(job_id))


@router.post("/{job_id}/cancel")
def cancel(shared: Shared, job_id: str) -> JobView:
    """End a job that is running."""
    return _view(shared.jobs.cancel(job_id))


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
