"""`nordic`: CSV of Nordic's (formerly Neuton's) toolchain: raw counts and a column with the class.

The class is a number from 0; runs of it become segments with that number as label.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from tinygest.formats.base import Imported, ImportOptions, ImportSource, require_csv_files, require_option
from tinygest.formats.build import Capture, build
from tinygest.formats.channels import find_channels
from tinygest.formats.csv_table import open_csv, read_numbers
from tinygest.formats.look import Look
from tinygest.formats.plain_csv import read_labels
from tinygest.formats.raw import check_counts, raw_units

COLUMN = re.compile(r"(acc|gyro)_[xyz]\Z")
TARGET = re.compile(r"(target|label|class|y)\Z", re.IGNORECASE)


def recognises(look: Look) -> bool:
    """Columns acc_x, acc_y, ... and a target."""
    names = look.header()
    return any(map(COLUMN.match, names)) and any(map(TARGET.match, names))


def read(path: Path, options: ImportOptions) -> ImportSource:
    """Look at the files; they are read one by one as the result is used."""
    files = [path] if path.is_file() else require_csv_files(path)
    dataset = path.resolve().stem if path.is_file() else path.resolve().name
    return ImportSource(len(files), _recordings(files, dataset, options))


def _recordings(files: list[Path], dataset: str, options: ImportOptions) -> Iterator[Imported]:
    for path in files:
        table = open_csv(path)
        target = options.layout.label_column or next(filter(TARGET.match, table.header), "")
        places, remarks = find_channels(table.header, options.layout.columns, path.name, (target,))
        columns = {channel: table.header[at] for channel, at in places.items()}
        units = raw_units(places, options)
        values = read_numbers(table, list(columns.values()))
        check_counts(values, units, path)
        segments, reviewed = read_labels(table, replace(options.layout, label_column=target))
        imported = build(
            Capture(
                path,
                path.stem,
                file=path.name,
                dataset=dataset,
                channels=tuple(places),
                values=values,
                rate_hz=require_option(options.rate_hz, "the sample rate", "--rate-hz"),
                accel_unit=units[0],
                gyro_unit=units[1],
                gravity=options.gravity is not False,
                continuous=options.continuous is not False,
                segments=segments,
                annotated=bool(target),
                reviewed=reviewed or None,
                source={"format": "nordic", "columns": columns},
                refuse=table.refuse,
            ),
            options,
        )
        yield Imported(imported.recording, imported.track, (*imported.remarks, *remarks))
