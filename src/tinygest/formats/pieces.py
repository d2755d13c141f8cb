"""Separate captures, laid end to end: the part that formats of cut-out gestures share.

Time is broken at every border, so no filter or window runs across. A recording holds at most MAX_ROWS
rows and a longer set becomes several, so memory does not grow with the set.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinygest.core.errors import FormatError, LabelError
from tinygest.core.labels import UNKNOWN, Segment, check_label
from tinygest.core.recording import Gap
from tinygest.formats.base import Imported, ImportOptions
from tinygest.formats.build import Capture, build
from tinygest.formats.described import Described
from tinygest.formats.spans import MAX_SHOWN

MAX_ROWS = 1 << 18


@dataclass(frozen=True)
class Piece:
    """One capture: values (n, c) and what it shows; an empty text if nobody knows."""

    values: NDArray[np.float64]
    label: str
    position: str
    """Its place in the file, for errors."""
    joined: bool = False
    """It goes on where the one before ended."""


@dataclass(frozen=True)
class PieceFile:
    """What all pieces of a file share."""

    path: Path
    name: str
    file: str
    dataset: str
    channels: tuple[str, ...]
    rate_hz: float
    accel_unit: str
    gyro_unit: str
    subject: str = ""
    gravity: bool | None = None
    """As the format says; None: it does not, and acceleration holds gravity unless the person objects."""
    described: Described = field(default_factory=Described)
    source: dict[str, Any] = field(default_factory=dict)


def lay_end_to_end(file: PieceFile, pieces: Iterable[Piece], options: ImportOptions) -> Iterator[Imported]:
    """Recordings of at most MAX_ROWS rows (one piece may be longer); raises FormatError."""
    group: list[Piece] = []
    number = n_rows = 0
    for piece in pieces:
        if group and n_rows + len(piece.values) > MAX_ROWS:
            number += 1
            yield _build(file, group, number, options)
            group, n_rows = [], 0
        group.append(piece)
        n_rows += len(piece.values)
    if group:
        yield _build(file, group, number + 1, options)
    elif not number:
        raise FormatError("holds no samples", file.path)


def _build(file: PieceFile, group: list[Piece], number: int, options: ImportOptions) -> Imported:
    values = np.concatenate([piece.values for piece in group])
    starts = np.cumsum([0, *(len(piece.values) for piece in group)]).tolist()
    gravity = options.gravity if options.gravity is not None else file.gravity
    return build(
        Capture(
            file.path,
            file.name if number == 1 else f"{file.name}_{number}",
            file=file.file,
            dataset=file.dataset,
            channels=file.channels,
            values=values,
            rate_hz=file.rate_hz,
            accel_unit=file.accel_unit,
            gyro_unit=file.gyro_unit,
            gravity=gravity is not False,
            continuous=False,
            gaps=_breaks(group, starts),
            subject=file.subject,
            described=file.described,
            segments=tuple(_segments(file.path, group, starts, options)),
            borders_are_breaks=False,
            source=file.source,
        ),
        options,
    )


def _breaks(group: list[Piece], starts: list[int]) -> tuple[Gap, ...]:
    rows = zip(starts, group, strict=False)
    return tuple(Gap(start) for start, piece in rows if start and not piece.joined)


def _segments(
    path: Path, group: list[Piece], starts: list[int], options: ImportOptions
) -> Iterator[Segment]:
    """One a piece; pieces that go on with the same label are one."""
    open_segment: Segment | None = None
    for piece, start in zip(group, starts, strict=False):
        stop = start + len(piece.values)
        label = _label(piece, path, options)
        if open_segment and piece.joined and open_segment.label == label and open_segment.stop == start:
            open_segment = Segment(open_segment.start, stop, label, "import")
            continue
        if open_segment:
            yield open_segment
        open_segment = Segment(start, stop, label, "import") if label else None
    if open_segment:
        yield open_segment


def _label(piece: Piece, path: Path, options: ImportOptions) -> str:
    """Empty for what is no gesture: isolated captures of nothing teach through their recording alone."""
    text = piece.label.strip()
    if text in options.layout.unlabelled or text.lower() == UNKNOWN or not text:
        return ""
    try:
        return check_label(text[:MAX_SHOWN])
    except LabelError as error:
        raise FormatError(str(error), path, piece.position) from error
