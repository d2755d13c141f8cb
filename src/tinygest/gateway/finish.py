"""A journal -> a recording of the project. The same way after a clean stop and after a crash."""

from __future__ import annotations

import contextlib
import math
from collections import Counter
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

import msgspec
import numpy as np
from msgspec import structs
from numpy.typing import NDArray

from tinygest.core.errors import LabelError, StoreError, TinygestError
from tinygest.core.labels import LabelTrack, Segment, check_label
from tinygest.core.recording import Gap, Recording, RecordingInfo
from tinygest.gateway.stream import Cause
from tinygest.gateway.timing import Told, fit_times, measured_rate_hz, row_times
from tinygest.metrics.physics import FULL_SCALE, Physics, measure_physics, remarks
from tinygest.store.journal import Journal, is_abandoned, read_journal
from tinygest.store.project import Project

MARK, COUNTS, CLOCK = "mark", "counts", "clock"
"""Kinds of notes: a label begins or ends; counters of the session; what the board told of its clock."""
DELAY = "delay_s"
"""In `source`: by how much the board told of a row after it had measured it."""
RATE_TOLERANCE = 0.01


class _MarkNote(msgspec.Struct):
    mark: str
    host_s: float | None = None


class _CountsNote(msgspec.Struct):
    counts: dict[str, int]


class _ClockNote(msgspec.Struct):
    clock: tuple[float, float]


T = TypeVar("T", _MarkNote, _CountsNote, _ClockNote)


@dataclass(frozen=True)
class Finished:
    """A recording that the project now has."""

    id: str
    n_samples: int
    n_segments: int
    physics: Physics
    remarks: tuple[str, ...]
    """What is not as it should be."""
    was_cut: bool
    """The recording was not ended in order: by a crash, a kill, a full disk."""


def finish(project: Project, journal_path: Path) -> Finished | None:
    """Store what the journal holds and remove it; None when nothing was recorded.

    Raises StoreError, and FormatError and others for a journal that is no recording; then it stays.
    """
    journal = read_journal(journal_path)
    if not journal.rows:
        journal_path.unlink(missing_ok=True)
        return None
    recording = build_recording(journal)
    track = _marked(journal, recording.info)
    if not _is_stored(project, recording):
        project.add(recording, track)
    journal_path.unlink(missing_ok=True)  # somebody else may recover it, too
    physics = msgspec.convert(recording.info.source["quality"], Physics)
    said = (*remarks(physics), *_rate_remarks(recording.info))
    return Finished(
        recording.id, len(recording.samples), len(track.segments), physics, said, not journal.is_complete
    )


def _is_stored(project: Project, recording: Recording) -> bool:
    """A kill may come between storing a recording and removing its journal."""
    if not project.layout.signal(recording.id).exists():
        return False
    stored, info = project.entry(recording.id).info, recording.info
    began = stored.source.get("started_at") == info.source["started_at"]
    return began and (stored.device, stored.n_samples) == (info.device, info.n_samples)


def recover(project: Project) -> tuple[list[Finished], list[str]]:
    """Finish every journal that nobody writes any more: (recordings, sentences about what failed)."""
    finished, problems = [], []
    for path in sorted(project.layout.journals.glob("*.journal")):
        if not is_abandoned(path):
            continue
        try:
            one = finish(project, path)
        except StoreError as error:  # the next start may have room, or the right
            problems.append(f"{path.name} is kept, but not taken in: {error}")
            continue
        except TinygestError as error:
            if not is_abandoned(path):  # it was being created just then
                continue
            broken = path.with_suffix(".broken")
            path.rename(broken)
            problems.append(f"{error}; kept as {broken.name}")
            continue
        finished += [one] if one else []
    return finished, problems


