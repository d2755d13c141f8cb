"""`magic-wand`: texts of TensorFlow's wand example, `output_<gesture>_<person>.txt`.

Rows of three numbers, parted by lines `-,-,-`; gesture and person stand in the file's name. Rate
(25 Hz) and unit (mg) stand nowhere, so they are asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from tinygest.formats.arduino import pieces
from tinygest.formats.base import Imported, ImportOptions, ImportSource, Remark, require_option
from tinygest.formats.convert import CHANNELS
from tinygest.formats.files import files_below, names_of, relative
from tinygest.formats.lines import read_lines
from tinygest.formats.look import Look
from tinygest.formats.pieces import PieceFile, lay_end_to_end

NAME = re.compile(r"output_([A-Za-z0-9]+)_(.+)\Z")
SEPARATOR = re.compile(r"^\s*-,-,-\s*$", re.MULTILINE)
N_AXES = 3


def recognises(look: Look) -> bool:
    """A line `-,-,-` early on."""
    return SEPARATOR.search(look.text) is not None


def read(path: Path, options: ImportOptions) -> ImportSource:
    """Look at the files; they are read one by one as the result is used."""
    root = path.parent if path.is_file() else path
    files = [path] if path.is_file() else files_below(path, {".txt"})
    said = () if options.label else (Remark("gestures and persons taken from file names", files[0].name),)
    return ImportSource(len(files), _recordings(files, root, path.resolve().stem, options), said)


def _recordings(files: list[Path], root: Path, dataset: str, options: ImportOptions) -> Iterator[Imported]:
    rate_hz = require_option(options.rate_hz, "the sample rate (the wand's is 25)", "--rate-hz")
    unit = "the unit of acceleration (the wand's is mg)"
    accel_unit = require_option(options.accel_unit, unit, "--accel-unit")
    names = names_of(files, root)
    for path in files:
        found = NAME.match(path.stem)
        gesture, person = (found[1], found[2]) if found else ("", "")
        label = require_option(options.label or gesture, f"which gesture {path.name} shows", "--label")
        file = PieceFile(
            path,
            names[path].removeprefix("output_"),
            file=relative(path, root),
            dataset=dataset,
            channels=CHANNELS[:N_AXES],
            rate_hz=rate_hz,
            accel_unit=accel_unit,
            gyro_unit="",
            subject=options.subject or person,
            source={"format": "magic-wand"},
        )
        yield from lay_end_to_end(file, pieces(read_lines(path), N_AXES, label, path), options)
