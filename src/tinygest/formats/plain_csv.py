"""`csv`: any CSV file, or a folder of them, with columns that the person names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tinygest.core.errors import FormatError, UsageError
from tinygest.core.labels import Interval, Segment
from tinygest.formats.base import (
    CsvLayout,
    Imported,
    ImportOptions,
    ImportSource,
    require_csv_files,
    require_option,
)
from tinygest.formats.build import Capture, build
from tinygest.formats.channels import check_mapping
from tinygest.formats.convert import CHANNELS, is_rotation
from tinygest.formats.csv_table import CsvText, open_csv, read_numbers, read_runs
from tinygest.formats.look import Look
from tinygest.formats.spans import MAX_SHOWN, TextSpan, read_spans
from tinygest.formats.timing import read_timing

TIME_UNITS = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}


def recognises(look: Look) -> bool:
    """A CSV file of no format before this one: a first line of names, then lines of numbers."""
    lines = look.text.split("\n", 2)
    return look.file.suffix.lower() == ".csv" and len(lines) > 1 and any(c.isalpha() for c in lines[0])


def read(path: Path, options: ImportOptions) -> ImportSource:
    """Look at the files; they are read one by one as the result is used."""
    _check_layout(options.layout)
    files = [path] if path.is_file() else require_csv_files(path)
    dataset = path.resolve().stem if path.is_file() else path.resolve().name
    return ImportSource(len(files), _recordings(files, dataset, options))


def _recordings(files: list[Path], dataset: str, options: ImportOptions) -> Iterator[Imported]:
    channels: tuple[str, ...] | None = None
    for file in files:
        table = open_csv(file, options.layout.separator, options.layout.decimal)
        columns = _columns(table, options.layout)
        if tuple(columns) != (channels or tuple(columns)):
            raise FormatError(f"has other channels than the files before: {', '.join(columns)}", file)
        channels = tuple(columns)
        yield _import_file(table, dataset, columns, options)


def _import_file(table: CsvText, dataset: str, columns: dict[str, str], options: ImportOptions) -> Imported:
    layout = options.layout
    rotation = any(map(is_rotation, columns))
    acceleration = not all(map(is_rotation, columns))
    segments, reviewed = read_labels(table, layout)
    names = [*columns.values(), *filter(None, [layout.time_column])]  # one pass over the file
    numbers = read_numbers(table, names)
    values = numbers[:, : len(columns)]
    time_s = numbers[:, -1] * TIME_UNITS[layout.time_unit] if layout.time_column else None
    return build(
        Capture(
            table.path,
            table.path.stem,
            file=table.path.name,
            dataset=dataset,
            channels=tuple(columns),
            values=values,
            time_s=time_s,
            rate_hz=_rate(options, time_s),
            accel_unit=require_option(options.accel_unit, "the unit of acceleration", "--accel-unit")
            if acceleration
            else "",
            gyro_unit=require_option(options.gyro_unit, "the unit of rotation", "--gyro-unit")
            if rotation
            else "",
            gravity=options.gravity is not False,
            continuous=options.continuous is not False,
            subject=_subject(table, layout),
            segments=segments,
            annotated=bool(layout.label_column),
            reviewed=reviewed or None,
            refuse=table.refuse,
            source={"format": "csv", "columns": columns},
        ),
        options,
    )


def _check_layout(layout: CsvLayout) -> None:
    check_mapping(layout.columns)
    if layout.time_unit not in TIME_UNITS:
        raise UsageError(f"--time-unit {layout.time_unit!r} is not one of {', '.join(TIME_UNITS)}")
    if len(layout.separator) != 1 or layout.separator == layout.decimal:
        raise UsageError("--separator is one character, and not that of --decimal")
    if layout.decimal not in (".", ","):
        raise UsageError(f"--decimal {layout.decimal!r} is neither '.' nor ','")


def _check_separator(table: CsvText, layout: CsvLayout) -> None:
    """One long column is a table with another separator."""
    for other in (";", "\t", ","):
        if len(table.header) == 1 and other != layout.separator and other in table.header[0]:
            raise UsageError(
                f"{table.path.name} has one column, {table.header[0][:80]!r}; say --separator {other!r}"
            )


def _columns(table: CsvText, layout: CsvLayout) -> dict[str, str]:
    """Channel -> column, in the order of CHANNELS."""
    if layout.columns:
        return {name: layout.columns[name] for name in CHANNELS if name in layout.columns}
    found = {name: name for name in CHANNELS if name in table.header}
    if not found:
        _check_separator(table, layout)
        raise UsageError(
            f"{table.path.name} has columns {', '.join(table.header)}; say which is which with "
            "--map ax=COLUMN,ay=COLUMN,..."
        )
    return found


def _rate(options: ImportOptions, time_s: NDArray[np.float64] | None) -> float:
    """The rate that the person states; times only suggest one, because stamps jitter."""
    if options.rate_hz is None and time_s is not None and np.all(np.diff(time_s) >= 0):
        measured = read_timing(time_s, ()).rate_hz
        if measured is not None:
            raise UsageError(f"say the sample rate with --rate-hz; the times suggest {measured:.2f}")
    return require_option(options.rate_hz, "the sample rate", "--rate-hz")


def _subject(table: CsvText, layout: CsvLayout) -> str:
    if not layout.subject_column:
        return ""
    runs = read_runs(table, layout.subject_column)
    if len(runs) > 1:
        (_, _, first), (row, _, second) = runs[:2]
        both = f"subject {second[:MAX_SHOWN]!r} in a recording of {first[:MAX_SHOWN]!r}"
        raise table.refuse(row, f"{both}; split the file")
    return runs[0][2] if runs else ""


def read_labels(table: CsvText, layout: CsvLayout) -> tuple[tuple[Segment, ...], tuple[Interval, ...]]:
    """Runs of rows with the same text."""
    if not layout.label_column:
        return (), ()
    runs = [TextSpan(*run) for run in read_runs(table, layout.label_column)]
    n_samples = runs[-1].stop if runs else 0
    return read_spans(
        runs, n_samples, table.path, layout.unlabelled, lambda span: table.position(span.start)
    )
