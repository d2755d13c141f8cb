"""`uci-har`: inertial signals of the UCI smartphone set: windows of 128 rows that overlap by half.

Windows whose first half is the last half of the window before, number for number, are joined again, so
that a recording holds each row once. Acceleration is `total_acc` (g, with gravity), rotation `body_gyro`
(rad/s), the rate 50 Hz: the set's description fixes them. One recording a person, labels by window.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tinygest.core.errors import FormatError
from tinygest.formats.base import Imported, ImportOptions, ImportSource
from tinygest.formats.convert import CHANNELS
from tinygest.formats.lines import numbers, read_lines
from tinygest.formats.look import Look
from tinygest.formats.pieces import Piece, PieceFile, lay_end_to_end

SIGNALS = "Inertial Signals"
SPLITS = ("train", "test")
ACTIVITIES = ("walking", "walking upstairs", "walking downstairs", "sitting", "standing", "laying")
RATE_HZ = 50.0
LENGTH, HALF = 128, 64
Window = tuple[str, str, str, NDArray[np.float64]]
"""Subject, label, position and values (128, 6)."""


def recognises(look: Look) -> bool:
    """The folder with `train/Inertial Signals` or `test/Inertial Signals`."""
    return look.path.is_dir() and bool(_splits(look.path))


def read(path: Path, options: ImportOptions) -> ImportSource:
    """Windows are read as the result is used, one person at a time."""
    splits = _splits(path) if path.is_dir() else []
    if not splits:
        raise FormatError(f"holds no folder {SPLITS[0]}/{SIGNALS} or {SPLITS[1]}/{SIGNALS}", path)
    people = itertools.chain.from_iterable(_recordings(path, split, options) for split in splits)
    return ImportSource(len(splits), people)


def _splits(path: Path) -> list[str]:
    return [split for split in SPLITS if (path / split / SIGNALS).is_dir()]


def _recordings(root: Path, split: str, options: ImportOptions) -> Iterator[Imported]:
    seen: dict[str, int] = {}
    folder = root / split
    for subject, windows in itertools.groupby(_windows(folder, split), key=lambda window: window[0]):
        seen[subject] = seen.get(subject, 0) + 1
        again = "" if seen[subject] == 1 else f"_again{seen[subject]}"
        file = PieceFile(
            folder / SIGNALS,
            f"{split}_s{subject}{again}",
            file=f"{split}/{SIGNALS}",
            dataset=root.resolve().name,
            channels=CHANNELS,
            rate_hz=options.rate_hz or RATE_HZ,
            accel_unit=options.accel_unit or "g",
            gyro_unit=options.gyro_unit or "rad/s",
            subject=f"S{subject}",
            source={"format": "uci-har", "split": split},
        )
        yield from lay_end_to_end(file, _joined(windows), options)


def _joined(windows: Iterator[Window]) -> Iterator[Piece]:
    before: NDArray[np.float64] | None = None
    for _, label, position, values in windows:
        goes_on = before is not None and np.array_equal(before[HALF:], values[:HALF])
        yield Piece(values[HALF:] if goes_on else values, label, position, joined=goes_on)
        before = values


def _windows(folder: Path, split: str) -> Iterator[Window]:
    """Rows of eight files side by side; raises FormatError if one is shorter than the others."""
    signals = [f"{kind}_{axis}" for kind in ("total_acc", "body_gyro") for axis in "xyz"]
    paths = [folder / SIGNALS / f"{signal}_{split}.txt" for signal in signals]
    paths += [folder / f"y_{split}.txt", folder / f"subject_{split}.txt"]
    for rows in itertools.zip_longest(*map(read_lines, paths)):
        if any(row is None for row in rows):
            short = paths[rows.index(None)]
            raise FormatError("has fewer lines than the files beside it", short)
        number, position = rows[0][0], f"line {rows[0][0]}"
        columns = [
            _row(text, path, f"line {line}") for (line, text), path in zip(rows[:6], paths, strict=False)
        ]
        activity, subject = rows[6][1], rows[7][1]
        if activity not in {str(i) for i in range(1, len(ACTIVITIES) + 1)}:
            raise FormatError(f"{activity[:20]!r} is not an activity, 1 to 6", paths[6], f"line {number}")
        if not (subject.isascii() and subject.isdigit() and len(subject) < 4):
            raise FormatError(f"{subject[:20]!r} is not a subject's number", paths[7], f"line {number}")
        yield subject, ACTIVITIES[int(activity) - 1], position, np.column_stack(columns)


def _row(text: str, path: Path, position: str) -> NDArray[np.float64]:
    values = numbers(text.split(), path, position)
    if len(values) != LENGTH:
        raise FormatError(f"has {len(values)} values instead of {LENGTH}", path, position)
    return values
