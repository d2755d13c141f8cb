"""`strokes`: JSON of TensorFlow's magic wand: gestures as strokes drawn on a plane.

These are no sensor values but points, made on the board from them: channels `sx`, `sy`, quantity
`position`, which no board of ours delivers. The person is what stands before `_` in the file's name.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np

from tinygest.core.canonical import decode_json
from tinygest.formats.base import Imported, ImportOptions, ImportSource, Remark, require_option
from tinygest.formats.convert import STROKE_CHANNELS
from tinygest.formats.files import MAX_TREE_BYTES, files_below, load, names_of, relative
from tinygest.formats.look import Look
from tinygest.formats.pieces import Piece, PieceFile, lay_end_to_end


class Point(msgspec.Struct, frozen=True):
    """x and y from -1 to 1."""

    x: float
    y: float


class Stroke(msgspec.Struct, frozen=True, rename="camel"):
    """One gesture."""

    stroke_points: list[Point]
    label: str = ""


class Strokes(msgspec.Struct, frozen=True):
    """The whole file."""

    strokes: list[Stroke]


def recognises(look: Look) -> bool:
    """A JSON document with strokePoints."""
    return look.text[:1] == "{" and b'"strokePoints"' in look.head


def read(path: Path, options: ImportOptions) -> ImportSource:
    """Look at the files; they are read one by one as the result is used."""
    root = path.parent if path.is_file() else path
    files = [path] if path.is_file() else files_below(path, {".json"})
    remarks = () if options.subject else (Remark("persons taken from file names", files[0].name),)
    return ImportSource(len(files), _recordings(files, root, path.resolve().stem, options), remarks)


def _recordings(files: list[Path], root: Path, dataset: str, options: ImportOptions) -> Iterator[Imported]:
    rate_hz = require_option(options.rate_hz, "how many points a second a stroke has", "--rate-hz")
    names = names_of(files, root)
    for path in files:
        strokes = decode_json(
            load(path, MAX_TREE_BYTES).removeprefix(b"\xef\xbb\xbf"), Strokes, path
        ).strokes
        person = path.stem.partition("_")[0] if "_" in path.stem else ""
        file = PieceFile(
            path,
            names[path],
            file=relative(path, root),
            dataset=dataset,
            channels=STROKE_CHANNELS,
            rate_hz=rate_hz,
            accel_unit="1",
            gyro_unit="",
            subject=options.subject or person,
            source={"format": "strokes"},
        )
        yield from lay_end_to_end(file, _pieces(strokes), options)


def _pieces(strokes: list[Stroke]) -> Iterator[Piece]:
    for number, stroke in enumerate(strokes):
        if stroke.stroke_points:
            values = np.array([(point.x, point.y) for point in stroke.stroke_points], np.float64)
            yield Piece(values, stroke.label, f"strokes[{number}]")