def build_recording(journal: Journal) -> Recording:
    """Samples, physics and a report on their quality; nothing is interpolated."""
    header = journal.header
    samples = np.concatenate([one.samples for one in journal.rows])
    at_limit = (np.abs(samples.astype(np.int32)) >= FULL_SCALE).sum(axis=0)
    names = header.contract.channel_names
    delay_s = header.source.get(DELAY)
    fit = fit_times(
        journal.rows,
        header.contract.rate_hz,
        header.epoch_s,
        delay_s if isinstance(delay_s, float) else 0.0,
        [Told(*note.clock) for _, note in _notes(journal, _ClockNote)],
    )
    info = RecordingInfo(
        contract=header.contract,
        n_samples=len(samples),
        gaps=_gaps(journal),
        measured_rate_hz=measured_rate_hz(fit),
        device=header.device,
        source=_source(journal),
        n_clipped={name: int(n) for name, n in zip(names, at_limit, strict=True) if n},
        clock_fit=fit,
    )
    recording = Recording(header.recording_id, info, header.meta, samples)
    quality = msgspec.to_builtins(measure_physics(recording))
    return replace(recording, info=structs.replace(info, source={**info.source, "quality": quality}))


def _gaps(journal: Journal) -> tuple[Gap, ...]:
    """What is missing before the first row is before the recording."""
    gaps, at = [], 0
    for one in journal.rows:
        if at and one.cause != Cause.CONTINUES:
            gaps.append(Gap(at, one.missing))
        at += len(one.samples)
    return tuple(gaps)


def _source(journal: Journal) -> dict[str, object]:
    """How it came about, with everything that was counted."""
    missing: Counter[str] = Counter()
    estimated, at = [], 0
    for one in journal.rows:
        cause = Cause(one.cause) if one.cause in set(Cause) else Cause.LOST
        if at and cause != Cause.CONTINUES:
            missing[cause.name.lower()] += one.missing
            by_host_clock = cause == Cause.BOARD_RESTARTED or not math.isfinite(one.device_s)
            estimated += [at] if by_host_clock and cause != Cause.LOST else []
        at += len(one.samples)
    counts = _notes(journal, _CountsNote)
    return {
        **journal.header.source,
        "kind": "gateway",
        "started_at": journal.header.started_at,
        "missing": dict(missing),
        "counts": counts[-1][1].counts if counts else {},
        "gaps_by_host_clock": estimated,
        "is_complete": journal.is_complete,
    }


def _notes(journal: Journal, kind: type[T]) -> list[tuple[int, T]]:
    """(rows before it, note) of each of a kind; one that is not as we write it costs no recording."""
    found = []
    for at, note in journal.notes:
        with contextlib.suppress(msgspec.ValidationError):
            found.append((at, msgspec.convert(note, kind)))
    return found


def _marked(journal: Journal, info: RecordingInfo) -> LabelTrack:
    """Segments from marks: a label begins with its mark and ends with the next mark of any kind."""
    times = row_times(info)
    edges = [(_row_of(note, at, times, journal), note.mark) for at, note in _notes(journal, _MarkNote)]
    edges.append((info.n_samples, ""))
    segments = []
    for (start, label), (stop, _) in pairwise(edges):
        if label and start < stop:
            segments.append(Segment(start, stop, label if _is_usable(label) else None))
    return LabelTrack(tuple(segments)).check(info.n_samples)


def _row_of(note: _MarkNote, at: int, times: NDArray[np.float64], journal: Journal) -> int:
    """The row that was measured when the mark was made; rows arrive a little later."""
    if math.isnan(times[0]) or note.host_s is None:
        return at
    measured = int(np.searchsorted(times, note.host_s + journal.header.epoch_s))
    return max(at, measured)  # less only where the host's clock stood still before: it slept


def _is_usable(label: str) -> bool:
    try:
        check_label(label)
    except LabelError:
        return False
    return True


def _rate_remarks(info: RecordingInfo) -> list[str]:
    measured, nominal = info.measured_rate_hz, info.contract.rate_hz
    if measured is None or abs(measured / nominal - 1) <= RATE_TOLERANCE:
        return []
    return [f"the board sent {measured:.2f} samples a second instead of {nominal:g}"]
