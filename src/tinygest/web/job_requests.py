"""What jobs the page may start: each kind is a verb of the command line with the options it may set."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from tinygest.store.project import Project
from tinygest.workflow.downloads import new_export_folder
from tinygest.workflow.uploads import Uploads

# Text that cannot be taken for an option.
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_/]*$", max_length=64)]
Where = Annotated[str, Field(max_length=1000)]
Text = Annotated[str, Field(max_length=200)]
Label = Annotated[str, Field(max_length=40)]
Score = Annotated[int, Field(ge=0, le=255)]
Above0 = Annotated[float, Field(gt=0, le=1e6)]

QUICK = ("--steps=300", "--copies=4", "--no-measure")
"""A first look: a third of a usual training's time, and a little worse."""


class JobBase(BaseModel):
    """`arguments` may ask the project for folders; `verb` is what the command line calls it."""

    model_config = ConfigDict(extra="forbid")
    verb: ClassVar[str]

    def arguments(self, project: Project) -> list[str]:
        raise NotImplementedError


class OfModel(JobBase):
    """A verb whose only argument is a model."""

    name: Name

    def arguments(self, project: Project) -> list[str]:
        return [self.name]


class Train(JobBase):
    kind: Literal["train"]
    verb = "train"
    name: Name
    where: Where = ""
    family: Literal["auto", "dense", "cnn"] = "auto"
    effort: Literal["usual", "quick"] = "usual"
    seed: Annotated[int, Field(ge=0)] = 1

    def arguments(self, project: Project) -> list[str]:
        return [
            f"--name={self.name}",
            f"--where={self.where}",
            f"--family={self.family}",
            f"--seed={self.seed}",
            *(QUICK if self.effort == "quick" else ()),
        ]


class Search(JobBase):
    """Many models, measured against a budget of flash and RAM; the best go on to `keep`."""

    kind: Literal["search"]
    verb = "search"
    where: Where = ""
    trials: Annotated[int, Field(ge=1, le=1000)] = 20
    flash: Annotated[int, Field(ge=1)] | None = None
    ram: Annotated[int, Field(ge=1)] | None = None
    instructions: Annotated[int, Field(ge=1)] | None = None

    def arguments(self, project: Project) -> list[str]:
        limits = {"flash": self.flash, "ram": self.ram, "instructions": self.instructions}
        own = [f"--{name}={value}" for name, value in limits.items() if value is not None]
        return [f"--trials={self.trials}", f"--where={self.where}", *own]


class Keep(JobBase):
    """Train the model of one trial of the search, and store it."""

    kind: Literal["keep"]
    verb = "search"
    name: Name
    trial: Annotated[int, Field(ge=0)]
    where: Where = ""

    def arguments(self, project: Project) -> list[str]:
        return [f"--keep={self.trial}", f"--name={self.name}", f"--where={self.where}"]


class Evaluate(JobBase):
    kind: Literal["evaluate"]
    verb = "evaluate"
    where: Where = ""
    family: Literal["auto", "dense", "cnn"] | None = None

    def arguments(self, project: Project) -> list[str]:
        return [f"--where={self.where}", *([f"--family={self.family}"] if self.family else [])]


class Test(JobBase):
    kind: Literal["test"]
    verb = "test"
    name: Name
    where: Where = ""

    def arguments(self, project: Project) -> list[str]:
        return [f"--where={self.where}", self.name]


class Generate(OfModel):
    """Into `library/` of the project folder."""

    kind: Literal["generate"]
    verb = "generate"


class Profile(OfModel):
    kind: Literal["profile"]
    verb = "profile"


class Verify(OfModel):
    kind: Literal["verify"]
    verb = "verify"


class Fit(JobBase):
    """Find parameters of segmentation that fit what is labelled; writes nothing."""

    kind: Literal["segment"]
    verb = "segment"
    where: Where = ""

    def arguments(self, project: Project) -> list[str]:
        return ["--fit", "--dry-run", f"--where={self.where}"]


