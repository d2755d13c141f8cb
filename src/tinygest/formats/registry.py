"""Formats by name. A module is loaded when its format is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

from tinygest.core.errors import FormatError, UsageError
from tinygest.formats.base import CsvLayout, Imported, Importer, ImportOptions, ImportSource
from tinygest.formats.export_base import Exporter
from tinygest.formats.look import look_at

IMPORTERS = {
    "imu-csv": "tinygest.formats.imu_csv",
    "edge-impulse": "tinygest.formats.edge_impulse",
    "sensiml": "tinygest.formats.sensiml",
    "ts": "tinygest.formats.ts",
    "createai": "tinygest.formats.createai",
    "strokes": "tinygest.formats.strokes",
    "magic-wand": "tinygest.formats.magic_wand",
    "uci-har": "tinygest.formats.uci_har",
    "arduino": "tinygest.formats.arduino",
    "nordic": "tinygest.formats.nordic",
    "csv": "tinygest.formats.plain_csv",
}
"""Name -> module with functions `read` and `recognises`; in the order in which they are asked."""
EXPORTERS = {
    "csv": "tinygest.formats.plain_csv_export",
    "ts": "tinygest.formats.ts_export",
    "createai": "tinygest.formats.createai_export",
    "sensiml": "tinygest.formats.sensiml_export",
    "edge-impulse": "tinygest.formats.edge_impulse_export",
}
"""Name -> module with a function `write` and the text IMPORT_AGAIN."""
MAPPED = ("edge-impulse", "sensiml", "nordic", "ts")
"""Formats whose channels `--map` may name."""


def open_source(name: str, path: Path, options: ImportOptions) -> ImportSource:
    """Look at the data in `path`; raises UsageError, FormatError."""
    if name not in IMPORTERS:
        raise UsageError(f"format {name!r} is not one of {', '.join(IMPORTERS)}")
    read: Importer = _module(name).read
    _check_layout(name, options.layout)
    with _readable(path):
        if not path.is_file() and not path.is_dir():  # a pipe may never end
            raise FormatError("is not a file or folder", path)
        source = read(path, options)
    return replace(source, recordings=_readable_each(source.recordings, path))


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """What the system refuses becomes a FormatError."""
    try:
        yield
    except OSError as error:
        raise FormatError(f"cannot be read: {error.strerror}", Path(error.filename or path)) from error


def _readable_each(recordings: Iterator[Imported], path: Path) -> Iterator[Imported]:
    with _readable(path):
        yield from recordings


def recognise(path: Path) -> str:
    """The format of a file or folder by its content; raises FormatError, UsageError."""
    with _readable(path):
        look = look_at(path)
        for name in IMPORTERS:
            if _module(name).recognises(look):
                return name
    raise FormatError(
        f"is of no format that is recognised; name one with --format: {', '.join(IMPORTERS)}", path
    )


def exporter(name: str) -> tuple[Exporter, str]:
    """The function that writes a format, and the command that reads it again. Raises UsageError."""
    if name not in EXPORTERS:
        raise UsageError(f"format {name!r} is not one of {', '.join(EXPORTERS)}")
    module = import_module(EXPORTERS[name])
    return module.write, module.IMPORT_AGAIN


def _module(name: str) -> Any:
    return import_module(IMPORTERS[name])


def _check_layout(name: str, layout: CsvLayout) -> None:
    columns = layout.columns if name in MAPPED else {}
    allowed = CsvLayout(columns=columns, unlabelled=layout.unlabelled)
    if name == "nordic":
        allowed = CsvLayout(columns=columns, unlabelled=layout.unlabelled, label_column=layout.label_column)
    if name != "csv" and layout != allowed:
        raise UsageError("--map and the other column options belong to --format csv")
