"""SensiML capture CSV files and one DCLI file with labels and metadata.

Lost samples are holes in the sequence, as SensiML has it; where time is broken by nobody knows how much,
a recording becomes several files. Columns hold counts: their scale stands in the metadata alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec
import numpy as np

from tinygest.core.labels import Interval, Segment
from tinygest.core.recording import Recording
from tinygest.formats.base import Remark
from tinygest.formats.csv_table import write_columns
from tinygest.formats.described import describe
from tinygest.formats.export_base import ExportOptions, Item, Losses, Names, unbroken
from tinygest.formats.sensiml import SEQUENCE
from tinygest.formats.sensiml_labels import LABEL, REVIEWED
from tinygest.formats.spans import UNNAMED

IMPORT_AGAIN = "tinygest import {out}"
SESSION = "tinygest"
COLUMNS = {"a": "Accelerometer", "g": "Gyroscope"}


def write(items: Iterable[Item], folder: Path, options: ExportOptions) -> list[Remark]:
    """`<recording>.csv` and `labels.dcli`."""
    names, losses = Names(), Losses.none()
    entries = []
    for item in items:
        parts = unbroken(item, lambda gap: gap.n_missing == 0)
        losses.add("recordings cut where time is broken", len(parts) > 1, item.recording.id)
        losses.add("columns hold counts; their scale stands in labels.dcli alone", 1, item.recording.id)
        losses.add_physics(item.recording.info, item.recording.id)
        for part in parts:
            name = names.take(f"{part.recording.id}.csv")
            _write_capture(folder / name, part.recording)
            entries.append(_entry(name, part))
    lines = b",\n".join(map(msgspec.json.encode, entries))
    (folder / "labels.dcli").write_bytes(b"[\n" + lines + b"\n]\n")
    return losses.remarks()


def column_of(channel: str) -> str:
    """`ax` -> `AccelerometerX`."""
    return COLUMNS[channel[0]] + channel[1:].upper()


def _write_capture(path: Path, recording: Recording) -> None:
    info = recording.info
    sequence = np.arange(info.n_samples)
    for gap in info.gaps:
        sequence[gap.at :] += gap.n_missing
    columns = {
        column_of(name): recording.samples[:, i] for i, name in enumerate(info.contract.channel_names)
    }
    write_columns(path, {SEQUENCE: sequence, **columns})


def _entry(name: str, part: Item) -> dict[str, object]:
    sessions = [
        {"session_name": SESSION, "segments": _segments(part.track.segments)},
        {"session_name": REVIEWED, "segments": _segments(part.track.reviewed)},
    ]
    metadata = [{"name": key, "value": value} for key, value in describe(part.recording).items()]
    return {"file_name": name, "metadata": metadata, "sessions": sessions, "videos": []}


def _segments(spans: Sequence[Segment | Interval]) -> list[dict[str, object]]:
    """The end row belongs to its segment, as SensiML has it."""
    return [
        {"name": LABEL, "value": _value(span), "start": span.start, "end": span.stop - 1} for span in spans
    ]


def _value(span: Segment | Interval) -> str:
    return REVIEWED if isinstance(span, Interval) else span.label or UNNAMED