class Calibrate(JobBase):
    """Thresholds for a false-alarm rate, as the next revision of the model."""

    kind: Literal["calibrate"]
    verb = "calibrate"
    name: Name
    per_hour: Annotated[float, Field(gt=0, le=1000)] = 1.0

    def arguments(self, project: Project) -> list[str]:
        return [f"--false-alarms-per-hour={self.per_hour}", self.name]


class Thresholds(JobBase):
    """Thresholds as a person chose them, as the next revision of the model."""

    kind: Literal["thresholds"]
    verb = "calibrate"
    name: Name
    thresholds: Annotated[dict[Label, Score], Field(min_length=1, max_length=255)]

    def arguments(self, project: Project) -> list[str]:
        return [*(f"--threshold={label}={score}" for label, score in self.thresholds.items()), self.name]


class Doubtful(JobBase):
    """Labelled segments that a model would call something else, the surest of its objections first."""

    kind: Literal["doubtful"]
    verb = "label"
    name: Name
    where: Where = ""

    def arguments(self, project: Project) -> list[str]:
        return ["doubtful", f"--where={self.where}", self.name]


class Flash(JobBase):
    """On the only board that is plugged in; without a model the firmware that captures."""

    kind: Literal["flash"]
    verb = "flash"
    name: Name | None = None

    def arguments(self, project: Project) -> list[str]:
        return ["--capture"] if self.name is None else [self.name]


class Import(JobBase):
    """Uploaded files into the project; a dry run says what would come in, and what is missing."""

    kind: Literal["import"]
    verb = "import"
    upload: Annotated[str, Field(pattern=r"^[0-9a-f]{1,32}$")]
    dry_run: bool = False
    format: Annotated[str, Field(pattern=r"^[a-z-]{0,40}$")] = ""
    rate_hz: Above0 | None = None
    resample_hz: Above0 | None = None
    counts_per_g: Above0 | None = None
    counts_per_dps: Above0 | None = None
    accel_unit: Literal["g", "mg", "m/s^2", "counts"] | None = None
    gyro_unit: Literal["deg/s", "mdps", "rad/s", "counts"] | None = None
    gravity: bool | None = None
    continuous: bool | None = None
    not_reviewed: bool = False
    accept_faults: bool = False
    subject: Text = ""
    side: Text = ""
    session: Text = ""
    label: Text = ""
    prefix: Text = ""
    frame: Text = ""
    map: Annotated[str, Field(max_length=1000)] = ""
    time_column: Text = ""
    time_unit: Literal["s", "ms", "us", "ns"] = "s"
    label_column: Text = ""
    subject_column: Text = ""

    def arguments(self, project: Project) -> list[str]:
        said = [
            f"--{name.replace('_', '-')}={value}"
            for name, value in self.model_dump(exclude={"kind", "upload", *SWITCHES}).items()
            if value not in (None, "") and (name, value) != ("time_unit", "s")
        ]
        values = {name: getattr(self, name) for name in SWITCHES}
        switches = [SWITCHES[name][value] for name, value in values.items() if value in SWITCHES[name]]
        return [*said, *switches, str(Uploads(project).source(self.upload))]


SWITCHES: dict[str, dict[bool | None, str]] = {
    "dry_run": {True: "--dry-run"},
    "gravity": {True: "--gravity", False: "--no-gravity"},
    "continuous": {True: "--continuous", False: "--separate"},
    "not_reviewed": {True: "--not-reviewed"},
    "accept_faults": {True: "--accept-faults"},
}
"""Options of `import` without a value."""


class Export(JobBase):
    """Into a folder of the project's own, from where `/api/jobs/ID/files` takes it."""

    kind: Literal["export"]
    verb = "export"
    format: Literal["csv", "sensiml", "sensiml-device", "edge-impulse", "ts", "createai"]
    where: Where = ""

    def arguments(self, project: Project) -> list[str]:
        folder = new_export_folder(project, self.format)
        return [f"--format={self.format}", f"--where={self.where}", str(folder)]


JobStart = Annotated[
    Train
    | Search
    | Keep
    | Evaluate
    | Test
    | Generate
    | Profile
    | Verify
    | Fit
    | Calibrate
    | Thresholds
    | Doubtful
    | Flash
    | Import
    | Export,
    Field(discriminator="kind"),
]
