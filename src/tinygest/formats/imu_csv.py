"""`imu-csv`: a folder with `rec/*.csv`, `labels.csv` and `dataset.json`.

Recordings have columns `t_s,ax,ay,az[,gx,gy,gz]`; labels are rows `file,start_sample,end_sample,label,
subject` with half-open spans; dataset.json names rate and units. With `"continuous": false` the
segments of a file are separate captures laid end to end, and time is broken at each of their borders.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from tinygest.core.canonical import decode_json
from tinygest.core.errors import ContractError, FormatError, LabelError
from tinygest.core.labels import LabelTrack, Segment, check_label
from tinygest.core.units import STANDARD_GRAVITY_MS2, canonical_unit
from tinygest.formats.base import (
    Imported,
    ImportOptions,
    ImportSource,
    Remark,
    require_csv_files,
    require_option,
)
from tinygest.formats.build import Capture, build
from tinygest.formats.convert import CHANNELS
from tinygest.formats.csv_table import CsvText, open_csv, read_numbers
from tinygest.formats.look import Look

TIME = "t_s"
HEADERS = ((TIME, *CHANNELS[:3]), (TIME, *CHANNELS))
LABEL_COLUMNS = ("file", "start_sample", "end_sample", "label", "subject")
MAX_ROW_DIGITS = 12
MAX_SHOWN = 100  # characters of a wrong text in an error; longer than any label


class Description(msgspec.Struct, frozen=True):
    """dataset.json, as far as it decides numbers; other keys are for people."""

    rate_hz: float | None = None
    acc_unit: str | None = None
    gyro_unit: str | None = None
    acc_to_ms2: float | None = None
    gyro_to_rads: float | None = None
    gravity: bool | None = None
    continuous: bool | None = None
    n_recordings: int | None = None


@dataclass(frozen=True)
class LabelRow:
    """One row of labels.csv and the line on which it stands."""

    line: int
    segment: Segment
    subject: str


Labels = dict[str, list[LabelRow]]


def recognises(look: Look) -> bool:
    """The folder with its three parts."""
    return {"dataset.json", "labels.csv"} <= look.names and any(
        name.startswith("rec/") for name in look.names
    )


def read(path: Path, options: ImportOptions) -> ImportSource:
    """Look at the data set; files are read one by one as the result is used."""
    description = _describe(path / "dataset.json", options)
    files = require_csv_files(path / "rec")
    labels = _read_labels(path / "labels.csv", {file.name for file in files})
    remarks = []
    if description.n_recordings not in (None, len(files)):
        remarks.append(
            Remark(
                "number of recordings",
                f"dataset.json announces {description.n_recordings}, the folder holds {len(files)}",
            )
        )
    recordings = _recordings(path, files, labels, description, options)
    return ImportSource(len(files), recordings, tuple(remarks))


def _recordings(
    path: Path, files: list[Path], labels: Labels, description: Description, options: ImportOptions
) -> Iterator[Imported]:
    header: tuple[str, ...] | None = None
    for file in files:
        table = open_csv(file)
        if table.header not in HEADERS:
            wanted = " or ".join(",".join(known) for known in HEADERS)
            raise FormatError(f"has columns {','.join(table.header)}, not {wanted}", file, "line 1")
        if table.header != (header or table.header):
            raise FormatError(f"has other columns than the files before: {','.join(table.header)}", file)
        header = table.header
        yield _import_file(path, table, labels.get(file.name, []), description, options)


def _import_file(
    path: Path, table: CsvText, rows: list[LabelRow], description: Description, options: ImportOptions
) -> Imported:
    values = read_numbers(table, table.header)
    channels = table.header[1:]
    has_rotation = len(channels) > 3
    imported = build(
        Capture(
            table.path,
            table.path.stem,
            file=f"rec/{table.path.name}",
            dataset=path.resolve().name,
            channels=channels,
            values=values[:, 1:],
            time_s=values[:, 0],
            rate_hz=require_option(description.rate_hz, "the sample rate", "--rate-hz"),
            accel_unit=require_option(description.acc_unit, "the unit of acceleration", "--accel-unit"),
            gyro_unit=require_option(description.gyro_unit, "the unit of rotation", "--gyro-unit")
            if has_rotation
            else "",
            gravity=require_option(
                description.gravity, "whether acceleration holds gravity", "--gravity or --no-gravity"
            ),
            continuous=require_option(
                description.continuous, "whether time is continuous", "--continuous or --separate"
            ),
            subject=_one_subject(rows, path / "labels.csv"),
            segments=_segments(rows, len(values), path / "labels.csv"),
            annotated=bool(rows),
            refuse=table.refuse,
            source={"format": "imu-csv"},
        ),
        options,
    )
    if rows:
        return imported
    remark = Remark("recordings that labels.csv does not mention", table.path.name)
    return Imported(imported.recording, imported.track, (*imported.remarks, remark))


def _describe(path: Path, options: ImportOptions) -> Description:
    """dataset.json with what the person says instead; raises FormatError if it contradicts itself."""
    try:
        description = decode_json(path.read_bytes(), Description, path)
    except OSError as error:
        raise FormatError(f"cannot be read: {error.strerror}", path) from error
    try:
        _check_factor(description.acc_unit, description.acc_to_ms2, "g", STANDARD_GRAVITY_MS2)
        _check_factor(description.gyro_unit, description.gyro_to_rads, "deg/s", math.pi / 180)
    except ContractError as error:
        raise FormatError(str(error), path) from error
    said = {
        "rate_hz": options.rate_hz,
        "acc_unit": options.accel_unit,
        "gyro_unit": options.gyro_unit,
        "gravity": options.gravity,
        "continuous": options.continuous,
    }
    changes = {name: value for name, value in said.items() if value is not None}
    return msgspec.structs.replace(description, **changes)


def _check_factor(unit: str | None, factor: float | None, wanted: str, si_per_canonical: float) -> None:
    """A unit and its factor to SI say the same thing twice; raise ContractError if they differ."""
    if unit is None:
        return
    canonical, to_canonical = canonical_unit(unit)
    if canonical != wanted:
        raise ContractError(f"{unit!r} is not a unit of what is measured in {wanted}")
    if factor is not None and not math.isclose(factor, to_canonical * si_per_canonical, rel_tol=1e-4):
        raise ContractError(f"unit {unit!r} and factor {factor:g} contradict each other")


def _read_labels(path: Path, files: set[str]) -> Labels:
    """Rows of labels.csv by file, in order of time; raises FormatError with the line."""
    table = open_csv(path)
    if table.header != LABEL_COLUMNS:
        raise FormatError(f"has columns {','.join(table.header)}, not {','.join(LABEL_COLUMNS)}", path)
    labels: Labels = defaultdict(list)
    for line, fields in table.rows():
        try:
            file, row = _label_row(line, fields, files)
        except LabelError as error:
            raise FormatError(str(error), path, f"line {line}") from error
        labels[file].append(row)
    for rows in labels.values():
        rows.sort(key=lambda row: row.segment.start)
    return labels


def _label_row(line: int, fields: list[str], files: set[str]) -> tuple[str, LabelRow]:
    if len(fields) != len(LABEL_COLUMNS):
        raise LabelError(f"has {len(fields)} fields instead of {len(LABEL_COLUMNS)}")
    file, start, stop, label, subject = (text.strip() for text in fields)
    if file not in files:
        raise LabelError(f"{file[:MAX_SHOWN]!r} is not a file in rec/")
    segment = Segment(_row_number(start), _row_number(stop), check_label(label[:MAX_SHOWN]), "import")
    return file, LabelRow(line, segment, subject)


def _row_number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= MAX_ROW_DIGITS):
        raise LabelError(f"{text[:MAX_SHOWN]!r} is not a row number")
    return int(text)


def _segments(rows: list[LabelRow], n_samples: int, path: Path) -> tuple[Segment, ...]:
    """Segments of one file; raises FormatError with the line of the one that does not fit."""
    checked: list[Segment] = []
    for row in rows:
        try:
            LabelTrack((*checked[-1:], row.segment)).check(n_samples)  # sorted: the one before is enough
        except LabelError as error:
            raise FormatError(str(error), path, f"line {row.line}") from error
        checked.append(row.segment)
    return tuple(checked)


def _one_subject(rows: list[LabelRow], path: Path) -> str:
    """A recording belongs to one person; raises FormatError at the line where a second one appears."""
    for row in rows:
        if row.subject != rows[0].subject:
            raise FormatError(
                f"subject {row.subject[:MAX_SHOWN]!r} in a recording of {rows[0].subject[:MAX_SHOWN]!r}; "
                "split the file, so that each recording has one subject",
                path,
                f"line {row.line}",
            )
    return rows[0].subject if rows else ""
