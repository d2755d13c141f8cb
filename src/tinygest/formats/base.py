"""What every importer is given and gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from tinygest.core.errors import FormatError, UsageError
from tinygest.core.labels import LabelTrack
from tinygest.core.recording import Recording
from tinygest.core.sensor import MAX_RATE_HZ

T = TypeVar("T")

COUNTS = "counts"
"""The unit of values that are stored as they are; the contract says what a count is."""
UNITS_ALSO = {"m/s2": "m/s^2", "dps": "deg/s"}
"""Other spellings of units."""


@dataclass(frozen=True)
class CsvLayout:
    """How a plain CSV file is laid out; the other formats say so themselves."""

    columns: Mapping[str, str] = field(default_factory=dict)
    """Channel -> column; empty: the columns are called ax, ay, ... themselves."""
    time_column: str = ""
    time_unit: str = "s"
    label_column: str = ""
    unlabelled: tuple[str, ...] = ()
    """Texts in the label column that mean: no label. The empty text always does."""
    subject_column: str = ""
    separator: str = ","
    decimal: str = "."


@dataclass(frozen=True)
class ImportOptions:
    """What the person says about the data. None: the data must say it themselves."""

    rate_hz: float | None = None
    accel_unit: str | None = None
    gyro_unit: str | None = None
    gravity: bool | None = None
    continuous: bool | None = None
    reviewed: bool = True
    """Labels name all that happens: continuous time without a label is background."""
    counts_per_g: float | None = None
    """Stored counts; of data that are counts already it is their scale, and asked for. Else our boards'."""
    counts_per_dps: float | None = None
    frame: str = ""
    """Axis frame; empty: `imported:<name of the data set>`."""
    prefix: str = ""
    """Put before every recording's id."""
    subject: str = ""
    side: str = ""
    session: str = ""
    """For recordings of which the data do not say it."""
    accept_faults: bool = False
    """Take constant and mostly clipped channels with a remark instead of refusing them."""
    label: str = ""
    """Of data that do not say it."""
    label_session: str = ""
    """Which labelling session of several (SensiML)."""
    exclusive_ends: bool = False
    """SensiML labels end before their end row, not with it."""
    key: str = ""
    """Checks signatures (Edge Impulse)."""
    layout: CsvLayout = field(default_factory=CsvLayout)


@dataclass(frozen=True)
class Remark:
    """Something that a person should know and that stops nothing.

    kind: the same text for the same thing in many recordings, so that they can be told together.
    """

    kind: str
    detail: str


@dataclass(frozen=True)
class Imported:
    """One recording, ready to be stored."""

    recording: Recording
    track: LabelTrack
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True)
class ImportSource:
    """A data set that has been looked at; its recordings are read one by one, when asked for."""

    n_recordings: int
    recordings: Iterator[Imported]
    remarks: tuple[Remark, ...] = ()


Importer = Callable[[Path, ImportOptions], ImportSource]
"""Raises FormatError (with file and line) for bad data, UsageError for options that are missing."""


def require_csv_files(folder: Path) -> list[Path]:
    """All .csv files right in `folder`, sorted; raises FormatError if there is none."""
    if not folder.is_dir():
        raise FormatError("is not a folder", folder)
    files = sorted(path for path in folder.iterdir() if _is_csv(path))
    if not files:
        raise FormatError("holds no .csv file", folder)
    return files


def _is_csv(path: Path) -> bool:
    # Hidden files are locks and backups of editors.
    return path.suffix.lower() == ".csv" and not path.name.startswith(".") and path.is_file()


def check_options(options: ImportOptions) -> None:
    """Raises UsageError for what no data could be; the options are still as the person gave them."""
    _check_unit("--accel-unit", options.accel_unit, ("g", "mg", "m/s^2"))
    _check_unit("--gyro-unit", options.gyro_unit, ("deg/s", "mdps", "rad/s"))
    if options.accel_unit == COUNTS:
        require_option(options.counts_per_g, "how many counts are one g", "--counts-per-g")
    if options.gyro_unit == COUNTS:
        require_option(options.counts_per_dps, "how many counts are one degree/s", "--counts-per-dps")
    rate_hz = options.rate_hz
    if rate_hz is not None and not 0 < rate_hz <= MAX_RATE_HZ:
        raise UsageError(f"--rate-hz {rate_hz:g} is not possible: more than 0, at most {MAX_RATE_HZ:g}")


def _check_unit(option: str, unit: str | None, units: tuple[str, ...]) -> None:
    known = (*units, COUNTS)
    if unit is not None and unit not in known and UNITS_ALSO.get(unit) not in known:
        raise UsageError(f"{option} {unit!r} is not known; use one of {', '.join(known)}")


class MissingOptionError(UsageError):
    """The data need to be told something; a preview collects these."""

    def __init__(self, what: str, option: str):
        self.what = what
        self.option = option
        super().__init__(f"the data do not say {what}; say it with {option}")


def require_option(value: T | None, what: str, option: str) -> T:
    """The value, or a MissingOptionError that names the option that would give it."""
    if value is None or value == "":
        raise MissingOptionError(what, option)
    return value
