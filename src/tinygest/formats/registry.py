"""Formats by name. A reader's module is loaded when its format is asked for."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from tinygest.core.errors import UsageError
from tinygest.formats.base import Importer, ImportOptions, ImportSource

IMPORTERS = {
    "imu-csv": "tinygest.formats.imu_csv",
    "csv": "tinygest.formats.plain_csv",
}
"""Name -> module with a function `read`."""


def open_source(name: str, path: Path, options: ImportOptions) -> ImportSource:
    """Look at the data in `path`; raises UsageError, FormatError."""
    if name not in IMPORTERS:
        raise UsageError(f"format {name!r} is not one of {', '.join(IMPORTERS)}")
    if name != "csv" and options.layout != type(options.layout)():
        raise UsageError("--map and the other column options belong to --format csv")
    read: Importer = import_module(IMPORTERS[name]).read
    return read(path, options)
