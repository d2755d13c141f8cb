"""A SensiML project file (`.dclproj`, `.dsproj`): SQLite, opened read-only and never trusted.

A database can hold views that never end and values of any size: work and lengths are bounded.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec

from tinygest.core.errors import FormatError
from tinygest.formats.sensiml_labels import LABEL, DcliSegment, FileLabels

MAGIC = b"SQLite format 3\0"
MAX_VALUE_BYTES = 1 << 20
MAX_STEPS = 200_000_000  # of SQLite's machine: a million labels take a few per cent of it
STEPS_A_CALL = 100_000
DELETED = 2

CAPTURES = "SELECT id, name, set_sample_rate FROM Capture WHERE {live}"
METADATA = """
SELECT m.capture, f.name, v.value FROM CaptureMetadataValue m
LEFT JOIN Label f ON f.id = m.label LEFT JOIN LabelValue v ON v.id = m.label_value WHERE {live}"""
LABELS = """
SELECT c.capture, s.name, f.name, v.value, c.capture_sample_sequence_start, c.capture_sample_sequence_end
FROM CaptureLabelValue c LEFT JOIN Segmenter s ON s.id = c.segmenter
LEFT JOIN Label f ON f.id = c.label LEFT JOIN LabelValue v ON v.id = c.label_value WHERE {live}"""


def read_project(path: Path) -> list[FileLabels]:
    """What the project says about each capture that is not deleted; raises FormatError."""
    try:
        with closing(_open(path)) as connection:
            return _read(connection, path)
    except sqlite3.Error as error:
        raise FormatError(f"is no SensiML project: {error}", path) from error
    except (msgspec.ValidationError, UnicodeDecodeError) as error:
        raise FormatError(f"holds a value of the wrong kind: {error}", path) from error


def _open(path: Path) -> sqlite3.Connection:
    log = path.with_name(f"{path.name}-wal")
    if log.is_file() and log.stat().st_size:
        raise FormatError(
            "has changes that are not written into it yet; close the program that has it", path
        )
    # immutable: no lock, no journal beside it, not even a change of its time.
    connection = sqlite3.connect(f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1", uri=True)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_VALUE_BYTES)
    calls = iter(range(MAX_STEPS // STEPS_A_CALL))
    connection.set_progress_handler(lambda: next(calls, None) is None, STEPS_A_CALL)
    connection.execute("PRAGMA trusted_schema = OFF")
    return connection


def _read(connection: sqlite3.Connection, path: Path) -> list[FileLabels]:
    metadata: dict[int, dict[str, str]] = defaultdict(dict)
    for capture, name, text in _rows(
        connection, METADATA, "CaptureMetadataValue", "m.", tuple[int, str | None, str | float | None]
    ):
        if name and text is not None:
            metadata[capture][name] = str(text)
    sessions: dict[int, dict[str, list[DcliSegment]]] = defaultdict(lambda: defaultdict(list))
    kinds = tuple[int, str | None, str | None, str | None, int, int]
    for capture, session, field, value, start, end in _rows(
        connection, LABELS, "CaptureLabelValue", "c.", kinds
    ):
        sessions[capture][session or ""].append(DcliSegment(start, end, value or "", field or LABEL))
    captures = _rows(connection, CAPTURES, "Capture", "", tuple[int, str, float | None])
    return [
        FileLabels(name, path, metadata.get(number, {}), sessions.get(number, {}), rate_hz or None)
        for number, name, rate_hz in captures
    ]


def _rows(connection: sqlite3.Connection, query: str, table: str, prefix: str, kind: Any) -> Iterator[Any]:
    """Rows of the query that are not marked as deleted, each checked to be a tuple of `kind`."""
    columns = {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}
    live = f"{prefix}local_status IS NOT {DELETED}" if "local_status" in columns else "1"
    for row in connection.execute(query.format(live=live)):
        yield msgspec.convert(row, kind)
