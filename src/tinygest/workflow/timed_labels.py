"""Lists of times in CSV files: who did what and when. Written by virtual boards, scripts, people."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tinygest.core.errors import ContractError, FormatError
from tinygest.core.labels import LabelTrack
from tinygest.gateway.timing import row_times
from tinygest.label.segmentation import Span
from tinygest.label.times import Named, name_by_times
from tinygest.store.project import Project
from tinygest.store.recordings import RecordingEntry
from tinygest.workflow.projects import check_known

COLUMNS = ("label", "start", "stop")
UNIX_S = 1e8
"""From here on a number is Unix time, no second of a recording."""


@dataclass(frozen=True)
class Time:
    """A line of the file. device: end of the id of the board that saw it; empty: every board."""

    label: str
    start_s: float
    stop_s: float
    device: str = ""

    def is_of(self, device: str) -> bool:
        return device.lower().endswith(self.device.lower())


@dataclass(frozen=True)
class TimedRecording:
    """What a list of times did to a recording."""

    id: str
    n_named: int
    n_added: int
    n_dropped: int
    n_in_the_way: int


def read_times(path: Path) -> list[Time]:
    """Columns label, start, stop and perhaps device, others are passed over; raises FormatError."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [_time(row, number, path) for number, row in enumerate(csv.DictReader(file), start=2)]
    except OSError as error:
        raise FormatError(f"cannot read {path}: {error.strerror}") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise FormatError(f"{path} is no CSV file: {error}") from error


def label_times(
    project: Project, entries: Sequence[RecordingEntry], times: Sequence[Time], *, new: bool = False
) -> list[TimedRecording]:
    """Name the segments of recordings by a list of times (`label.times`), each edit one step to undo.

    Raises LabelError for a label that the project does not know, ContractError where a recording cannot
    be found on the clock; then nothing has been changed.
    """
    for label in {time.label for time in times}:
        check_known(project, label, new=new)
    placed = [(entry, rows_of(entry, times)) for entry in entries]
    return [_apply(project, entry, spans) for entry, spans in placed]


def rows_of(entry: RecordingEntry, times: Iterable[Time]) -> list[tuple[Span, str]]:
    """Rows [start, stop) and label of those that lie within the recording and are of its board."""
    found = []
    for time in times:
        if time.is_of(entry.info.device) and (span := _span(entry, time)):
            found.append((span, time.label))
    return found


def _span(entry: RecordingEntry, time: Time) -> Span | None:
    """None where it does not lie within the recording."""
    info = entry.info
    if time.start_s < UNIX_S:
        start, stop = (round(at_s * info.contract.rate_hz) for at_s in (time.start_s, time.stop_s))
        return (start, stop) if start < stop <= info.n_samples else None
    clock = row_times(info)
    if np.isnan(clock).any():
        raise ContractError(f"{entry.id} does not know when it was recorded: give seconds, not Unix time")
    if not len(clock) or time.start_s < clock[0] or time.stop_s > clock[-1]:
        return None
    start, stop = (int(at) for at in np.searchsorted(clock, (time.start_s, time.stop_s)))
    return (start, stop) if start < stop else None


def _apply(project: Project, entry: RecordingEntry, spans: list[tuple[Span, str]]) -> TimedRecording:
    done: list[Named] = []

    def change(track: LabelTrack, n_samples: int) -> LabelTrack:
        done.append(name_by_times(track, spans))
        return done[-1].track

    project.edit_labels(entry.id, "times", change)
    one = done[-1]
    return TimedRecording(entry.id, one.n_named, one.n_added, one.n_dropped, one.n_in_the_way)


def _time(row: dict[str, str | None], number: int, path: Path) -> Time:
    missing = [name for name in COLUMNS if not row.get(name)]
    if missing:
        raise FormatError(f"{path}, line {number}: nothing in column {', '.join(missing)}")
    try:
        start_s, stop_s = float(row["start"] or ""), float(row["stop"] or "")
    except ValueError:
        raise FormatError(f"{path}, line {number}: start and stop are numbers of seconds") from None
    if not 0 <= start_s < stop_s < float("inf"):
        raise FormatError(f"{path}, line {number}: {start_s:g} to {stop_s:g} is no time")
    return Time(str(row["label"]), start_s, stop_s, row.get("device") or "")
