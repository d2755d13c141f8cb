"""Whether the data of a project are sound: files, physics, labels, and sessions among each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from tinygest.core.errors import TinygestError
from tinygest.core.labels import LabelTrack
from tinygest.core.progress import Progress, silent
from tinygest.core.recording import Recording
from tinygest.core.sensor import explain_mismatch
from tinygest.metrics.physics import Physics, measure_physics, remarks
from tinygest.store.project import Project
from tinygest.store.recordings import RecordingEntry

MAX_TURN_DEG = 60.0
"""A wrist at rest hangs or is held up; a board that is mounted another way turns gravity further."""


@dataclass(frozen=True)
class Finding:
    """Something about one recording. A problem keeps it from being used; a remark may be all right."""

    recording: str
    kind: Literal["problem", "remark"]
    text: str


@dataclass(frozen=True)
class CheckResult:
    """Of a whole project or what was chosen of it."""

    n_recordings: int
    n_sound: int
    """Recordings about which there is nothing to say."""
    findings: list[Finding]


def check_data(project: Project, where: str = "", progress: Progress = silent) -> CheckResult:
    """Read every recording that `where` chooses, whole. Raises UsageError; all else becomes a finding."""
    chosen, findings = _choose(project, where)
    measured: list[tuple[RecordingEntry, Physics]] = []
    for done, name in enumerate(chosen, start=1):
        try:
            recording = project.load(name)
            physics = measure_physics(recording)
            measured.append((project.entry(name), physics))
            findings += [Finding(name, "remark", text) for text in remarks(physics)]
            findings += _check_labels(project, recording)
        except TinygestError as error:
            findings.append(Finding(name, "problem", str(error)))
        progress("checking", done, len(chosen))
    findings += _mismatches(measured)
    sound = set(chosen) - {finding.recording for finding in findings}
    return CheckResult(len(chosen), len(sound), sorted(findings, key=lambda one: (one.recording, one.kind)))


def _choose(project: Project, where: str) -> tuple[list[str], list[Finding]]:
    """All ids where nothing is chosen, so that what cannot be read is found, too."""
    lost = [
        Finding(name, "problem", "its metadata are there and its signal is not")
        for name in project.layout.ids_without_signal()
    ]
    if where:
        return [entry.id for entry in project.recordings(where)], lost
    return project.layout.recording_ids(), lost


def _check_labels(project: Project, recording: Recording) -> list[Finding]:
    """Raises FormatError for labels that are out of range or overlap."""
    track = project.labels(recording.id)
    findings = []
    gaps = [gap.at for gap in recording.info.gaps]
    crossing = [s for s in track.segments if any(s.start < at < s.stop for at in gaps)]
    if crossing:
        text = f"{len(crossing)} segments lie across a gap, the first at {crossing[0].start}: not used"
        findings.append(Finding(recording.id, "remark", text))
    if recording.meta.default_label and not track.segments and not track.reviewed:
        text = f"has the default label {recording.meta.default_label} and no segments yet"
        findings.append(Finding(recording.id, "remark", text))
    return findings + _long_segments(recording, track)


def _long_segments(recording: Recording, track: LabelTrack) -> list[Finding]:
    """Ten times as long as half of the others with the label: an end was forgotten."""
    lengths = defaultdict(list)
    for segment in track.segments:
        lengths[segment.label].append(segment.stop - segment.start)
    findings = []
    for label, all_lengths in lengths.items():
        if len(all_lengths) > 2 and max(all_lengths) > 10 * np.median(all_lengths):
            text = (
                f"a segment {label or 'without label'} has {max(all_lengths)} samples, ten times as usual"
            )
            findings.append(Finding(recording.id, "remark", text))
    return findings


def _mismatches(measured: Sequence[tuple[RecordingEntry, Physics]]) -> list[Finding]:
    """Contracts that differ, and boards that are mounted another way than in other sessions."""
    findings = []
    by_contract: dict[str, list[RecordingEntry]] = defaultdict(list)
    for entry, _ in measured:
        by_contract[entry.info.contract.capture_id].append(entry)
    usual = max(by_contract.values(), key=len, default=[])
    for group in by_contract.values():
        if group is not usual:
            why = explain_mismatch(usual[0].info.contract, group[0].info.contract)
            text = f"another sensor contract than most recordings: {why}"
            findings += [Finding(entry.id, "remark", text) for entry in group]
    return findings + _turned(measured)


def _turned(measured: Sequence[tuple[RecordingEntry, Physics]]) -> list[Finding]:
    """Gravity at rest of each session against the other sessions of that side."""
    sessions: dict[tuple[str, str], dict[str, list[tuple[str, np.ndarray]]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for entry, physics in measured:
        if physics.rest_direction is not None:
            key = (entry.meta.side, entry.info.contract.frame)
            session = entry.meta.session or entry.id
            sessions[key][session].append((entry.id, np.array(physics.rest_direction)))
    findings = []
    for (side, _), group in sessions.items():
        directions = {name: np.mean([one for _, one in rows], axis=0) for name, rows in group.items()}
        for name, rows in group.items():
            others = [direction for other, direction in directions.items() if other != name]
            turn = _angle_deg(directions[name], np.mean(others, axis=0)) if len(others) > 1 else 0.0
            if turn > MAX_TURN_DEG:
                where = f" on the {side} side" if side else ""
                text = (
                    f"gravity at rest points {turn:.0f} degrees away from that of other sessions{where}: "
                    "is the board mounted the same way?"
                )
                findings += [Finding(recording, "remark", text) for recording, _ in rows]
    return findings


def _angle_deg(a: np.ndarray, b: np.ndarray) -> float:
    size = np.linalg.norm(a) * np.linalg.norm(b)
    return float(np.degrees(np.arccos(np.clip(a @ b / size, -1, 1)))) if size else 0.0
