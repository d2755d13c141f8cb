"""`createai`: data of micro:bit CreateAI (ml-trainer): JSON with gestures and recordings of x, y, z in g.

The file says no rate (the micro:bit sends about 50 samples a second), so it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np

from tinygest.core.errors import FormatError
from tinygest.formats.base import Imported, ImportOptions, ImportSource, require_option
from tinygest.formats.files import MAX_TREE_BYTES, files_below, load, names_of, relative
from tinygest.formats.look import Look
from tinygest.formats.pieces import Piece, PieceFile, lay_end_to_end

UNIT = "g"


class Axes(msgspec.Struct, frozen=True):
    """One recording's values."""

    x: list[float]
    y: list[float]
    z: list[float]


class Take(msgspec.Struct, frozen=True):
    """One recording; its id is a time or a number."""

    data: Axes


class Gesture(msgspec.Struct, frozen=True):
    """One class with its recordings."""

    name: str
    recordings: list[Take]


class Wrapped(msgspec.Struct, frozen=True):
    """The other form in which the list comes."""

    data: list[Gesture]


def recognises(look: Look) -> bool:
    """A JSON document with recordings of x, y, z."""
    words = (b'"recordings"', b'"name"', b'"x"', b'"z"')
    return look.text[:1] in ("[", "{") and all(word in look.head for word in words)


def read(path: Path, options: ImportOptions) -> ImportSource:
    """One recording a gesture, its takes laid end to end; files are read as the result is used."""
    root = path.parent if path.is_file() else path
    files = [path] if path.is_file() else files_below(path, {".json"})
    return ImportSource(len(files), _recordings(files, root, path.resolve().stem, options))


def _recordings(files: list[Path], root: Path, dataset: str, options: ImportOptions) -> Iterator[Imported]:
    rate_hz = require_option(options.rate_hz, "the sample rate (CreateAI's is about 50)", "--rate-hz")
    names = names_of(files, root)
    for path in files:
        for gesture in _decode(load(path, MAX_TREE_BYTES).removeprefix(b"\xef\xbb\xbf"), path):
            file = PieceFile(
                path,
                f"{names[path]}_{gesture.name}",
                file=relative(path, root),
                dataset=dataset,
                channels=("ax", "ay", "az"),
                rate_hz=rate_hz,
                accel_unit=options.accel_unit or UNIT,
                gyro_unit="",
                source={"format": "createai", "gesture": gesture.name},
            )
            if any(take.data.x for take in gesture.recordings):
                yield from lay_end_to_end(file, _pieces(gesture, path), options)


def _pieces(gesture: Gesture, path: Path) -> Iterator[Piece]:
    for number, take in enumerate(gesture.recordings):
        position = f"{gesture.name[:40]}, recordings[{number}]"
        axes = (take.data.x, take.data.y, take.data.z)
        if len({len(axis) for axis in axes}) > 1:
            raise FormatError("has axes of different length", path, position)
        if axes[0]:
            values = np.column_stack([np.array(axis, np.float64) for axis in axes])
            yield Piece(values, gesture.name, position)


def _decode(data: bytes, path: Path) -> list[Gesture]:
    try:
        if data.lstrip()[:1] == b"{":
            return msgspec.json.decode(data, type=Wrapped).data
        return msgspec.json.decode(data, type=list[Gesture])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise FormatError(f"is no data set of CreateAI: {error}", path) from error
