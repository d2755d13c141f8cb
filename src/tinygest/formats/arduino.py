"""`arduino`: CSV of Arduino's gesture tutorial: `aX,aY,aZ[,gX,gY,gZ]` in g and degrees/s.

One file a gesture, whose name is the label; an empty line parts the captures. The rate is that of the
sensor's library (119 Hz on the first Nano 33 BLE Sense, 99.84 Hz on the second) and asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from tinygest.core.errors import FormatError
from tinygest.formats.base import (
    Imported,
    ImportOptions,
    ImportSource,
    Remark,
    require_csv_files,
    require_option,
)
from tinygest.formats.convert import CHANNELS
from tinygest.formats.lines import numbers, read_lines
from tinygest.formats.look import Look
from tinygest.formats.pieces import Piece, PieceFile, lay_end_to_end

HEADERS = ("aX,aY,aZ", "aX,aY,aZ,gX,gY,gZ")


def recognises(look: Look) -> bool:
    """The header that the sketch prints."""
    return look.first_line.replace(" ", "") in HEADERS


def read(path: Path, options: ImportOptions) -> ImportSource:
    """Look at the files; they are read one by one as the result is used."""
    files = [path] if path.is_file() else require_csv_files(path)
    dataset = path.resolve().stem if path.is_file() else path.resolve().name
    remarks = () if options.label else (Remark("labels taken from file names", f"{files[0].name}"),)
    return ImportSource(len(files), _recordings(files, dataset, options), remarks)


def _recordings(files: list[Path], dataset: str, options: ImportOptions) -> Iterator[Imported]:
    rate_hz = require_option(options.rate_hz, "the sample rate", "--rate-hz")
    for path in files:
        lines = read_lines(path)
        header = next((text.replace(" ", "") for _, text in lines if text), "")
        if header not in HEADERS:
            raise FormatError(f"has columns {header[:80]!r}, not {' or '.join(HEADERS)}", path, "line 1")
        n_axes = header.count(",") + 1
        file = PieceFile(
            path,
            path.stem,
            file=path.name,
            dataset=dataset,
            channels=CHANNELS[:n_axes],
            rate_hz=rate_hz,
            accel_unit=options.accel_unit or "g",
            gyro_unit=(options.gyro_unit or "deg/s") if n_axes == 6 else "",
            source={"format": "arduino"},
        )
        yield from lay_end_to_end(file, pieces(lines, n_axes, options.label or path.stem, path), options)


def pieces(lines: Iterator[tuple[int, str]], n_axes: int, label: str, path: Path) -> Iterator[Piece]:
    """Rows between lines that hold no number; raises FormatError with the line."""
    rows: list[np.ndarray] = []
    start = 0
    for number, text in lines:
        if not text.strip("-, "):
            if rows:
                yield Piece(np.stack(rows), label, f"line {start}")
            rows = []
            continue
        row = numbers(text.split(","), path, f"line {number}")
        if len(row) != n_axes:
            raise FormatError(f"has {len(row)} fields instead of {n_axes}", path, f"line {number}")
        start = start if rows else number
        rows.append(row)
    if rows:
        yield Piece(np.stack(rows), label, f"line {start}")
