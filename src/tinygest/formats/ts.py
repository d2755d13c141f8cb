"""`ts`: time series of the UEA and UCR archives. Each case is a capture of its own with a class.

Rate, units, subject and the order of axes stand nowhere in the format, so they are asked for; our own
exports say them in comment lines `# tinygest NAME VALUE`.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tinygest.core.errors import FormatError
from tinygest.formats.base import Imported, ImportOptions, ImportSource, require_option
from tinygest.formats.channels import check_mapping
from tinygest.formats.convert import CHANNELS, is_rotation
from tinygest.formats.described import Described, understand
from tinygest.formats.files import files_below, names_of, relative
from tinygest.formats.lines import numbers, read_lines
from tinygest.formats.look import Look
from tinygest.formats.pieces import Piece, PieceFile, lay_end_to_end

COMMENT = "# tinygest "
CHANNEL_ORDER, ACCEL_UNIT, GYRO_UNIT, CLASS = "channels", "accel_unit", "gyro_unit", "class_"
MAX_HEAD_LINES = 100_000
Lines = Iterator[tuple[int, str]]


@dataclass
class Head:
    """What stands before `@data`."""

    tags: dict[str, str] = field(default_factory=dict)
    """Name in small letters -> the rest of the line."""
    said: dict[str, str] = field(default_factory=dict)
    """What our own comments say."""

    def is_true(self, tag: str) -> bool:
        return self.tags.get(tag, "").lower().split(" ")[0] == "true"


def recognises(look: Look) -> bool:
    """Tags that no other format has."""
    tags = {line.split(" ")[0].strip().lower() for line in look.text.splitlines() if line.startswith("@")}
    return bool(tags & {"@problemname", "@classlabel", "@data"})


def read(path: Path, options: ImportOptions) -> ImportSource:
    """Look at the files; cases are read as the result is used."""
    root = path.parent if path.is_file() else path
    files = [path] if path.is_file() else files_below(path, {".ts"})
    return ImportSource(len(files), _recordings(files, root, path.resolve().stem, options))


def _recordings(files: list[Path], root: Path, dataset: str, options: ImportOptions) -> Iterator[Imported]:
    names = names_of(files, root)
    for path in files:
        lines = read_lines(path)
        head = _read_head(lines, path)
        cases = _cases(lines, head, path)
        first = next(cases, None)
        if first is None:
            raise FormatError("holds no case", path)
        channels = _channels(head, first.values.shape[1], options, path)
        at = list(channels.values())
        pieces = (Piece(c.values[:, at], c.label, c.position) for c in itertools.chain([first], cases))
        file = _file(path, names[path], head, tuple(channels), options)
        described = PieceFile(**{**vars(file), "file": relative(path, root), "dataset": dataset})
        yield from lay_end_to_end(described, pieces, options)


def _file(
    path: Path, name: str, head: Head, channels: tuple[str, ...], options: ImportOptions
) -> PieceFile:
    own = {CHANNEL_ORDER, ACCEL_UNIT, GYRO_UNIT}
    said = understand(
        {k: v for k, v in head.said.items() if k not in own and not k.startswith(CLASS)}, path
    )
    rotation = {is_rotation(channel) for channel in channels}
    accel_unit = options.accel_unit or head.said.get(ACCEL_UNIT)
    gyro_unit = options.gyro_unit or head.said.get(GYRO_UNIT)
    return PieceFile(
        path,
        name,
        file="",
        dataset="",
        channels=channels,
        rate_hz=require_option(options.rate_hz or said.rate_hz, "the sample rate", "--rate-hz"),
        accel_unit=require_option(accel_unit, "the unit of acceleration", "--accel-unit")
        if False in rotation
        else "",
        gyro_unit=require_option(gyro_unit, "the unit of rotation", "--gyro-unit")
        if True in rotation
        else "",
        gravity=said.gravity,
        described=Described(said.texts, said.rate_hz, said.counts_per_g, said.counts_per_dps),
        source={"format": "ts", "problem": head.tags.get("@problemname", "")},
    )


def _read_head(lines: Lines, path: Path) -> Head:
    """All up to and with `@data`; raises FormatError if it never comes."""
    head = Head()
    for number, text in lines:
        if text.startswith(COMMENT):
            name, _, value = text.removeprefix(COMMENT).partition(" ")
            head.said[name] = value
        elif text.lower() == "@data":
            if head.is_true("@timestamps"):
                raise FormatError("holds a time for each value, which is not supported", path)
            return head
        elif text.startswith("@"):
            name, _, value = text.partition(" ")
            head.tags[name.lower()] = value.strip()
        elif text and not text.startswith("#"):
            raise FormatError(f"{text[:40]!r} stands before @data", path, f"line {number}")
        if number > MAX_HEAD_LINES:
            break
    raise FormatError("has no line @data", path)


def _cases(lines: Lines, head: Head, path: Path) -> Iterator[Piece]:
    labelled = head.is_true("@classlabel")
    classes = set(head.tags.get("@classlabel", "").split()[1:])
    n_axes = 0
    for number, text in lines:
        if not text or text.startswith("#"):
            continue
        position = f"line {number}"
        *series, label = text.split(":") if labelled else (*text.split(":"), "")
        if classes and label.strip() not in classes:
            reason = f"ends in {label.strip()[:40]!r}, which is no class of @classLabel; was it cut off?"
            raise FormatError(reason, path, position)
        values = _values(series, path, position)
        if values.shape[1] != (n_axes or values.shape[1]):
            reason = f"has {values.shape[1]} dimensions where the cases before have {n_axes}"
            raise FormatError(reason, path, position)
        n_axes = values.shape[1]
        yield Piece(values, head.said.get(CLASS + label.strip(), label), position)


def _values(series: list[str], path: Path, position: str) -> NDArray[np.float64]:
    """(n, n_axes) of one case."""
    if not series:
        raise FormatError("has a class and no values", path, position)
    columns = [numbers(text.split(","), path, position) for text in series]
    if len({len(column) for column in columns}) > 1:
        raise FormatError("has dimensions of different length", path, position)
    return np.column_stack(columns)


def _channels(head: Head, n_axes: int, options: ImportOptions, path: Path) -> dict[str, int]:
    """Channel -> dimension counted from 0."""
    check_mapping(options.layout.columns)
    said = options.layout.columns
    if not said and CHANNEL_ORDER in head.said:
        said = {name: str(at) for at, name in enumerate(head.said[CHANNEL_ORDER].split(), start=1)}
    require_option(said or None, f"which of the {n_axes} dimensions is which", "--map ax=1,ay=2,...")
    for channel, number in said.items():
        if not (number.isascii() and number.isdigit() and 1 <= int(number[:6]) <= n_axes):
            raise FormatError(f"has no dimension {number[:20]!r} for {channel}, only 1 to {n_axes}", path)
    return {name: int(said[name]) - 1 for name in CHANNELS if name in said}
