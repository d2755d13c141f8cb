"""`sensiml`: capture CSV files with labels in DCLI or DAI, or a project file (`.dclproj`).

Columns are counts; what a count is stands nowhere, so it is asked for (our own exports say it in the
metadata). Holes in the column `sequence` are lost samples. Ends of segments are inclusive.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tinygest.core.errors import FormatError, UsageError
from tinygest.core.recording import Gap
from tinygest.formats.base import Imported, ImportOptions, ImportSource, Remark, require_option
from tinygest.formats.build import Capture, build
from tinygest.formats.channels import find_channels
from tinygest.formats.csv_table import CsvText, open_csv, read_numbers
from tinygest.formats.described import understand
from tinygest.formats.files import files_below, named_file, names_of, relative
from tinygest.formats.look import Look
from tinygest.formats.raw import check_counts, raw_units
from tinygest.formats.sensiml_labels import FileLabels, read_dcli, segments_of
from tinygest.formats.sensiml_project import MAGIC, read_project
from tinygest.formats.timing import n_lost

PROJECT = {".dclproj", ".dsproj"}
LABEL_FILES = {".dcli", ".dai"}
SEQUENCE, TIMESTAMP = "sequence", "timestamp"
COLUMN = re.compile(r"(Accelerometer|Gyroscope)[XYZ]\Z")
DATA_FOLDER = "data"


def recognises(look: Look) -> bool:
    """A project, a list of labelled files, or a capture by the names of its columns."""
    if look.head.startswith(MAGIC) or look.file.suffix.lower() in LABEL_FILES:
        return True
    return any(COLUMN.match(name) for name in look.header())


def read(path: Path, options: ImportOptions) -> ImportSource:
    """Look at the labels; captures are read one by one as the result is used."""
    folder = path if path.is_dir() else path.parent
    described = _described(path)
    by_file = {_file(folder, labels): labels for labels in described}
    files = _captures(path, by_file)
    for file, labels in by_file.items():
        if file not in files and not file.is_file():
            raise FormatError(f"names {labels.file_name[:80]!r}, which is not there", labels.said_by)
    remarks = []
    unknown = [relative(file, folder) for file in files if file not in by_file]
    if described and unknown:
        remarks = [Remark("recordings that the labels do not mention", name) for name in unknown]
    return ImportSource(len(files), _recordings(files, folder, by_file, options), tuple(remarks))


def _captures(path: Path, by_file: dict[Path, FileLabels]) -> list[Path]:
    """A project or a label file names its captures; a folder with labels may hold more than they know."""
    if path.suffix.lower() == ".csv" and path.is_file():
        return [path]
    whole = any(labels.said_by.suffix.lower() in PROJECT for labels in by_file.values())
    if path.is_dir() and not whole:
        return files_below(path, {".csv"})
    if not by_file:
        raise FormatError("names no capture", path)
    return sorted(by_file)


def _described(path: Path) -> list[FileLabels]:
    """From the file that is named, or from the one that the folder holds."""
    if path.suffix.lower() in PROJECT:
        return read_project(path)
    if path.suffix.lower() in LABEL_FILES:
        return read_dcli(path)
    if path.is_file():
        return []
    said = [p for p in sorted(path.iterdir()) if p.suffix.lower() in PROJECT | LABEL_FILES]
    if len(said) > 1:
        raise UsageError(f"{path} holds {', '.join(p.name for p in said)[:200]}; import one of them")
    return _described(said[0]) if said else []


def _file(folder: Path, labels: FileLabels) -> Path:
    """Right beside the project, or in its folder of data."""
    file = named_file(folder, labels.file_name, labels.said_by)
    inside = named_file(folder, f"{DATA_FOLDER}/{labels.file_name}", labels.said_by)
    return inside if inside.is_file() and not file.is_file() else file


def _recordings(
    files: list[Path], folder: Path, by_file: dict[Path, FileLabels], options: ImportOptions
) -> Iterator[Imported]:
    names = names_of(files, folder)
    dataset = folder.resolve().name
    for file in files:
        labels = by_file.get(file) or FileLabels(file.name, file)
        yield _import_file(open_csv(file), names[file], dataset, labels, options)


def _import_file(
    table: CsvText, name: str, dataset: str, labels: FileLabels, options: ImportOptions
) -> Imported:
    path = table.path
    places, remarks = find_channels(
        table.header, options.layout.columns, path.name, passed_over=(SEQUENCE, TIMESTAMP)
    )
    columns = {channel: table.header[at] for channel, at in places.items()}
    described = understand(labels.metadata, path)
    units = raw_units(places, options, described)
    values = read_numbers(table, list(columns.values()))
    check_counts(values, units, path)
    segments, reviewed = segments_of(labels, len(values), options, remarks)
    if labels.n_videos:
        remarks.append(Remark("videos skipped", f"{path.name}: {labels.n_videos}"))
    imported = build(
        Capture(
            path,
            name,
            file=path.name,
            dataset=dataset,
            channels=tuple(places),
            values=values,
            rate_hz=require_option(
                options.rate_hz or described.rate_hz or labels.rate_hz, "the sample rate", "--rate-hz"
            ),
            accel_unit=units[0],
            gyro_unit=units[1],
            gravity=(described.gravity if options.gravity is None else options.gravity) is not False,
            continuous=options.continuous is not False,
            gaps=_lost(table),
            described=described,
            segments=segments,
            annotated=bool(segments),
            reviewed=reviewed,
            source={"format": "sensiml", "columns": columns},
            refuse=table.refuse,
        ),
        options,
    )
    return Imported(imported.recording, imported.track, (*imported.remarks, *remarks))


def _lost(table: CsvText) -> tuple[Gap, ...]:
    """Holes in the sequence; raises FormatError where it does not go on."""
    if SEQUENCE not in table.header:
        return ()
    with np.errstate(over="ignore"):  # an infinite step is a long one
        steps: NDArray[np.float64] = np.diff(read_numbers(table, [SEQUENCE])[:, 0])
    back = np.flatnonzero(steps < 1)
    if len(back):
        raise table.refuse(int(back[0]) + 1, "the sequence does not go on here; split the file")
    return tuple(Gap(int(row) + 1, n_lost(float(steps[row]) - 1)) for row in np.flatnonzero(steps >= 1.5))
