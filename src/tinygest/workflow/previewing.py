"""What an import would bring, without importing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tinygest.core.labels import LabelTrack
from tinygest.core.progress import Progress, silent
from tinygest.core.recording import RecordingInfo
from tinygest.formats.base import COUNTS, ImportOptions, MissingOptionError, check_options
from tinygest.formats.registry import open_source
from tinygest.workflow.importing import RemarkGroup, grouped

PLACEHOLDERS: dict[str, dict[str, Any]] = {
    "--rate-hz": {"rate_hz": 100.0},
    "--accel-unit": {"accel_unit": COUNTS},
    "--gyro-unit": {"gyro_unit": COUNTS},
    "--counts-per-g": {"counts_per_g": 1.0},
    "--counts-per-dps": {"counts_per_dps": 1.0},
    "--gravity or --no-gravity": {"gravity": True},
    "--continuous or --separate": {"continuous": True},
    "--label": {"label": "label"},
}
"""Option -> any value, so that a preview can go on without it."""


@dataclass(frozen=True)
class Missing:
    """What the data do not say, and the option that would."""

    what: str
    option: str


@dataclass(frozen=True)
class Preview:
    """What would come in. Figures that hang on something missing are None."""

    format: str
    n_recordings: int
    n_samples: int
    duration_s: float | None
    channels: list[str]
    units: dict[str, list[str]]
    """Channel -> units in the data."""
    rates_hz: list[float]
    quantities: list[str]
    labels: dict[str, int]
    n_unnamed: int
    subjects: list[str]
    n_without_subject: int
    missing: list[Missing]
    remarks: list[RemarkGroup]


class _Found:
    """Sums over recordings."""

    def __init__(self) -> None:
        self.n_recordings = 0
        self.n_samples = 0
        self.duration_s = 0.0
        self.units: dict[str, set[str]] = {}
        self.rates_hz: set[float] = set()
        self.quantities: set[str] = set()
        self.labels: Counter[str] = Counter()
        self.subjects: Counter[str] = Counter()

    def add(self, info: RecordingInfo, subject: str, track: LabelTrack) -> None:
        self.n_recordings += 1
        self.n_samples += info.n_samples
        self.duration_s += info.n_samples / info.contract.rate_hz
        self.rates_hz.add(info.contract.rate_hz)
        for channel in info.contract.channels:
            unit = info.source["channels"][channel.name]["unit"]
            self.units.setdefault(channel.name, set()).add(unit)
            self.quantities.add(channel.quantity)
        self.labels.update(segment.label or "" for segment in track.segments)
        self.subjects[subject] += 1


def preview_import(
    source: Path, format_name: str, options: ImportOptions, progress: Progress = silent
) -> Preview:
    """Read everything, store nothing. Raises UsageError and FormatError as the import would."""
    missing: list[Missing] = []
    check_options(options)
    while True:
        try:
            return _read(source, format_name, options, missing, progress)
        except MissingOptionError as error:
            asked = {item.option for item in missing}
            if error.option not in PLACEHOLDERS or error.option in asked:
                raise
            missing.append(Missing(error.what, error.option))
            options = replace(options, **PLACEHOLDERS[error.option])


def _read(
    source: Path, format_name: str, options: ImportOptions, missing: list[Missing], progress: Progress
) -> Preview:
    # A placeholder for the unit may make every channel look clipped.
    data = open_source(
        format_name, source, replace(options, accept_faults=options.accept_faults or bool(missing))
    )
    remarks, found = list(data.remarks), _Found()
    for done, imported in enumerate(data.recordings, start=1):
        remarks += imported.remarks
        found.add(imported.recording.info, imported.recording.meta.subject, imported.track)
        progress("looking", done, max(done, data.n_recordings))
    without = {item.option for item in missing}
    rate_known, unit_known = "--rate-hz" not in without, not without & {"--accel-unit", "--gyro-unit"}
    return Preview(
        format=format_name,
        n_recordings=found.n_recordings,
        n_samples=found.n_samples,
        duration_s=found.duration_s if rate_known else None,
        channels=list(found.units),
        units={name: sorted(units) for name, units in found.units.items()} if unit_known else {},
        rates_hz=sorted(found.rates_hz) if rate_known else [],
        quantities=sorted(found.quantities - {"rotation"}),
        labels={label: n for label, n in sorted(found.labels.items()) if label},
        n_unnamed=found.labels[""],
        subjects=sorted(set(found.subjects) - {""}),
        n_without_subject=found.subjects[""],
        missing=missing,
        remarks=grouped(remarks) if unit_known else grouped(data.remarks),
    )
